// Files, folders and patterns of -f, over a file system in memory.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { locate } from '../../src/manifests/manifest.ts';
import { type FileReader, readManifests } from '../../src/manifests/read.ts';

function files(tree: Record<string, string>, stdin = ''): FileReader {
  const folders = new Set(
    Object.keys(tree).flatMap((path) =>
      path
        .split('/')
        .slice(0, -1)
        .map((_, i, parts) => parts.slice(0, i + 1).join('/')),
    ),
  );
  return {
    kind: (path) =>
      path in tree ? 'file' : folders.has(path.replace(/\/$/, '')) || path === '.' ? 'folder' : 'missing',
    read: (path) => tree[path] ?? '',
    names: (path) => {
      const base = path === '.' ? '' : `${path.replace(/\/$/, '')}/`;
      return [
        ...new Set(
          Object.keys(tree)
            .filter((file) => file.startsWith(base))
            .map((file) => file.slice(base.length).split('/')[0]!),
        ),
      ];
    },
    stdin: () => stdin,
  };
}

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

const read = suite('reading manifests');
read('a folder gives its manifests in order of name and leaves other files alone', () => {
  const { files: found } = readManifests(
    ['d'],
    false,
    files({ 'd/b.yaml': CONFIG_MAP, 'd/a.yml': CONFIG_MAP, 'd/x.txt': '', 'd/sub/c.json': '{}' }),
  );
  assert.equal(found, ['d/a.yml', 'd/b.yaml']);
});
read('a folder that cannot be read is named, and what lies beside it is read', () => {
  const reader = files({ 'd/a.yaml': CONFIG_MAP, 'd/sub/c.yaml': CONFIG_MAP });
  const closed: FileReader = {
    ...reader,
    names(path) {
      if (path === 'd/sub') throw new Error("EACCES: permission denied, scandir 'd/sub'");
      return reader.names(path);
    },
  };
  const { files: found, diagnostics } = readManifests(['d'], true, closed);
  assert.equal(found, ['d/a.yaml']);
  assert.equal(
    diagnostics.map(({ code, message }) => [code, message]),
    [['UnreadableFile', 'cannot read d/sub: permission denied']],
  );
  assert.is(readManifests(['d/sub'], false, closed).diagnostics.length, 1);
});
read('-R looks into subfolders but not into node_modules', () => {
  const { files: found } = readManifests(
    ['d'],
    true,
    files({ 'd/sub/c.yaml': CONFIG_MAP, 'd/node_modules/x/y.yaml': CONFIG_MAP }),
  );
  assert.equal(found, ['d/sub/c.yaml']);
});
read('a pattern is tried where no such file exists', () => {
  const { files: found } = readManifests(['d/*.yaml'], false, files({ 'd/a.yaml': CONFIG_MAP, 'd/b.yml': CONFIG_MAP }));
  assert.equal(found, ['d/a.yaml']);
});
read('a List gives its items, each with its own line', () => {
  const text =
    'apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: b}\n';
  const { manifests } = readManifests(['-'], false, files({}, text));
  assert.equal(
    manifests.map(({ kind, name }) => `${kind} ${name}`),
    ['ConfigMap a', 'Secret b'],
  );
  assert.equal(
    manifests.map((manifest) => locate(manifest).line),
    [4, 7],
  );
});
read('the lines of thousands of items of one List cost one look at its text', () => {
  const items = Array.from(
    { length: 3_000 },
    (_, index) => `- apiVersion: v1\n  kind: Pod\n  metadata: {name: p${index}}\n`,
  );
  const text = `apiVersion: v1\nkind: List\nitems:\n${items.join('')}`;
  const { manifests } = readManifests(['-'], false, files({}, text));
  const spent = (count: number): number => {
    const start = process.cpuUsage();
    for (const manifest of manifests.slice(0, count)) locate(manifest);
    return process.cpuUsage(start).user;
  };
  const one = spent(1);
  const all = spent(3_000);
  assert.is(locate(manifests[2_999]!).line, 4 + 3 * 2_999);
  assert.ok(all < 10 * one + 200_000, `one takes ${one} µs, all take ${all} µs`);
});
read("helm's source comment is the origin of its document", () => {
  const { manifests } = readManifests(['-'], false, files({}, `---\n# Source: chart/templates/a.yaml\n${CONFIG_MAP}`));
  assert.is(manifests[0]?.document.origin, 'chart/templates/a.yaml');
});
for (const [name, paths, tree, code, line] of [
  ['a missing file', ['nope.yaml'], {}, 'MissingFile', undefined],
  ['a folder without manifests', ['d'], { 'd/a.txt': '' }, 'NoManifests', undefined],
  ['an empty file', ['a.yaml'], { 'a.yaml': '# nothing\n---\n' }, 'EmptyInput', undefined],
  ['broken YAML', ['a.yaml'], { 'a.yaml': `${CONFIG_MAP}---\na: b: c\n` }, 'InvalidYAML', 5],
  ['a document without kind', ['a.yaml'], { 'a.yaml': '---\n\napiVersion: v1\nmetadata: {}\n' }, 'MissingKind', 3],
  ['a document that is a list', ['a.yaml'], { 'a.yaml': '- a\n' }, 'NotAnObject', 1],
  ['a URL', ['https://example.org/a.yaml'], {}, 'NoNetwork', undefined],
] as const) {
  read(`${name} gives one clear diagnostic`, () => {
    const { diagnostics } = readManifests(paths, false, files(tree));
    assert.equal(
      diagnostics.map((d) => [d.code, d.source?.line]),
      [[code, line]],
    );
  });
}
read('the other documents of a file with a broken one are read', () => {
  const { manifests } = readManifests(['a.yaml'], false, files({ 'a.yaml': `a: b: c\n---\n${CONFIG_MAP}` }));
  assert.is(manifests.length, 1);
});
read('CRLF and a byte order mark make no difference', () => {
  const { manifests } = readManifests(
    ['a.yaml'],
    false,
    files({ 'a.yaml': `\ufeff${CONFIG_MAP.replaceAll('\n', '\r\n')}---\r\n${CONFIG_MAP}` }),
  );
  assert.equal(
    manifests.map(({ name }) => name),
    ['a', 'a'],
  );
});
read.run();
