// The FNV hashes that name and label objects, and the alphabet their text is written in.
// Behaviour: hash/fnv, Go 1.26; apimachinery/pkg/util/rand/rand.go (SafeEncodeString), Kubernetes v1.36.3.

/** No vowels and no 0, 1, 3: suffixes shall not spell words. */
export const SAFE_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

export const FNV32_OFFSET = 0x811c9dc5;
const FNV32_PRIME = 0x01000193;

const encoder = new TextEncoder();
const ASCII = /^[\x00-\x7f]*$/;

/** Whether each unit of the text is one byte, as nearly always. */
function isAscii(text: string): boolean {
  return ASCII.test(text);
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? encoder.encode(data) : data;
}

/** Multiply, then xor. Pass the previous result to continue a hash. */
export function fnv32(data: string | Uint8Array, hash: number = FNV32_OFFSET): number {
  let h = hash;
  if (typeof data === 'string' && isAscii(data)) {
    for (let i = 0; i < data.length; i++) h = Math.imul(h, FNV32_PRIME) ^ data.charCodeAt(i);
    return h >>> 0;
  }
  for (const byte of bytesOf(data)) h = Math.imul(h, FNV32_PRIME) ^ byte;
  return h >>> 0;
}

/** Xor, then multiply. */
export function fnv32a(data: string | Uint8Array, hash: number = FNV32_OFFSET): number {
  let h = hash;
  if (typeof data === 'string' && isAscii(data)) {
    for (let i = 0; i < data.length; i++) h = Math.imul(h ^ data.charCodeAt(i), FNV32_PRIME);
    return h >>> 0;
  }
  for (const byte of bytesOf(data)) h = Math.imul(h ^ byte, FNV32_PRIME);
  return h >>> 0;
}

const FNV128_PRIME = (1n << 88n) + 0x13bn;
const MASK_128 = (1n << 128n) - 1n;

export function fnv128a(data: string | Uint8Array): bigint {
  let h = 0x6c62272e07bb014262b821756295c58dn;
  for (const byte of bytesOf(data)) h = ((h ^ BigInt(byte)) * FNV128_PRIME) & MASK_128;
  return h;
}

/** Replaces each character by one of the safe alphabet, chosen by its code. */
export function safeEncodeString(text: string): string {
  let out = '';
  for (const char of text) out += SAFE_ALPHABET.charAt((char.codePointAt(0) ?? 0) % SAFE_ALPHABET.length);
  return out;
}
