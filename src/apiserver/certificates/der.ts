// Whether bytes have the outer shape of a certificate or of a request for one.
// Behaviour: crypto/x509 (ParseCertificateRequest, ParseCertificate), Go 1.26.
// Differs: only the nesting of the three parts is read; keys, names, extensions and signatures are not looked at, and the
// errors are the ones that Go gives for bytes that are no DER.

const TAG_BIT_STRING = 0x03;
const TAG_SEQUENCE = 0x30;

const TRUNCATED = 'asn1: syntax error: data truncated';
const TAGS_DIFFER = "asn1: structure error: tags don't match";
const TRAILING = 'asn1: syntax error: trailing data';

interface Element {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** What is wrong with a SEQUENCE of something, an algorithm and a signature; undefined when nothing is. */
export function signedSequenceError(bytes: Uint8Array): string | undefined {
  const outer = elementAt(bytes, 0, bytes.length);
  if (!outer) return TRUNCATED;
  if (outer.tag !== TAG_SEQUENCE) return TAGS_DIFFER;
  if (outer.end !== bytes.length) return TRAILING;
  let at = outer.start;
  for (const tag of [TAG_SEQUENCE, TAG_SEQUENCE, TAG_BIT_STRING]) {
    const element = elementAt(bytes, at, outer.end);
    if (!element) return TRUNCATED;
    if (element.tag !== tag) return TAGS_DIFFER;
    at = element.end;
  }
  return undefined;
}

function elementAt(bytes: Uint8Array, at: number, limit: number): Element | undefined {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || at + 2 > limit) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    const size = first & 0x7f;
    if (size === 0 || size > 4) return undefined;
    length = 0;
    for (let i = 0; i < size; i++) length = length * 256 + (bytes[start + i] ?? 0);
    start += size;
  }
  const end = start + length;
  return end <= limit ? { tag, start, end } : undefined;
}
