// Scalars: block (`|`, `>`), quoted, and plain.
// Behaviour: go.yaml.in/yaml v2.4 scannerc.go (scan_block_scalar, scan_flow_scalar, scan_plain_scalar), as in Kubernetes v1.36.3.
import {
  isBlank,
  isBlankOrEnd,
  isBreak,
  isBreakOrEnd,
  isDigit,
  isDocumentIndicator,
  isEnd,
  isHex,
} from './characters.ts';
import type { Cursor } from './cursor.ts';
import { type Mark, scannerProblem, type Token } from './token.ts';

const ZERO_INDENT = 'found an indentation indicator equal to 0';
const COMMENT_OR_BREAK = 'did not find expected comment or line break';
const TAB_FOR_SPACE = 'found a tab character where an indentation space is expected';
const TAB_INDENT = 'found a tab character that violates indentation';
const DOCUMENT_INDICATOR = 'found unexpected document indicator';
const END_OF_STREAM = 'found unexpected end of stream';
const UNKNOWN_ESCAPE = 'found unknown escape character';
const NOT_HEX = 'did not find expected hexdecimal number';
const INVALID_CODE = 'found invalid Unicode character escape code';

/** `indent` is that of the collection around the scalar, -1 at the top. */
export function scanBlockScalar(cursor: Cursor, indent: number, isLiteral: boolean): Token {
  const { text } = cursor;
  const start = cursor.mark;
  cursor.skip();
  const { chomping, increment } = blockHeader(cursor, start);
  cursor.skipWhile(isBlank);
  cursor.skipComment();
  if (!isBreakOrEnd(text, cursor.at)) throw scannerProblem(COMMENT_OR_BREAK, cursor.mark, start);
  cursor.readLine();
  const own = { indent: increment > 0 ? Math.max(indent, 0) + increment : 0, outer: indent, start };
  let breaks = blockBreaks(cursor, own);
  let value = '';
  let lineEnd = '';
  let end = breaks.end;
  let wasBlank = false;
  while (cursor.column === own.indent && !isEnd(text, cursor.at)) {
    const startsBlank = isBlank(text, cursor.at);
    const isFolded = !isLiteral && !wasBlank && !startsBlank && lineEnd === '\n';
    if (isFolded) value += breaks.text === '' ? ' ' : '';
    else value += lineEnd;
    value += breaks.text;
    wasBlank = startsBlank;
    const from = cursor.at;
    while (!isBreakOrEnd(text, cursor.at)) cursor.skip();
    value += text.slice(from, cursor.at);
    lineEnd = cursor.readLine();
    breaks = blockBreaks(cursor, own);
    end = breaks.end;
  }
  if (chomping !== '-') value += lineEnd;
  if (chomping === '+') value += breaks.text;
  return { type: 'scalar', start, end, value, isPlain: false };
}

/** Chomping and indentation, in either order. */
function blockHeader(cursor: Cursor, start: Mark): { readonly chomping: string; readonly increment: number } {
  const { text } = cursor;
  let chomping = '';
  let increment = 0;
  const readChomping = (): void => {
    const sign = cursor.peek();
    if (sign !== '+' && sign !== '-') return;
    chomping = sign;
    cursor.skip();
  };
  readChomping();
  if (isDigit(text, cursor.at)) {
    if (cursor.peek() === '0') throw scannerProblem(ZERO_INDENT, cursor.mark, start);
    increment = Number(cursor.read());
    if (chomping === '') readChomping();
  }
  return { chomping, increment };
}

interface BlockIndent {
  /** 0 until the first line tells. */
  indent: number;
  readonly outer: number;
  readonly start: Mark;
}

/** Indentation and empty lines before a line of a block scalar. */
function blockBreaks(cursor: Cursor, own: BlockIndent): { readonly text: string; readonly end: Mark } {
  let breaks = '';
  let end = cursor.mark;
  let deepest = 0;
  const isBefore = (): boolean => own.indent === 0 || cursor.column < own.indent;
  for (;;) {
    while (isBefore() && cursor.peek() === ' ') cursor.skip();
    deepest = Math.max(deepest, cursor.column);
    if (isBefore() && cursor.peek() === '\t') throw scannerProblem(TAB_FOR_SPACE, cursor.mark, own.start);
    if (!isBreak(cursor.text, cursor.at)) break;
    breaks += cursor.readLine();
    end = cursor.mark;
  }
  if (own.indent === 0) own.indent = Math.max(deepest, own.outer + 1, 1);
  return { text: breaks, end };
}

/** Line breaks between the parts of a scalar that goes over several lines: one is a space, more are what follows the first. */
class Folding {
  whitespace = '';
  #first = '';
  #more = '';
  isOnNewLine = false;

  /** Takes all blanks and breaks at the cursor; `check` sees the tabs on later lines. */
  take(cursor: Cursor, check?: () => void): void {
    const { text } = cursor;
    while (isBlank(text, cursor.at) || isBreak(text, cursor.at)) {
      if (isBlank(text, cursor.at)) {
        if (this.isOnNewLine) {
          check?.();
          cursor.skip();
        } else this.whitespace += cursor.read();
      } else if (this.isOnNewLine) this.#more += cursor.readLine();
      else {
        this.whitespace = '';
        this.#first = cursor.readLine();
        this.isOnNewLine = true;
      }
    }
  }

  /** What it all stands for. */
  join(): string {
    const { whitespace } = this;
    this.whitespace = '';
    if (!this.isOnNewLine) return whitespace;
    const folded = this.#first === '\n' ? this.#more || ' ' : this.#first + this.#more;
    this.#first = '';
    this.#more = '';
    this.isOnNewLine = false;
    return folded;
  }
}

export function scanQuotedScalar(cursor: Cursor, isSingle: boolean): Token {
  const { text } = cursor;
  const quote = isSingle ? "'" : '"';
  const start = cursor.mark;
  cursor.skip();
  let value = '';
  const folding = new Folding();
  for (;;) {
    if (cursor.column === 0 && isDocumentIndicator(text, cursor.at))
      throw scannerProblem(DOCUMENT_INDICATOR, cursor.mark, start);
    if (isEnd(text, cursor.at)) throw scannerProblem(END_OF_STREAM, cursor.mark, start);
    let isEscapedBreak = false;
    while (!isBlankOrEnd(text, cursor.at)) {
      const character = cursor.peek();
      if (isSingle && character === quote && cursor.peek(1) === quote) {
        value += quote;
        cursor.skip(2);
      } else if (character === quote) break;
      else if (!isSingle && character === '\\') {
        if (isBreak(text, cursor.at + 1)) {
          cursor.skip();
          cursor.readLine();
          isEscapedBreak = true;
          break;
        }
        value += escaped(cursor, start);
      } else value += cursor.read();
    }
    if (cursor.peek() === quote) break;
    if (isEscapedBreak) skipToText(cursor, (more) => (value += more));
    else {
      folding.take(cursor);
      value += folding.join();
    }
  }
  cursor.skip();
  return { type: 'scalar', start, end: cursor.mark, value, isPlain: false };
}

/** After an escaped line break blanks mean nothing, and further breaks stand for themselves. */
function skipToText(cursor: Cursor, add: (text: string) => void): void {
  while (isBlank(cursor.text, cursor.at) || isBreak(cursor.text, cursor.at)) {
    if (isBlank(cursor.text, cursor.at)) cursor.skip();
    else add(cursor.readLine());
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  '\t': '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
  N: '\u0085',
  _: '\u00a0',
  L: '\u2028',
  P: '\u2029',
};
const CODE_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

function escaped(cursor: Cursor, start: Mark): string {
  const letter = cursor.peek(1);
  const plain = Object.hasOwn(ESCAPES, letter) ? ESCAPES[letter] : undefined;
  const length = Object.hasOwn(CODE_LENGTHS, letter) ? CODE_LENGTHS[letter]! : 0;
  if (plain === undefined && length === 0) throw scannerProblem(UNKNOWN_ESCAPE, cursor.mark, start);
  cursor.skip(2);
  if (plain !== undefined) return plain;
  for (let i = 0; i < length; i++)
    if (!isHex(cursor.text, cursor.at + i)) throw scannerProblem(NOT_HEX, cursor.mark, start);
  const code = Number.parseInt(cursor.text.slice(cursor.at, cursor.at + length), 16);
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) throw scannerProblem(INVALID_CODE, cursor.mark, start);
  cursor.skip(length);
  return String.fromCodePoint(code);
}

/** `endsLine`: the scalar was followed by a line break, so that a key may come next. */
export function scanPlainScalar(
  cursor: Cursor,
  indent: number,
  isInFlow: boolean,
): { readonly token: Token; readonly endsLine: boolean } {
  const { text } = cursor;
  const start = cursor.mark;
  const folding = new Folding();
  let end = start;
  let value = '';
  for (;;) {
    if (cursor.column === 0 && isDocumentIndicator(text, cursor.at)) break;
    if (cursor.peek() === '#') break;
    while (!isBlankOrEnd(text, cursor.at) && !endsPlain(cursor, isInFlow)) {
      value += folding.join();
      value += cursor.read();
      end = cursor.mark;
    }
    if (!isBlank(text, cursor.at) && !isBreak(text, cursor.at)) break;
    folding.take(cursor, () => {
      if (cursor.column <= indent && cursor.peek() === '\t') throw scannerProblem(TAB_INDENT, cursor.mark, start);
    });
    if (!isInFlow && cursor.column <= indent) break;
  }
  return { token: { type: 'scalar', start, end, value, isPlain: true }, endsLine: folding.isOnNewLine };
}

function endsPlain(cursor: Cursor, isInFlow: boolean): boolean {
  const character = cursor.peek();
  if (character === ':' && isBlankOrEnd(cursor.text, cursor.at + 1)) return true;
  return isInFlow && ',?[]{}'.includes(character);
}
