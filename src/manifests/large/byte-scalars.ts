// Keys and scalars of a large YAML file, out of its bytes: plain and quoted ones, folded over several lines as kubectl prints them,
// literals, and flow collections on one line. Leaves the lines behind what was read.
import {
  APOSTROPHE,
  BACKSLASH,
  COLON,
  DASH,
  DELETE,
  DOT,
  HASH,
  NEWLINE,
  OPENING_BRACKET,
  QUOTE,
  SPACE,
  UNDERSCORE,
} from '../character-codes.ts';
import { FlowReader } from '../plain/flow-reader.ts';
import { BEYOND, finite, KEY_WORDS } from '../plain/rules.ts';
import { resolvePlainScalar } from '../yaml-scalar.ts';
import { type ByteLines, isBlank, trimmed } from './byte-lines.ts';
import { foldedDouble, foldedSingle } from './folded-text.ts';

/** What a plain scalar must not begin with: `[]{},#&*!|>'"%@`?:`. */
const INDICATORS = new Uint8Array(256);
for (const character of '[]{},#&*!|>\'"%@`?:') INDICATORS[character.charCodeAt(0)] = 1;
/** Longer keys are none that a colon alone makes a key. */
const LONGEST_KEY = 512;
const JSON_ESCAPES = '"\\/bfnrtu';

export class ByteScalars {
  readonly #lines: ByteLines;
  /** Behind the colon of the key that was read last, and the character that follows it. */
  keyEnd = 0;

  constructor(lines: ByteLines) {
    this.#lines = lines;
  }

  /** The key that begins here; undefined when none does. */
  key(start: number): string | undefined {
    const bytes = this.#lines.bytes;
    const first = bytes[start]!;
    let end = start + 1;
    if (first === QUOTE || first === APOSTROPHE) {
      for (; bytes[end] !== first; end++) {
        const code = bytes[end]!;
        if (code === NEWLINE || (code === BACKSLASH && first === QUOTE)) return undefined;
        if (code < SPACE || code === DELETE) throw BEYOND;
      }
      if (bytes[end + 1] !== COLON || !isBlank(bytes[end + 2]!)) return undefined;
      this.keyEnd = end + 3;
      const quoted = this.#lines.text(start + 1, end);
      if (quoted === '__proto__' || quoted.length > LONGEST_KEY) throw BEYOND;
      return quoted;
    }
    // Letters, an underscore, a point.
    if (!((first >= 97 && first <= 122) || (first >= 65 && first <= 90) || first === UNDERSCORE || first === DOT))
      return undefined;
    for (; ; end++) {
      const code = bytes[end]!;
      if (code === COLON && isBlank(bytes[end + 1]!)) break;
      if (code <= SPACE || code >= DELETE || code === HASH) return undefined;
    }
    this.keyEnd = end + 2;
    const name = this.#lines.text(start, end);
    if (KEY_WORDS.has(name) || name.length > LONGEST_KEY) throw BEYOND;
    if (first === DOT && resolvePlainScalar(name) !== name) throw BEYOND;
    return name;
  }

  plain(at: number, indent: number): unknown {
    const bytes = this.#lines.bytes;
    const first = bytes[at]!;
    if (INDICATORS[first] === 1 || (first === DASH && isBlank(bytes[at + 1]!))) throw BEYOND;
    const end = this.#plainEnd(at);
    const isCommented = bytes[end] === HASH;
    const text = this.#lines.text(at, trimmed(bytes, at, end));
    let next = isCommented ? this.#lines.skipComment(end) : end + 1;
    this.#lines.goTo(next);
    if (this.#lines.indent <= indent) return finite(resolvePlainScalar(text));
    if (isCommented) throw BEYOND;
    let folded = text;
    while (this.#lines.indent > indent) {
      // Comments end a scalar.
      for (let i = next; i < this.#lines.line; i++) if (bytes[i] === HASH) throw BEYOND;
      const breaks = count(bytes, NEWLINE, next, this.#lines.line);
      const below = this.#plainEnd(this.#lines.at);
      if (bytes[below] === HASH) throw BEYOND;
      folded += `${breaks === 0 ? ' ' : '\n'.repeat(breaks)}${this.#lines.text(this.#lines.at, trimmed(bytes, this.#lines.at, below))}`;
      next = below + 1;
      this.#lines.goTo(next);
    }
    return finite(resolvePlainScalar(folded));
  }

  /** The newline or the comment that ends a plain scalar on this line. */
  #plainEnd(from: number): number {
    const bytes = this.#lines.bytes;
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

  quoted(at: number, indent: number, quote: number): string {
    const bytes = this.#lines.bytes;
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
        if (code !== NEWLINE || end + 1 >= this.#lines.end) throw BEYOND;
        hasBreaks = true;
        const content = this.#lines.skipSpaces(end + 1);
        if (bytes[content] !== NEWLINE && content - end - 1 <= indent) throw BEYOND;
      }
    }
    const after = this.#lines.skipSpaces(end + 1);
    if (bytes[after] === HASH && after > end + 1) this.#lines.goTo(this.#lines.skipComment(after));
    else if (bytes[after] === NEWLINE) this.#lines.goTo(after + 1);
    else throw BEYOND;
    const raw = this.#lines.text(at + 1, end);
    if (!hasEscapes && !hasBreaks) return raw;
    if (quote === APOSTROPHE) return foldedSingle(raw);
    if (hasBreaks) return foldedDouble(raw);
    return jsonText(raw);
  }

  /** A flow collection that begins and ends on this line. */
  flow(at: number): unknown {
    const bytes = this.#lines.bytes;
    // `{}` and `[]` end two characters after their opening.
    if (bytes[at + 1] === bytes[at]! + 2 && bytes[at + 2] === NEWLINE) {
      this.#lines.goTo(at + 3);
      return bytes[at] === OPENING_BRACKET ? [] : {};
    }
    const end = this.#lines.lineEnd(at);
    const text = this.#lines.text(at, trimmed(bytes, at, end));
    const reader = new FlowReader(text, 0, text.length, undefined);
    const value = reader.value(0);
    reader.expectEnd();
    this.#lines.goTo(end + 1);
    return value;
  }

  /** `|` with its lines below: taken as they stand, less their common indent. */
  literal(at: number, indent: number): string {
    const bytes = this.#lines.bytes;
    const isStripped = bytes[at + 1] === DASH;
    let next = at + (isStripped ? 2 : 1);
    if (bytes[next] !== NEWLINE) throw BEYOND;
    next += 1;
    const lines: string[] = [];
    let margin = -1;
    let longestBlank = 0;
    while (next < this.#lines.end) {
      const start = this.#lines.skipSpaces(next);
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
      const end = isEmpty ? start : this.#lines.lineEnd(start);
      if (margin < 0) {
        longestBlank = Math.max(longestBlank, width);
        lines.push('');
      } else lines.push(this.#lines.text(Math.min(next + margin, end), end));
      next = end + 1;
    }
    if (margin < 0) throw BEYOND;
    this.#lines.goTo(next);
    let last = lines.length;
    while (last > 0 && lines[last - 1] === '') last -= 1;
    // A line of blanks at the end is content or not by rules of its own.
    if (lines[last - 1]?.trim() === '') throw BEYOND;
    const body = last === 1 ? lines[0]! : lines.slice(0, last).join('\n');
    return isStripped ? body : `${body}\n`;
  }
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
