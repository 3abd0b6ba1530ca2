// The PEM blocks that a text holds.
// Behaviour: encoding/pem.Decode, Go 1.26.
import { bytesOf } from './secret-bytes.ts';

export interface PemBlock {
  readonly type: string;
  readonly bytes: Uint8Array;
}

const BLOCK =
  /^-----BEGIN ([^\n]*?)-----[ \t]*\r?\n((?:[^\n:]+:[^\n]*\n)*)([A-Za-z0-9+/=\s]*?)^-----END ([^\n]*?)-----[ \t]*\r?$/gm;

/** The well-formed ones, in order. */
export function pemBlocks(bytes: Uint8Array): readonly PemBlock[] {
  const text = new TextDecoder('latin1').decode(bytes);
  return [...text.matchAll(BLOCK)].flatMap(([, type = '', , body = '', end = '']) => {
    const base64 = body.replace(/\s/g, '');
    return type === end && isBase64(base64) ? [{ type, bytes: bytesOf(base64) }] : [];
  });
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
