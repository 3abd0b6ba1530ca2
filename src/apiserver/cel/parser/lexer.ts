// Cuts an expression into tokens; what no rule takes is reported as ANTLR's lexer reports it.
// Behaviour: cel-go v0.26.0 parser/gen/CEL.g4 (lexer rules) and the ANTLR 4 lexer's recovery.
import type { Source } from './source.ts';

export const EOF = -1;
export const T = {
  EQ: 1,
  NE: 2,
  IN: 3,
  LT: 4,
  LE: 5,
  GE: 6,
  GT: 7,
  AND: 8,
  OR: 9,
  LBRACKET: 10,
  RBRACKET: 11,
  LBRACE: 12,
  RBRACE: 13,
  LPAREN: 14,
  RPAREN: 15,
  DOT: 16,
  COMMA: 17,
  MINUS: 18,
  NOT: 19,
  QUESTION: 20,
  COLON: 21,
  PLUS: 22,
  STAR: 23,
  SLASH: 24,
  PERCENT: 25,
  TRUE: 26,
  FALSE: 27,
  NULL: 28,
  FLOAT: 31,
  INT: 32,
  UINT: 33,
  STRING: 34,
  BYTES: 35,
  IDENT: 36,
  ESC_IDENT: 37,
} as const;

const NAMES: Readonly<Record<number, string>> = {
  [EOF]: '<EOF>',
  1: "'=='",
  2: "'!='",
  3: "'in'",
  4: "'<'",
  5: "'<='",
  6: "'>='",
  7: "'>'",
  8: "'&&'",
  9: "'||'",
  10: "'['",
  11: "']'",
  12: "'{'",
  13: "'}'",
  14: "'('",
  15: "')'",
  16: "'.'",
  17: "','",
  18: "'-'",
  19: "'!'",
  20: "'?'",
  21: "':'",
  22: "'+'",
  23: "'*'",
  24: "'/'",
  25: "'%'",
  26: "'true'",
  27: "'false'",
  28: "'null'",
  31: 'NUM_FLOAT',
  32: 'NUM_INT',
  33: 'NUM_UINT',
  34: 'STRING',
  35: 'BYTES',
  36: 'IDENTIFIER',
  37: 'ESC_IDENTIFIER',
};

export interface Token {
  readonly type: number;
  readonly text: string;
  /** Code point offsets; end is behind the last one. */
  readonly start: number;
  readonly end: number;
}

export function tokenSetText(types: Iterable<number>): string {
  const sorted = [...new Set(types)].sort((a, b) => a - b).map((type) => NAMES[type] ?? String(type));
  return sorted.length === 1 ? (sorted[0] ?? '') : `{${sorted.join(', ')}}`;
}

const SINGLE: Readonly<Record<string, number>> = {
  '[': T.LBRACKET,
  ']': T.RBRACKET,
  '{': T.LBRACE,
  '}': T.RBRACE,
  '(': T.LPAREN,
  ')': T.RPAREN,
  '.': T.DOT,
  ',': T.COMMA,
  '-': T.MINUS,
  '!': T.NOT,
  '?': T.QUESTION,
  ':': T.COLON,
  '+': T.PLUS,
  '*': T.STAR,
  '/': T.SLASH,
  '%': T.PERCENT,
  '<': T.LT,
  '>': T.GT,
};
const DOUBLE: Readonly<Record<string, number>> = {
  '==': T.EQ,
  '!=': T.NE,
  '<=': T.LE,
  '>=': T.GE,
  '&&': T.AND,
  '||': T.OR,
};
const KEYWORDS: Readonly<Record<string, number>> = { in: T.IN, true: T.TRUE, false: T.FALSE, null: T.NULL };

const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';
const isHex = (c: string | undefined): boolean => c !== undefined && /^[0-9a-fA-F]$/.test(c);
const isLetter = (c: string | undefined): boolean => c !== undefined && /^[A-Za-z_]$/.test(c);

/** What matched, or how far the text could be read before no rule went on. */
interface Scan {
  readonly accepted: number;
  readonly type: number;
  readonly failed: number;
}

export function tokenize(source: Source, onError: (offset: number, message: string) => void): readonly Token[] {
  const tokens: Token[] = [];
  const { points } = source;
  let at = 0;
  while (at < points.length) {
    const skipped = skipHidden(points, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const scan = scanToken(points, at);
    if (scan.accepted > at) {
      tokens.push({ type: scan.type, text: source.text(at, scan.accepted), start: at, end: scan.accepted });
      at = scan.accepted;
      continue;
    }
    onError(at, `token recognition error at: '${source.text(at, scan.failed + 1)}'`);
    at = scan.failed + 1;
  }
  tokens.push({ type: EOF, text: '<EOF>', start: points.length, end: points.length });
  return tokens;
}

function skipHidden(points: readonly string[], start: number): number {
  let at = start;
  while (at < points.length && ' \t\r\n\f'.includes(points[at] ?? '')) at++;
  if (at > start) return at;
  if (points[at] === '/' && points[at + 1] === '/') {
    while (at < points.length && points[at] !== '\n') at++;
  }
  return at;
}

function scanToken(points: readonly string[], at: number): Scan {
  const c = points[at] ?? '';
  const next = points[at + 1];
  if (c === '"' || c === "'") return scanString(points, at, at, { type: T.STRING, raw: false });
  if (isLetter(c)) return scanWord(points, at);
  if (isDigit(c) || (c === '.' && isDigit(next))) return scanNumber(points, at);
  if (c === '`') return scanEscapedIdentifier(points, at);
  const double = next === undefined ? undefined : DOUBLE[c + next];
  if (double !== undefined) return { accepted: at + 2, type: double, failed: at + 2 };
  const single = SINGLE[c];
  if (single !== undefined) return { accepted: at + 1, type: single, failed: at + 1 };
  // Of = & | only the doubled form is a token: the reading fails at the next character.
  return { accepted: at, type: 0, failed: c === '=' || c === '&' || c === '|' ? at + 1 : at };
}

function scanEscapedIdentifier(points: readonly string[], start: number): Scan {
  let at = start + 1;
  while (at < points.length && /^[A-Za-z0-9_.\-/ ]$/.test(points[at] ?? '')) at++;
  if (points[at] === '`' && at > start + 1) return { accepted: at + 1, type: T.ESC_IDENT, failed: at + 1 };
  return { accepted: start, type: 0, failed: at };
}

function scanWord(points: readonly string[], start: number): Scan {
  // A prefix r, b or br opens a string when a quote follows.
  let at = start;
  let type: number = T.STRING;
  if (/^[bB]$/.test(points[at] ?? '')) {
    type = T.BYTES;
    at++;
  }
  const raw = /^[rR]$/.test(points[at] ?? '');
  if (raw) at++;
  if (at > start && (points[at] === '"' || points[at] === "'")) {
    const scan = scanString(points, start, at, { type, raw });
    if (scan.accepted > start) return scan;
  }
  at = start;
  while (isLetter(points[at]) || isDigit(points[at])) at++;
  const word = points.slice(start, at).join('');
  const keyword = Object.hasOwn(KEYWORDS, word) ? KEYWORDS[word] : undefined;
  return { accepted: at, type: keyword ?? T.IDENT, failed: at };
}

function scanNumber(points: readonly string[], start: number): Scan {
  let at = start;
  const digits = (from: number): number => {
    let end = from;
    while (isDigit(points[end])) end++;
    return end;
  };
  if (points[at] === '0' && points[at + 1] === 'x' && isHex(points[at + 2])) {
    at += 2;
    while (isHex(points[at])) at++;
    return withUnsigned(points, at);
  }
  at = digits(at);
  let float = false;
  if (points[at] === '.' && isDigit(points[at + 1])) {
    float = true;
    at = digits(at + 1);
  }
  if (points[at] === 'e' || points[at] === 'E') {
    const sign = points[at + 1] === '+' || points[at + 1] === '-' ? 1 : 0;
    if (isDigit(points[at + 1 + sign])) {
      float = true;
      at = digits(at + 1 + sign);
    }
  }
  return float ? { accepted: at, type: T.FLOAT, failed: at } : withUnsigned(points, at);
}

function withUnsigned(points: readonly string[], at: number): Scan {
  return points[at] === 'u' || points[at] === 'U'
    ? { accepted: at + 1, type: T.UINT, failed: at + 1 }
    : { accepted: at, type: T.INT, failed: at };
}

/** Raw texts and bytes have no escapes. */
interface TextForm {
  readonly type: number;
  readonly raw: boolean;
}

function scanString(points: readonly string[], start: number, open: number, form: TextForm): Scan {
  const quote = points[open] ?? '';
  const triple = points[open + 1] === quote && points[open + 2] === quote;
  if (triple) {
    const scan = scanQuoted(points, start, open + 3, quote.repeat(3), form);
    // Without an end the empty string before the third quote is what matched.
    return scan.accepted > start ? scan : { accepted: open + 2, type: form.type, failed: open + 2 };
  }
  return scanQuoted(points, start, open + 1, quote, form);
}

function scanQuoted(
  points: readonly string[],
  start: number,
  from: number,
  close: string,
  { type, raw }: TextForm,
): Scan {
  const long = close.length === 3;
  let at = from;
  while (at < points.length) {
    const c = points[at] ?? '';
    if (c === close[0] && (!long || (points[at + 1] === c && points[at + 2] === c))) {
      return { accepted: at + close.length, type, failed: at + close.length };
    }
    if (!long && (c === '\n' || c === '\r')) return { accepted: start, type: 0, failed: at };
    if (c !== '\\' || raw) {
      at++;
      continue;
    }
    const escaped = escapeLength(points, at + 1);
    if (!escaped.ok) return { accepted: start, type: 0, failed: escaped.at };
    at = escaped.at;
  }
  return { accepted: start, type: 0, failed: points.length };
}

/** Behind the escape, or where it stops being one. */
function escapeLength(points: readonly string[], at: number): { readonly ok: boolean; readonly at: number } {
  const c = points[at];
  if (c === undefined) return { ok: false, at };
  if ('abfnrtv"\'\\?`'.includes(c)) return { ok: true, at: at + 1 };
  const digits = { x: 2, X: 2, u: 4, U: 8 }[c];
  if (digits !== undefined) {
    for (let i = 1; i <= digits; i++) if (!isHex(points[at + i])) return { ok: false, at: at + i };
    return { ok: true, at: at + 1 + digits };
  }
  if (c >= '0' && c <= '3') {
    for (let i = 1; i <= 2; i++) {
      const digit = points[at + i];
      if (digit === undefined || digit < '0' || digit > '7') return { ok: false, at: at + i };
    }
    return { ok: true, at: at + 3 };
  }
  return { ok: false, at };
}
