// Quoted scalars and flow collections that begin and end on one line.
import { BACKSLASH, COLON, HASH, QUOTE, SPACE } from '../character-codes.ts';
import { resolvePlainScalar } from '../yaml-scalar.ts';
import { mark, type WrittenMarks } from './marks.ts';
import { BEYOND, finite, INDICATORS, KEY, keyName, MAX_DEPTH } from './rules.ts';

type JsonObject = Record<string, unknown>;

/** Characters that end a plain scalar inside a flow collection. */
const FLOW_END = /[,[\]{}]/;

export class FlowReader {
  readonly #text: string;
  readonly #end: number;
  readonly #marks: WrittenMarks;
  #at: number;

  constructor(text: string, at: number, end: number, marks: WrittenMarks) {
    this.#text = text;
    this.#at = at;
    this.#end = end;
    this.#marks = marks;
  }

  /** Nothing but a comment may follow. */
  expectEnd(): void {
    const before = this.#at;
    this.#skipSpaces();
    if (this.#at < this.#end && !(this.#text[this.#at] === '#' && this.#at > before)) throw BEYOND;
  }

  value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw BEYOND;
    switch (this.#text[this.#at]) {
      case '"':
        return this.#double();
      case "'":
        return this.#single();
      case '[':
        return this.#list(depth);
      case '{':
        return this.#map(depth);
      default:
        return finite(resolvePlainScalar(this.#plain()));
    }
  }

  #skipSpaces(): void {
    while (this.#at < this.#end && this.#text.charCodeAt(this.#at) === SPACE) this.#at += 1;
  }

  #double(): string {
    const from = this.#at;
    for (let i = from + 1; i < this.#end; i++) {
      const code = this.#text.charCodeAt(i);
      if (code === BACKSLASH) {
        // JSON and YAML agree on these escapes alone.
        if (!'"\\/bfnrtu'.includes(this.#text[i + 1] ?? ' ')) throw BEYOND;
        i += 1;
      } else if (code === QUOTE) {
        this.#at = i + 1;
        try {
          return JSON.parse(this.#text.slice(from, i + 1)) as string;
        } catch {
          throw BEYOND;
        }
      }
    }
    throw BEYOND;
  }

  #single(): string {
    let from = this.#at + 1;
    let out = '';
    for (;;) {
      const quote = this.#text.indexOf("'", from);
      if (quote < 0 || quote >= this.#end) throw BEYOND;
      out += this.#text.slice(from, quote);
      if (this.#text[quote + 1] !== "'" || quote + 1 >= this.#end) {
        this.#at = quote + 1;
        return out;
      }
      out += "'";
      from = quote + 2;
    }
  }

  #plain(): string {
    const from = this.#at;
    const first = this.#text[from];
    if (first === undefined || from >= this.#end || INDICATORS.includes(first) || first === '-') {
      // A dash begins a number or a word only when something follows it.
      if (first !== '-' || /[\s,[\]{}]/.test(this.#text[from + 1] ?? ' ')) throw BEYOND;
    }
    let end = from;
    while (end < this.#end && !FLOW_END.test(this.#text[end]!)) {
      const code = this.#text.charCodeAt(end);
      if (code === COLON || code === HASH) throw BEYOND;
      end += 1;
    }
    this.#at = end;
    while (this.#text.charCodeAt(end - 1) === SPACE) end -= 1;
    if (end <= from) throw BEYOND;
    return this.#text.slice(from, end);
  }

  #list(depth: number): unknown[] {
    const list: unknown[] = [];
    this.#at += 1;
    for (;;) {
      this.#skipSpaces();
      if (this.#text[this.#at] === ']') break;
      mark(this.#marks, list, list.length, this.#at);
      list.push(this.value(depth + 1));
      this.#skipSpaces();
      if (this.#text[this.#at] === ',') this.#at += 1;
      else if (this.#text[this.#at] !== ']') throw BEYOND;
    }
    return this.#close(list);
  }

  #map(depth: number): JsonObject {
    const map: JsonObject = {};
    this.#at += 1;
    for (;;) {
      this.#skipSpaces();
      if (this.#text[this.#at] === '}') break;
      const from = this.#at;
      const name = this.#mapKey();
      mark(this.#marks, map, name, from);
      if (Object.hasOwn(map, name)) throw BEYOND;
      this.#skipSpaces();
      map[name] = this.value(depth + 1);
      this.#skipSpaces();
      if (this.#text[this.#at] === ',') this.#at += 1;
      else if (this.#text[this.#at] !== '}') throw BEYOND;
    }
    return this.#close(map);
  }

  #mapKey(): string {
    KEY.lastIndex = this.#at;
    const match = KEY.exec(this.#text);
    if (!match || KEY.lastIndex > this.#end || this.#text[KEY.lastIndex - 1] !== ' ') throw BEYOND;
    this.#at = KEY.lastIndex;
    return keyName(match[1]!);
  }

  #close<T>(value: T): T {
    if (this.#at >= this.#end) throw BEYOND;
    this.#at += 1;
    return value;
  }
}
