// Lengths and cuts in UTF-8 bytes, which is what Go's len and slices count.

/** Only ASCII: the usual case, where a byte is a UTF-16 unit. */
const ASCII = /^[\x00-\x7f]*$/;

export function byteLength(text: string): number {
  if (ASCII.test(text)) return text.length;
  let bytes = 0;
  for (const char of text) bytes += charBytes(char.codePointAt(0) ?? 0);
  return bytes;
}

/** The first bytes of a text; a character that the cut would split is dropped. */
export function firstBytes(text: string, limit: number): string {
  if (ASCII.test(text)) return text.slice(0, limit);
  let bytes = 0;
  let out = '';
  for (const char of text) {
    bytes += charBytes(char.codePointAt(0) ?? 0);
    if (bytes > limit) break;
    out += char;
  }
  return out;
}

function charBytes(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}
