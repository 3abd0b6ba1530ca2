// Reads one item after another of a large YAML file out of its bytes: the plain part of YAML as plain/block-reader.ts reads it, and
// folded scalars, as kubectl prints them. What is as it was in the item before is not read again (trace.ts).
// An optimisation: test/manifests/large/yaml-items.test.ts proves that it answers as yaml-document.ts does, or not at all.
import { FlowReader } from '../plain/flow-reader.ts';
import { BEYOND, finite, KEY_WORDS, MAX_DEPTH, UNUSUAL } from '../plain/rules.ts';
import { resolvePlainScalar } from '../yaml-scalar.ts';
import { foldedDouble, foldedSingle } from './folded-text.ts';
import { TextPool, utf8Text } from './text-pool.ts';
import { Comparison, Entries, type Trace } from './trace.ts';

type JsonObject = Record<string, unknown>;

const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const DASH = 45;
const DOT = 46;
const COLON = 58;
const QUESTION = 63;
const BACKSLASH = 92;
const BAR = 124;
const DELETE = 127;
/** What a plain scalar must not begin with: `[]{},#&*!|>'"%@`?:`. */
const INDICATORS = new Uint8Array(256);
for (const character of '[]{},#&*!|>\'"%@`?:') INDICATORS[character.charCodeAt(0)] = 1;
/** Longer keys are none that a colon alone makes a key. */
const LONGEST_KEY = 512;
const JSON_ESCAPES = '"\\/bfnrtu';
const SOURCE = '# Source:';

export class YamlItems {
  readonly #compared = new Comparison();
  readonly #pool = new TextPool();
  #bytes: Buffer = this.#compared.bytes;
  #end = 0;
  /** The trace of the item before, and where in that item it begins. */
  #root: Trace | undefined;
  #rootStart = 0;
  /** The current line: where it begins, how far in its content stands, and where. Indent -1 at the end. */
  #line = 0;
  #indent = -1;
  #at = 0;
  /** The trace of the map or list that was read last, and where it begins. */
  #inner: Trace | undefined;
  #innerStart = 0;
  /** Behind the colon of the key that was read last, and the character that follows it. */
  #keyEnd = 0;

  /**
   * The map in these lines: an item with its dash, or a document. They end with a newline, and nothing else may stand in them.
   * Undefined when the text goes beyond the plain part.
   */
  read(bytes: Buffer, start: number, end: number, isItem: boolean): Readonly<Record<string, unknown>> | undefined {
    this.#bytes = bytes;
    this.#end = end;
    this.#compared.begin(bytes, end);
    try {
      this.#goTo(start);
      if (this.#indent < 0 || this.#isItem() !== isItem) throw BEYOND;
      if (isItem) {
        const content = this.#skipSpaces(this.#at + 1);
        this.#indent += content - this.#at;
        this.#at = content;
        if (this.#isItem() || bytes[content] === NEWLINE) throw BEYOND;
      }
      const from = this.#at;
      const value = this.#map(this.#indent, 0, this.#root, this.#rootStart);
      if (this.#indent >= 0) throw BEYOND;
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

  /** Moves to the first line from here on that has content. */
  #goTo(line: number): void {
    const bytes = this.#bytes;
    let from = line;
    while (from < this.#end) {
      const at = this.#skipSpaces(from);
      const first = bytes[at]!;
      if (first === NEWLINE) from = at + 1;
      else if (first === HASH) from = this.#skipComment(at, at === from);
      else {
        if (at === from) this.#checkLineStart(at, first);
        this.#line = from;
        this.#indent = at - from;
        this.#at = at;
        return;
      }
    }
    this.#line = this.#end;
    this.#indent = -1;
  }

  /** Directives and separators are not for here. */
  #checkLineStart(at: number, first: number): void {
    const bytes = this.#bytes;
    if (first === 37) throw BEYOND;
    if ((first === DASH || first === DOT) && bytes[at + 1] === first && bytes[at + 2] === first) throw BEYOND;
  }

  #skipSpaces(from: number): number {
    let at = from;
    while (this.#bytes[at] === SPACE) at += 1;
    return at;
  }

  /** The end of a line of which nothing counts, the newline with it. */
  #skipComment(from: number, isLine = false): number {
    const end = this.#lineEnd(from);
    // helm's note says of a document where it comes from.
    if (isLine && this.#text(from, end).startsWith(SOURCE)) throw BEYOND;
    return end + 1;
  }

  /** The newline of a line that holds nothing odd. */
  #lineEnd(from: number): number {
    const bytes = this.#bytes;
    let isWide = false;
    for (let i = from; ; i++) {
      const code = bytes[i]!;
      if (code < SPACE || code === DELETE) {
        if (code !== NEWLINE) throw BEYOND;
        if (isWide) this.#wideText(from, i);
        return i;
      }
      if (code > DELETE) isWide = true;
    }
  }

  #text(from: number, to: number): string {
    return this.#pool.ascii(this.#bytes, from, to) ?? this.#wideText(from, to);
  }

  #wideText(from: number, to: number): string {
    const text = utf8Text(this.#bytes, from, to);
    if (text === undefined || UNUSUAL.test(text)) throw BEYOND;
    return text;
  }

  #isItem(): boolean {
    const next = this.#bytes[this.#at + 1];
    return this.#bytes[this.#at] === DASH && (next === SPACE || next === NEWLINE);
  }

  /** Whether an entry that stood so in the item before is over here: nothing below goes on with it. Moves to the next line if so. */
  #isOver(line: number, indent: number, isInMap: boolean): boolean {
    const at = this.#at;
    this.#goTo(line);
    if (this.#line === line && (this.#indent < indent || (this.#indent === indent && !(isInMap && this.#isItem()))))
      return true;
    this.#indent = indent;
    this.#at = at;
    return false;
  }

  #map(indent: number, depth: number, given: Trace | undefined, givenStart: number): JsonObject {
    if (depth > MAX_DEPTH) throw BEYOND;
    const base = this.#at;
    const map: JsonObject = {};
    const entries = new Entries(this.#compared, false, indent, base, given, givenStart);
    while (this.#indent === indent && !this.#isItem()) {
      const first = this.#at;
      const start = entries.begin(first) < 0 ? first : entries.takeRun(first, map);
      const length = entries.begin(start);
      this.#at = start;
      if (length >= 0 && this.#isOver(start + length, indent, true)) {
        map[entries.key] = entries.value;
        entries.take(start, length);
        continue;
      }
      if (entries.isKnown) this.#keyEnd = start + entries.keyEnd;
      const key = entries.isKnown ? entries.key : this.#key(start);
      if (key === undefined) throw BEYOND;
      if (!entries.isKnown) entries.find(key);
      const keyEnd = this.#keyEnd;
      const value = this.#valueAfter(keyEnd - 1, indent, depth, true, entries.inner, entries.innerStart);
      // A key that is none of those before may be one of those read already.
      if (!entries.isKnown && Object.hasOwn(map, key)) throw BEYOND;
      map[key] = value;
      entries.put(key, value, start, this.#line, keyEnd, this.#inner, this.#innerStart);
    }
    if (this.#indent > indent) throw BEYOND;
    this.#inner = entries.end();
    this.#innerStart = base;
    return map;
  }

  #list(indent: number, depth: number, given: Trace | undefined, givenStart: number): unknown[] {
    if (depth > MAX_DEPTH) throw BEYOND;
    const base = this.#at;
    const list: unknown[] = [];
    const entries = new Entries(this.#compared, true, indent, base, given, givenStart);
    while (this.#indent === indent && this.#isItem()) {
      const first = this.#at;
      const start = entries.begin(first) < 0 ? first : entries.takeRun(first, list);
      const length = entries.begin(start);
      this.#at = start;
      if (length >= 0 && this.#isOver(start + length, indent, false)) {
        list.push(entries.value);
        entries.take(start, length);
        continue;
      }
      const value = this.#item(indent, depth, entries.inner, entries.innerStart);
      list.push(value);
      entries.put('', value, start, this.#line, start, this.#inner, this.#innerStart);
    }
    if (this.#indent > indent) throw BEYOND;
    this.#inner = entries.end();
    this.#innerStart = base;
    return list;
  }

  #item(indent: number, depth: number, inner: Trace | undefined, innerBefore: number): unknown {
    const start = this.#at;
    const content = this.#skipSpaces(start + 1);
    const first = this.#bytes[content]!;
    if (first === NEWLINE || first === HASH) return this.#valueAfter(content, indent, depth, false, inner, innerBefore);
    // What follows the dash counts as a line of its own, as far in as it stands.
    this.#indent = indent + (content - start);
    this.#at = content;
    if (this.#isItem() || first === QUESTION) throw BEYOND;
    const isMap =
      inner && !inner.isList && this.#compared.sameUntil(content, innerBefore) >= content + inner.keyEnds[0]!;
    return !isMap && this.#key(content) === undefined
      ? this.#valueAfter(content, indent, depth, false, undefined, 0)
      : this.#map(this.#indent, depth + 1, inner, innerBefore);
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
    const at = this.#skipSpaces(from);
    const first = this.#bytes[at]!;
    if (first === NEWLINE || first === HASH) {
      this.#goTo(first === HASH ? this.#skipComment(at) : at + 1);
      if (this.#indent > indent)
        return this.#isItem()
          ? this.#list(this.#indent, depth + 1, inner, innerBefore)
          : this.#map(this.#indent, depth + 1, inner, innerBefore);
      // The list of a key may stand as far out as the key itself.
      if (isInMap && this.#indent === indent && this.#isItem())
        return this.#list(indent, depth + 1, inner, innerBefore);
      this.#inner = undefined;
      return null;
    }
    this.#inner = undefined;
    if (first === BAR) return this.#literal(at, indent);
    const value =
      first === QUOTE || first === APOSTROPHE
        ? this.#quoted(at, indent, first)
        : first === 91 || first === 123
          ? this.#flow(at)
          : this.#plain(at, indent);
    if (this.#indent > indent) throw BEYOND;
    return value;
  }

  /** The key that begins here; undefined when none does. */
  #key(start: number): string | undefined {
    const bytes = this.#bytes;
    const first = bytes[start]!;
    let end = start + 1;
    if (first === QUOTE || first === APOSTROPHE) {
      for (; bytes[end] !== first; end++) {
        const code = bytes[end]!;
        if (code === NEWLINE || (code === BACKSLASH && first === QUOTE)) return undefined;
        if (code < SPACE || code === DELETE) throw BEYOND;
      }
      if (bytes[end + 1] !== COLON || !isBlank(bytes[end + 2]!)) return undefined;
      this.#keyEnd = end + 3;
      const quoted = this.#text(start + 1, end);
      if (quoted === '__proto__' || quoted.length > LONGEST_KEY) throw BEYOND;
      return quoted;
    }
    // Letters, an underscore, a point.
    if (!((first >= 97 && first <= 122) || (first >= 65 && first <= 90) || first === 95 || first === DOT))
      return undefined;
    for (; ; end++) {
      const code = bytes[end]!;
      if (code === COLON && isBlank(bytes[end + 1]!)) break;
      if (code <= SPACE || code >= DELETE || code === HASH) return undefined;
    }
    this.#keyEnd = end + 2;
    const name = this.#text(start, end);
    if (KEY_WORDS.has(name) || name.length > LONGEST_KEY) throw BEYOND;
    if (first === DOT && resolvePlainScalar(name) !== name) throw BEYOND;
    return name;
  }

  #plain(at: number, indent: number): unknown {
    const bytes = this.#bytes;
    const first = bytes[at]!;
    if (INDICATORS[first] === 1 || (first === DASH && isBlank(bytes[at + 1]!))) throw BEYOND;
    const end = this.#plainEnd(at);
    const isCommented = bytes[end] === HASH;
    const text = this.#text(at, trimmed(bytes, at, end));
    let next = isCommented ? this.#skipComment(end) : end + 1;
    this.#goTo(next);
    if (this.#indent <= indent) return finite(resolvePlainScalar(text));
    if (isCommented) throw BEYOND;
    let folded = text;
    while (this.#indent > indent) {
      // Comments end a scalar.
      for (let i = next; i < this.#line; i++) if (bytes[i] === HASH) throw BEYOND;
      const breaks = count(bytes, NEWLINE, next, this.#line);
      const below = this.#plainEnd(this.#at);
      if (bytes[below] === HASH) throw BEYOND;
      folded += `${breaks === 0 ? ' ' : '\n'.repeat(breaks)}${this.#text(this.#at, trimmed(bytes, this.#at, below))}`;
      next = below + 1;
      this.#goTo(next);
    }
    return finite(resolvePlainScalar(folded));
  }

  /** The newline or the comment that ends a plain scalar on this line. */
  #plainEnd(from: number): number {
    const bytes = this.#bytes;
    for (let i = from; ; i++) {
      const code = bytes[i]!;
      if (code < SPACE || code === DELETE) {
        if (code === NEWLINE) return i;
        throw BEYOND;
      }
      if (code === HASH && bytes[i - 1] === SPACE) return i;
      if (code === COLON && isBlank(bytes[i + 1]!)) throw BEYOND;
    }
  }

  #quoted(at: number, indent: number, quote: number): string {
    const bytes = this.#bytes;
    let hasEscapes = false;
    let hasBreaks = false;
    let end = at + 1;
    for (; ; end++) {
      const code = bytes[end]!;
      if (code === quote) {
        if (quote === QUOTE || bytes[end + 1] !== APOSTROPHE) break;
        hasEscapes = true;
        end += 1;
      } else if (code === BACKSLASH && quote === QUOTE) {
        hasEscapes = true;
        // The end of a line is looked at below, escaped or not.
        if (bytes[end + 1] !== NEWLINE) end += 1;
      } else if (code < SPACE || code === DELETE) {
        if (code !== NEWLINE || end + 1 >= this.#end) throw BEYOND;
        hasBreaks = true;
        const content = this.#skipSpaces(end + 1);
        if (bytes[content] !== NEWLINE && content - end - 1 <= indent) throw BEYOND;
      }
    }
    const after = this.#skipSpaces(end + 1);
    if (bytes[after] === HASH && after > end + 1) this.#goTo(this.#skipComment(after));
    else if (bytes[after] === NEWLINE) this.#goTo(after + 1);
    else throw BEYOND;
    const raw = this.#text(at + 1, end);
    if (!hasEscapes && !hasBreaks) return raw;
    if (quote === APOSTROPHE) return foldedSingle(raw);
    if (hasBreaks) return foldedDouble(raw);
    return jsonText(raw);
  }

  /** A flow collection that begins and ends on this line. */
  #flow(at: number): unknown {
    const bytes = this.#bytes;
    // `{}` and `[]` end two characters after their opening.
    if (bytes[at + 1] === bytes[at]! + 2 && bytes[at + 2] === NEWLINE) {
      this.#goTo(at + 3);
      return bytes[at] === 91 ? [] : {};
    }
    const end = this.#lineEnd(at);
    const text = this.#text(at, trimmed(bytes, at, end));
    const reader = new FlowReader(text, 0, text.length, undefined);
    const value = reader.value(0);
    reader.expectEnd();
    this.#goTo(end + 1);
    return value;
  }

  /** `|` with its lines below: taken as they stand, less their common indent. */
  #literal(at: number, indent: number): string {
    const bytes = this.#bytes;
    const isStripped = bytes[at + 1] === DASH;
    let next = at + (isStripped ? 2 : 1);
    if (bytes[next] !== NEWLINE) throw BEYOND;
    next += 1;
    const lines: string[] = [];
    let margin = -1;
    let longestBlank = 0;
    while (next < this.#end) {
      const start = this.#skipSpaces(next);
      const width = start - next;
      const isEmpty = bytes[start] === NEWLINE;
      if (!isEmpty && margin < 0) {
        if (width <= indent) break;
        if (longestBlank > width) throw BEYOND;
        margin = width;
      } else if (!isEmpty && width < margin) {
        if (width > indent) throw BEYOND;
        break;
      }
      const end = isEmpty ? start : this.#lineEnd(start);
      if (margin < 0) {
        longestBlank = Math.max(longestBlank, width);
        lines.push('');
      } else lines.push(this.#text(Math.min(next + margin, end), end));
      next = end + 1;
    }
    if (margin < 0) throw BEYOND;
    this.#goTo(next);
    let last = lines.length;
    while (last > 0 && lines[last - 1] === '') last -= 1;
    // A line of blanks at the end is content or not by rules of its own.
    if (lines[last - 1]?.trim() === '') throw BEYOND;
    const body = last === 1 ? lines[0]! : lines.slice(0, last).join('\n');
    return isStripped ? body : `${body}\n`;
  }
}

function isBlank(code: number): boolean {
  return code === SPACE || code === NEWLINE;
}

function trimmed(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && bytes[end - 1] === SPACE) end -= 1;
  return end;
}

function count(bytes: Buffer, wanted: number, from: number, to: number): number {
  let found = 0;
  for (let i = from; i < to; i++) if (bytes[i] === wanted) found += 1;
  return found;
}

/** Escapes on which JSON and YAML agree. */
function jsonText(raw: string): string {
  for (let i = raw.indexOf('\\'); i >= 0; i = raw.indexOf('\\', i + 2))
    if (!JSON_ESCAPES.includes(raw[i + 1] ?? ' ')) throw BEYOND;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    throw BEYOND;
  }
}
