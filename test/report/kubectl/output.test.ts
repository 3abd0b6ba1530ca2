import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { goSorted } from '../../../src/apimachinery/go/sort.ts';
import { parseYamlDocument } from '../../../src/manifests/yaml-document.ts';
import { labelFor } from '../../../src/report/kubectl/describe/generic.ts';
import { jsonListPieces, jsonText } from '../../../src/report/kubectl/json-output.ts';
import { findResults, jsonPathText } from '../../../src/report/kubectl/jsonpath/evaluate.ts';
import { JsonPathError, parseJsonPath } from '../../../src/report/kubectl/jsonpath/parser.ts';
import { kyamlText } from '../../../src/report/kubectl/kyaml-output.ts';
import { alignTabs, DESCRIBE_LAYOUT, TABLE_LAYOUT } from '../../../src/report/kubectl/tab-writer.ts';

const tabs = suite('aligned tabs');
tabs('the last cell of a line widens nothing', () => {
  assert.is(
    alignTabs('NAME\tAGE\nweb-with-a-long-name\t1s\n', TABLE_LAYOUT),
    'NAME                   AGE\nweb-with-a-long-name   1s\n',
  );
});
tabs('a line without tabs ends a block of columns in descriptions', () => {
  assert.is(alignTabs('a\tb\nx\nlonger\tc\n', DESCRIBE_LAYOUT), 'a  b\nx\nlonger  c\n');
});
tabs.run();

const sorting = suite("Go's sort");
sorting('sorts whatever it is given', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 200 }), (numbers) => {
      assert.equal(
        goSorted(numbers, (a, b) => a < b),
        [...numbers].sort((a, b) => a - b),
      );
    }),
  );
});
sorting('leaves rows with equal keys alone', () => {
  const rows = Array.from({ length: 60 }, (_, i) => i);
  assert.equal(
    goSorted(rows, () => false),
    rows,
  );
});
sorting.run();

const json = suite('-o json');
json('a List in pieces is the List as a whole', () => {
  const map = fc.dictionary(fc.constantFrom('a', 'b', '<', '1'), fc.jsonValue(), { maxKeys: 3 });
  fc.assert(
    fc.property(fc.array(map, { minLength: 1, maxLength: 4 }), (items) => {
      assert.is([...jsonListPieces(items)].join(''), jsonText({ kind: 'List', items, apiVersion: 'v1' }));
    }),
    { numRuns: 100 },
  );
});
json.run();

const kyaml = suite('-o kyaml');
const inBraces: readonly (readonly [string, unknown, string])[] = [
  ['texts are quoted, numbers and words are not', { b: 'x', a: 1, c: null }, '{\n  a: 1,\n  b: "x",\n  c: null,\n}'],
  [
    'maps in a list stand bracket by bracket',
    { a: [{ b: 1 }, { c: 2 }] },
    '{\n  a: [{\n    b: 1,\n  }, {\n    c: 2,\n  }],\n}',
  ],
  ['texts in a list stand line by line', { a: ['b', 'c'] }, '{\n  a: [\n    "b",\n    "c",\n  ],\n}'],
  ['nothing in them', { a: {}, b: [], c: '' }, '{\n  a: {},\n  b: [],\n  c: "",\n}'],
  ['lines of a text are folded', { a: 'b\n c\n' }, '{\n  a: "\\\n     b\\n\\\n    \\ c\\n\\\n    ",\n}'],
  ['escapes', { a: '"\\\u0001\t' }, '{\n  a: "\\"\\\\\\x01\t",\n}'],
];
for (const [name, value, expected] of inBraces) kyaml(name, () => assert.is(kyamlText(value), `---\n${expected}\n`));
const keys: readonly (readonly [string, boolean])[] = [
  ['app.kubernetes.io/name', true],
  ['no', false],
  ['1e5', false],
  ['0x1F', false],
  ['1_000', false],
  ['12:30', false],
  ['2026-01-01', false],
  ['2026-13-01', true],
  ['a b', false],
  ['$patch', false],
  ['-a', false],
  ['a-b', true],
  ['99999999999999999999999', false],
  ['', false],
];
for (const [key, isPlain] of keys) {
  kyaml(`the key ${JSON.stringify(key)} is ${isPlain ? 'plain' : 'quoted'}`, () => {
    assert.is(kyamlText({ [key]: 1 }), `---\n{\n  ${isPlain ? key : JSON.stringify(key)}: 1,\n}\n`);
  });
}
kyaml('reads back as what was written', () => {
  const text = fc.oneof(fc.string({ maxLength: 20 }), fc.stringMatching(/^[ \t\na"\\]{0,12}$/));
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), text), (map) => {
      assert.equal({ ...(parseYamlDocument(kyamlText(map)).value as object) }, { ...map });
    }),
  );
});
kyaml.run();

const jsonPath = suite('JSONPath');
const OBJECT = {
  items: [
    { name: 'a', ready: true, ports: [1, 2] },
    { name: 'b', ready: false, ports: [] },
  ],
};
const found: readonly (readonly [string, string])[] = [
  ['{.items[*].name}', 'a b'],
  ['{range .items[*]}{.name}:{.ports[*]};{end}', 'a:1 2;b:;'],
  ['{.items[?(@.name=="b")].ready}', 'false'],
  ['{.items[-1:].name}', 'b'],
  ['{.items[0].ports}', '[1,2]'],
  ['{.items[0].missing}', ''],
  ['{..name}', 'a b'],
];
for (const [template, text] of found) {
  jsonPath(`${template} finds ${text || 'nothing'}`, () =>
    assert.is(jsonPathText(findResults(template, OBJECT)), text),
  );
}
const refused: readonly (readonly [string, string])[] = [
  ['{.items[0', 'unterminated array'],
  ['{.items[x]}', 'invalid array index x'],
  ['{.a', 'unclosed action'],
];
for (const [template, message] of refused) {
  jsonPath(`${template} is refused: ${message}`, () =>
    assert.throws(
      () => parseJsonPath(template),
      (error: unknown) => error instanceof JsonPathError && error.message === message,
    ),
  );
}
jsonPath.run();

const labels = suite('names of fields in words');
const words: readonly (readonly [string, string])[] = [
  ['creationTimestamp', 'Creation Timestamp'],
  ['apiVersion', 'API Version'],
  ['uid', 'UID'],
  ['podIP', 'Pod IP'],
  ['a.b/c', 'a.b/c'],
];
for (const [field, label] of words) labels(`${field} is called ${label}`, () => assert.is(labelFor(field), label));
labels.run();
