// Saved plans: reopened as they were, refused when they were cut, edited or are of another format, verified against a newer cluster.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommand } from '../test-io.ts';

const WAVES = ['-f', 'fixtures/rollout/waves/manifests', '--cluster', 'fixtures/rollout/waves/cluster'];
const folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
const file = (name: string): string => join(folder, name);

const saved = suite('saved plans');
saved.before(async () => {
  const { files } = await runCommand(['plan', ...WAVES, '--out', 'plan.json']);
  writeFileSync(file('plan.json'), files.get('plan.json') ?? '');
});
saved.after(() => rmSync(folder, { recursive: true }));

saved('a saved plan shows what the plan itself showed', async () => {
  const shown = await runCommand(['show', file('plan.json')]);
  assert.is(shown.code, 0);
  assert.is(shown.stdout, (await runCommand(['plan', ...WAVES])).stdout);
});
const text = (): string => readFileSync(file('plan.json'), 'utf8');
for (const [name, content, message] of [
  ['that was cut off', () => text().slice(0, 2_000), /was cut off after 2000 characters/],
  ['that is empty', () => '', /it is empty/],
  ['that was edited', () => text().replace('"wanted":4', '"wanted":5'), /was edited after it was saved/],
  [
    'of a newer major format',
    () => text().replace(/"formatVersion":"[^"]*"/, '"formatVersion":"2.0"'),
    /plan format 2\.0/,
  ],
  ['that lost a member', () => text().replace(/"hasChanges":true,\n/, ''), /was changed or cut/],
  ['that is no plan', () => '{"kind": "List"}', /its kind is not Plan/],
] as const)
  saved(`a plan ${name} is refused in a sentence`, async () => {
    writeFileSync(file('bad.json'), content());
    const { code, stdout, stderr } = await runCommand(['show', file('bad.json')]);
    assert.is(code, 1);
    assert.is(stdout, '');
    assert.match(stderr, message);
    assert.not.match(stderr, /\n\s+at /);
  });
saved('a saved plan holds what the plan is, byte for byte', async () => {
  const { stdout } = await runCommand(['show', file('plan.json'), '-o', 'json']);
  assert.is(stdout, (await runCommand(['plan', ...WAVES, '-o', 'json'])).stdout);
});
saved('a plan laid out anew is as good, one edited then is not', async () => {
  writeFileSync(file('pretty.json'), JSON.stringify(JSON.parse(text()), null, 4));
  const shown = await runCommand(['show', file('pretty.json')]);
  assert.is(shown.stdout, (await runCommand(['show', file('plan.json')])).stdout);
  const edited = { ...JSON.parse(text()), converged: false };
  writeFileSync(file('pretty.json'), JSON.stringify(edited, null, 4));
  assert.match((await runCommand(['show', file('pretty.json')])).stderr, /was edited after it was saved/);
});
saved('a plan of the first minor format still opens', async () => {
  const { seal: _, evictions: _e, rollouts: _r, nodes: _n, timeline: _t, inputs: _i, ...old } = JSON.parse(text());
  writeFileSync(file('old.json'), JSON.stringify({ ...old, formatVersion: '1.0' }));
  assert.is((await runCommand(['show', file('old.json')])).code, 0);
});

saved('a plan verified against the cluster it was made for fits', async () => {
  const { code, stdout } = await runCommand([
    'verify',
    file('plan.json'),
    '--cluster',
    'fixtures/rollout/waves/cluster',
  ]);
  assert.is(code, 0);
  assert.match(stdout, /still fits/);
});
saved('a plan is stale when its object, a node or the room on it changed', async () => {
  const nodes = readFileSync('fixtures/rollout/waves/cluster/nodes.yaml', 'utf8');
  const web = readFileSync('fixtures/rollout/waves/cluster/web.yaml', 'utf8');
  writeFileSync(
    file('newer.yaml'),
    `${nodes.replace('cpu: "2"', 'cpu: "3"')}${web.replace('replicas: 4', 'replicas: 3')}`,
  );
  const { code, stdout } = await runCommand(['verify', file('plan.json'), '--cluster', file('newer.yaml')]);
  assert.is(code, 2);
  assert.match(stdout, /is stale/);
  assert.match(stdout, /changed {2}Deployment default\/web: changed since: spec\.replicas/);
  assert.match(stdout, /room {5}Node node-1: cpu .*was limited to 2, is to 3/);
  const json = JSON.parse(
    (await runCommand(['verify', file('plan.json'), '--cluster', file('newer.yaml'), '-o', 'json'])).stdout,
  );
  assert.is(json.fresh, false);
});
saved('verify without a cluster says what is missing', async () => {
  const { code, stderr } = await runCommand(['verify', file('plan.json')]);
  assert.is(code, 1);
  assert.match(stderr, /must specify --cluster/);
});
saved('nothing but what was asked for is left in the folder', () => {
  assert.equal(
    readdirSync(folder).filter((name) => name.endsWith('.tmp')),
    [],
  );
});
saved.run();
