import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compareBytes, goMarshal, goMarshalInOrder, goStruct } from '../../../src/apimachinery/go/json.ts';
import { goFloat, goQuote } from '../../../src/apimachinery/go/quote.ts';

const quoting = suite('Go %q');
for (const { text, want } of [
  { text: '', want: '""' },
  { text: 'a b', want: '"a b"' },
  { text: 'a"b\\c', want: '"a\\"b\\\\c"' },
  { text: '\x07\b\f\n\r\t\v', want: '"\\a\\b\\f\\n\\r\\t\\v"' },
  { text: '\x00\x1f\x7f', want: '"\\x00\\x1f\\x7f"' },
  { text: 'é☃😀', want: '"é☃😀"' },
  { text: '\u00a0\u200b\u2028\ufeff', want: '"\\u00a0\\u200b\\u2028\\ufeff"' },
  { text: '\u{e0001}', want: '"\\U000e0001"' },
  { text: '\ud800', want: '"\ufffd"' },
]) {
  quoting(`${JSON.stringify(text)} is ${want}`, () => assert.is(goQuote(text), want));
}
quoting.run();

const floats = suite('Go %v of a float');
for (const { value, want } of [
  { value: 0.1, want: '0.1' },
  { value: 1e-4, want: '0.0001' },
  { value: 0.00001, want: '1e-05' },
  { value: 123456.5, want: '123456.5' },
  { value: 1234567.5, want: '1.2345675e+06' },
  { value: 1e21, want: '1e+21' },
  { value: -2.5e-10, want: '-2.5e-10' },
]) {
  floats(`${value} is ${want}`, () => assert.is(goFloat(value), want));
}
floats.run();

const json = suite('Go JSON');
for (const { value, want } of [
  { value: { b: 1, a: [true, null, 'x'] }, want: '{"a":[true,null,"x"],"b":1}' },
  { value: '<a> & "b"\n\u2028', want: '"\\u003ca\\u003e \\u0026 \\"b\\"\\n\\u2028"' },
  { value: '\b\f\x01\x7f', want: '"\\b\\f\\u0001\x7f"' },
  { value: [1e21, 1e-7, 100, -0, 1.5], want: '[1e+21,1e-7,100,-0,1.5]' },
  { value: { a: undefined, b: goStruct({ z: 1, y: { d: 1, c: 2 } }) }, want: '{"b":{"z":1,"y":{"c":2,"d":1}}}' },
  { value: '\ud800', want: '"\\ufffd"' },
  { value: { '😀': 1, '\uffee': 2 }, want: '{"\uffee":2,"😀":1}' },
  {
    value: new Map([
      ['b', 1],
      ['a', 2],
    ]),
    want: '{"a":2,"b":1}',
  },
]) {
  json(`marshals ${want}`, () => assert.is(goMarshal(value), want));
}

json('keeps the order of structs when asked', () => {
  assert.is(goMarshalInOrder({ b: 1, a: 2 }), '{"b":1,"a":2}');
});

json('compares texts by their UTF-8 bytes', () => {
  assert.equal(['😀', '\uffee', 'b', 'ab', 'a', ''].sort(compareBytes), ['', 'a', 'ab', 'b', '\uffee', '😀']);
});
json.run();
