// Reads JSON text as Go's decoder does: its syntax errors, exact numbers, and what plain objects cannot hold.
// Behaviour: sigs.k8s.io/json internal/golang/encoding/json/scanner.go and decode.go, as in Kubernetes v1.36.3.
import { goQuote } from '../../apimachinery/go/quote.ts';
import type { SharedValues } from './shared-values.ts';

/** A number whose digits a JavaScript number would lose or rewrite: `1.0`, `1e3`, `9223372036854775807`. */
export class RawNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }

  valueOf(): number {
    return Number(this.text);
  }

  toJSON(): number {
    return Number(this.text);
  }
}

export type JsonEntries = readonly (readonly [string, unknown])[];

/** A value of plain objects, arrays, strings, booleans, nulls, numbers and RawNumbers (bigints are understood too). */
export interface JsonTree {
  readonly value: unknown;
  /**
   * The entries as written, of those objects that hold a key twice (the object then has the last value) or a key such as `1`,
   * which JavaScript would move to the front.
   */
  readonly irregular?: ReadonlyMap<object, JsonEntries>;
  /** Whether a RawNumber or bigint may be in the value; unknown when absent. */
  readonly rawNumbers?: boolean;
  /** Goes along with many trees that have much in common: what is equal in them is decoded once. For values of JSON alone. */
  readonly shared?: SharedValues;
}

export type ParsedJson =
  | { readonly ok: true; readonly tree: JsonTree }
  | { readonly ok: false; readonly error: string; readonly offset: number };

const UNEXPECTED_END = 'unexpected end of JSON input';
const MAX_DEPTH = 10_000;

class SyntaxFailure extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Go quotes the offending byte, which for a character beyond ASCII is the first of its UTF-8 form. */
function firstByte(text: string, at: number): number {
  const code = text.codePointAt(at)!;
  if (code < 0x80) return code;
  if (code < 0x800) return 0xc0 | (code >> 6);
  return code < 0x10000 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18);
}

function invalidCharacter(text: string, at: number, context: string): SyntaxFailure {
  // At the end of the text Go's scanner is fed one space.
  const byte = at < text.length ? firstByte(text, at) : 32;
  const quoted = byte === 39 ? "'\\''" : byte === 34 ? "'\"'" : `'${goQuote(String.fromCharCode(byte)).slice(1, -1)}'`;
  return new SyntaxFailure(`invalid character ${quoted} ${context}`, at);
}

const isDigit = (code: number) => code >= 48 && code <= 57;

const isHex = (code: number) => isDigit(code) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70);

const escapes: { readonly [letter: string]: string } = {
  '"': '"',
  '/': '/',
  '\\': '\\',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Sets a key as an own property even when it is named as the prototype is. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    target[key] = value;
  }
}

class JsonReader {
  readonly text: string;
  at = 0;
  rawNumbers = false;
  irregular: Map<object, [string, unknown][]> | undefined;

  constructor(text: string) {
    this.text = text;
  }

  fail(context: string): SyntaxFailure {
    return invalidCharacter(this.text, this.at, context);
  }

  /** Skips space and answers the code of the next character; the end of the text is an error. */
  next(): number {
    const { text } = this;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code > 32) return code;
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) {
        if (this.at >= text.length) throw new SyntaxFailure(UNEXPECTED_END, this.at);
        return code;
      }
      this.at++;
    }
  }

  read(): unknown {
    // The open containers, with the pending key of each object and, for irregular objects, its entries.
    const containers: (Record<string, unknown> | unknown[])[] = [];
    const keys: (string | undefined)[] = [];
    const entries: ([string, unknown][] | undefined)[] = [];
    let top = -1;
    for (;;) {
      let value: unknown;
      const code = this.next();
      if (code === 123) {
        value = {};
      } else if (code === 91) {
        value = [];
      } else {
        value = this.scalar(code);
      }
      if (typeof value === 'object' && value !== null && !(value instanceof RawNumber)) {
        if (top + 1 >= MAX_DEPTH) throw this.fail('exceeded max depth');
        this.at++;
        const container = value as Record<string, unknown> | unknown[];
        if (this.next() !== (code === 123 ? 125 : 93)) {
          top++;
          containers[top] = container;
          keys[top] = code === 123 ? this.key() : undefined;
          entries[top] = undefined;
          continue;
        }
        this.at++;
      }
      // Attach the finished value, and close every container that ends here.
      for (;;) {
        if (top < 0) return value;
        const container = containers[top]!;
        const key = keys[top];
        if (key === undefined) {
          (container as unknown[]).push(value);
        } else {
          this.attach(container as Record<string, unknown>, key, value, entries, top);
        }
        const after = this.next();
        if (after === 44) {
          this.at++;
          if (key !== undefined) {
            this.next();
            keys[top] = this.key();
          }
          break;
        }
        if (after !== (key === undefined ? 93 : 125)) {
          throw this.fail(key === undefined ? 'after array element' : 'after object key:value pair');
        }
        this.at++;
        value = container;
        containers.length = top;
        top--;
      }
    }
  }

  attach(
    object: Record<string, unknown>,
    key: string,
    value: unknown,
    entries: ([string, unknown][] | undefined)[],
    top: number,
  ): void {
    let written = entries[top];
    if (written === undefined) {
      const repeated = object[key] !== undefined && Object.hasOwn(object, key);
      if (repeated || (isDigit(key.charCodeAt(0)) && /^(0|[1-9]\d{0,9})$/.test(key))) {
        written = Object.entries(object);
        entries[top] = written;
        this.irregular ??= new Map();
        this.irregular.set(object, written);
      }
    }
    if (written !== undefined) written.push([key, value]);
    setOwn(object, key, value);
  }

  /** Reads `"key" :`; the position is at the key. */
  key(): string {
    if (this.text.charCodeAt(this.at) !== 34) throw this.fail('looking for beginning of object key string');
    const key = this.string();
    if (this.next() !== 58) throw this.fail('after object key');
    this.at++;
    return key;
  }

  scalar(code: number): unknown {
    if (code === 34) return this.string();
    if (code === 45 || isDigit(code)) return this.number();
    switch (code) {
      case 116:
        return this.word('true', true);
      case 102:
        return this.word('false', false);
      case 110:
        return this.word('null', null);
    }
    throw this.fail('looking for beginning of value');
  }

  word<T>(word: string, value: T): T {
    for (let i = 1; i < word.length; i++) {
      this.at++;
      if (this.text[this.at] !== word[i]) throw this.fail(`in literal ${word} (expecting '${word[i]}')`);
    }
    this.at++;
    return value;
  }

  string(): string {
    const { text } = this;
    const start = ++this.at;
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 34) return text.slice(start, this.at++);
      if (code === 92) return this.escapedString(start);
      if (!(code >= 32)) {
        if (this.at >= text.length) throw new SyntaxFailure(UNEXPECTED_END, this.at);
        throw this.fail('in string literal');
      }
      this.at++;
    }
  }

  escapedString(start: number): string {
    const { text } = this;
    let out = text.slice(start, this.at);
    for (;;) {
      const code = text.charCodeAt(this.at);
      if (code === 34) {
        this.at++;
        return out;
      }
      if (code === 92) {
        out += this.escape();
      } else if (code >= 32) {
        out += text[this.at++];
      } else {
        if (this.at >= text.length) throw new SyntaxFailure(UNEXPECTED_END, this.at);
        throw this.fail('in string literal');
      }
    }
  }

  escape(): string {
    this.at++;
    const letter = this.text[this.at] ?? '';
    if (letter !== 'u') {
      const plain = escapes[letter];
      if (plain === undefined) throw this.fail('in string escape code');
      this.at++;
      return plain;
    }
    const unit = this.hexUnit();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    // Half a surrogate pair becomes the replacement character; what follows it is read on its own.
    const resume = this.at;
    if (unit < 0xdc00 && this.text.startsWith('\\u', this.at)) {
      this.at++;
      const low = this.hexUnit();
      if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(unit, low);
      this.at = resume;
    }
    return '\ufffd';
  }

  /** Reads the four digits after `\u`; the position is at the `u`. */
  hexUnit(): number {
    const start = this.at + 1;
    for (this.at = start; this.at < start + 4; this.at++) {
      if (!isHex(this.text.charCodeAt(this.at))) throw this.fail('in \\u hexadecimal character escape');
    }
    return Number.parseInt(this.text.slice(start, this.at), 16);
  }

  number(): number | RawNumber {
    const { text } = this;
    const start = this.at;
    let code = text.charCodeAt(this.at);
    if (code === 45) {
      code = text.charCodeAt(++this.at);
      if (!isDigit(code)) throw this.fail('in numeric literal');
    }
    this.at++;
    if (code !== 48) this.digits();
    if (text.charCodeAt(this.at) === 46) {
      this.at++;
      if (!isDigit(text.charCodeAt(this.at))) throw this.fail('after decimal point in numeric literal');
      this.digits();
    }
    code = text.charCodeAt(this.at);
    if (code === 101 || code === 69) {
      code = text.charCodeAt(++this.at);
      if (code === 43 || code === 45) this.at++;
      if (!isDigit(text.charCodeAt(this.at))) throw this.fail('in exponent of numeric literal');
      this.digits();
    }
    const literal = text.slice(start, this.at);
    const value = Number(literal);
    if (String(value) === literal) return value;
    this.rawNumbers = true;
    return new RawNumber(literal);
  }

  digits(): void {
    while (isDigit(this.text.charCodeAt(this.at))) this.at++;
  }
}

/** Reads one JSON value; anything but space after it is an error. */
export function parseJson(text: string): ParsedJson {
  const reader = new JsonReader(text);
  try {
    const value = reader.read();
    for (; reader.at < text.length; reader.at++) {
      const code = text.charCodeAt(reader.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) throw reader.fail('after top-level value');
    }
    const { irregular, rawNumbers } = reader;
    return { ok: true, tree: { value, ...(irregular ? { irregular } : {}), rawNumbers } };
  } catch (error) {
    if (error instanceof SyntaxFailure) return { ok: false, error: error.message, offset: error.offset };
    throw error;
  }
}

/** The digits of a number as they stood in the JSON text, or as Go would have written them there. */
export function numberText(value: number | bigint | RawNumber): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

export function isNumber(value: unknown): value is number | bigint | RawNumber {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof RawNumber;
}

// A free-form value without RawNumbers and bigints, for fields that keep JSON as it is.
// Differs: Go keeps the text, so `1.0` stays `1.0` there and digits beyond 2^53 are not lost.
export function plainJson(value: unknown): unknown {
  if (value instanceof RawNumber || typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) setOwn(out, key, plainJson(each));
  return out;
}
