// Reads the standard base64 of []byte fields, with Go's position of the first wrong byte.
// Behaviour: encoding/base64 (StdEncoding) of Go 1.26.

export type ParsedBase64 =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly error: string };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const corrupt = (at: number): ParsedBase64 => ({ ok: false, error: `illegal base64 data at input byte ${at}` });

/** The bits of the last character that stand for no byte are cleared, as encoding the bytes again would. */
function canonicalEnd(text: string): string {
  if (!text.endsWith('=')) return text;
  const padding = text.endsWith('==') ? 2 : 1;
  const at = text.length - padding - 1;
  const last = ALPHABET[ALPHABET.indexOf(text[at]!) & (padding === 2 ? 0b110000 : 0b111100)]!;
  return text.slice(0, at) + last + '='.repeat(padding);
}

function isLineBreak(text: string, at: number): boolean {
  return text[at] === '\n' || text[at] === '\r';
}

/** Reads group by group; line breaks are skipped anywhere. */
function readGroups(text: string): ParsedBase64 {
  let out = '';
  let at = 0;
  while (at < text.length) {
    let group = '';
    while (group.length < 4) {
      if (at >= text.length) {
        if (group === '') return { ok: true, text: out };
        return corrupt(at - group.length);
      }
      const character = text[at++]!;
      if (ALPHABET.includes(character)) {
        group += character;
      } else if (character === '=') {
        return group.length < 2 ? corrupt(at - 1) : readPadding(text, at, out + group, group.length);
      } else if (character !== '\n' && character !== '\r') {
        return corrupt(at - 1);
      }
    }
    out += group;
  }
  return { ok: true, text: out };
}

/** Reads what may follow the first `=`. */
function readPadding(text: string, start: number, out: string, filled: number): ParsedBase64 {
  let at = start;
  const skip = () => {
    while (isLineBreak(text, at)) at++;
  };
  if (filled === 2) {
    skip();
    if (at === text.length) return corrupt(at);
    if (text[at] !== '=') return corrupt(at - 1);
    at++;
  }
  skip();
  if (at < text.length) return corrupt(at);
  return { ok: true, text: canonicalEnd(out + '='.repeat(4 - filled)) };
}

/** The canonical base64 of the bytes that a text stands for. */
export function parseBase64(text: string): ParsedBase64 {
  if (CANONICAL.test(text)) return { ok: true, text: canonicalEnd(text) };
  return readGroups(text);
}

export function encodeBase64(bytes: readonly number[]): string {
  let out = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const bits = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const left = bytes.length - i;
    out += ALPHABET[bits >> 18]! + ALPHABET[(bits >> 12) & 63]!;
    out += left > 1 ? ALPHABET[(bits >> 6) & 63]! : '=';
    out += left > 2 ? ALPHABET[bits & 63]! : '=';
  }
  return out;
}
