// kubeplan validate: verdicts with positions, several versions, outputs, names that stand twice.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ValidationReport } from '../../src/planner/validation/validation-report.ts';
import { runCommand } from './test-io.ts';

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  containers:\n    - name: c\n      image: x\n';

const validate = suite<{ folder: string }>('validate');
validate.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
});
validate.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

async function report(
  folder: string,
  text: string,
  ...args: string[]
): Promise<{ code: number; report: ValidationReport }> {
  const path = join(folder, 'in.yaml');
  writeFileSync(path, text);
  const { code, stdout } = await runCommand(['validate', '-f', path, '-o', 'json', ...args]);
  return { code, report: JSON.parse(stdout) as ValidationReport };
}

validate('the guestbook is valid', async () => {
  const { code, stdout } = await runCommand(['validate', '-f', 'fixtures/guestbook/create/manifests']);
  assert.is(code, 0);
  assert.match(stdout, /Kubernetes 1\.36: 6 valid, 0 invalid, 0 skipped\./);
});
validate('each cause stands at the line and column of its field', async ({ folder }) => {
  const { code, report: given } = await report(
    folder,
    POD.replace('name: c', 'name: C_C').replace('image: x', 'image: ""'),
  );
  assert.is(code, 3);
  assert.equal(
    given.results[0]?.causes.map(({ field, line, column }) => [field, line, column]),
    [
      ['spec.containers[0].name', 8, 7],
      ['spec.containers[0].image', 9, 7],
    ],
  );
});
validate('a namespace that is not among the manifests is taken to exist', async ({ folder }) => {
  assert.is((await report(folder, POD)).code, 0);
});
validate('the same name in two documents is no clash', async ({ folder }) => {
  const { code, report: given } = await report(folder, `${POD}---\n${POD}`);
  assert.is(code, 0);
  assert.is(given.summary.valid, 2);
});
validate('a limit range among the manifests decides about the pods', async ({ folder }) => {
  const range =
    'apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: shop}\nspec:\n  limits:\n    - {type: Container, max: {cpu: "1"}}\n';
  const { code, report: given } = await report(
    folder,
    `${POD.replace('image: x', 'image: x\n      resources: {limits: {cpu: "2"}}')}---\n${range}`,
  );
  assert.is(code, 3);
  assert.match(given.results[0]?.message ?? '', /maximum cpu usage per Container is 1, but limit is 2/);
});
validate('--validate=warn turns unknown fields into warnings', async ({ folder }) => {
  const text = POD.replace('image: x', 'image: x\n      imagee: y');
  assert.is((await report(folder, text)).code, 3);
  const { code, report: given } = await report(folder, text, '--validate', 'warn');
  assert.is(code, 0);
  assert.equal(given.results[0]?.warnings, ['unknown field "spec.containers[0].imagee"']);
});
validate('kinds that are not served are refused, or skipped and counted', async ({ folder }) => {
  const text = 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: g}\n';
  assert.is((await report(folder, text)).code, 3);
  const { code, report: given } = await report(folder, text, '--ignore-missing-schemas');
  assert.is(code, 0);
  assert.is(given.summary.skipped, 1);
});
validate('several Kubernetes versions judge in one run', async ({ folder }) => {
  const { report: given } = await report(folder, POD, '--kubernetes-version', '1.34', '--kubernetes-version', '1.36');
  assert.equal(
    given.results.map(({ kubernetesVersion, valid }) => [kubernetesVersion, valid]),
    [
      ['1.34', true],
      ['1.36', true],
    ],
  );
});
validate('secret values stand in no message', async ({ folder }) => {
  const text =
    'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/tls\ndata:\n  bad key!: aHVudGVyMg==\nstringData:\n  tls.crt: hunter2\n';
  const path = join(folder, 'secret.yaml');
  writeFileSync(path, text);
  for (const output of ['text', 'json', 'sarif', 'junit']) {
    const { stdout } = await runCommand(['validate', '-f', path, '-o', output]);
    assert.not.match(stdout, /hunter2|aHVudGVyMg/, output);
  }
});
validate.run();
