// A large JSON file with one List, as kubectl prints it: its items are read one after another out of a window of the file. Anything else
// gives undefined: then the file is read as a whole.
// An optimisation: test/manifests/large/large-file.test.ts proves that it answers as parseManifests does.
import { type ByteFile, ByteWindow } from './byte-file.ts';
import { JsonItems } from './json-items.ts';
import type { EachObject, LargeDocumentRead } from './large-document.ts';
import { TextDigest } from './text-digest.ts';
import { utf8Text } from './text-pool.ts';

const IRREGULAR = Symbol('to be read as a whole');
const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
/** What stands around the items of a List is short. */
const LONGEST_FIELD = 1 << 20;

export function readLargeJson(file: ByteFile, capacity: number, each?: EachObject): LargeDocumentRead[] | undefined {
  try {
    return [new LargeJson(file, capacity, each).read()];
  } catch (thrown) {
    if (thrown === IRREGULAR) return undefined;
    throw thrown;
  }
}

class LargeJson {
  readonly #size: number;
  readonly #window: ByteWindow;
  readonly #each: EachObject | undefined;
  readonly #digest = new TextDigest();
  #digested = 0;
  #at = 0;

  constructor(file: ByteFile, capacity: number, each?: EachObject) {
    this.#size = file.size;
    this.#window = new ByteWindow(file, capacity);
    this.#each = each;
  }

  read(): LargeDocumentRead {
    const list: Record<string, unknown> = {};
    let items: number[] | undefined;
    let itemsEnd = 0;
    const linesBefore = this.#linesBefore();
    this.#expect(123);
    while (!this.#isClosed(125, Object.keys(list).length === 0)) {
      const key = this.#field(QUOTE);
      this.#expect(COLON);
      if (typeof key !== 'string' || key === '__proto__') throw IRREGULAR;
      if (key !== 'items') list[key] = this.#field(this.#next());
      else {
        // A second list of items would take the place of the first one.
        if (items) throw IRREGULAR;
        items = [];
        list[key] = this.#items(items);
        itemsEnd = this.#at;
      }
    }
    this.#skipBlanks();
    if (this.#at < this.#size || !items) throw IRREGULAR;
    this.#tellDigest(this.#size);
    const digest = this.#digest.end();
    if (digest === undefined) throw IRREGULAR;
    return {
      from: 0,
      to: this.#size,
      digest,
      linesBefore,
      parsed: { value: list, duplicates: [] },
      items,
      itemsEnd,
      itemPath: [],
    };
  }

  #items(starts: number[]): unknown[] {
    const values: unknown[] = [];
    const items = new JsonItems();
    const window = this.#window;
    this.#expect(91);
    while (!this.#isClosed(93, values.length === 0)) {
      const at = this.#at;
      let value = items.read(window.bytes, at - window.start, window.end - window.start);
      while (value === 'cut-off') {
        this.#more(at);
        value = items.read(window.bytes, at - window.start, window.end - window.start);
      }
      if (value === undefined) throw IRREGULAR;
      this.#at = window.start + items.at;
      starts.push(at);
      values.push(this.#each?.(value) ?? value);
    }
    return values;
  }

  /** A value of few bytes that begins with this one. */
  #field(first: number): unknown {
    if (this.#next() !== first) throw IRREGULAR;
    const from = this.#at;
    let depth = 0;
    let isInString = false;
    for (; ; this.#at++) {
      const code = this.#byte(this.#at, from);
      if (code === undefined || this.#at - from > LONGEST_FIELD) throw IRREGULAR;
      if (isInString) {
        if (code === BACKSLASH) this.#at += 1;
        else if (code === QUOTE) {
          isInString = false;
          if (depth === 0) break;
        }
      } else if (code === QUOTE) isInString = true;
      else if (code === 123 || code === 91) depth += 1;
      else if (code === 125 || code === 93) {
        // The bracket around this value ends a number or a word.
        if (depth === 0) break;
        depth -= 1;
        if (depth === 0) break;
      } else if (depth === 0 && (code === COMMA || code <= 32)) break;
    }
    const last = this.#byte(this.#at, from)!;
    const isCounted = first === QUOTE || first === 123 || first === 91;
    if (isCounted || last === QUOTE) this.#at += 1;
    const { bytes, start } = this.#window;
    const text = utf8Text(bytes, from - start, this.#at - start);
    if (text === undefined) throw IRREGULAR;
    try {
      return JSON.parse(text);
    } catch {
      throw IRREGULAR;
    }
  }

  /** Blank lines before the object: nothing but white space and lines of it can stand there. */
  #linesBefore(): number {
    this.#skipBlanks();
    let lines = 0;
    for (let i = 0; i < this.#at; i++) if (this.#byte(i, 0) === 10) lines += 1;
    return lines;
  }

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

  #expect(code: number): void {
    if (this.#next() !== code) throw IRREGULAR;
    this.#at += 1;
  }

  #next(): number {
    this.#skipBlanks();
    const code = this.#byte(this.#at, this.#at);
    if (code === undefined) throw IRREGULAR;
    return code;
  }

  #skipBlanks(): void {
    for (; ; this.#at++) {
      const code = this.#byte(this.#at, this.#at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
    }
  }

  #byte(at: number, keep: number): number | undefined {
    while (at >= this.#window.end && !this.#window.isWhole) this.#more(keep);
    return at < this.#window.end ? this.#window.bytes[at - this.#window.start] : undefined;
  }

  #more(keep: number): void {
    this.#tellDigest(keep);
    if (!this.#window.more(keep)) throw IRREGULAR;
  }

  #tellDigest(to: number): void {
    const { bytes, start } = this.#window;
    if (to > this.#digested) this.#digest.update(bytes.subarray(this.#digested - start, to - start));
    this.#digested = Math.max(to, this.#digested);
  }
}
