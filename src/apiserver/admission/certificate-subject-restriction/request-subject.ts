// The organizations that a certificate request names as its subject: to Kubernetes, the groups of a user.
// Format: PKCS #10 (RFC 2986) in DER (X.690), in PEM, in base64.
import { DerError, type DerValue, derText, derValues, objectIdentifier } from '../../../apimachinery/go/der.ts';
import { pemBlocks } from '../../../apimachinery/go/pem.ts';

const TYPE = 'CERTIFICATE REQUEST';
const SEQUENCE = 0x30;
const SET = 0x31;
const ORGANIZATION = '2.5.4.10';

/** None where the request cannot be read. */
export function organizationsOf(request: string): readonly string[] {
  const [block] = pemBlocks(request);
  if (block?.type !== TYPE) return [];
  try {
    return organizationsIn(block.bytes);
  } catch (error) {
    if (error instanceof DerError) return [];
    throw error;
  }
}

function organizationsIn(bytes: Uint8Array): readonly string[] {
  const [whole] = derValues(bytes);
  const [information] = valuesIn(whole, SEQUENCE);
  // A version number comes before the subject.
  const [, subject] = valuesIn(information, SEQUENCE);
  return valuesIn(subject, SEQUENCE)
    .flatMap((names) => valuesIn(names, SET))
    .flatMap((attribute) => {
      const [type, value] = valuesIn(attribute, SEQUENCE);
      return type && value && objectIdentifier(type) === ORGANIZATION ? [derText(value)] : [];
    });
}

function valuesIn(value: DerValue | undefined, tag: number): readonly DerValue[] {
  return value?.tag === tag ? derValues(value.content) : [];
}
