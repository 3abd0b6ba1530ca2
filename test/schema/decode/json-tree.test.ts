import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type JsonTree, parseJson, plainJson, RawNumber } from '../../../src/schema/decode/json-tree.ts';

const test = suite('json tree');

function tree(text: string): JsonTree {
  const parsed = parseJson(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.tree;
}

test('any JSON that JSON.stringify writes reads as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = JSON.stringify(value);
      assert.equal(plainJson(tree(text).value), JSON.parse(text));
    }),
  );
});

test('a text is refused exactly when JSON.parse refuses it', () => {
  const piece = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '1',
    '-',
    '0',
    '.',
    'e',
    '+',
    'true',
    'nul',
    ' ',
    '\n',
    '\\',
    'u0041',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = pieces.join('');
      let accepted = true;
      try {
        JSON.parse(text);
      } catch {
        accepted = false;
      }
      assert.is(parseJson(text).ok, accepted, text);
    }),
    { numRuns: 2000 },
  );
});

test("syntax errors are in Go's words", () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['{"a"', 'unexpected end of JSON input'],
    ['"abc', 'unexpected end of JSON input'],
    ['x', "invalid character 'x' looking for beginning of value"],
    ["'", "invalid character '\\'' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', "invalid character '\"' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['{}{}', "invalid character '{' after top-level value"],
    ['tru', "invalid character ' ' in literal true (expecting 'e')"],
    ['trux', "invalid character 'x' in literal true (expecting 'e')"],
    ['nil', "invalid character 'i' in literal null (expecting 'u')"],
    ['-', "invalid character ' ' in numeric literal"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['01', "invalid character '1' after top-level value"],
    ['1.', "invalid character ' ' after decimal point in numeric literal"],
    ['1e', "invalid character ' ' in exponent of numeric literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ['é', "invalid character 'Ã' looking for beginning of value"],
  ];
  for (const [text, want] of cases) {
    const parsed = parseJson(text);
    assert.is(parsed.ok ? 'accepted' : parsed.error, want, text);
  }
});

test('10,000 levels are read, one more is refused', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
  assert.ok(parseJson(nested(10_000)).ok);
  const deeper = parseJson(nested(10_001));
  assert.is(deeper.ok ? '' : deeper.error, "invalid character '[' exceeded max depth");
});

test('numbers that JavaScript would rewrite keep their text', () => {
  for (const text of ['1.0', '1e3', '-0', '9223372036854775807', '1.50', '1e400']) {
    const { value } = tree(text);
    assert.instance(value, RawNumber);
    assert.is(String(value), text);
  }
  for (const text of ['0', '-1', '1.5', '9007199254740991']) assert.is(tree(text).value, Number(text));
});

test('a key that stands twice: the last value counts, both entries are kept', () => {
  const { value, irregular } = tree('{"a":1,"b":2,"a":3}');
  assert.equal(value, { a: 3, b: 2 });
  assert.equal(irregular?.get(value as object), [
    ['a', 1],
    ['b', 2],
    ['a', 3],
  ]);
});

test('keys that JavaScript would reorder keep the order of the text', () => {
  const { value, irregular } = tree('{"b":1,"1":2}');
  assert.equal(irregular?.get(value as object), [
    ['b', 1],
    ['1', 2],
  ]);
});

test('a key __proto__ is a key like any other', () => {
  const value = tree('{"__proto__":{"polluted":1},"constructor":2}').value as object;
  assert.is(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(Object.keys(value), ['__proto__', 'constructor']);
});

test('half a surrogate pair becomes the replacement character', () => {
  assert.is(tree('"\\ud800"').value, '\ufffd');
  assert.is(tree('"\\ud800\\u0041"').value, '\ufffdA');
  assert.is(tree('"\\ud83d\\ude00"').value, '😀');
});

test.run();
