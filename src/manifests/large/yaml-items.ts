// Reads one item after another of a large YAML file out of its bytes: the plain part of YAML as plain/block-reader.ts reads it, and
// folded scalars, as kubectl prints them. What is as it was in the item before is not read again (trace.ts).
// An optimisation: test/manifests/large/yaml-items.test.ts proves that it answers as yaml-document.ts does, or not at all.
import { APOSTROPHE, BAR, HASH, NEWLINE, OPENING_BRACE, OPENING_BRACKET, QUESTION, QUOTE } from '../character-codes.ts';
import { BEYOND, MAX_DEPTH } from '../plain/rules.ts';
import { ByteLines } from './byte-lines.ts';
import { ByteScalars } from './byte-scalars.ts';
import { Comparison, Entries, type Trace } from './trace.ts';

type JsonObject = Record<string, unknown>;

export class YamlItems {
  readonly #compared = new Comparison();
  readonly #lines = new ByteLines();
  readonly #scalars = new ByteScalars(this.#lines);
  /** The trace of the item before, and where in that item it begins. */
  #root: Trace | undefined;
  #rootStart = 0;
  /** The trace of the map or list that was read last, and where it begins. */
  #inner: Trace | undefined;
  #innerStart = 0;

  /**
   * The map in these lines: an item with its dash, or a document. They end with a newline, and nothing else may stand in them.
   * Undefined when the text goes beyond the plain part.
   */
  read(bytes: Buffer, start: number, end: number, isItem: boolean): Readonly<Record<string, unknown>> | undefined {
    this.#compared.begin(bytes, end);
    try {
      this.#lines.begin(bytes, start, end);
      if (this.#lines.indent < 0 || this.#lines.isItem() !== isItem) throw BEYOND;
      if (isItem) {
        const content = this.#lines.skipSpaces(this.#lines.at + 1);
        this.#lines.indent += content - this.#lines.at;
        this.#lines.at = content;
        if (this.#lines.isItem() || bytes[content] === NEWLINE) throw BEYOND;
      }
      const from = this.#lines.at;
      const value = this.#map(this.#lines.indent, 0, this.#root, this.#rootStart);
      if (this.#lines.indent >= 0) throw BEYOND;
      this.#root = this.#inner;
      this.#rootStart = from - start;
      this.#compared.keep(start, end);
      return value;
    } catch (thrown) {
      this.#root = undefined;
      if (thrown === BEYOND) return undefined;
      throw thrown;
    }
  }

  /** Whether an entry that stood so in the item before is over here: nothing below goes on with it. Moves to the next line if so. */
  #isOver(line: number, indent: number, isInMap: boolean): boolean {
    const at = this.#lines.at;
    this.#lines.goTo(line);
    if (
      this.#lines.line === line &&
      (this.#lines.indent < indent || (this.#lines.indent === indent && !(isInMap && this.#lines.isItem())))
    )
      return true;
    this.#lines.indent = indent;
    this.#lines.at = at;
    return false;
  }

  #map(indent: number, depth: number, given: Trace | undefined, givenStart: number): JsonObject {
    if (depth > MAX_DEPTH) throw BEYOND;
    const base = this.#lines.at;
    const entries = new Entries(this.#compared, false, indent, base, given, givenStart);
    while (this.#lines.indent === indent && !this.#lines.isItem()) {
      const first = this.#lines.at;
      const start = entries.begin(first) < 0 ? first : entries.takeRun(first);
      const length = entries.begin(start);
      this.#lines.at = start;
      if (length >= 0 && this.#isOver(start + length, indent, true)) {
        entries.take(start, length);
        continue;
      }
      if (entries.isKnown) this.#scalars.keyEnd = start + entries.keyEnd;
      const key = entries.isKnown ? entries.key : this.#scalars.key(start);
      if (key === undefined) throw BEYOND;
      if (!entries.isKnown) entries.find(key);
      const keyEnd = this.#scalars.keyEnd;
      const value = this.#valueAfter(keyEnd - 1, indent, depth, true, entries.inner, entries.innerStart);
      // A key that is none of those before may be one of those read already.
      if (!entries.isKnown && entries.has(key)) throw BEYOND;
      entries.put(key, value, start, this.#lines.line, keyEnd, this.#inner, this.#innerStart);
    }
    if (this.#lines.indent > indent) throw BEYOND;
    const map = entries.map();
    this.#inner = entries.end();
    this.#innerStart = base;
    return map;
  }

  #list(indent: number, depth: number, given: Trace | undefined, givenStart: number): unknown[] {
    if (depth > MAX_DEPTH) throw BEYOND;
    const base = this.#lines.at;
    const entries = new Entries(this.#compared, true, indent, base, given, givenStart);
    while (this.#lines.indent === indent && this.#lines.isItem()) {
      const first = this.#lines.at;
      const start = entries.begin(first) < 0 ? first : entries.takeRun(first);
      const length = entries.begin(start);
      this.#lines.at = start;
      if (length >= 0 && this.#isOver(start + length, indent, false)) {
        entries.take(start, length);
        continue;
      }
      const value = this.#item(indent, depth, entries.inner, entries.innerStart);
      entries.put('', value, start, this.#lines.line, start, this.#inner, this.#innerStart);
    }
    if (this.#lines.indent > indent) throw BEYOND;
    const list = entries.list();
    this.#inner = entries.end();
    this.#innerStart = base;
    return list;
  }

  #item(indent: number, depth: number, inner: Trace | undefined, innerBefore: number): unknown {
    const start = this.#lines.at;
    const content = this.#lines.skipSpaces(start + 1);
    const first = this.#lines.bytes[content]!;
    if (first === NEWLINE || first === HASH) return this.#valueAfter(content, indent, depth, false, inner, innerBefore);
    // What follows the dash counts as a line of its own, as far in as it stands.
    this.#lines.indent = indent + (content - start);
    this.#lines.at = content;
    if (this.#lines.isItem() || first === QUESTION) throw BEYOND;
    const isMap =
      inner && !inner.isList && this.#compared.sameUntil(content, innerBefore) >= content + inner.keyEnds[0]!;
    return !isMap && this.#scalars.key(content) === undefined
      ? this.#valueAfter(content, indent, depth, false, undefined, 0)
      : this.#map(this.#lines.indent, depth + 1, inner, innerBefore);
  }

  /** The value that begins here on this line, or on the lines below when nothing does. Leaves the reader on the line after it. */
  #valueAfter(
    from: number,
    indent: number,
    depth: number,
    isInMap: boolean,
    inner: Trace | undefined,
    innerBefore: number,
  ): unknown {
    const at = this.#lines.skipSpaces(from);
    const first = this.#lines.bytes[at]!;
    if (first === NEWLINE || first === HASH) {
      this.#lines.goTo(first === HASH ? this.#lines.skipComment(at) : at + 1);
      if (this.#lines.indent > indent)
        return this.#lines.isItem()
          ? this.#list(this.#lines.indent, depth + 1, inner, innerBefore)
          : this.#map(this.#lines.indent, depth + 1, inner, innerBefore);
      // The list of a key may stand as far out as the key itself.
      if (isInMap && this.#lines.indent === indent && this.#lines.isItem())
        return this.#list(indent, depth + 1, inner, innerBefore);
      this.#inner = undefined;
      return null;
    }
    this.#inner = undefined;
    if (first === BAR) return this.#scalars.literal(at, indent);
    const value =
      first === QUOTE || first === APOSTROPHE
        ? this.#scalars.quoted(at, indent, first)
        : first === OPENING_BRACKET || first === OPENING_BRACE
          ? this.#scalars.flow(at)
          : this.#scalars.plain(at, indent);
    if (this.#lines.indent > indent) throw BEYOND;
    return value;
  }
}
