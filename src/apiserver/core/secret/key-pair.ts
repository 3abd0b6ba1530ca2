// The outer elements of certificates and keys: enough to tell which bytes cannot be one.
// Behaviour: crypto/x509/parser.go (parseCertificate), crypto/tls/tls.go (parsePrivateKey), Go 1.26.
// Differs: what lies deeper is not looked at.
import { taggedValue } from '../../../apimachinery/go/der.ts';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const EXPLICIT_0 = 0xa0;

const MALFORMED = 'x509: malformed certificate';
const TRAILING = 'x509: trailing data';
const MALFORMED_TBS = 'x509: malformed tbs certificate';
const MALFORMED_SERIAL = 'x509: malformed serial number';
const MALFORMED_ALGORITHM = 'x509: malformed signature algorithm identifier';
const KEY_UNREADABLE = 'tls: failed to parse private key';

export function certificateError(bytes: Uint8Array): string | undefined {
  const certificate = taggedValue(bytes, SEQUENCE);
  if (!certificate) return MALFORMED;
  const tbs = taggedValue(certificate.content, SEQUENCE);
  if (!tbs) return MALFORMED_TBS;
  const version = taggedValue(tbs.content, EXPLICIT_0);
  const serial = taggedValue(version ? version.rest : tbs.content, INTEGER);
  if (!serial) return MALFORMED_SERIAL;
  if (!taggedValue(serial.rest, SEQUENCE) || !taggedValue(tbs.rest, SEQUENCE)) return MALFORMED_ALGORITHM;
  return certificate.rest.length > 0 ? TRAILING : undefined;
}

/** Every form of a private key is a sequence that begins with its version. */
export function privateKeyError(bytes: Uint8Array): string | undefined {
  const key = taggedValue(bytes, SEQUENCE);
  return key && key.rest.length === 0 && taggedValue(key.content, INTEGER) ? undefined : KEY_UNREADABLE;
}
