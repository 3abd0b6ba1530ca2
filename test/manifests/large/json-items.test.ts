// Objects read one after another are as JSON.parse reads each of them alone, or are left to it.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { JsonItems } from '../../../src/manifests/large/json-items.ts';

/** What comes before the object and after it in the file. */
const BEFORE = '{"items":[';
const AFTER = ',{"kind":"Next"}]}';

/** Reads the texts one after another, each in the middle of other bytes; how many were read. */
function agree(texts: readonly string[]): number {
  const items = new JsonItems();
  let read = 0;
  for (const text of texts) {
    const bytes = Buffer.from(`${BEFORE}${text}${AFTER}`);
    const quick = items.read(bytes, BEFORE.length, bytes.length);
    if (quick === undefined) continue;
    assert.is.not(quick, 'cut-off', text);
    read += 1;
    assert.is(JSON.stringify(quick), JSON.stringify(JSON.parse(text)), text);
    assert.is(items.at, BEFORE.length + Buffer.byteLength(text), `end of ${text}`);
  }
  return read;
}

const table = suite('items of a large JSON file');
for (const { name, texts, read } of [
  { name: 'the same object again', texts: ['{"a":{"b":1}}', '{"a":{"b":1}}'], read: 2 },
  { name: 'another value at the same place', texts: ['{"a":{"b":1},"c":[1,2]}', '{"a":{"b":2},"c":[1,3]}'], read: 2 },
  { name: 'a field more and a field less', texts: ['{"a":1}', '{"a":1,"b":"x"}', '{"b":"x"}'], read: 3 },
  {
    name: 'another type at the same place',
    texts: ['{"a":1}', '{"a":{}}', '{"a":[]}', '{"a":null}', '{"a":"1"}'],
    read: 5,
  },
  { name: 'escapes and other alphabets', texts: ['{"a":"\\u00e9\\n\\"é☃😀"}', '{"é":"\\\\"}'], read: 2 },
  { name: 'white space anywhere', texts: ['{ "a" :\n[ 1 ,\t2 ] }', '{\r\n}'], read: 2 },
]) {
  table(`${name}: ${read} of ${texts.length} are read and equal`, () => assert.is(agree(texts), read));
}
for (const { name, text } of [
  { name: 'a comma too many', text: '{"a":1,}' },
  { name: 'a key without quotes', text: '{a:1}' },
  { name: 'a number with a leading zero', text: '{"a":01}' },
  { name: 'a word that JSON does not have', text: '{"a":yes}' },
  { name: 'a control character in a text', text: '{"a":"\u0001"}' },
]) {
  table(`${name} is left to JSON.parse`, () => {
    const bytes = Buffer.from(`${BEFORE}${text}${AFTER}`);
    assert.is(new JsonItems().read(bytes, BEFORE.length, bytes.length), undefined);
  });
}
table('an object that does not end is cut off', () => {
  const bytes = Buffer.from('{"a":[1,{"b":"c"}]}');
  for (let end = 1; end < bytes.length; end++) assert.is(new JsonItems().read(bytes, 0, end), 'cut-off', `at ${end}`);
});
table.run();

const laws = suite('laws of JSON items');
const objects = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'metadata', 'é'), fc.jsonValue({ maxDepth: 3 }), {
  noNullPrototype: true,
});
const spaced = fc.constantFrom<string | number>(0, 2, '\t');
laws('any run of objects is read as JSON.parse reads each', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(objects, spaced), { minLength: 1, maxLength: 6 }), (run) => {
      agree(run.map(([object, space]) => JSON.stringify(object, undefined, space)));
    }),
    { numRuns: 400 },
  );
});
laws('an object with one byte changed is read as JSON.parse reads it, or left to it', () => {
  fc.assert(
    fc.property(
      objects,
      fc.nat(),
      fc.constantFrom('"', '\\', ',', ':', '{', ']', '0', 'e', ' '),
      (object, at, byte) => {
        const text = JSON.stringify(object);
        const place = at % text.length;
        const changed = text.slice(0, place) + byte + text.slice(place + 1);
        const items = new JsonItems();
        items.read(Buffer.from(text), 0, Buffer.byteLength(text));
        const bytes = Buffer.from(changed);
        const value = items.read(bytes, 0, bytes.length);
        if (value === undefined || value === 'cut-off') return;
        assert.is(JSON.stringify(value), JSON.stringify(JSON.parse(bytes.subarray(0, items.at).toString())));
      },
    ),
    { numRuns: 600 },
  );
});
laws.run();
