// The value of a quoted string or bytes literal.
// Behaviour: cel-go v0.26.0 parser/unescape.go.

const SIMPLE: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  f: 12,
  n: 10,
  r: 13,
  t: 9,
  v: 11,
  '\\': 92,
  "'": 39,
  '"': 34,
  '`': 96,
  '?': 63,
};

type Unescaped =
  | { readonly ok: true; readonly text: string; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly error: string };

const failed = (error: string): Unescaped => ({ ok: false, error });

export function unescapeLiteral(literal: string, isBytes: boolean): Unescaped {
  let value = literal.replaceAll('\r\n', '\n').replaceAll('\r', '\n');
  const raw = value[0] === 'r' || value[0] === 'R';
  if (raw) value = value.slice(1);
  const triple = value.length >= 6 && (value.startsWith("'''") || value.startsWith('"""'));
  value = triple ? value.slice(3, -3) : value.slice(1, -1);
  if (raw || !value.includes('\\')) return { ok: true, text: value, bytes: Buffer.from(value) };
  // Parts of text and single bytes, joined as bytes.
  const parts: Buffer[] = [];
  const points = [...value];
  let at = 0;
  while (at < points.length) {
    const point = points[at] ?? '';
    if (point !== '\\') {
      parts.push(Buffer.from(point));
      at++;
      continue;
    }
    const kind = points[at + 1];
    if (kind === undefined) return failed("unable to unescape string, found '\\' as last character");
    const simple = Object.hasOwn(SIMPLE, kind) ? SIMPLE[kind] : undefined;
    if (simple !== undefined) {
      parts.push(Buffer.from([simple]));
      at += 2;
      continue;
    }
    const octal = kind >= '0' && kind <= '3';
    const digits = octal ? 3 : ({ x: 2, X: 2, u: 4, U: 8 }[kind] ?? 0);
    if (digits === 0 || (isBytes && (kind === 'u' || kind === 'U'))) return failed('unable to unescape string');
    const from = octal ? at + 1 : at + 2;
    const code = Number.parseInt(points.slice(from, from + digits).join(''), octal ? 8 : 16);
    if (!isBytes && (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))) {
      return failed('invalid unicode code point');
    }
    parts.push(isBytes ? Buffer.from([code & 0xff]) : Buffer.from(String.fromCodePoint(code)));
    at = from + digits;
  }
  const bytes = Buffer.concat(parts);
  return { ok: true, text: bytes.toString('utf8'), bytes };
}
