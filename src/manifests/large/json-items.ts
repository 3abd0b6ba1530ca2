// Reads one JSON object after another out of the bytes of a large file, as JSON.parse reads them. What is as it was in the object before
// is not read again (trace.ts).
// An optimisation: test/manifests/large/json-items.test.ts proves that it answers as JSON.parse does, or not at all.
import {
  BACKSLASH,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
  SPACE,
} from '../character-codes.ts';
import { TextPool, utf8Text } from './text-pool.ts';
import { Comparison, Entries, type Trace } from './trace.ts';

type JsonObject = Record<string, unknown>;

const MAX_DEPTH = 500;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const IRREGULAR = Symbol('for JSON.parse');
const CUT_OFF = Symbol('further than the bytes go');
/** White space, and what ends a number or a word. */
const BLANK = new Uint8Array(256);
const AFTER_VALUE = new Uint8Array(256);
for (const character of ' \n\r\t') BLANK[character.charCodeAt(0)] = 1;
for (const character of ' \n\r\t,}]') AFTER_VALUE[character.charCodeAt(0)] = 1;

export class JsonItems {
  readonly #compared = new Comparison();
  readonly #pool = new TextPool();
  #bytes: Buffer = this.#compared.bytes;
  #end = 0;
  #root: Trace | undefined;
  #at = 0;
  #inner: Trace | undefined;
  #innerStart = 0;

  /** Behind the value that was read last. */
  get at(): number {
    return this.#at;
  }

  /** The object that begins here; 'cut-off' when it does not end before `end`, undefined when it is left to JSON.parse. */
  read(bytes: Buffer, start: number, end: number): Readonly<Record<string, unknown>> | 'cut-off' | undefined {
    this.#bytes = bytes;
    this.#end = end;
    this.#compared.begin(bytes, end);
    try {
      this.#at = start;
      const value = this.#object(0, this.#root, 0);
      this.#root = this.#inner;
      this.#compared.keep(start, this.#at);
      return value;
    } catch (thrown) {
      this.#root = undefined;
      if (thrown === IRREGULAR) return undefined;
      if (thrown === CUT_OFF) return 'cut-off';
      throw thrown;
    }
  }

  /** The next byte that is no white space. */
  #next(): number {
    let at = this.#at;
    while (BLANK[this.#bytes[at]!] === 1) at += 1;
    this.#at = at;
    if (at >= this.#end) throw CUT_OFF;
    return this.#bytes[at]!;
  }

  /** Whether a value that stood so in the object before is over here. */
  #isOver(at: number): boolean {
    return at < this.#end && AFTER_VALUE[this.#bytes[at]!] === 1;
  }

  #object(depth: number, given: Trace | undefined, givenStart: number): JsonObject {
    const base = this.#at;
    if (this.#next() !== OPENING_BRACE || depth > MAX_DEPTH) throw IRREGULAR;
    const entries = new Entries(this.#compared, false, 0, base, given, givenStart);
    this.#at += 1;
    let isFirst = true;
    while (!this.#isClosed(CLOSING_BRACE, isFirst)) {
      isFirst = false;
      const first = this.#at;
      const start = entries.begin(first) < 0 ? first : entries.takeRun(first);
      const length = entries.begin(start);
      this.#at = start;
      if (length >= 0 && this.#isOver(start + length)) {
        entries.take(start, length);
        this.#at = start + length;
        continue;
      }
      let key: string;
      if (entries.isKnown) {
        key = entries.key;
        this.#at = start + entries.keyEnd;
      } else {
        key = this.#key();
        entries.find(key);
      }
      const keyEnd = this.#at;
      const value = this.#value(depth, entries.inner, entries.innerStart);
      entries.put(key, value, start, this.#at, keyEnd, this.#inner, this.#innerStart);
    }
    const map = entries.map();
    this.#inner = entries.end();
    this.#innerStart = base;
    return map;
  }

  #list(depth: number, given: Trace | undefined, givenStart: number): unknown[] {
    if (depth > MAX_DEPTH) throw IRREGULAR;
    const base = this.#at;
    const entries = new Entries(this.#compared, true, 0, base, given, givenStart);
    this.#at += 1;
    let isFirst = true;
    while (!this.#isClosed(CLOSING_BRACKET, isFirst)) {
      isFirst = false;
      const first = this.#at;
      const start = entries.begin(first) < 0 ? first : entries.takeRun(first);
      const length = entries.begin(start);
      this.#at = start;
      if (length >= 0 && this.#isOver(start + length)) {
        entries.take(start, length);
        this.#at = start + length;
        continue;
      }
      const value = this.#value(depth, entries.inner, entries.innerStart);
      entries.put('', value, start, this.#at, start, this.#inner, this.#innerStart);
    }
    const list = entries.list();
    this.#inner = entries.end();
    this.#innerStart = base;
    return list;
  }

  /** Moves to the next entry, over its comma, or behind the bracket that closes. */
  #isClosed(bracket: number, isFirst: boolean): boolean {
    const next = this.#next();
    if (next === bracket) {
      this.#at += 1;
      return true;
    }
    if (isFirst) return false;
    if (next !== COMMA) throw IRREGULAR;
    this.#at += 1;
    this.#next();
    return false;
  }

  #key(): string {
    if (this.#bytes[this.#at] !== QUOTE) throw IRREGULAR;
    const key = this.#string();
    if (key === '__proto__' || this.#next() !== COLON) throw IRREGULAR;
    this.#at += 1;
    return key;
  }

  #value(depth: number, inner: Trace | undefined, innerStart: number): unknown {
    const first = this.#next();
    if (first === OPENING_BRACE) return this.#object(depth + 1, inner, innerStart);
    if (first === OPENING_BRACKET) return this.#list(depth + 1, inner, innerStart);
    this.#inner = undefined;
    return first === QUOTE ? this.#string() : this.#word();
  }

  #string(): string {
    const bytes = this.#bytes;
    const from = this.#at;
    let hasEscapes = false;
    let at = from + 1;
    for (; ; at++) {
      if (at >= this.#end) throw CUT_OFF;
      const code = bytes[at]!;
      if (code === QUOTE) break;
      if (code === BACKSLASH) {
        hasEscapes = true;
        at += 1;
      } else if (code < SPACE) throw IRREGULAR;
    }
    this.#at = at + 1;
    const [start, end] = hasEscapes ? [from, at + 1] : [from + 1, at];
    const text = this.#pool.ascii(bytes, start, end) ?? utf8Text(bytes, start, end);
    if (text === undefined) throw IRREGULAR;
    return hasEscapes ? (parsed(text) as string) : text;
  }

  #word(): unknown {
    const from = this.#at;
    let at = from;
    while (at < this.#end && AFTER_VALUE[this.#bytes[at]!] !== 1) at += 1;
    if (at >= this.#end) throw CUT_OFF;
    this.#at = at;
    const text = this.#bytes.toString('latin1', from, at);
    const word = WORDS.get(text);
    return word === undefined ? parsed(text) : word;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw IRREGULAR;
  }
}
