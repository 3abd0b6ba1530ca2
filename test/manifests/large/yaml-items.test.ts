// Items read one after another are as the full parser reads each of them alone, or are left to it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../../src/manifests/document.ts';
import { YamlItems } from '../../../src/manifests/large/yaml-items.ts';
import { writeYaml, type YamlValue } from '../../../src/manifests/writer/write-yaml.ts';
import { parseYamlDocument } from '../../../src/manifests/yaml-document.ts';

function plain(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === 'bigint' ? `${item}n` : typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
  );
}

/** Reads the texts one after another, each in the middle of other bytes; how many were read. */
function agree(texts: readonly string[]): number {
  const items = new YamlItems();
  let read = 0;
  for (const text of texts) {
    const bytes = Buffer.from(`#\n${text}- more: 1\n`);
    const isList = text.trimStart().startsWith('- ');
    const quick = items.read(bytes, 2, bytes.length - '- more: 1\n'.length, isList);
    if (quick === undefined) continue;
    read += 1;
    const full = parseYamlDocument(text);
    const list = isList ? (full.value as unknown[] | undefined) : [full.value];
    const value = list?.[0];
    const isOne = list?.length === 1;
    if (!full.error && full.duplicates.length === 0 && isOne && plain(quick) === plain(value)) continue;
    // Only what fails is written out.
    const all = `${JSON.stringify(text)} in ${JSON.stringify(texts)}`;
    assert.is(full.error, undefined, `the full parser refuses ${all}: ${full.error?.message}`);
    assert.equal(full.duplicates, [], all);
    assert.ok(isOne, all);
    assert.is(plain(quick), plain(value), all);
  }
  return read;
}

/** As it stands in the items of a List. */
function asItem(text: string): string {
  return text.replace(/^(?=.)/gm, '  ').replace(/^ {2}/, '- ');
}

const files = readdirSync('fixtures', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
const manifests = files
  .flatMap((name) => splitDocuments(name, readFileSync(join('fixtures', name), 'utf8')).documents)
  .map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`))
  .filter((text) => text.length < 5000);

const table = suite('items of a large YAML file');
for (const [what, ...texts] of [
  ['scalars', "a: 1\nb: two\nc: ~\nd: \"x: y\"\ne: 'it''s'\nf: 0777\ng: 1e3\nh: 2001-01-01\ni: yes\n"],
  ['managed fields', '- f:a:\n    k:{"name":"ab"}:\n      .: {}\n'],
  ['text folded at 80 columns', 'a: one\n  two\n\n  three\nb: \'x\n  y\n\n\n  z\'\nc: "x \\\n  \\ y\n  z"\n'],
  ['a list as far out as its key', 'a:\n- b\n- c: 1\n  d: 2\ne: f\n', 'a:\n- b\n- c: 1\n  d: 3\ne: f\n'],
  ['a list grows', 'a:\n- b\ne: f\n', 'a:\n- b\n- c\ne: f\n', 'a:\n- b\n- c\n- d\n'],
  ['a list shrinks', 'a:\n- b\n- c: d\n- e\n', 'a:\n- b\n- c: d\n', 'a:\n- b\n'],
  ['a key comes in between', 'a: 1\nc: 3\nd: {}\n', 'a: 1\nb: 2\nc: 3\nd: {}\n', 'a: 1\nc: 3\nd: {}\n'],
  ['a key goes', 'a: 1\nb:\n  x: y\nc: 3\n', 'a: 1\nc: 3\n', 'a: 1\nb:\n  x: y\nc: 3\n'],
  ['a map becomes a list', 'a:\n  b: c\nd: e\n', 'a:\n  - b: c\nd: e\n', 'a:\n  b: c\nd: e\n'],
  ['a scalar goes on below', 'a:\n  b: c\nd: e\n', 'a:\n  b: c\n    f\nd: e\n', 'a:\n  b: c\nd: e\n'],
  ['a list goes on', 'a:\n- b\nc: d\n', 'a:\n- b\n- b\nc: d\n', 'a:\n- b\nc: d\n'],
  ['a literal goes on', 'a: |\n  b\nc: d\n', 'a: |\n  b\n\n  c\nc: d\n', 'a: |\n  b\n\nc: d\n', 'a: |\n  b\nc: d\n'],
  ['the rest of a line differs', 'a: b\nc: d\n', 'a: bb\nc: d\n', 'a: b b\nc: dd\n'],
  ['letters beyond ASCII', 'a: ü\nb: "€"\nc: |\n  ß\n', 'a: ü\nb: "€"\nc: |\n  ßß\n'],
  ['a document stands further in', 'a:\n  b: c\nd: e\n', ' a:\n  b: c\n d: e\n'],
  ['comments', 'a: 1 # one\n# two\nb:\n  # three\n  c: d\n', 'a: 1 # one\n# 2\nb:\n  # three\n  c: d\n'],
] as const)
  table(`${what}: all are read`, () => {
    assert.is(agree(texts), texts.length);
    if (!texts[0].startsWith('- ')) assert.is(agree(texts.map(asItem)), texts.length);
  });
for (const text of [
  'a: &x 1\n',
  'a: *x\n',
  'a: !t b\n',
  'a: >\n  b\n',
  'a:\tb\n',
  'a: b\u0007\n',
  'a: "\ud7ff\\u0085\u0085"\n',
  'a: 1\na: 2\n',
  'a: b: c\n',
  'a: [b,\n c]\n',
  '? a\n: b\n',
  'on: x\n',
  'just text\n',
  '- - a\n',
  '- a: 1\n- b: 2\n',
  'a: "b\n',
  '# Source: chart/templates/x.yaml\na: b\n',
  '%YAML 1.1\n---\na: b\n',
  '',
])
  table(`${JSON.stringify(text)} is left to the full parser`, () => assert.is(agree([text]), 0));
table('what belonged to a key further out is not taken for its own', () => {
  assert.is(agree(['a:\n- b\n', ' a:\n- b\n']), 1);
  assert.is(agree(['a: b\n c\n', ' a: b\n c\n']), 1);
});
table('octets that are no UTF-8 are left to the full parser', () => {
  const bytes = Buffer.from([...Buffer.from('a: '), 0xff, 10]);
  assert.is(new YamlItems().read(bytes, 0, bytes.length, false), undefined);
});
table('after an item that was left out the next one is read', () => {
  assert.is(agree(['a: 1\nb: c\n', 'a: 1\nb: &c d\n', 'a: 1\nb: c\n']), 2);
});
table('what is the same in two items is one value', () => {
  const items = new YamlItems();
  const read = (name: string) => {
    const text = Buffer.from(`- metadata:\n    labels:\n      a: b\n    name: ${name}\n  spec:\n    x: [1]\n`);
    return items.read(text, 0, text.length, true) as Record<string, Record<string, unknown>>;
  };
  const [first, second] = [read('one'), read('another')];
  assert.is(first['spec'], second['spec']);
  assert.is(first['metadata']!['labels'], second['metadata']!['labels']);
  assert.is(second['metadata']!['name'], 'another');
});
table('nearly all manifests are read', () => {
  assert.ok(agree(manifests) / manifests.length > 0.9);
  assert.ok(agree(manifests.filter((text) => /^\w/.test(text)).map(asItem)) / manifests.length > 0.7);
});
table.run();

const PIECES =
  '\n|\n\n| |  |:|: |- |-|#| #|"|\'|[|]|{|}|,|&a|*a|!|%|\\|\\n|\\ |x|0|~|---|key: |\n  |\n- |\n    |ü|\t|>'.split('|');
const edit = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
  fc.nat(3),
  fc.constantFrom(...PIECES, '|', '|-'),
);

const laws = suite('laws of items');
laws('random edits of manifests, one after another, are read as alone', () => {
  fc.assert(
    fc.property(
      fc.nat(manifests.length - 1),
      fc.array(fc.array(edit, { maxLength: 3 }), { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (which, versions, isItem) => {
        const start = manifests[which]!.slice(0, 600).replace(/.*$/, '');
        const texts = versions.map((edits) => {
          let text = start;
          for (const [where, cut, piece] of edits) {
            const at = Math.floor(where * text.length);
            text = text.slice(0, at) + piece + text.slice(at + cut);
          }
          if (isItem) text = asItem(text);
          return text.endsWith('\n') ? text : `${text}\n`;
        });
        agree([start, ...texts, start]);
      },
    ),
    { numRuns: 500, seed: 5 },
  );
});
laws('random values as kubectl writes them, one after another, are read as alone', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'a',
      'b',
      'name',
      'true',
      '0',
      '1e3',
      '',
      'x: y',
      '# z',
      "it's",
      '~',
      'a\nb',
      'a\n',
      'ü',
      ' lead',
      '|',
      '-',
    ),
    fc
      .array(fc.constantFrom('word', 'longer-word', '"quoted"', "'", '\\', 'a:b', '\n', ' '), {
        minLength: 5,
        maxLength: 40,
      })
      .map((parts) => parts.join(' ')),
  );
  const { value } = fc.letrec<{ value: YamlValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      word,
      fc.constantFrom(null, true, 0, 12, 3.5),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'name', 'f:x', 'k:{"a":"b"}', '.', 'x y', 'on', '1'), tie('value'), {
        maxKeys: 5,
      }),
    ),
  }));
  let [read, all] = [0, 0];
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value, { minKeys: 1, maxKeys: 4 }), {
        minLength: 2,
        maxLength: 4,
      }),
      (maps) => {
        const texts = maps.map((map) => writeYaml([{ kind: 'X', ...map }]));
        read += agree(texts);
        all += texts.length;
      },
    ),
    { numRuns: 500, seed: 6 },
  );
  assert.ok(read / all > 0.4, `${read} of ${all}`);
});
laws('random small texts of indicators are read as alone', () => {
  const letters = 'a|b| | |\n|\n|:|: |-|- |"|\'|#|[|]|{|}|,|1|.|\n  |\n- |\n  - |a: |b: |\\|\\ '.split('|');
  const text = fc.array(fc.constantFrom(...letters, '|'), { maxLength: 20 }).map((parts) => `a: ${parts.join('')}\n`);
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (texts) => {
      agree(texts);
      agree(texts.map(asItem));
    }),
    { numRuns: 2500, seed: 12 },
  );
});
laws.run();
