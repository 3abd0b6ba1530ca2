// Whether bytes have the outer shape of a certificate or of a request for one.
// Behaviour: crypto/x509 (ParseCertificateRequest, ParseCertificate), Go 1.26.
// Differs: only the nesting of the three parts is read; keys, names, extensions and signatures are not looked at, and the
// errors are the ones that Go gives for bytes that are no DER.
import { DerError, firstValue } from '../../apimachinery/go/der.ts';

const TAG_BIT_STRING = 0x03;
const TAG_SEQUENCE = 0x30;

const TRUNCATED = 'asn1: syntax error: data truncated';
const TAGS_DIFFER = "asn1: structure error: tags don't match";
const TRAILING = 'asn1: syntax error: trailing data';

/** What is wrong with a SEQUENCE of something, an algorithm and a signature; undefined when nothing is. */
export function signedSequenceError(bytes: Uint8Array): string | undefined {
  const outer = firstValue(bytes);
  if (outer instanceof DerError) return TRUNCATED;
  if (outer.tag !== TAG_SEQUENCE) return TAGS_DIFFER;
  if (outer.rest.length > 0) return TRAILING;
  let left = outer.content;
  for (const tag of [TAG_SEQUENCE, TAG_SEQUENCE, TAG_BIT_STRING]) {
    const value = firstValue(left);
    if (value instanceof DerError) return TRUNCATED;
    if (value.tag !== tag) return TAGS_DIFFER;
    left = value.rest;
  }
  return undefined;
}
