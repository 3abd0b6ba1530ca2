// Values of ASN.1 in their DER form, as far as certificate requests need them.
// Behaviour: encoding/asn1, Go 1.26.

export interface DerValue {
  readonly tag: number;
  readonly content: Uint8Array;
}

export class DerError extends Error {}

/** The values that stand one after another. Throws DerError. */
export function derValues(bytes: Uint8Array): readonly DerValue[] {
  const values: DerValue[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0;
    const { length, size } = lengthAt(bytes, at + 1);
    const from = at + 1 + size;
    if (from + length > bytes.length) throw new DerError('asn1: syntax error: data truncated');
    values.push({ tag, content: bytes.subarray(from, from + length) });
    at = from + length;
  }
  return values;
}

function lengthAt(bytes: Uint8Array, at: number): { readonly length: number; readonly size: number } {
  const first = bytes[at];
  if (first === undefined) throw new DerError('asn1: syntax error: truncated base 128 integer');
  if (first < 0x80) return { length: first, size: 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw new DerError('asn1: structure error: length too large');
  let length = 0;
  for (let i = 1; i <= count; i++) length = length * 256 + (bytes[at + i] ?? 0);
  return { length, size: 1 + count };
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
