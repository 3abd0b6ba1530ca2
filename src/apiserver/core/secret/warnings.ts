// What is told about a TLS Secret whose certificate and key cannot be used together.
// Behaviour: pkg/registry/core/secret/strategy.go (warningsForSecret), crypto/tls.X509KeyPair, Go 1.26.
// Differs: the PEM blocks are looked at, not the certificate and the key in them.
import type { Secret } from '../../../schema/generated/types/core-v1.ts';
import { pemBlockTypes } from './pem.ts';
import { bytesOf } from './secret-bytes.ts';

const NO_CERTIFICATE_PEM = 'tls: failed to find any PEM data in certificate input';
const KEY_AS_CERTIFICATE =
  'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
const NO_KEY_PEM = 'tls: failed to find any PEM data in key input';
const CERTIFICATE_AS_KEY = 'tls: found a certificate rather than a key in the PEM for the private key';

export function secretWarnings({ type, data = {} }: Secret): readonly string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const warning = certificateWarning(data['tls.crt'] ?? '') ?? keyWarning(data['tls.key'] ?? '');
  return warning === undefined ? [] : [warning];
}

function certificateWarning(value: string): string | undefined {
  const types = pemBlockTypes(bytesOf(value));
  if (types.includes('CERTIFICATE')) return undefined;
  if (types.length === 0) return NO_CERTIFICATE_PEM;
  if (types.length === 1 && types[0]?.endsWith('PRIVATE KEY')) return KEY_AS_CERTIFICATE;
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [${types.join(' ')}]`;
}

function keyWarning(value: string): string | undefined {
  const types = pemBlockTypes(bytesOf(value));
  if (types.some((type) => type === 'PRIVATE KEY' || type.endsWith(' PRIVATE KEY'))) return undefined;
  if (types.length === 0) return NO_KEY_PEM;
  if (types.length === 1 && types[0] === 'CERTIFICATE') return CERTIFICATE_AS_KEY;
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [${types.join(' ')}]`;
}
