// The outer elements of certificates and keys: enough to tell which bytes cannot be one.
// Behaviour: crypto/x509/parser.go (parseCertificate), crypto/tls/tls.go (parsePrivateKey), Go 1.26.
// Differs: what lies deeper is not looked at.

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const EXPLICIT_0 = 0xa0;

const MALFORMED = 'x509: malformed certificate';
const TRAILING = 'x509: trailing data';
const MALFORMED_TBS = 'x509: malformed tbs certificate';
const MALFORMED_SERIAL = 'x509: malformed serial number';
const MALFORMED_ALGORITHM = 'x509: malformed signature algorithm identifier';
const KEY_UNREADABLE = 'tls: failed to parse private key';

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Bytes after the element. */
  readonly rest: Uint8Array;
}

function readElement(bytes: Uint8Array): Element | undefined {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined) return undefined;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4 || bytes.length < 2 + lengthBytes) return undefined;
  let length = lengthBytes === 0 ? first : 0;
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[2 + i] ?? 0);
  const start = 2 + lengthBytes;
  if (bytes.length < start + length) return undefined;
  return { tag, content: bytes.subarray(start, start + length), rest: bytes.subarray(start + length) };
}

function readTagged(bytes: Uint8Array, tag: number): Element | undefined {
  const element = readElement(bytes);
  return element?.tag === tag ? element : undefined;
}

export function certificateError(bytes: Uint8Array): string | undefined {
  const certificate = readTagged(bytes, SEQUENCE);
  if (!certificate) return MALFORMED;
  const tbs = readTagged(certificate.content, SEQUENCE);
  if (!tbs) return MALFORMED_TBS;
  const version = readTagged(tbs.content, EXPLICIT_0);
  const serial = readTagged(version ? version.rest : tbs.content, INTEGER);
  if (!serial) return MALFORMED_SERIAL;
  if (!readTagged(serial.rest, SEQUENCE) || !readTagged(tbs.rest, SEQUENCE)) return MALFORMED_ALGORITHM;
  return certificate.rest.length > 0 ? TRAILING : undefined;
}

/** Every form of a private key is a sequence that begins with its version. */
export function privateKeyError(bytes: Uint8Array): string | undefined {
  const key = readTagged(bytes, SEQUENCE);
  return key && key.rest.length === 0 && readTagged(key.content, INTEGER) ? undefined : KEY_UNREADABLE;
}
