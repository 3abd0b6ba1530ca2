// What -f and -k may hold: helm's output, kustomizations, lists, octets that are no text, keys with a meaning to JavaScript.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Io } from '../../src/cli/io.ts';
import { buildKustomization } from '../../src/cli/kustomize.ts';
import { parseManifests } from '../../src/manifests/manifest.ts';
import { textWithOctets } from '../../src/manifests/octets.ts';
import type { ValidationReport } from '../../src/planner/validation/validation-report.ts';
import { runCommand } from './test-io.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

const input = suite<{ folder: string }>('input');
input.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
});
input.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

async function judged(folder: string, text: string): Promise<{ said: string; report: ValidationReport }> {
  const path = join(folder, 'in.yaml');
  writeFileSync(path, text);
  const { stdout, stderr } = await runCommand(['validate', '-f', path, '-o', 'json']);
  return { said: stderr, report: JSON.parse(stdout) as ValidationReport };
}

input('what helm made names its template, in text and in the document', async () => {
  const stdin = `---\n# Source: web/templates/config.yaml\n${CONFIG_MAP.replace('name: a', 'name: A_A')}`;
  const { stdout } = await runCommand(['validate', '-f', '-'], { stdin });
  assert.match(stdout, /^-:5:12 \(web\/templates\/config\.yaml\): error: ConfigMap/);
  const { stdout: json } = await runCommand(['validate', '-f', '-', '-o', 'json'], { stdin });
  assert.is((JSON.parse(json) as ValidationReport).results[0]?.source.template, 'web/templates/config.yaml');
});
input('lists in lists are opened, and items of a typed list need not say what they are', async ({ folder }) => {
  const { report } = await judged(
    folder,
    'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n  - {apiVersion: v1, kind: Secret, metadata: {name: s}}\n- apiVersion: v1\n  kind: ConfigMapList\n  items:\n  - metadata: {name: x}\n  - metadata: {name: B_D}\n',
  );
  assert.equal(
    report.results.map(({ object, valid }) => [object.kind, object.name, valid]),
    [
      ['Secret', 's', true],
      ['ConfigMap', 'x', true],
      ['ConfigMap', 'B_D', false],
    ],
  );
});
input('octets that are no UTF-8 spoil their document alone', () => {
  const bytes = Buffer.concat([
    Buffer.from(`${CONFIG_MAP}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: é`),
    Buffer.from([0xff, 0xe9]),
    Buffer.from(`}\n---\n${CONFIG_MAP}`),
  ]);
  const { manifests, diagnostics } = parseManifests('in.yaml', textWithOctets(bytes));
  assert.is(manifests.length, 2);
  assert.equal(
    diagnostics.map(({ message, source }) => [message, source?.line, source?.column]),
    [['yaml: invalid leading UTF-8 octet', 7, 19]],
  );
});
input('__proto__ and constructor are keys like any others', async ({ folder }) => {
  const { report } = await judged(
    folder,
    `${CONFIG_MAP}data:\n  __proto__: x\n  constructor: "y"\n---\n{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "q"}, "__proto__": {"polluted": true}}\n`,
  );
  assert.is(report.results[0]?.valid, true);
  assert.match(report.results[1]?.message ?? '', 'unknown field "__proto__"');
  assert.is((Object.prototype as { polluted?: boolean }).polluted, undefined);
});
for (const [name, text, problem] of [
  ['aliases that blow up', bomb(), 'document contains excessive aliasing'],
  ['ten thousand levels', `${CONFIG_MAP}data: ${'['.repeat(10_001)}`, 'exceeded max depth'],
  ['a NUL', CONFIG_MAP.replace('{name: a}', '{name: a\0b}'), 'control characters are not allowed'],
] as const)
  input(`${name}: a message at once, and the document after it is judged`, async ({ folder }) => {
    const { said, report } = await judged(folder, `${text}\n---\n${CONFIG_MAP}`);
    assert.match(said, problem);
    assert.equal([report.summary.valid, report.summary.errors], [1, 1]);
  });
input('line ends of Windows and a byte order mark change nothing', async ({ folder }) => {
  const { report } = await judged(folder, `\ufeff${CONFIG_MAP}---\n${CONFIG_MAP}`.replaceAll('\n', '\r\n'));
  assert.is(report.summary.valid, 2);
});

input('secret values stand in no output of a plan, the document itself included', async ({ folder }) => {
  const secret = (value: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {pw: ${value}, same: keep}\n`;
  const [path, cluster] = [join(folder, 'secret.yaml'), join(folder, 'cluster-secret.yaml')];
  writeFileSync(path, secret('hunter2new'));
  writeFileSync(cluster, secret('hunter2old'));
  const values = /hunter2|aHVudGVyM|a2VlcA==/;
  for (const output of [
    'text',
    'json',
    'jsonl',
    'yaml',
    'markdown',
    'diff',
    'sarif',
    'junit',
    'github',
    'gitlab',
    'tap',
  ]) {
    const { stdout, stderr } = await runCommand(['plan', '-f', path, '--cluster', cluster, '-o', output]);
    assert.not.match(stdout + stderr, values, output);
  }
  const { stdout } = await runCommand(['plan', '-f', path, '--cluster', cluster, '-o', 'json']);
  assert.match(stdout, '*** (after)');
});

const programs = (answers: Readonly<Record<string, string>>): Pick<Io, 'runProgram'> => ({
  runProgram: (name) =>
    Object.hasOwn(answers, name)
      ? { ok: answers[name] !== '', stdout: answers[name]!, stderr: 'no such base' }
      : undefined,
});
input('-k builds with kustomize, or else with kubectl', () => {
  const { manifests } = buildKustomization('prod', programs({ kubectl: CONFIG_MAP }));
  assert.is(manifests[0]?.document.file, 'prod (kubectl kustomize)');
  assert.is(buildKustomization('prod', programs({ kustomize: CONFIG_MAP, kubectl: '' })).manifests.length, 1);
});
input('-k says what fails, and what to do where there is no program', () => {
  assert.throws(
    () => buildKustomization('prod', programs({ kustomize: '' })),
    /kustomize build prod failed: no such base/,
  );
  assert.throws(() => buildKustomization('prod', programs({})), /neither kustomize nor kubectl is installed/);
});
input('-f and -k exclude each other', async () => {
  const { code, stderr } = await runCommand(['validate', '-k', 'x', '-f', 'y']);
  assert.is(code, 1);
  assert.match(stderr, 'only one of -f or -k can be specified');
});

function bomb(): string {
  const names = [...'abcdefghijk'];
  const list = (name: string) => `[${Array(9).fill(`*${name}`).join(', ')}]`;
  return `a: &a [${Array(9).fill('x').join(', ')}]\n${names
    .slice(1)
    .map((name, i) => `${name}: &${name} ${list(names[i]!)}\n`)
    .join('')}`;
}
input.run();
