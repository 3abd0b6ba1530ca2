// What fails a run and what does not: --fail-on, suppression with a reason, baselines; nothing suppressed is silent.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gatesOf, judge } from '../../src/cli/gate/gates.ts';
import type { Finding } from '../../src/report/findings/findings.ts';
import { runCommand } from './test-io.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const INVALID = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: B_D\n';
const deployment = (annotation = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: big
${annotation}spec:
  replicas: 2
  selector: {matchLabels: {app: big}}
  template:
    metadata: {labels: {app: big}}
    spec: {containers: [{name: c, image: x, resources: {requests: {cpu: "64"}}}]}
`;
const WHY = '  annotations: {kubeplan.dev/ignore: "Unschedulable,StalledDeployment: the large nodes come next week"}\n';

const SHOWN = [
  {
    output: 'sarif',
    shows: /"suppressions": \[\s+\{\s+"kind": "inSource",\s+"status": "accepted",\s+"justification": "the large nodes/,
  },
  { output: 'github', shows: /::notice title=Suppressed::2 × Unschedulable: the large nodes/ },
  { output: 'gitlab', shows: /"description": "Suppressed \(the large nodes[^"]*",[^}]*"severity": "info"/ },
  { output: 'junit', shows: /failures="0"[\s\S]*<system-out>suppressed \(the large nodes/ },
  { output: 'tap', shows: /not ok 1 - .*big\.yaml \(Deployment default\/big\) # TODO the large nodes come next week/ },
  { output: 'markdown', shows: /#### Suppressed\n\n+- 1 × StalledDeployment[^\n]*\n- 2 × Unschedulable/ },
  { output: 'json', shows: /"suppressed": \[\s+\{\s+"fingerprint": "[0-9a-f]{16}",\s+"rule": "StalledDeployment"/ },
] as const;

const finding = (kind: Finding['kind'], more: Partial<Finding> = {}): Finding => ({
  severity: 'error',
  kind,
  rule: 'R',
  message: 'm',
  ...more,
});
const known = { suppressed: { reason: 'r', by: 'annotation' } } as const;

const gates = suite<{ folder: string }>('gates');
gates.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
});
gates.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const file = (folder: string, name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

for (const { name, findings, lists, code } of [
  { name: 'nothing found', findings: [], lists: [], code: 0 },
  { name: 'a refusal', findings: [finding('refused')], lists: [], code: 3 },
  { name: 'a refusal and a pending pod', findings: [finding('pending'), finding('refused')], lists: [], code: 3 },
  { name: 'a pending pod', findings: [finding('pending')], lists: [], code: 4 },
  {
    name: 'a known refusal and a pending pod',
    findings: [finding('refused', known), finding('pending')],
    lists: [],
    code: 4,
  },
  { name: 'a warning', findings: [finding('warning', { severity: 'warning' })], lists: [], code: 0 },
  {
    name: 'a warning that fails',
    findings: [finding('warning', { severity: 'warning' })],
    lists: ['warnings'],
    code: 4,
  },
  { name: 'what was not judged', findings: [finding('unknown', { severity: 'info' })], lists: ['unknown'], code: 4 },
  { name: 'all, where none fails', findings: [finding('refused'), finding('pending')], lists: ['none'], code: 0 },
] as const)
  gates(`${name} exits with ${code}`, () => assert.is(judge(findings, gatesOf(lists)).code, code));

gates('a gate that does not exist is misuse', async () => {
  const { code, stderr } = await runCommand([
    'plan',
    '-f',
    'fixtures/guestbook/create/manifests',
    '--fail-on',
    'chnages',
  ]);
  assert.is(code, 1);
  assert.match(stderr, /--fail-on chnages is not known\nKnown are refused, .*changes/);
});
gates('--fail-on create fails on a new object and says how many', async ({ folder }) => {
  const path = file(folder, 'ok.yaml', CONFIG_MAP);
  const { code, stderr } = await runCommand(['plan', '-f', path, '--fail-on', 'create,delete']);
  assert.is(code, 4);
  assert.is(stderr, '--fail-on create: 1 found\n');
  assert.is((await runCommand(['plan', '-f', path, '--fail-on', 'delete'])).code, 0);
});
gates('an annotation with a reason lets pods stay pending, counted with the reason', async ({ folder }) => {
  const path = file(folder, 'big.yaml', deployment(WHY));
  const { code, stdout } = await runCommand(['plan', '-f', path]);
  assert.is(code, 0, stdout);
  assert.match(
    stdout,
    /Suppressed\n {2}1 × StalledDeployment: .*\n {2}2 × Unschedulable: the large nodes come next week \(annotation\)/,
  );
  assert.match(stdout, /Converged: no, 2 pods stay pending/);
  assert.not.match(stdout, /^Pending$/m);
  const without = file(folder, 'plain.yaml', deployment());
  assert.is((await runCommand(['plan', '-f', without])).code, 4);
});
gates('an annotation without a reason suppresses nothing, and is told', async ({ folder }) => {
  const path = file(folder, 'big.yaml', deployment('  annotations: {kubeplan.dev/ignore: Unschedulable}\n'));
  const { code, stdout } = await runCommand(['plan', '-f', path]);
  assert.is(code, 4);
  assert.match(stdout, /big\.yaml:5:\d+: Deployment big: .*it suppresses nothing, since it gives no reason/);
});
gates('every output shows what is suppressed and why', async ({ folder }) => {
  const path = file(folder, 'big.yaml', deployment(WHY));
  const outputs = SHOWN.flatMap(({ output }) => ['-o', `${output}=${output}`]);
  const { files } = await runCommand(['plan', '-f', path, ...outputs]);
  for (const { output, shows } of SHOWN) assert.match(files.get(output) ?? '', shows, output);
});
gates('a baseline makes known problems pass and new ones fail', async ({ folder }) => {
  const old = file(folder, 'old.yaml', INVALID);
  const baseline = join(folder, 'baseline.json');
  const first = await runCommand(['validate', '-f', old, '--write-baseline', baseline]);
  assert.is(first.code, 3);
  writeFileSync(baseline, first.files.get(baseline) ?? '');
  const moved = file(folder, 'old.yaml', `# a comment\n\n${INVALID}`);
  const again = await runCommand(['validate', '-f', moved, '--baseline', baseline]);
  assert.is(again.code, 0, 'a moved line is no new problem');
  assert.match(again.stdout, /suppressed: 1 × FieldValueInvalid: in the baseline \(baseline\)/);
  const more = file(folder, 'old.yaml', `${INVALID}---\n${INVALID.replace('B_D', 'C_E')}`);
  const worse = await runCommand(['validate', '-f', more, '--baseline', baseline]);
  assert.is(worse.code, 3);
  assert.match(worse.stdout, /C_E/);
  assert.not.match(worse.stdout, /error: .*B_D/);
});
gates('a baseline outlives a new template of the pending workload', async ({ folder }) => {
  const path = file(folder, 'big.yaml', deployment());
  const baseline = join(folder, 'plan-baseline.json');
  const { files } = await runCommand(['plan', '-f', path, '--write-baseline', baseline]);
  writeFileSync(baseline, files.get(baseline) ?? '');
  const changed = file(folder, 'big.yaml', deployment().replace('image: x', 'image: web').replace('"64"', '"65"'));
  assert.is((await runCommand(['plan', '-f', changed, '--baseline', baseline])).code, 0);
});
for (const { name, text } of [
  { name: 'cut', text: '{"kind": "Baseline", "fin' },
  { name: 'something else', text: '{"kind": "Plan"}' },
  { name: 'null', text: 'null' },
])
  gates(`a baseline that is ${name} is refused`, async ({ folder }) => {
    const path = file(folder, 'broken.json', text);
    const { code, stderr } = await runCommand([
      'validate',
      '-f',
      file(folder, 'ok.yaml', CONFIG_MAP),
      '--baseline',
      path,
    ]);
    assert.is(code, 1);
    assert.match(stderr, /error: .*broken\.json is not a baseline: .*\nWrite it anew with --write-baseline\./);
  });
gates.run();
