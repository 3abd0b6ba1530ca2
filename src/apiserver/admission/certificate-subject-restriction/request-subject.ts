// The organizations that a certificate request names as its subject: to Kubernetes, the groups of a user.
// Format: PKCS #10 (RFC 2986) in DER (X.690), in PEM, in base64.
import { bytesOf } from '../../core/secret/secret-bytes.ts';

const PEM_BLOCK = /-----BEGIN CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE REQUEST-----/;
const SEQUENCE = 0x30;
const SET = 0x31;
const OBJECT_IDENTIFIER = 0x06;
/** 2.5.4.10 */
const ORGANIZATION = [0x55, 0x04, 0x0a];

interface Value {
  readonly tag: number;
  readonly content: Uint8Array;
}

export function organizationsOf(request: string): readonly string[] {
  const pem = new TextDecoder('latin1').decode(bytesOf(request));
  const body = PEM_BLOCK.exec(pem)?.[1];
  if (body === undefined) return [];
  const [whole] = valuesIn(bytesOf(body.replace(/\s/g, '')));
  const [information] = contentsOf(whole, SEQUENCE);
  // A version number comes before the subject.
  const [, subject] = contentsOf(information, SEQUENCE);
  return contentsOf(subject, SEQUENCE)
    .flatMap((names) => contentsOf(names, SET))
    .flatMap((attribute) => {
      const [type, value] = contentsOf(attribute, SEQUENCE);
      const isOrganization =
        type?.tag === OBJECT_IDENTIFIER &&
        type.content.length === ORGANIZATION.length &&
        ORGANIZATION.every((byte, i) => byte === type.content[i]);
      return isOrganization && value ? [new TextDecoder().decode(value.content)] : [];
    });
}

function contentsOf(value: Value | undefined, tag: number): readonly Value[] {
  return value?.tag === tag ? valuesIn(value.content) : [];
}

/** The values that follow one another; what is cut short or of indefinite length, which DER forbids, is left out. */
function valuesIn(bytes: Uint8Array): readonly Value[] {
  const values: Value[] = [];
  let at = 0;
  while (at + 1 < bytes.length) {
    const tag = bytes[at]!;
    let length = bytes[at + 1]!;
    at += 2;
    if (length >= 0x80) {
      let left = length & 0x7f;
      for (length = 0; left > 0 && at < bytes.length; left--) length = length * 256 + bytes[at++]!;
    }
    if (at + length > bytes.length) break;
    values.push({ tag, content: bytes.subarray(at, at + length) });
    at += length;
  }
  return values;
}
