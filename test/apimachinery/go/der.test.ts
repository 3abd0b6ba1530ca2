import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bytesOf } from '../../../src/apimachinery/go/base64.ts';
import {
  DerError,
  derText,
  derValues,
  firstValue,
  objectIdentifier,
  taggedValue,
} from '../../../src/apimachinery/go/der.ts';
import { pemBlocks } from '../../../src/apimachinery/go/pem.ts';

const der = suite('DER');
const bytes = (...given: readonly number[]): Uint8Array => Uint8Array.from(given);

for (const { name, given, want } of [
  { name: 'nothing', given: [], want: 'asn1: syntax error: truncated base 128 integer' },
  { name: 'a tag alone', given: [0x30], want: 'asn1: syntax error: truncated base 128 integer' },
  { name: 'an indefinite length', given: [0x30, 0x80, 0, 0], want: 'asn1: structure error: length too large' },
  {
    name: 'a length of five bytes',
    given: [0x30, 0x85, 0, 0, 0, 0, 0],
    want: 'asn1: structure error: length too large',
  },
  { name: 'less content than it says', given: [0x04, 2, 1], want: 'asn1: syntax error: data truncated' },
  { name: 'a cut length', given: [0x04, 0x82, 1], want: 'asn1: syntax error: data truncated' },
]) {
  der(`${name} is no value: ${want}`, () => {
    const value = firstValue(bytes(...given));
    assert.is(value instanceof DerError ? value.message : undefined, want);
  });
}
der('a short and a long length say the same', () => {
  for (const given of [bytes(0x04, 1, 7, 9), bytes(0x04, 0x81, 1, 7, 9)])
    assert.equal(firstValue(given), { tag: 0x04, content: bytes(7), rest: bytes(9) });
});
der('a value of another tag is not the one asked for', () => {
  assert.is(taggedValue(bytes(0x04, 0), 0x30), undefined);
  assert.is(taggedValue(bytes(0x04, 0), 0x04)?.content.length, 0);
});
der('values stand one after another, and a broken one is thrown', () => {
  assert.equal(
    derValues(bytes(0x02, 1, 5, 0x0c, 1, 0x61)).map((value) => derText(value)),
    ['\x05', 'a'],
  );
  assert.throws(() => derValues(bytes(0x02, 1, 5, 0x0c, 9)), 'data truncated');
});
der('an object identifier is written with dots', () => {
  const [value] = derValues(bytes(0x06, 3, 0x55, 0x04, 0x0a));
  assert.is(objectIdentifier(value!), '2.5.4.10');
});
der.run();

const pem = suite('PEM');
const blocks = (text: string) => pemBlocks(Buffer.from(text).toString('base64'));
pem('blocks come in order, with their headers told', () => {
  assert.equal(
    blocks('-----BEGIN A-----\nAQI=\n-----END A-----\nx\n-----BEGIN B-----\nk: v\n\nAw==\n-----END B-----\n'),
    [
      { type: 'A', hasHeaders: false, bytes: bytes(1, 2) },
      { type: 'B', hasHeaders: true, bytes: bytes(3) },
    ],
  );
});
for (const { name, text } of [
  { name: 'another end', text: '-----BEGIN A-----\nAQI=\n-----END B-----\n' },
  { name: 'no base64', text: '-----BEGIN A-----\nAQI\n-----END A-----\n' },
]) {
  pem(`a block with ${name} is none`, () => assert.equal(blocks(text), []));
}
pem('base64 is bytes', () => assert.equal(bytesOf('AQID'), bytes(1, 2, 3)));
pem.run();
