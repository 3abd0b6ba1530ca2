// Every fixture, planned from its folder: the text, the document and the frames of the terminal view must be what want/ holds, twice the
// same, and the document must fit the published schema.
// UPDATE=1 npm test -- fixtures   writes want/ anew; look at the difference before committing it.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { planSchema } from '../src/report/json/plan-schema.ts';
import { compileSchema } from '../src/schema/ajv.ts';
import { runCommand } from './cli/test-io.ts';
import { framesOf } from './report/frames.ts';

const EXIT_CODES: Readonly<Record<string, number>> = {
  'guestbook/create': 0,
  'guestbook/update': 0,
  'guestbook/invalid': 3,
  'guestbook/unschedulable': 4,
  'autoscaling/disagreement': 4,
  'nodes/static-pods': 4,
  'storage/binding': 4,
  'workloads/jobs': 4,
  'policies/denied-pod': 4,
  'policies/webhooks': 3,
  'changes/immutable': 3,
  'limits/preemption': 4,
  'limits/quota': 4,
  'scheduling/gang-waits': 4,
  'rollout/stalled': 4,
};

const check = compileSchema(planSchema);
const fixtures = suite('fixtures');
for (const theme of readdirSync('fixtures').filter((name) => name !== 'conformance' && !name.includes('.')))
  for (const name of readdirSync(join('fixtures', theme))) {
    const folder = join('fixtures', theme, name);
    const argv = ['plan', '-f', join(folder, 'manifests'), '--cluster', clusterOf(folder)];
    fixtures(`${theme}/${name} is planned as wanted`, async () => {
      const text = await runCommand(argv);
      const document = await runCommand([...argv, '-o', 'json']);
      assert.is(text.stderr, '');
      assert.is(text.code, EXIT_CODES[`${theme}/${name}`] ?? 0);
      assert.is(document.code, text.code);
      assert.equal(check(JSON.parse(document.stdout)), []);
      assert.is(
        (await runCommand([...argv, '-o', 'json'])).stdout,
        document.stdout,
        'the same input gives the same bytes',
      );
      compare(join(folder, 'want'), 'plan.txt', text.stdout);
      compare(join(folder, 'want'), 'plan.json', document.stdout);
      compare(join(folder, 'want'), 'view.txt', framesOf(JSON.parse(document.stdout), theme === 'guestbook'));
    });
  }
fixtures('the short form and plain objects describe the same cluster', async () => {
  const plan = async (cluster: string) => {
    const { stdout } = await runCommand([
      'plan',
      '-f',
      'fixtures/guestbook/create/manifests',
      '--cluster',
      `fixtures/guestbook/create/${cluster}`,
      '-o',
      'json',
    ]);
    return JSON.parse(stdout) as { readonly placements: unknown; readonly summary: unknown };
  };
  const [short, plain] = [await plan('cluster.yaml'), await plan('cluster-objects.yaml')];
  assert.equal(short.placements, plain.placements);
  assert.equal(short.summary, plain.summary);
});
fixtures.run();

function clusterOf(folder: string): string {
  const file = join(folder, 'cluster.yaml');
  return existsSync(file) ? file : join(folder, 'cluster');
}

function compare(folder: string, name: string, actual: string): void {
  const path = join(folder, name);
  if (process.env['UPDATE'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, actual);
  }
  assert.fixture(actual, existsSync(path) ? readFileSync(path, 'utf8') : '', path);
}
