// Cuts YAML text into tokens. A key without `?` is known only by the colon after it: where one may have begun is remembered, and the
// tokens for it are put in afterwards.
// Behaviour: go.yaml.in/yaml v2.4 scannerc.go, as in Kubernetes v1.36.3.
import { isBlank, isBlankOrEnd, isBreak, isDocumentIndicator, isEnd } from './characters.ts';
import { Cursor } from './cursor.ts';
import { scanBlockScalar, scanPlainScalar, scanQuotedScalar } from './scan-scalar.ts';
import { scanAnchor, scanDirective, scanTag } from './scan-tag.ts';
import { type Mark, scannerProblem, type Token, type TokenType } from './token.ts';

/** How far a key may be from its colon. */
const MAX_KEY_LENGTH = 1024;
const MAX_DEPTH = 10_000;
const TOO_DEEP = `exceeded max depth of ${MAX_DEPTH}`;
const NO_COLON = "could not find expected ':'";
const CANNOT_START = 'found character that cannot start any token';
const INDICATORS = '-?:,[]{}#&*!|>\'"%@`';

const FLOW: Readonly<Record<string, TokenType>> = {
  '[': 'flow-sequence-start',
  '{': 'flow-mapping-start',
  ']': 'flow-sequence-end',
  '}': 'flow-mapping-end',
};

interface SimpleKey {
  isPossible: boolean;
  readonly isRequired: boolean;
  readonly tokenNumber: number;
  readonly mark: Mark;
}

export class Scanner {
  readonly #cursor: Cursor;
  readonly #tokens: Token[] = [];
  #head = 0;
  #parsed = 0;
  #flowLevel = 0;
  #indent = -1;
  readonly #indents: number[] = [];
  /** One for each level of flow. */
  readonly #keys: SimpleKey[];
  readonly #keyOfToken = new Map<number, number>();
  #isKeyAllowed = true;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
    this.#keys = [this.#noKey()];
  }

  /** How much of the text has been looked at. */
  get index(): number {
    return this.#cursor.at;
  }

  peek(): Token {
    this.#fetchMore();
    return this.#tokens[this.#head]!;
  }

  next(): Token {
    const token = this.peek();
    this.#head += 1;
    this.#parsed += 1;
    if (this.#head === this.#tokens.length) {
      this.#tokens.length = 0;
      this.#head = 0;
    }
    return token;
  }

  #fetchMore(): void {
    for (;;) {
      if (this.#head < this.#tokens.length) {
        const key = this.#keyOfToken.get(this.#parsed);
        if (key === undefined || !this.#isValid(this.#keys[key]!)) return;
      }
      this.#fetchNext();
    }
  }

  #fetchNext(): void {
    const cursor = this.#cursor;
    this.#skipToToken();
    this.#unroll(cursor.column);
    const { text, at } = cursor;
    if (isEnd(text, at)) this.#fetchEnd();
    else if (cursor.column === 0 && text[at] === '%') {
      this.#endBlocks();
      this.#add(scanDirective(cursor));
    } else if (cursor.column === 0 && isDocumentIndicator(text, at)) {
      this.#endBlocks();
      this.#addIndicator(text[at] === '-' ? 'document-start' : 'document-end', 3);
    } else if (!this.#fetchIndicated(text[at]!, isBlankOrEnd(text, at + 1))) this.#fetchPlain();
  }

  /** What a first character says by itself; false when it says nothing. */
  #fetchIndicated(character: string, isBeforeBlank: boolean): boolean {
    const cursor = this.#cursor;
    const isInFlow = this.#flowLevel > 0;
    switch (character) {
      case '[':
      case '{':
        this.#fetchFlowStart(FLOW[character]!);
        return true;
      case ']':
      case '}':
        this.#fetchFlowEnd(FLOW[character]!);
        return true;
      case ',':
        this.#removeKey();
        this.#isKeyAllowed = true;
        this.#addIndicator('flow-entry');
        return true;
      case '-':
        if (isBeforeBlank) this.#fetchEntry();
        return isBeforeBlank;
      case '?':
        if (isInFlow || isBeforeBlank) this.#fetchKey();
        return isInFlow || isBeforeBlank;
      case ':':
        if (isInFlow || isBeforeBlank) this.#fetchValue();
        return isInFlow || isBeforeBlank;
      case '*':
      case '&':
        this.#beginNode();
        this.#add(scanAnchor(cursor, character === '*' ? 'alias' : 'anchor'));
        return true;
      case '!':
        this.#beginNode();
        this.#add(scanTag(cursor));
        return true;
      case "'":
      case '"':
        this.#beginNode();
        this.#add(scanQuotedScalar(cursor, character === "'"));
        return true;
      case '|':
      case '>':
        if (isInFlow) return false;
        this.#removeKey();
        this.#isKeyAllowed = true;
        this.#add(scanBlockScalar(cursor, this.#indent, character === '|'));
        return true;
      default:
        return false;
    }
  }

  #fetchPlain(): void {
    const cursor = this.#cursor;
    const { text, at } = cursor;
    const character = text[at]!;
    const isPlain =
      (!isBlankOrEnd(text, at) && !INDICATORS.includes(character)) ||
      (character === '-' && !isBlank(text, at + 1)) ||
      (this.#flowLevel === 0 && (character === '?' || character === ':') && !isBlankOrEnd(text, at + 1));
    if (!isPlain) throw scannerProblem(CANNOT_START, cursor.mark, cursor.mark);
    this.#beginNode();
    const { token, endsLine } = scanPlainScalar(cursor, this.#indent, this.#flowLevel > 0);
    if (endsLine) this.#isKeyAllowed = true;
    this.#add(token);
  }

  /** A node that may turn out to be a key. */
  #beginNode(): void {
    this.#saveKey();
    this.#isKeyAllowed = false;
  }

  #endBlocks(): void {
    this.#unroll(-1);
    this.#removeKey();
    this.#isKeyAllowed = false;
  }

  #skipToToken(): void {
    const cursor = this.#cursor;
    const { text } = cursor;
    for (;;) {
      if (cursor.at === 0 && text.charCodeAt(0) === 0xfeff) cursor.at = 1;
      // A tab is no indentation: it may not stand where a key could begin.
      while (cursor.peek() === ' ' || (cursor.peek() === '\t' && (this.#flowLevel > 0 || !this.#isKeyAllowed)))
        cursor.skip();
      cursor.skipComment();
      if (!isBreak(text, cursor.at)) return;
      cursor.readLine();
      if (this.#flowLevel === 0) this.#isKeyAllowed = true;
    }
  }

  #fetchEnd(): void {
    const cursor = this.#cursor;
    if (cursor.column !== 0) {
      cursor.column = 0;
      cursor.line += 1;
    }
    this.#endBlocks();
    this.#add({ type: 'stream-end', start: cursor.mark, end: cursor.mark });
  }

  #fetchFlowStart(type: TokenType): void {
    this.#saveKey();
    this.#keys.push(this.#noKey());
    this.#flowLevel += 1;
    if (this.#flowLevel > MAX_DEPTH) throw scannerProblem(TOO_DEEP, this.#cursor.mark, this.#cursor.mark);
    this.#isKeyAllowed = true;
    this.#addIndicator(type);
  }

  #fetchFlowEnd(type: TokenType): void {
    this.#removeKey();
    if (this.#flowLevel > 0) {
      this.#flowLevel -= 1;
      const key = this.#keys.pop();
      if (key) this.#keyOfToken.delete(key.tokenNumber);
    }
    this.#isKeyAllowed = false;
    this.#addIndicator(type);
  }

  #fetchEntry(): void {
    if (this.#flowLevel === 0)
      this.#beginBlock('block-sequence-start', 'block sequence entries are not allowed in this context');
    this.#removeKey();
    this.#isKeyAllowed = true;
    this.#addIndicator('block-entry');
  }

  #fetchKey(): void {
    if (this.#flowLevel === 0) this.#beginBlock('block-mapping-start', 'mapping keys are not allowed in this context');
    this.#removeKey();
    this.#isKeyAllowed = this.#flowLevel === 0;
    this.#addIndicator('key');
  }

  #fetchValue(): void {
    const key = this.#keys.at(-1)!;
    if (this.#isValid(key)) {
      const { mark, tokenNumber } = key;
      this.#insert(tokenNumber, { type: 'key', start: mark, end: mark });
      this.#roll(mark.column, tokenNumber, 'block-mapping-start', mark);
      key.isPossible = false;
      this.#keyOfToken.delete(tokenNumber);
      this.#isKeyAllowed = false;
    } else {
      if (this.#flowLevel === 0)
        this.#beginBlock('block-mapping-start', 'mapping values are not allowed in this context');
      this.#isKeyAllowed = this.#flowLevel === 0;
    }
    this.#addIndicator('value');
  }

  #beginBlock(type: TokenType, problem: string): void {
    const { mark } = this.#cursor;
    if (!this.#isKeyAllowed) throw scannerProblem(problem, mark, mark);
    this.#roll(mark.column, undefined, type, mark);
  }

  #roll(column: number, tokenNumber: number | undefined, type: TokenType, mark: Mark): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return;
    this.#indents.push(this.#indent);
    this.#indent = column;
    if (this.#indents.length > MAX_DEPTH) throw scannerProblem(TOO_DEEP, this.#cursor.mark, this.#keys.at(-1)!.mark);
    const token: Token = { type, start: mark, end: mark };
    if (tokenNumber === undefined) this.#add(token);
    else this.#insert(tokenNumber, token);
  }

  #unroll(column: number): void {
    if (this.#flowLevel > 0) return;
    while (this.#indent > column) {
      this.#add({ type: 'block-end', start: this.#cursor.mark, end: this.#cursor.mark });
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #isValid(key: SimpleKey): boolean {
    if (!key.isPossible) return false;
    const { line, at, mark } = this.#cursor;
    if (key.mark.line >= line && key.mark.index + MAX_KEY_LENGTH >= at) return true;
    if (key.isRequired) throw scannerProblem(NO_COLON, mark, key.mark);
    key.isPossible = false;
    return false;
  }

  #saveKey(): void {
    if (!this.#isKeyAllowed) return;
    const { mark } = this.#cursor;
    const isRequired = this.#flowLevel === 0 && this.#indent === mark.column;
    const tokenNumber = this.#parsed + this.#tokens.length - this.#head;
    this.#removeKey();
    this.#keys[this.#keys.length - 1] = { isPossible: true, isRequired, tokenNumber, mark };
    this.#keyOfToken.set(tokenNumber, this.#keys.length - 1);
  }

  #removeKey(): void {
    const key = this.#keys.at(-1)!;
    if (!key.isPossible) return;
    if (key.isRequired) throw scannerProblem(NO_COLON, this.#cursor.mark, key.mark);
    key.isPossible = false;
    this.#keyOfToken.delete(key.tokenNumber);
  }

  #noKey(): SimpleKey {
    const tokenNumber = this.#parsed + this.#tokens.length - this.#head;
    return { isPossible: false, isRequired: false, tokenNumber, mark: this.#cursor.mark };
  }

  #addIndicator(type: TokenType, length = 1): void {
    const start = this.#cursor.mark;
    this.#cursor.skip(length);
    this.#add({ type, start, end: this.#cursor.mark });
  }

  #add(token: Token): void {
    this.#tokens.push(token);
  }

  #insert(tokenNumber: number, token: Token): void {
    this.#tokens.splice(this.#head + tokenNumber - this.#parsed, 0, token);
  }
}
