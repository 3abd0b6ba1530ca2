// Every output by its -o name: said in the help, the same twice, and alike in shape from the command line.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OUTPUT_OPTIONS } from '../../src/cli/options.ts';
import { reporters } from '../../src/report/reporters.ts';
import { runCommand } from '../cli/test-io.ts';
import { makeBigPlan } from './big-plan.ts';

const options = { width: 80, color: false, full: false };
const ARGV = ['plan', '-f', 'fixtures/guestbook/update/manifests', '--cluster', 'fixtures/guestbook/update/cluster'];

const all = suite('outputs');
for (const [name, load] of Object.entries(reporters)) {
  all(`${name} is named by the help`, () => {
    const help = OUTPUT_OPTIONS.find(({ flags }) => flags.includes('--output'))!.help;
    assert.ok(help.split(/[^a-z]+/).includes(name));
  });
  all(`${name} writes the same twice and ends its last line`, async () => {
    const report = await load();
    const text = report(makeBigPlan(3, 3), options);
    assert.is(report(makeBigPlan(3, 3), options), text);
    assert.match(text, /^$|\n$/);
  });
}
all.run();

const command = suite('outputs from the command line');
command('several outputs go to their files and one to standard output', async () => {
  const ran = await runCommand([...ARGV, '-o', 'diff', '-o', 'markdown=comment.md', '-o', 'jsonl=plan.jsonl']);
  assert.is(ran.code, 0);
  assert.match(ran.stdout, /^diff -u -N LIVE\/apps\.v1\.Deployment\.default\.frontend /);
  assert.match(ran.files.get('comment.md')!, /^### kubeplan: 0 to create, 4 to update/);
  for (const line of ran.files.get('plan.jsonl')!.trimEnd().split('\n')) assert.ok(JSON.parse(line).type);
});
command('--context says how much stands around a change', async () => {
  const { stdout } = await runCommand([...ARGV, '-o', 'diff', '--context', '0']);
  assert.not.match(stdout, /^ /m);
});
command('a context that is no number is misuse', async () => {
  const { code, stderr } = await runCommand([...ARGV, '-o', 'diff', '--context', 'many']);
  assert.is(code, 1);
  assert.match(stderr, '--context many is not a number');
});
command.run();
