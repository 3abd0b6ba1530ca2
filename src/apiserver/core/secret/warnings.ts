// What is told about a TLS Secret whose certificate and key cannot be used together.
// Behaviour: pkg/registry/core/secret/strategy.go (warningsForSecret), crypto/tls.X509KeyPair, Go 1.26.
// Differs: whether the key belongs to the certificate is not looked at.
import { type PemBlock, pemBlocks } from '../../../apimachinery/go/pem.ts';
import type { Secret } from '../../../schema/generated/types/core-v1.ts';
import { certificateError, privateKeyError } from './key-pair.ts';

const NO_CERTIFICATE_PEM = 'tls: failed to find any PEM data in certificate input';
const KEY_AS_CERTIFICATE =
  'tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched';
const NO_KEY_PEM = 'tls: failed to find any PEM data in key input';
const CERTIFICATE_AS_KEY = 'tls: found a certificate rather than a key in the PEM for the private key';

export function secretWarnings({ type, data = {} }: Secret): readonly string[] {
  if (type !== 'kubernetes.io/tls') return [];
  const certificates = pemBlocks(data['tls.crt'] ?? '');
  const certificate = certificates.find((block) => block.type === 'CERTIFICATE');
  if (!certificate) return [certificateMissing(certificates)];
  const keys = pemBlocks(data['tls.key'] ?? '');
  const key = keys.find((block) => block.type === 'PRIVATE KEY' || block.type.endsWith(' PRIVATE KEY'));
  if (!key) return [keyMissing(keys)];
  const error = certificateError(certificate.bytes) ?? privateKeyError(key.bytes);
  return error === undefined ? [] : [error];
}

function certificateMissing(blocks: readonly PemBlock[]): string {
  if (blocks.length === 0) return NO_CERTIFICATE_PEM;
  if (blocks.length === 1 && blocks[0]?.type.endsWith('PRIVATE KEY')) return KEY_AS_CERTIFICATE;
  return `tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: ${typesOf(blocks)}`;
}

function keyMissing(blocks: readonly PemBlock[]): string {
  if (blocks.length === 0) return NO_KEY_PEM;
  if (blocks.length === 1 && blocks[0]?.type === 'CERTIFICATE') return CERTIFICATE_AS_KEY;
  return `tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: ${typesOf(blocks)}`;
}

function typesOf(blocks: readonly PemBlock[]): string {
  return `[${blocks.map(({ type }) => type).join(' ')}]`;
}
