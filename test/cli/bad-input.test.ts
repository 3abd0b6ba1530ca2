// What a user may get wrong: one clear message with file, line and column, the right exit code, nothing half-printed, no stack trace.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommand } from './test-io.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

const bad = suite<{ folder: string }>('bad input');
bad.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
  mkdirSync(join(context.folder, 'empty'));
});
bad.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

const CASES: readonly {
  readonly name: string;
  readonly file?: string;
  readonly argv?: (folder: string) => string[];
  readonly code: number;
  readonly message: RegExp;
}[] = [
  {
    name: 'a missing file',
    argv: (folder) => ['-f', join(folder, 'nope.yaml')],
    code: 1,
    message: /error: .*nope\.yaml: the path ".*nope\.yaml" does not exist/,
  },
  {
    name: 'a folder without manifests',
    argv: (folder) => ['-f', join(folder, 'empty')],
    code: 1,
    message: /recognized file extensions are \[\.json \.yaml \.yml\]/,
  },
  { name: 'no -f', argv: () => [], code: 1, message: /must specify one of -f and -k/ },
  { name: 'an unknown option', argv: () => ['--filenam', 'x'], code: 1, message: /unknown option '--filenam'/ },
  { name: 'an empty file', file: '', code: 1, message: /no Kubernetes objects in/ },
  {
    name: 'broken YAML',
    file: `${CONFIG_MAP}---\na: b: c\n`,
    code: 3,
    message: /:5:5: yaml: mapping values are not allowed in this context/,
  },
  {
    name: 'a document without kind',
    file: 'apiVersion: v1\nmetadata: {}\n',
    code: 3,
    message: /:1:1: Object 'Kind' is missing/,
  },
  {
    name: 'an unknown kind',
    file: 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: x}\n',
    code: 3,
    message: /:2:1: Gadget x: no matches for kind "Gadget" in version "example\.com\/v1"/,
  },
  {
    name: 'a removed API',
    file: 'apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: x}\n',
    code: 3,
    message: /no longer served since Kubernetes 1\.22; use networking\.k8s\.io\/v1/,
  },
  {
    name: 'a field that does not exist',
    file: `${CONFIG_MAP}dat: {a: b}\n`,
    code: 3,
    message: /:4:1: .*unknown field "dat"/,
  },
  {
    name: 'a missing cluster',
    argv: (folder) => ['-f', join(folder, 'ok.yaml'), '--cluster', join(folder, 'gone.yaml')],
    code: 1,
    message: /gone\.yaml" does not exist/,
  },
  {
    name: 'a Cluster that says what it cannot',
    argv: (folder) => ['-f', join(folder, 'ok.yaml'), '--cluster', join(folder, 'cluster.yaml')],
    code: 3,
    message: /cluster\.yaml:4:\d+: .*unknown property "nodez"/,
  },
  {
    name: 'an unknown output',
    argv: (folder) => ['-f', join(folder, 'ok.yaml'), '-o', 'xml'],
    code: 1,
    message: /unknown output xml/,
  },
];

for (const { name, file, argv, code, message } of CASES) {
  bad(`${name} gives one clear message`, async ({ folder }) => {
    writeFileSync(join(folder, 'ok.yaml'), CONFIG_MAP);
    writeFileSync(join(folder, 'cluster.yaml'), 'apiVersion: kubeplan.dev/v1\nkind: Cluster\nspec:\n  nodez: []\n');
    const path = join(folder, 'case.yaml');
    writeFileSync(path, file ?? '');
    const ran = await runCommand(['plan', ...(argv ? argv(folder) : ['-f', path])]);
    const said = ran.stdout + ran.stderr;
    assert.is(ran.code, code, said);
    assert.match(said, message);
    assert.not.match(said, /\n\s+at .*:\d+:\d+/, 'no stack trace');
  });
}

bad('a cluster without nodes leaves pods pending, and says so', async ({ folder }) => {
  writeFileSync(join(folder, 'none.yaml'), 'apiVersion: kubeplan.dev/v1\nkind: Cluster\nspec: {nodes: []}\n');
  writeFileSync(
    join(folder, 'pod.yaml'),
    'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: x}]}\n',
  );
  const { code, stdout } = await runCommand([
    'plan',
    '-f',
    join(folder, 'pod.yaml'),
    '--cluster',
    join(folder, 'none.yaml'),
  ]);
  assert.is(code, 4);
  assert.match(stdout, /the described cluster has no nodes/);
  assert.match(stdout, /no nodes available to schedule pods/);
});
bad('the good objects beside a bad one are planned', async ({ folder }) => {
  const path = join(folder, 'mixed.yaml');
  writeFileSync(path, `${CONFIG_MAP}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: B_D}\n`);
  const { code, stdout } = await runCommand(['plan', '-f', path]);
  assert.is(code, 3);
  assert.match(stdout, /\+ ConfigMap default\/a/);
  assert.match(stdout, /metadata\.name: Invalid value: "B_D"/);
});
bad.run();
