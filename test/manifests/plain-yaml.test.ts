// The quick reader answers as the full parser does, or not at all: on hand-picked text, on manifests, and on random edits of them.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { splitDocuments } from '../../src/manifests/document.ts';
import { readPlainYaml } from '../../src/manifests/plain-yaml.ts';
import { nodePosition, parseYamlDocument, positionOf } from '../../src/manifests/yaml-document.ts';

function plain(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === 'bigint' ? `${item}n` : typeof item === 'number' && !Number.isFinite(item) ? String(item) : item,
  );
}

function agrees(text: string): boolean {
  const quick = readPlainYaml(text);
  if (quick === undefined) return false;
  const full = parseYamlDocument(text);
  assert.is(full.error, undefined, `the full parser refuses ${JSON.stringify(text)}: ${full.error?.message}`);
  assert.equal(full.duplicates, []);
  assert.is(plain(quick.value), plain(full.value), JSON.stringify(text));
  for (const path of pathsOf(quick.value))
    assert.equal(positionOf(text, path), nodePosition(text, path), `${JSON.stringify(text)} at ${path.join('.')}`);
  return true;
}

/** To everything in a value, and to something that is nowhere. */
function pathsOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path, [...path, 'nowhere']];
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [path, [...path, 'nowhere'], ...steps.flatMap((step) => pathsOf(value[step as never], [...path, step]))];
}

const files = readdirSync('fixtures', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
const manifests = files.flatMap((name) =>
  splitDocuments(name, readFileSync(join('fixtures', name), 'utf8')).documents.map(({ text }) => text),
);

const table = suite('the plain part of YAML');
for (const text of [
  'a: 1\nb: two\n',
  'a:\n  b:\n    c: d\n',
  'a:\n- b\n- c: 1\n  d: 2\n-   e: f\n    g: h\n',
  'a:\n  - b\n  -\n    c: d\n  -\n',
  'a: # comment\n  b: c # more\n# end\n',
  'a: "x: y # z"\nb: \'it\'\'s\'\n"c d": e\n',
  'a: [1, "2", three, {b: c}]\nd: {e: [f], g: "h"}\ni: []\nj: {}\n',
  'a: |\n  line\n    more\n\n  last\nb: |-\n  x\n\nc: d\n',
  'a: |\n  line\n\n\n',
  'a: yes\nb: 0777\nc: 1e3\nd: ~\ne:\n',
  'a: http://x/y\nb: a:b\nc: --flag\nd: -1\n',
  'a: x#y\n',
])
  table(`${JSON.stringify(text)} is read`, () => assert.ok(agrees(text)));
for (const text of [
  'a: &x 1\n',
  'a: *x\n',
  'a: !t b\n',
  'a: >\n  b\n',
  'a:\tb\n',
  'a: b: c\n',
  'a: 1\na: 2\n',
  '<<: {a: b}\n',
  'a: b\n c\n',
  'a: [b,\n c]\n',
  '? a\n: b\n',
  'on: x\n',
  '__proto__: x\n',
  'just text\n',
  'a: "\\x41"\n',
  '- - a\n',
  'a: {b}\n',
  'a: %b\n',
  'a: @b\n',
])
  table(`${JSON.stringify(text)} is left to the full parser`, () => assert.is(readPlainYaml(text), undefined));
table('nearly all manifests are within the plain part', () => {
  const read = manifests.filter(agrees).length;
  assert.ok(read / manifests.length > 0.9, `${read} of ${manifests.length}`);
});
table.run();

const laws = suite('laws of the quick reader');
laws('random edits of manifests never make it answer otherwise than the full parser', () => {
  const pieces = [
    '\n',
    ' ',
    '  ',
    ':',
    ': ',
    '- ',
    '-',
    '#',
    ' #',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
    ',',
    '|',
    '|-',
    '>',
    '&a',
    '*a',
    '!',
    '%',
    '\\',
    'x',
    '0',
    '~',
    '---',
    'key: ',
    '\n  ',
    '\n- ',
  ];
  fc.assert(
    fc.property(
      fc.nat(manifests.length - 1),
      fc.array(
        fc.tuple(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), fc.nat(3), fc.constantFrom(...pieces)),
        { minLength: 1, maxLength: 4 },
      ),
      (which, edits) => {
        let text = manifests[which]!.slice(0, 600);
        for (const [where, cut, piece] of edits) {
          const at = Math.floor(where * text.length);
          text = text.slice(0, at) + piece + text.slice(at + cut);
        }
        agrees(text);
      },
    ),
    { numRuns: 3000, seed: 7 },
  );
});
laws('random small texts of indicators agree too', () => {
  const letters = [
    'a',
    'b',
    ' ',
    ' ',
    '\n',
    '\n',
    ':',
    ': ',
    '-',
    '- ',
    '"',
    "'",
    '#',
    '[',
    ']',
    '{',
    '}',
    ',',
    '|',
    '1',
    '.',
    '\n  ',
    '\n- ',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...letters), { maxLength: 24 }), (parts) => {
      agrees(parts.join(''));
    }),
    { numRuns: 20_000, seed: 11 },
  );
});
laws.run();
