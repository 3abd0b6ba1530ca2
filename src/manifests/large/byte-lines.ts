// The lines of a large YAML file, out of its bytes: where the reader stands, how far in that line's content is, and texts of it.
// Throws BEYOND for what goes beyond the plain part of YAML.
import { DASH, DELETE, DOT, HASH, NEWLINE, PERCENT, SPACE } from '../character-codes.ts';
import { BEYOND, UNUSUAL } from '../plain/rules.ts';
import { TextPool, utf8Text } from './text-pool.ts';

const SOURCE = '# Source:';

export class ByteLines {
  readonly #pool = new TextPool();
  bytes: Buffer = NO_BYTES;
  /** Behind the last line that counts. */
  end = 0;
  /** The current line: where it begins, how far in its content stands, and where. Indent -1 at the end. */
  line = 0;
  indent = -1;
  at = 0;

  begin(bytes: Buffer, start: number, end: number): void {
    this.bytes = bytes;
    this.end = end;
    this.goTo(start);
  }

  /** Moves to the first line from here on that has content. */
  goTo(line: number): void {
    const bytes = this.bytes;
    let from = line;
    while (from < this.end) {
      const at = this.skipSpaces(from);
      const first = bytes[at]!;
      if (first === NEWLINE) from = at + 1;
      else if (first === HASH) from = this.skipComment(at, at === from);
      else {
        if (at === from) this.#checkLineStart(at, first);
        this.line = from;
        this.indent = at - from;
        this.at = at;
        return;
      }
    }
    this.line = this.end;
    this.indent = -1;
  }

  /** Directives and separators are not for here. */
  #checkLineStart(at: number, first: number): void {
    const bytes = this.bytes;
    if (first === PERCENT) throw BEYOND;
    if ((first === DASH || first === DOT) && bytes[at + 1] === first && bytes[at + 2] === first) throw BEYOND;
  }

  skipSpaces(from: number): number {
    let at = from;
    while (this.bytes[at] === SPACE) at += 1;
    return at;
  }

  /** The end of a line of which nothing counts, the newline with it. */
  skipComment(from: number, isLine = false): number {
    const end = this.lineEnd(from);
    // helm's note says of a document where it comes from.
    if (isLine && this.text(from, end).startsWith(SOURCE)) throw BEYOND;
    return end + 1;
  }

  /** The newline of a line that holds nothing odd. */
  lineEnd(from: number): number {
    const bytes = this.bytes;
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

  text(from: number, to: number): string {
    return this.#pool.ascii(this.bytes, from, to) ?? this.#wideText(from, to);
  }

  #wideText(from: number, to: number): string {
    const text = utf8Text(this.bytes, from, to);
    if (text === undefined || UNUSUAL.test(text)) throw BEYOND;
    return text;
  }

  isItem(): boolean {
    const next = this.bytes[this.at + 1];
    return this.bytes[this.at] === DASH && (next === SPACE || next === NEWLINE);
  }
}

const NO_BYTES = Buffer.alloc(0);

/** What ends a key or a dash. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === NEWLINE;
}

/** The end of a text without the spaces behind it. */
export function trimmed(bytes: Buffer, from: number, to: number): number {
  let end = to;
  while (end > from && bytes[end - 1] === SPACE) end -= 1;
  return end;
}
