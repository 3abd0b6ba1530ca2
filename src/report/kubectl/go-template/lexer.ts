// Cuts a Go template into tokens.
// Behaviour: text/template/parse/lex.go, Go 1.26.
import { goQuote } from '../../../apimachinery/go/quote.ts';

export type TokenKind =
  | 'error'
  | 'bool'
  | 'char'
  | 'character'
  | 'complex'
  | 'assign'
  | 'declare'
  | 'eof'
  | 'field'
  | 'identifier'
  | 'left-delimiter'
  | 'left-paren'
  | 'number'
  | 'pipe'
  | 'raw-string'
  | 'right-delimiter'
  | 'right-paren'
  | 'space'
  | 'string'
  | 'text'
  | 'variable'
  | 'keyword';

export interface Token {
  readonly kind: TokenKind;
  readonly at: number;
  readonly text: string;
  readonly line: number;
}

const KEYWORDS = new Set([
  'block',
  'break',
  'continue',
  'define',
  'else',
  'end',
  'if',
  'range',
  'nil',
  'template',
  'with',
]);
const LEFT = '{{';
const RIGHT = '}}';
const SPACES = ' \t\r\n';
const WORD = /[\p{L}\p{Nd}_]/u;

/** A token as messages show it. */
export function tokenText({ kind, text }: Token): string {
  if (kind === 'eof') return 'EOF';
  if (kind === 'error') return text;
  if (kind === 'keyword' || (kind === 'field' && text === '.')) return `<${text}>`;
  return [...text].length > 10 ? `${goQuote([...text].slice(0, 10).join(''))}...` : goQuote(text);
}

export class Lexer {
  readonly #input: string;
  #at = 0;
  #start = 0;
  #line = 1;
  #isInAction = false;
  #parens = 0;
  #failed: Token | undefined;

  constructor(input: string) {
    this.#input = input;
  }

  next(): Token {
    if (this.#failed) return { kind: 'eof', at: 0, text: 'EOF', line: this.#failed.line };
    return this.#isInAction ? this.#inAction() : this.#text();
  }

  #token(kind: TokenKind): Token {
    const text = this.#input.slice(this.#start, this.#at);
    const token = { kind, at: this.#start, text, line: this.#line };
    this.#skip();
    return token;
  }

  /** What lies before this point belongs to no token. */
  #skip(): void {
    for (let i = this.#start; i < this.#at; i++) if (this.#input[i] === '\n') this.#line += 1;
    this.#start = this.#at;
  }

  #error(text: string): Token {
    this.#failed = { kind: 'error', at: this.#start, text, line: this.#line };
    return this.#failed;
  }

  #text(): Token {
    for (;;) {
      const open = this.#input.indexOf(LEFT, this.#at);
      if (open < 0) {
        this.#at = this.#input.length;
        return this.#at > this.#start
          ? this.#token('text')
          : { kind: 'eof', at: this.#at, text: 'EOF', line: this.#line };
      }
      if (open > this.#at) {
        const text = this.#input.slice(this.#start, open);
        const kept = this.#trimsAt(open + LEFT.length) ? trimmedEnd(text) : text;
        this.#at = this.#start + kept.length;
        const token = this.#token('text');
        this.#at = open;
        this.#skip();
        if (token.text !== '') return token;
      }
      const marker = this.#trimsAt(this.#at + LEFT.length) ? 2 : 0;
      if (!this.#input.startsWith('/*', this.#at + LEFT.length + marker)) {
        this.#at += LEFT.length;
        const token = this.#token('left-delimiter');
        this.#at += marker;
        this.#skip();
        this.#isInAction = true;
        this.#parens = 0;
        return token;
      }
      this.#at += LEFT.length + marker;
      this.#skip();
      const failed = this.#comment();
      if (failed) return failed;
    }
  }

  #comment(): Token | undefined {
    const close = this.#input.indexOf('*/', this.#at + 2);
    if (close < 0) return this.#error('unclosed comment');
    this.#at = close + 2;
    const trims = this.#closesTrimming();
    if (!trims && !this.#input.startsWith(RIGHT, this.#at)) return this.#error('comment ends before closing delimiter');
    this.#at += (trims ? 2 : 0) + RIGHT.length;
    if (trims) this.#passSpaces();
    this.#skip();
    return undefined;
  }

  /** `- ` behind an opening delimiter. */
  #trimsAt(at: number): boolean {
    return this.#input[at] === '-' && isSpace(this.#input[at + 1]);
  }

  /** ` -}}` at this point. */
  #closesTrimming(at = this.#at): boolean {
    return isSpace(this.#input[at]) && this.#input.startsWith(`-${RIGHT}`, at + 1);
  }

  #passSpaces(): void {
    while (isSpace(this.#input[this.#at])) this.#at += 1;
  }

  #close(): Token {
    if (this.#closesTrimming()) {
      this.#at += 2;
      this.#skip();
      this.#at += RIGHT.length;
      const token = this.#token('right-delimiter');
      this.#passSpaces();
      this.#skip();
      this.#isInAction = false;
      return token;
    }
    this.#at += RIGHT.length;
    this.#isInAction = false;
    return this.#token('right-delimiter');
  }

  #inAction(): Token {
    if (this.#closesTrimming() || this.#input.startsWith(RIGHT, this.#at))
      return this.#parens === 0 ? this.#close() : this.#error('unclosed left paren');
    const character = this.#peek();
    if (character === undefined) return this.#error('unclosed action');
    if (isSpace(character)) return this.#space();
    if (WORD.test(character) && !/[0-9]/.test(character)) return this.#word();
    if (/[+\-0-9]/.test(character)) return this.#number();
    this.#at += character.length;
    switch (character) {
      case '=':
        return this.#token('assign');
      case ':':
        if (this.#peek() !== '=') return this.#error('expected :=');
        this.#at += 1;
        return this.#token('declare');
      case '|':
        return this.#token('pipe');
      case '"':
        return this.#quoted('"', 'string', 'unterminated quoted string');
      case "'":
        return this.#quoted("'", 'character', 'unterminated character constant');
      case '`':
        return this.#rawString();
      case '$':
        return this.#named('variable');
      case '.':
        if (!/[0-9]/.test(this.#peek() ?? '')) return this.#named('field');
        this.#at -= 1;
        return this.#number();
      case '(':
        this.#parens += 1;
        return this.#token('left-paren');
      case ')':
        this.#parens -= 1;
        return this.#parens < 0 ? this.#error('unexpected right paren') : this.#token('right-paren');
      default:
        if (/^[!-~]$/.test(character)) return this.#token('char');
        return this.#error(`unrecognized character in action: ${runeText(character)}`);
    }
  }

  #space(): Token {
    this.#passSpaces();
    if (this.#closesTrimming(this.#at - 1)) {
      this.#at -= 1;
      if (this.#at === this.#start) return this.#close();
    }
    return this.#token('space');
  }

  #word(): Token {
    this.#passWord();
    if (!this.#isEnded()) return this.#error(`bad character ${runeText(this.#peek())}`);
    const word = this.#input.slice(this.#start, this.#at);
    if (KEYWORDS.has(word)) return this.#token('keyword');
    return this.#token(word === 'true' || word === 'false' ? 'bool' : 'identifier');
  }

  /** `.name` or `$name`, of which the sign is read. */
  #named(kind: 'field' | 'variable'): Token {
    if (this.#isEnded()) return this.#token(kind);
    this.#passWord();
    return this.#isEnded() ? this.#token(kind) : this.#error(`bad character ${runeText(this.#peek())}`);
  }

  #passWord(): void {
    for (let next = this.#peek(); next !== undefined && WORD.test(next); next = this.#peek()) this.#at += next.length;
  }

  /** Whether a word may end here. */
  #isEnded(): boolean {
    const next = this.#peek();
    return next === undefined || isSpace(next) || '.,|:()'.includes(next) || this.#input.startsWith(RIGHT, this.#at);
  }

  #quoted(quote: string, kind: TokenKind, unfinished: string): Token {
    for (;;) {
      const character = this.#peek();
      if (character === undefined || character === '\n') return this.#error(unfinished);
      this.#at += character.length;
      if (character === quote) return this.#token(kind);
      if (character !== '\\') continue;
      const escaped = this.#peek();
      if (escaped === undefined || escaped === '\n') return this.#error(unfinished);
      this.#at += escaped.length;
    }
  }

  #rawString(): Token {
    const end = this.#input.indexOf('`', this.#at);
    if (end < 0) return this.#error('unterminated raw quoted string');
    this.#at = end + 1;
    return this.#token('raw-string');
  }

  #number(): Token {
    if (!this.#passNumber())
      return this.#error(`bad number syntax: ${goQuote(this.#input.slice(this.#start, this.#at))}`);
    if (!/[+-]/.test(this.#peek() ?? '')) return this.#token('number');
    if (!this.#passNumber() || this.#input[this.#at - 1] !== 'i')
      return this.#error(`bad number syntax: ${goQuote(this.#input.slice(this.#start, this.#at))}`);
    return this.#token('complex');
  }

  #passNumber(): boolean {
    const pattern =
      /[+-]?(?:0[xX][\da-fA-F_]*(?:\.[\da-fA-F_]*)?(?:[pP][+-]?[\d_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?[\d_]*)?)i?/y;
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.#input)?.[0].length ?? 0;
    const next = this.#peek();
    if (next === undefined || !WORD.test(next)) return true;
    this.#at += next.length;
    return false;
  }

  #peek(): string | undefined {
    const code = this.#input.codePointAt(this.#at);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && character !== '' && SPACES.includes(character);
}

function trimmedEnd(text: string): string {
  return text.replace(/[ \t\r\n]+$/, '');
}

/** `U+0041 'A'` */
function runeText(character: string | undefined): string {
  if (character === undefined) return 'U+FFFFFFFFFFFFFFFF';
  const code = character.codePointAt(0) ?? 0;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character) ? `${number} '${character}'` : number;
}
