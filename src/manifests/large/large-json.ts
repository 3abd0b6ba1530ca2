// A large JSON file with one List, as kubectl prints it, or one Cluster: its items or objects are read one after another out of a window
// of the file. Anything else stops it: then the file is read as a whole.
// An optimisation: test/manifests/large/large-file.test.ts proves that it answers as parseManifests does.
import {
  BACKSLASH,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  NEWLINE,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
  SPACE,
} from '../character-codes.ts';
import { type ByteFile, ByteWindow } from './byte-file.ts';
import { JsonItems } from './json-items.ts';
import type { EachObject, LargeDocumentRead, LargeRead } from './large-document.ts';
import { isBlank, TextDigest } from './text-digest.ts';
import { utf8Text } from './text-pool.ts';

const IRREGULAR = Symbol('to be read as a whole');
/** What stands around the items is short. */
const LONGEST_FIELD = 16 << 20;

/** Where many objects stand, and of what kind the object around them is. */
interface ItemsPlace {
  readonly path: string;
  isIn(apiVersion: string, kind: string): boolean;
}

const PLACES: readonly ItemsPlace[] = [
  { path: 'items', isIn: (_apiVersion, kind) => kind.endsWith('List') },
  { path: 'spec.objects', isIn: (apiVersion, kind) => apiVersion.startsWith('kubeplan.dev/') && kind === 'Cluster' },
];

export function readLargeJson(file: ByteFile, capacity: number, each?: EachObject): LargeRead {
  const reader = new LargeJson(file, capacity, each);
  try {
    return [reader.read()];
  } catch (thrown) {
    if (thrown === IRREGULAR) return { stoppedAt: reader.at };
    throw thrown;
  }
}

class LargeJson {
  readonly #size: number;
  readonly #window: ByteWindow;
  readonly #each: EachObject | undefined;
  readonly #digest = new TextDigest();
  #digested = 0;
  /** Where it is read on. */
  at = 0;
  #place: ItemsPlace | undefined;
  readonly #starts: number[] = [];
  #itemsEnd = 0;

  constructor(file: ByteFile, capacity: number, each?: EachObject) {
    this.#size = file.size;
    this.#window = new ByteWindow(file, capacity);
    this.#each = each;
  }

  read(): LargeDocumentRead {
    const linesBefore = this.#linesBefore();
    const value = this.#object([]);
    this.#skipBlanks();
    const { apiVersion, kind } = value;
    const isHolder = typeof apiVersion === 'string' && typeof kind === 'string' && this.#place?.isIn(apiVersion, kind);
    if (this.at < this.#size || !isHolder) throw IRREGULAR;
    this.#tellDigest(this.#size);
    const digest = this.#digest.end();
    if (digest === undefined) throw IRREGULAR;
    return {
      from: 0,
      to: this.#size,
      digest,
      linesBefore,
      parsed: { value, duplicates: [] },
      items: this.#starts,
      itemsEnd: this.#itemsEnd,
      itemsPath: this.#place!.path.split('.'),
      itemPath: [],
    };
  }

  /** An object of which only the items are many. */
  #object(path: readonly string[]): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#expect(OPENING_BRACE);
    for (let isFirst = true; !this.#isClosed(CLOSING_BRACE, isFirst); isFirst = false) {
      const key = this.#field(QUOTE);
      this.#expect(COLON);
      // What stands twice takes the place of the first one, whose items are read already.
      if (typeof key !== 'string' || key === '__proto__' || Object.hasOwn(object, key)) throw IRREGULAR;
      const at = [...path, key].join('.');
      const place = PLACES.find((each) => each.path === at);
      const isOpened = PLACES.some((each) => each.path.startsWith(`${at}.`)) && this.#next() === OPENING_BRACE;
      if (place) object[key] = this.#items(place);
      else object[key] = isOpened ? this.#object([...path, key]) : this.#field(this.#next());
    }
    return object;
  }

  #items(place: ItemsPlace): unknown[] {
    if (this.#place) throw IRREGULAR;
    this.#place = place;
    const values: unknown[] = [];
    const items = new JsonItems();
    const window = this.#window;
    this.#expect(OPENING_BRACKET);
    while (!this.#isClosed(CLOSING_BRACKET, values.length === 0)) {
      const at = this.at;
      let value = items.read(window.bytes, at - window.start, window.end - window.start);
      while (value === 'cut-off') {
        this.#more(at);
        value = items.read(window.bytes, at - window.start, window.end - window.start);
      }
      if (value === undefined) throw IRREGULAR;
      this.at = window.start + items.at;
      this.#starts.push(at);
      values.push(this.#each?.(value) ?? value);
    }
    this.#itemsEnd = this.at;
    return values;
  }

  /** A value of few bytes that begins with this one. */
  #field(first: number): unknown {
    if (this.#next() !== first) throw IRREGULAR;
    const from = this.at;
    let depth = 0;
    let isInString = false;
    for (; ; this.at++) {
      const code = this.#byte(this.at, from);
      if (code === undefined || this.at - from > LONGEST_FIELD) throw IRREGULAR;
      if (isInString) {
        if (code === BACKSLASH) this.at += 1;
        else if (code === QUOTE) {
          isInString = false;
          if (depth === 0) break;
        }
      } else if (code === QUOTE) isInString = true;
      else if (code === OPENING_BRACE || code === OPENING_BRACKET) depth += 1;
      else if (code === CLOSING_BRACE || code === CLOSING_BRACKET) {
        // The bracket around this value ends a number or a word.
        if (depth === 0) break;
        depth -= 1;
        if (depth === 0) break;
      } else if (depth === 0 && (code === COMMA || code <= SPACE)) break;
    }
    const last = this.#byte(this.at, from)!;
    const isCounted = first === QUOTE || first === OPENING_BRACE || first === OPENING_BRACKET;
    if (isCounted || last === QUOTE) this.at += 1;
    const { bytes, start } = this.#window;
    const text = utf8Text(bytes, from - start, this.at - start);
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
    for (let i = 0; i < this.at; i++) if (this.#byte(i, 0) === NEWLINE) lines += 1;
    return lines;
  }

  #isClosed(bracket: number, isFirst: boolean): boolean {
    const next = this.#next();
    if (next === bracket) {
      this.at += 1;
      return true;
    }
    if (isFirst) return false;
    if (next !== COMMA) throw IRREGULAR;
    this.at += 1;
    this.#next();
    return false;
  }

  #expect(code: number): void {
    if (this.#next() !== code) throw IRREGULAR;
    this.at += 1;
  }

  #next(): number {
    this.#skipBlanks();
    const code = this.#byte(this.at, this.at);
    if (code === undefined) throw IRREGULAR;
    return code;
  }

  #skipBlanks(): void {
    for (; ; this.at++) {
      const code = this.#byte(this.at, this.at);
      if (code === undefined || !isBlank(code)) return;
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
