// Where settings come from: flag before environment before configuration file before default; mistakes in the file have a line and a column.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { optionName } from '../../src/cli/command.ts';
import { COMMANDS } from '../../src/cli/commands.ts';
import { configSchema } from '../../src/cli/config/config-schema.ts';
import { SETTINGS } from '../../src/cli/config/settings.ts';
import { runCommand } from './test-io.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const HEAD = 'apiVersion: kubeplan.dev/v1\nkind: Configuration\n';
const started = process.cwd();

const config = suite<{ folder: string }>('configuration');
config.before((context) => {
  context.folder = realpathSync(mkdtempSync(join(tmpdir(), 'kubeplan-')));
  mkdirSync(join(context.folder, 'deploy'));
  mkdirSync(join(context.folder, '.git'));
  writeFileSync(join(context.folder, 'deploy', 'a.yaml'), CONFIG_MAP);
  process.chdir(join(context.folder, 'deploy'));
});
config.after(({ folder }) => {
  process.chdir(started);
  rmSync(folder, { recursive: true, force: true });
});

async function withConfig(folder: string, text: string, argv: string[], env: Record<string, string> = {}) {
  writeFileSync(join(folder, 'kubeplan.yaml'), text);
  return runCommand(argv, { env, folder: process.cwd() });
}

config('a file in the folder above names the manifests, from where it stands', async ({ folder }) => {
  const { code, stdout } = await withConfig(folder, `${HEAD}filename: [deploy]\noutput: [json]\n`, ['validate']);
  assert.is(code, 0);
  assert.is(JSON.parse(stdout).results[0].source.file, '../deploy/a.yaml');
});
config('beyond the repository no file is looked for', async ({ folder }) => {
  mkdirSync(join(folder, 'deploy', '.git'));
  const { code, stderr } = await withConfig(folder, `${HEAD}filename: [deploy]\n`, ['validate']);
  rmSync(join(folder, 'deploy', '.git'), { recursive: true });
  assert.is(code, 1);
  assert.match(stderr, /must specify one of -f and -k/);
});
for (const { name, argv, env = {}, from } of [
  { name: 'the file', argv: [], from: '../kubeplan.yaml:3' },
  { name: 'the environment before the file', argv: [], env: { KUBEPLAN_NAMESPACE: 'env' }, from: 'KUBEPLAN_NAMESPACE' },
  { name: 'the default without a file', argv: ['--no-config'], from: 'default' },
] as const)
  config(`namespace comes from ${name}`, async ({ folder }) => {
    const { stdout } = await withConfig(folder, `${HEAD}namespace: file\n`, ['config', 'validate', ...argv], env);
    const row = stdout.split('\n').find((line) => line.startsWith('namespace ')) ?? '';
    assert.is(row.split(/ {2,}/)[2], from);
  });
config('a flag goes before all', async ({ folder }) => {
  const argv = ['validate', '-f', 'a.yaml', '-n', 'flag', '-o', 'json'];
  const { stdout } = await withConfig(folder, `${HEAD}namespace: file\n`, argv, { KUBEPLAN_NAMESPACE: 'env' });
  assert.is(JSON.parse(stdout).results[0].object.namespace, 'flag');
});
config('--no-config and KUBEPLAN_CONFIG choose the file', async ({ folder }) => {
  writeFileSync(join(folder, 'other.yaml'), `${HEAD}namespace: other\n`);
  const argv = ['validate', '-f', 'a.yaml', '-o', 'json'];
  const namespaceOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout).results[0].object.namespace;
  const text = `${HEAD}namespace: file\n`;
  assert.is(namespaceOf(await withConfig(folder, text, argv)), 'file');
  assert.is(namespaceOf(await withConfig(folder, text, [...argv, '--no-config'])), 'default');
  assert.is(namespaceOf(await withConfig(folder, text, argv, { KUBEPLAN_CONFIG: '../other.yaml' })), 'other');
  assert.is(namespaceOf(await withConfig(folder, text, [...argv, '--config', '../other.yaml'])), 'other');
});
config('suppressions of the file need a reason, count, and are told when nothing matches', async ({ folder }) => {
  writeFileSync(join(folder, 'deploy', 'bad.yaml'), CONFIG_MAP.replace('name: a', 'name: B_D'));
  const rules = `${HEAD}suppressions:\n  - {rule: FieldValueInvalid, object: "ConfigMap default/B_*", reason: old names}\n  - {rule: Nothing, reason: never}\n`;
  const { code, stdout, stderr } = await withConfig(folder, rules, ['validate', '-f', 'bad.yaml']);
  assert.is(code, 0, stdout + stderr);
  assert.match(stdout, /suppressed: 1 × FieldValueInvalid: old names \(configuration\)/);
  assert.match(stderr, /info: the configuration suppresses Nothing, and there is no such problem/);
});
config('a configuration among the manifests is no manifest', async ({ folder }) => {
  writeFileSync(
    join(folder, 'deploy', 'kubeplan.json'),
    JSON.stringify({ apiVersion: 'kubeplan.dev/v1', kind: 'Configuration' }),
  );
  const { code, stdout } = await runCommand(['validate', '-f', '.', '-o', 'json'], { folder: '/' });
  rmSync(join(folder, 'deploy', 'kubeplan.json'));
  assert.is(code, 3, 'bad.yaml is there');
  assert.is(JSON.parse(stdout).results.length, 2);
});

for (const { name, text, message } of [
  {
    name: 'an unknown key',
    text: `${HEAD}clutser: x.yaml\n`,
    message: /kubeplan\.yaml:3:1: .*unknown property "clutser"/,
  },
  {
    name: 'a wrong type',
    text: `${HEAD}recursive: maybe\n`,
    message: /kubeplan\.yaml:3:1: recursive: must be boolean/,
  },
  {
    name: 'a suppression without a reason',
    text: `${HEAD}suppressions:\n  - rule: X\n`,
    message: /kubeplan\.yaml:4:5: .*must have required property 'reason'/,
  },
  { name: 'broken YAML', text: `${HEAD}a: b: c\n`, message: /kubeplan\.yaml:3:\d+: yaml: / },
  { name: 'another kind', text: CONFIG_MAP, message: /kubeplan\.yaml:\d+:\d+: / },
  { name: 'two documents', text: `${HEAD}---\n${HEAD}`, message: /holds one document of kind Configuration/ },
  { name: 'a value that is no choice', text: `${HEAD}kubernetesVersion: "1.20"\n`, message: /1\.20/ },
] as const)
  config(`${name} in the file is one clear message`, async ({ folder }) => {
    const { code, stdout, stderr } = await withConfig(folder, text, ['plan', '-f', 'a.yaml']);
    assert.is(code, 1, stdout);
    assert.match(stderr, message);
    assert.not.match(stderr, /this is a bug/);
    assert.is(stdout, '');
  });
config('a file that --config names and that is not there', async ({ folder }) => {
  const { code, stderr } = await withConfig(folder, HEAD, ['plan', '-f', 'a.yaml', '--config', 'gone.yaml']);
  assert.is(code, 1);
  assert.match(stderr, /the configuration "gone\.yaml" does not exist/);
});
config('a flag in the environment is true or false', async ({ folder }) => {
  const { code, stderr } = await withConfig(folder, HEAD, ['plan', '-f', 'a.yaml'], { KUBEPLAN_FULL: 'perhaps' });
  assert.is(code, 1);
  assert.match(stderr, /KUBEPLAN_FULL=perhaps is neither true nor false/);
});
config('every setting is an option of some command, and in the schema', () => {
  const options = new Set(COMMANDS.flatMap(({ command }) => command.options.map(optionName)));
  for (const { name } of SETTINGS) {
    assert.ok(options.has(name), `${name} is no option`);
    assert.ok(Object.hasOwn(configSchema.properties, name), name);
  }
});
config.run();
