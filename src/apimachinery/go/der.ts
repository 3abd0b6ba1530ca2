// Values of ASN.1 in their DER form, as far as certificates, requests for them and keys need them.
// Behaviour: encoding/asn1, Go 1.26.

const TRUNCATED = 'asn1: syntax error: data truncated';
const TRUNCATED_LENGTH = 'asn1: syntax error: truncated base 128 integer';
const LENGTH_TOO_LARGE = 'asn1: structure error: length too large';

export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Bytes after the value. */
  readonly rest: Uint8Array;
}

export class DerError extends Error {}

/** The value that the bytes begin with; an error is returned, not thrown. */
export function firstValue(bytes: Uint8Array): DerValue | DerError {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return new DerError(TRUNCATED_LENGTH);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4) return new DerError(LENGTH_TOO_LARGE);
  let length = lengthBytes === 0 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[2 + i] ?? 0);
  const start = 2 + lengthBytes;
  if (start + length > bytes.length) return new DerError(TRUNCATED);
  return { tag, content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}

/** The value that the bytes begin with, where it has this tag. */
export function taggedValue(bytes: Uint8Array, tag: number): DerValue | undefined {
  const value = firstValue(bytes);
  return value instanceof DerError || value.tag !== tag ? undefined : value;
}

/** The values that stand one after another. Throws DerError. */
export function derValues(bytes: Uint8Array): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let left = bytes; left.length > 0; ) {
    const value = firstValue(left);
    if (value instanceof DerError) throw value;
    values.push(value);
    left = value.rest;
  }
  return values;
}

/** `2.5.4.3` */
export function objectIdentifier({ content }: DerValue): string {
  const numbers: number[] = [];
  let number = 0;
  for (const byte of content) {
    number = number * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    if (numbers.length === 0)
      numbers.push(Math.min(2, Math.floor(number / 40)), number - 40 * Math.min(2, Math.floor(number / 40)));
    else numbers.push(number);
    number = 0;
  }
  return numbers.join('.');
}

const BMP_STRING = 0x1e;

export function derText({ tag, content }: DerValue): string {
  if (tag === BMP_STRING) return new TextDecoder('utf-16be').decode(content);
  return new TextDecoder().decode(content);
}
