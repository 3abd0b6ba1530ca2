// Reads the blocks of PEM texts: type, headers and bytes.
// Behaviour: encoding/pem.Decode, Go 1.26.
import { bytesOf } from './base64.ts';

export interface PemBlock {
  readonly type: string;
  readonly hasHeaders: boolean;
  readonly bytes: Uint8Array;
}

const BLOCK =
  /^-----BEGIN ([^\n]*?)-----[ \t]*\r?\n((?:[^\n:]*:[^\n]*\n)*)([A-Za-z0-9+/=\s]*?)^-----END ([^\n]*?)-----[ \t]*\r?$/gm;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The well-formed blocks of a text, which is given as the base64 of its bytes. */
export function pemBlocks(base64: string): readonly PemBlock[] {
  const text = new TextDecoder('latin1').decode(bytesOf(base64));
  return [...text.matchAll(BLOCK)].flatMap(([, type = '', headers = '', body = '', end = '']) => {
    const content = body.replace(/\s/g, '');
    if (type !== end || !BASE64.test(content)) return [];
    return [{ type, hasHeaders: headers !== '', bytes: bytesOf(content) }];
  });
}
