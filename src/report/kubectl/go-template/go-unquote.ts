// A quoted Go string or character back to its text.
// Behaviour: strconv.Unquote, strconv.UnquoteChar, Go 1.26.
import { GO_ESCAPES } from '../../../apimachinery/go/escapes.ts';

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|([abfnrtv\\'"]))|(\\)|([^\\]+)/gy;

/** Undefined where Go would not read it. `quoted` has its quotes. */
export function goUnquote(quoted: string): string | undefined {
  const quote = quoted[0];
  const inner = quoted.slice(1, -1);
  const bytes: number[] = [];
  ESCAPE.lastIndex = 0;
  for (const [, hex, short, long, octal, letter, bad, plain] of inner.matchAll(ESCAPE)) {
    if (bad !== undefined) return undefined;
    if (plain !== undefined) {
      if (plain.includes(quote ?? '"')) return undefined;
      bytes.push(...new TextEncoder().encode(plain));
    } else if (letter !== undefined) {
      if ((letter === '"' || letter === "'") && letter !== quote) return undefined;
      bytes.push(...new TextEncoder().encode(GO_ESCAPES.get(letter) ?? letter));
    } else if (hex !== undefined || octal !== undefined) {
      const byte = hex === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(hex, 16);
      if (byte > 0xff) return undefined;
      bytes.push(byte);
    } else {
      const code = Number.parseInt(short ?? long ?? '', 16);
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined;
      bytes.push(...new TextEncoder().encode(String.fromCodePoint(code)));
    }
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
