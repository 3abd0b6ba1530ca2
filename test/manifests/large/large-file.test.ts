// A file that is read piece by piece gives the objects, places, problems and digests of the same file read as a whole, or is left to that.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ByteFile } from '../../../src/manifests/large/byte-file.ts';
import { Irregular, readLargeFile } from '../../../src/manifests/large/read-large.ts';
import { locate, type ManifestSet, parseManifests } from '../../../src/manifests/manifest.ts';
import { readManifests } from '../../../src/manifests/read.ts';
import { writeYaml } from '../../../src/manifests/writer/write-yaml.ts';
import { parseYamlDocument } from '../../../src/manifests/yaml-document.ts';
import { digestOf } from '../../../src/planner/changes/digests.ts';

function fileOf(content: string | Uint8Array): ByteFile {
  const bytes = Buffer.from(content);
  return { size: bytes.length, read: (into, from) => bytes.copy(into, 0, from), close: () => undefined };
}

const FIELDS = [
  undefined,
  'kind',
  'metadata.name',
  'metadata.labels.app',
  'spec',
  'spec.x[0]',
  'spec.x[1].a',
  'nowhere',
];

function told({ manifests, diagnostics }: ManifestSet): unknown {
  return {
    manifests: manifests.map((manifest) => ({
      value: JSON.stringify(manifest.value),
      path: manifest.path,
      index: manifest.document.index,
      line: manifest.document.line,
      text: manifest.document.text,
      // JSON that YAML does not take has no places when it is looked at as a whole.
      places: parseYamlDocument(manifest.document.text).error ? [] : FIELDS.map((field) => locate(manifest, field)),
      names: [manifest.apiVersion, manifest.kind, manifest.namespace, manifest.name],
      duplicates: manifest.duplicates,
    })),
    digest: digestOf(manifests),
    diagnostics,
  };
}

/** Whether it was read piece by piece; if so, as it must be. */
function agrees(content: string, capacity: number): boolean {
  const inPieces = readLargeFile('c.yaml', () => fileOf(content), undefined, capacity);
  if (inPieces instanceof Irregular) return false;
  assert.equal(told(inPieces), told(parseManifests('c.yaml', content)), `${capacity}: ${JSON.stringify(content)}`);
  return true;
}

function pod(name: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const labels = { app: 'web' };
  const metadata = { name, namespace: 'shop', labels };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { x: ['one', { a: 1 }] }, ...more };
}

function yamlList(items: readonly Record<string, unknown>[]): string {
  return writeYaml({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } } as never);
}

const pods = ['a', 'b', 'c', 'd'].map((name) => pod(name));
const list = { apiVersion: 'v1', items: pods, kind: 'List', metadata: { resourceVersion: '' } };
const long = pod('e', { status: { message: 'word '.repeat(60), note: "it's: ".repeat(40) } });

const CLUSTER = {
  apiVersion: 'kubeplan.dev/v1',
  kind: 'Cluster',
  spec: { nodes: [{ name: 'n' }], objects: pods, time: 'x' },
};

const table = suite('a file read piece by piece');
const READ: readonly [string, string][] = [
  ['the List of kubectl get -o yaml', yamlList(pods)],
  ['a List with long texts', yamlList([...pods, long, pod('f'), long])],
  ['the List of kubectl get -o json', `${JSON.stringify(list, null, 4)}\n`],
  ['a List as JSON on one line', JSON.stringify(list)],
  [
    'a List as JSON with kind first',
    JSON.stringify({ kind: 'List', apiVersion: 'v1', items: pods, extra: [1, '}'] }, null, 2),
  ],
  ['a Cluster with objects', JSON.stringify(CLUSTER, null, 2)],
  ['documents', pods.map((each) => writeYaml(each as never)).join('---\n')],
  [
    'a List after its kind',
    yamlList(pods)
      .replace(/kind: List\n.*\n.*\n$/, '')
      .replace('items:', 'kind: List\nitems:'),
  ],
  [
    'a typed list whose items do not say what they are',
    `apiVersion: v1\nkind: PodList\nitems:\n- metadata:\n    name: a\n- metadata: {name: b}\n`,
  ],
  [
    'documents with separators around them',
    `---\n# one\n\n${writeYaml(pods[0] as never)}---\n---\n# two\n---\n${writeYaml(pods[1] as never)}---\n`,
  ],
  [
    'a document that helm made',
    `# Source: x/y.yaml\n${writeYaml(pods[0] as never)}---\n${writeYaml(pods[1] as never)}`,
  ],
  ['a List and a document', `${yamlList(pods)}---\n${writeYaml(pods[1] as never)}---\n${yamlList(pods.slice(1))}`],
  [
    'lists at the margin that hold no objects',
    'apiVersion: v1\nkind: ClusterRole\nrules:\n- a: b\n- c\nx:\n- d\n---\na: b\n',
  ],
  ['an anchor that nothing uses', yamlList(pods).replace('name: c', 'name: &n c')],
  ['objects without a kind', `apiVersion: v1\nitems:\n- a: b\n- kind: X\n- null\n- 5\nkind: List\n`],
  ['no end of line at the end', yamlList(pods).trimEnd()],
  ['a document that is wrong', `a: b\n---\na: b: c\n---\na: b\n`],
  ['white space at both ends', `\n\n  # x\n${yamlList(pods)}\n \n\n`],
  ['letters beyond ASCII', yamlList([pod('a', { note: 'ü €' }), pod('b', { note: 'ü €' })])],
  ['a key twice in a document', 'a: b\n---\nkind: A\nkind: B\napiVersion: v1\n'],
];
for (const [what, content] of READ)
  table(`${what}: as read whole`, () => {
    for (const capacity of [16, 100, 1000, 1 << 20]) assert.ok(agrees(content, capacity), String(capacity));
  });
const LEFT: readonly [string, string][] = [
  [
    'an anchor that another item uses',
    yamlList(pods)
      .replace('app: web', 'app: &w web')
      .replace(/app: web/, 'app: *w'),
  ],
  ['an item that is wrong', yamlList(pods).replace('app: web', 'app: web: x')],
  ['a key twice in an item', yamlList(pods).replace('kind: Pod', 'kind: Pod\n  kind: Pod')],
  ['something behind the items', yamlList(pods).replace('kind: List', 'other:\n- x\nkind: List')],
  ['a separator that is none', `a: b\n---x\n`],
  ['a quoted text over the margin', 'apiVersion: v1\nkind: List\nitems:\n- a: "b\n- c"\n'],
  ['JSON with two lists of items', '{"items":[],"kind":"List","apiVersion":"v1","items":[]}'],
  ['JSON of another kind with objects', JSON.stringify({ ...CLUSTER, kind: 'Template' })],
  ['JSON of another kind with items', JSON.stringify({ ...list, kind: 'Pod' })],
  ['YAML of another kind with items', yamlList(pods).replace('kind: List', 'kind: Pod')],
  ['JSON with two specs', JSON.stringify(CLUSTER).replace('"kind"', '"spec":{},"kind"')],
  ['JSON without items', '{"kind":"Pod","apiVersion":"v1"}'],
  ['JSON with something behind it', `${JSON.stringify(list)}\n{}`],
  ['JSON that is wrong', JSON.stringify(list).replace('"web"', 'web')],
  ['a byte order mark', `\ufeff${yamlList(pods)}`],
];
for (const [what, content] of LEFT) table(`${what}: left to be read whole`, () => assert.not.ok(agrees(content, 1000)));

/** A reader of one file. */
function reader(content: string | Uint8Array, size?: number) {
  return {
    kind: () => 'file' as const,
    read: () => Buffer.from(content).toString(),
    names: () => [],
    stdin: () => '',
    open: () => ({ ...fileOf(content), ...(size === undefined ? {} : { size }) }),
  };
}
table('a file from the size on is read so, with the same answer', () => {
  const content = yamlList(pods);
  const [small, large] = [content.length + 1, content.length].map((pieces) =>
    readManifests(['c.yaml'], true, reader(content), undefined, { from: pieces }),
  );
  assert.equal(large!.manifests.length, 4);
  assert.equal(told(large!), told(small!));
  assert.instance(Object.getOwnPropertyDescriptor(small!.manifests[0]!.document, 'text'), Object);
  assert.is(Object.getOwnPropertyDescriptor(large!.manifests[0]!.document, 'text'), undefined);
});
table('what has to be read whole is read whole', () => {
  const content = `&a ${yamlList(pods)}`;
  const { manifests, diagnostics } = readManifests(['c.yaml'], true, reader(content), undefined, { from: 1 });
  assert.equal(told({ manifests, diagnostics }), told(parseManifests('c.yaml', content)));
});
table('what is longer than a text can be and has to be read whole is refused with a next step', () => {
  const endless: ByteFile = {
    size: 600 * 1024 * 1024,
    read: (into) => into.fill(120).length,
    close: () => undefined,
  };
  const { manifests, diagnostics } = readManifests(
    ['c.yaml'],
    true,
    {
      ...reader('{}'),
      open: () => ({
        ...endless,
        read: (into, at) => (at === 0 ? Buffer.from('{]').copy(into) : endless.read(into, at)),
      }),
    },
    undefined,
    { from: 1 },
  );
  assert.equal(manifests, []);
  assert.is(diagnostics[0]!.code, 'FileTooLarge');
  assert.match(diagnostics[0]!.nextStep!, 'split');
});
for (const [what, content, start] of [
  ['YAML', yamlList(pods).replace('name: c', 'name: c: d'), '\n- apiVersion'],
  ['JSON', JSON.stringify({ apiVersion: 'v1', items: pods }, null, 1).replace('"c"', 'c'), '\n  {'],
] as const)
  table(`where the object begins that stops it is known: ${what}`, () => {
    const read = readLargeFile('c', () => fileOf(content));
    assert.ok(read instanceof Irregular);
    const before = content.split(start).slice(0, 3).join(start);
    assert.is(read.line, before.split('\n').length + 1);
  });
table('a pipe is opened once, and read as a whole', () => {
  const pipe = { ...reader(yamlList(pods)), kind: () => 'other' as const, open: () => assert.unreachable('opened') };
  const { manifests } = readManifests(['c.yaml'], true, pipe as never, undefined, { from: 1 });
  assert.is(manifests.length, 4);
});
table('a file that becomes shorter is a problem with its name', () => {
  const { diagnostics } = readManifests(['c.yaml'], true, reader('a: b\n', 100), undefined, { from: 1 });
  assert.equal(diagnostics, [
    {
      severity: 'error',
      code: 'UnreadableFile',
      message: 'cannot read c.yaml: it became shorter while it was read',
      source: { file: 'c.yaml' },
    },
  ]);
});
table.run();

const laws = suite('laws of files read piece by piece');
const PIECES = '\n|\n\n| |  |:|: |- |\n- |\n---\n|#|"|\'|[|{|}|,|&a|*a|!|\\|x|0|\n# Source: a\n|items:\n|ü|\t|>'.split(
  '|',
);
laws('random edits of files never make it answer otherwise', () => {
  const texts = READ.map(([, content]) => content);
  const edit = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    fc.nat(3),
    fc.constantFrom(...PIECES, '|'),
  );
  let [read, all] = [0, 0];
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(edit, { maxLength: 3 }),
      fc.integer({ min: 8, max: 900 }),
      (start, edits, capacity) => {
        let text = start;
        for (const [where, cut, piece] of edits) {
          const at = Math.floor(where * text.length);
          text = text.slice(0, at) + piece + text.slice(at + cut);
        }
        read += agrees(text, capacity) ? 1 : 0;
        all += 1;
      },
    ),
    { numRuns: 500, seed: 3 },
  );
  assert.ok(read / all > 0.3, `${read} of ${all}`);
});
laws('Lists of any JSON are read as JSON.parse reads them', () => {
  const item = fc.record({
    apiVersion: fc.constant('v1'),
    kind: fc.constantFrom('A', 'B'),
    metadata: fc.jsonValue(),
    spec: fc.jsonValue(),
  });
  let [read, all] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(fc.tuple(item, fc.nat(2)), { maxLength: 5 }),
      fc.constantFrom(undefined, 1, 4, '\t'),
      fc.integer({ min: 8, max: 900 }),
      (items, indent, capacity) => {
        const repeated = items.flatMap(([each, times]) => Array.from({ length: times + 1 }, () => each));
        read += agrees(JSON.stringify({ apiVersion: 'v1', items: repeated, kind: 'List' }, null, indent), capacity)
          ? 1
          : 0;
        all += 1;
      },
    ),
    { numRuns: 120, seed: 4 },
  );
  assert.ok(read / all > 0.8, `${read} of ${all}`);
});
laws.run();
