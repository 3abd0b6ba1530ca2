// The package as users get it: built, packed, installed without a network; the README's example is type-checked and runs; so do the command, the
// kubectl plugin and its completion.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const run = (command: string, args: string[], cwd: string): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const EXAMPLE = /## In a program\n\n```ts\n([\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';

const published = suite<{ folder: string; project: string }>('package');
published.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
  context.project = join(context.folder, 'project');
  const stage = join(context.folder, 'stage');
  mkdirSync(stage);
  mkdirSync(context.project);
  for (const file of ['package.json', 'README.md', 'LICENSE', 'NOTICE', 'CHANGELOG.md'])
    copyFileSync(file, join(stage, file));
  run(process.execPath, ['--import', 'tsx', 'scripts/build.ts', join(stage, 'dist')], process.cwd());
  const [archive = ''] = run('npm', ['pack', '--ignore-scripts', '--silent'], stage).trim().split('\n');
  writeFileSync(join(context.project, 'package.json'), '{"name": "project", "type": "module", "private": true}');
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', join(stage, archive)], context.project);
});
published.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

published("the README's example has the types that the package declares", ({ project }) => {
  const file = join(project, 'example.ts');
  writeFileSync(
    file,
    `${EXAMPLE}\nconst node: string | undefined = document.placements[0]?.node;\nconsole.log(node);\nexport {};\n`,
  );
  const program = (name: string) =>
    ts.createProgram([name], {
      strict: true,
      noEmit: true,
      skipLibCheck: false,
      exactOptionalPropertyTypes: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      types: [],
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    });
  const problems = (name: string) =>
    ts
      .getPreEmitDiagnostics(program(name))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  assert.equal(problems(file), []);
  const wrong = join(project, 'wrong.ts');
  writeFileSync(wrong, "import { plan } from 'kubeplan';\nawait plan({ manifest: '' });\nexport {};\n");
  assert.match(problems(wrong).join('\n'), /'manifest' does not exist in type 'PlanOptions'/);
});
published("the README's example runs", ({ project }) => {
  writeFileSync(join(project, 'example.mjs'), EXAMPLE);
  const out = run(process.execPath, ['example.mjs'], project);
  assert.match(out, /^true 2\n### kubeplan: 1 to create/);
});
published('a library call leaves the process as it was, and the same call gives the same plan', ({ project }) => {
  const script = `
import { InputError, plan, render } from 'kubeplan';
const before = [process.exitCode, process.listenerCount('SIGINT'), process.stdout.listenerCount('error'), Object.keys(globalThis).length, JSON.stringify(process.env), process.cwd()];
const options = { manifests: 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\n', user: { name: 'jane' } };
const [one, two] = await Promise.all([plan(options), plan(options)]);
if (JSON.stringify(one) !== JSON.stringify(two)) throw new Error('two calls differ');
if (one.summary.refused !== 1) throw new Error('jane may not');
if (!(await render(one, 'sarif')).includes('2.1.0')) throw new Error('no SARIF');
await plan({ manifests: 'a: b: c' }).then(() => { throw new Error('took broken YAML'); }, (error) => {
  if (!(error instanceof InputError) || error.diagnostics[0].source.line !== 1) throw error;
});
await plan({ manifests: '', kubernetesVersion: '1.2' }).then(() => { throw new Error('took 1.2'); }, (error) => { if (!(error instanceof InputError)) throw error; });
const after = [process.exitCode, process.listenerCount('SIGINT'), process.stdout.listenerCount('error'), Object.keys(globalThis).length, JSON.stringify(process.env), process.cwd()];
if (JSON.stringify(before) !== JSON.stringify(after)) throw new Error(before + ' became ' + after);
`;
  writeFileSync(join(project, 'quiet.mjs'), script);
  assert.is(run(process.execPath, ['quiet.mjs'], project), '');
});
published('kubeplan, kubectl-kubeplan and the completion that kubectl asks are commands', ({ project }) => {
  const bin = (name: string, ...args: string[]) =>
    spawnSync(join(project, 'node_modules', '.bin', name), args, { cwd: project, encoding: 'utf8' });
  const manifests = resolve('fixtures/guestbook/create/manifests');
  assert.match(bin('kubeplan', 'validate', '-f', manifests).stdout, /6 valid, 0 invalid/);
  assert.match(bin('kubectl-kubeplan', 'plan', '-f', manifests).stdout, /Plan: 6 to create/);
  assert.match(bin('kubectl_complete-kubeplan', 'valid').stdout, /^validate\t.*\n:4\n$/);
});
published('it brings no other package, and the licenses of what it bundles', ({ project }) => {
  const { packages } = JSON.parse(readFileSync(join(project, 'package-lock.json'), 'utf8'));
  assert.equal(Object.keys(packages), ['', 'node_modules/kubeplan']);
  const licenses = readFileSync(join(project, 'node_modules/kubeplan/dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of ['yaml', 'ink', 'react', 'commander', 'ajv'])
    assert.match(licenses, new RegExp(`^${name} \\d`, 'm'));
});
published.run();
