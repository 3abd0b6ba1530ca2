// Reads the block maps and lists of the plain part of YAML from a text, line by line.
import {
  APOSTROPHE,
  BAR,
  COLON,
  DASH,
  HASH,
  OPENING_BRACE,
  OPENING_BRACKET,
  PERCENT,
  QUESTION,
  QUOTE,
  SPACE,
} from '../character-codes.ts';
import { resolvePlainScalar } from '../yaml-scalar.ts';
import { FlowReader } from './flow-reader.ts';
import { mark, type WrittenMarks } from './marks.ts';
import { BEYOND, finite, INDICATORS, KEY, keyName, MAX_DEPTH } from './rules.ts';

type JsonObject = Record<string, unknown>;

const BLOCK_HEADER = /^\|([-+]?)(?: +(?:#.*)?)?$/;

export class PlainReader {
  readonly #text: string;
  readonly #marks: WrittenMarks;
  /** Where the first content stands. */
  first = 0;
  /** Start of the next line. */
  #next = 0;
  /** The current line without its comment: indent, and where its content begins and ends. Indent -1 at the end. */
  #indent = -1;
  #start = 0;
  #end = 0;

  constructor(text: string, marks?: WrittenMarks) {
    this.#text = text;
    this.#marks = marks;
  }

  read(): unknown {
    this.#advance();
    if (this.#indent < 0) return null;
    this.first = this.#start;
    const value = this.#block(this.#indent, 0);
    if (this.#indent >= 0) throw BEYOND;
    return value;
  }

  /** Moves to the next line that has content. */
  #advance(): void {
    const text = this.#text;
    while (this.#next < text.length) {
      const from = this.#next;
      const newline = text.indexOf('\n', from);
      const to = newline < 0 ? text.length : newline;
      this.#next = to + 1;
      let start = from;
      while (start < to && text.charCodeAt(start) === SPACE) start += 1;
      if (start === to || text.charCodeAt(start) === HASH) continue;
      let end = to;
      while (text.charCodeAt(end - 1) === SPACE) end -= 1;
      if (
        start === from &&
        (text.startsWith('---', from) || text.startsWith('...', from) || text.charCodeAt(from) === PERCENT)
      )
        throw BEYOND;
      this.#indent = start - from;
      this.#start = start;
      this.#end = end;
      return;
    }
    this.#indent = -1;
  }

  #block(indent: number, depth: number): unknown {
    if (depth > MAX_DEPTH) throw BEYOND;
    if (this.#isItem()) return this.#list(indent, depth);
    if (this.#key() !== undefined) return this.#map(indent, depth, {});
    // A document or value that is a scalar on a line of its own.
    throw BEYOND;
  }

  #isItem(): boolean {
    return (
      this.#text.charCodeAt(this.#start) === DASH &&
      (this.#end === this.#start + 1 || this.#text.charCodeAt(this.#start + 1) === SPACE)
    );
  }

  /** The key that the current line begins with, and where its value begins; undefined when it begins with none. */
  #key(): { readonly name: string; readonly value: number } | undefined {
    KEY.lastIndex = this.#start;
    const match = KEY.exec(this.#text);
    if (!match || KEY.lastIndex > this.#end + 1) {
      // `key:` at the end of the line: the pattern wants the end of the text there.
      return this.#text.charCodeAt(this.#end - 1) === COLON ? this.#bareKey() : undefined;
    }
    return { name: keyName(match[1]!), value: Math.min(KEY.lastIndex, this.#end) };
  }

  #bareKey(): { readonly name: string; readonly value: number } | undefined {
    const raw = this.#text.slice(this.#start, this.#end - 1);
    if (!/^(?:[A-Za-z_][\w./-]*|"[^"\\]*"|'[^']*')$/.test(raw)) return undefined;
    return { name: keyName(raw), value: this.#end };
  }

  #map(indent: number, depth: number, map: JsonObject): JsonObject {
    while (this.#indent === indent && !this.#isItem()) {
      const key = this.#key();
      if (key === undefined || Object.hasOwn(map, key.name)) throw BEYOND;
      mark(this.#marks, map, key.name, this.#start);
      map[key.name] = this.#valueAfter(key.value, indent, depth, true);
    }
    if (this.#indent > indent) throw BEYOND;
    return map;
  }

  #list(indent: number, depth: number): unknown[] {
    const list: unknown[] = [];
    while (this.#indent === indent && this.#isItem()) {
      let content = this.#start + 1;
      while (content < this.#end && this.#text.charCodeAt(content) === SPACE) content += 1;
      if (this.#marks) {
        // An item may begin on a line of its own.
        const isBelow = content >= this.#end || this.#text.charCodeAt(content) === HASH;
        mark(this.#marks, list, list.length, isBelow ? this.#nextContent() : content);
      }
      if (content >= this.#end) {
        list.push(this.#valueAfter(this.#end, indent, depth, false));
        continue;
      }
      // What follows the dash counts as a line of its own, as far in as it stands.
      const inner = indent + (content - this.#start);
      this.#start = content;
      this.#indent = inner;
      if (this.#isItem() || this.#text.charCodeAt(content) === QUESTION) throw BEYOND;
      if (this.#key() === undefined) list.push(this.#valueAfter(content, indent, depth, false));
      else {
        if (depth > MAX_DEPTH) throw BEYOND;
        list.push(this.#map(inner, depth + 1, {}));
      }
    }
    if (this.#indent > indent) throw BEYOND;
    return list;
  }

  /** Where the next line with content has it. */
  #nextContent(): number {
    const before = [this.#next, this.#indent, this.#start, this.#end] as const;
    this.#advance();
    const at = this.#start;
    // Nothing further in: the item is empty, and has no place that is worth agreeing on.
    if (this.#indent <= before[1]) throw BEYOND;
    [this.#next, this.#indent, this.#start, this.#end] = before;
    return at;
  }

  /** The value that begins at `at` on this line, or on the lines below when nothing does. Leaves the reader on the line after it. */
  #valueAfter(at: number, indent: number, depth: number, isMapValue: boolean): unknown {
    const text = this.#text;
    if (at >= this.#end || text.charCodeAt(at) === HASH) {
      this.#advance();
      if (this.#indent > indent) return this.#block(this.#indent, depth + 1);
      // The list of a key may stand as far out as the key itself.
      if (isMapValue && this.#indent === indent && this.#isItem()) return this.#list(indent, depth + 1);
      return null;
    }
    const first = text.charCodeAt(at);
    if (first === BAR) return this.#literal(at, indent);
    const value =
      first === QUOTE || first === APOSTROPHE || first === OPENING_BRACKET || first === OPENING_BRACE
        ? this.#flowLine(at)
        : this.#plainLine(at);
    this.#advance();
    // A scalar that goes on below is for the full parser.
    if (this.#indent > indent) throw BEYOND;
    return value;
  }

  #plainLine(at: number): unknown {
    const text = this.#text;
    if (INDICATORS.includes(text[at]!) || (text[at] === '-' && (at + 1 === this.#end || text[at + 1] === ' ')))
      throw BEYOND;
    let end = this.#end;
    for (let i = at; i < end; i++) {
      const code = text.charCodeAt(i);
      if (code === HASH && text.charCodeAt(i - 1) === SPACE) {
        end = i;
        while (text.charCodeAt(end - 1) === SPACE) end -= 1;
        break;
      }
      if (code === COLON && (i + 1 === end || text.charCodeAt(i + 1) === SPACE)) throw BEYOND;
    }
    return finite(resolvePlainScalar(text.slice(at, end)));
  }

  /** A quoted scalar or a flow collection that begins and ends on this line. */
  #flowLine(at: number): unknown {
    const flow = new FlowReader(this.#text, at, this.#end, this.#marks);
    const value = flow.value(0);
    flow.expectEnd();
    return value;
  }

  /** `|` with its lines below: taken as they stand, less their common indent. */
  #literal(at: number, indent: number): string {
    const text = this.#text;
    const chomp = BLOCK_HEADER.exec(text.slice(at, this.#end))?.[1];
    if (chomp === undefined) throw BEYOND;
    const lines: string[] = [];
    let margin = -1;
    let longestBlank = 0;
    while (this.#next < text.length) {
      const newline = text.indexOf('\n', this.#next);
      const to = newline < 0 ? text.length : newline;
      let start = this.#next;
      while (start < to && text.charCodeAt(start) === SPACE) start += 1;
      const width = start - this.#next;
      if (start < to) {
        if (margin < 0) {
          if (width <= indent) break;
          // Blank lines above that are longer than the margin are an error: the full parser words it.
          if (longestBlank > width) throw BEYOND;
          margin = width;
        } else if (width < margin) {
          if (width > indent) throw BEYOND;
          break;
        }
        lines.push(text.slice(this.#next + margin, to));
      } else if (margin < 0) {
        longestBlank = Math.max(longestBlank, width);
        lines.push('');
      } else lines.push(text.slice(Math.min(this.#next + margin, to), to));
      this.#next = to + 1;
    }
    if (margin < 0) throw BEYOND;
    // Without a newline at its end the last line is a matter of opinion.
    if (this.#next > text.length) throw BEYOND;
    this.#advance();
    let last = lines.length;
    while (last > 0 && lines[last - 1] === '') last -= 1;
    // A line of blanks at the end is content or not by rules of its own.
    if (lines[last - 1]?.trim() === '') throw BEYOND;
    const body = lines.slice(0, last).join('\n');
    if (chomp === '-') return body;
    if (chomp === '+') throw BEYOND;
    return `${body}\n`;
  }
}
