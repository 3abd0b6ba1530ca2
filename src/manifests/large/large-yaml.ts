// A large YAML file cut into documents, and Lists into their items, that are read one after another out of a window of the file.
// What cannot be told from the lines alone (a dash that belongs to no item, an anchor) stops it: then the file is read as a whole.
// An optimisation: test/manifests/large/large-file.test.ts proves that it answers as parseManifests does.
import { DASH, HASH, NEWLINE, SPACE } from '../character-codes.ts';
import { hasContent, linesBeforeContent, SEPARATOR, SOURCE } from '../document.ts';
import { readPlainYaml } from '../plain-yaml.ts';
import { parseYamlDocument } from '../yaml-document.ts';
import { type ByteFile, ByteWindow } from './byte-file.ts';
import type { EachObject, LargeDocumentRead, LargeRead } from './large-document.ts';
import { TextDigest } from './text-digest.ts';
import { utf8Text } from './text-pool.ts';
import { YamlItems } from './yaml-items.ts';

const IRREGULAR = Symbol('to be read as a whole');
const LINE_WITH_DASH = Buffer.from('\n-');
/** What stands around the items of a List is short. */
const LONGEST_HEAD = 1 << 20;
const LIST_HEAD = /(?:^|\n)items: *\n$/;
/** What may be the alias of an anchor in another item. */
const ALIAS = /[\s,[{]\*[^\s*'"]/;

export function readLargeYaml(file: ByteFile, capacity: number, each?: EachObject): LargeRead {
  const reader = new LargeYaml(file, capacity, each);
  try {
    return reader.read();
  } catch (thrown) {
    if (thrown === IRREGULAR) return { stoppedAt: reader.reading };
    throw thrown;
  }
}

class LargeYaml {
  readonly #size: number;
  readonly #window: ByteWindow;
  readonly #each: EachObject | undefined;
  readonly #items = new YamlItems();
  readonly #documents: LargeDocumentRead[] = [];
  /** Where the item or document begins that is read. */
  reading = 0;
  #digest = new TextDigest();
  /** Up to where the digest has been told of the bytes. */
  #digested = 0;

  constructor(file: ByteFile, capacity: number, each?: EachObject) {
    this.#size = file.size;
    this.#window = new ByteWindow(file, capacity);
    this.#each = each;
  }

  read(): LargeDocumentRead[] {
    // What is not UTF-8 may be UTF-16; what begins with a mark is left alone with it.
    if (this.#size > 0 && (this.#byte(0)! >= 0xef || this.#byte(0) === 0)) throw IRREGULAR;
    for (let at = 0; at < this.#size; ) {
      const end = this.#document(at);
      at = end < this.#size ? this.#lineEnd(end, end) + 1 : this.#size;
      this.#digest = new TextDigest();
      this.#digested = at;
    }
    return this.#documents;
  }

  /** The document that begins here. Answers where it ends. */
  #document(from: number): number {
    this.reading = from;
    for (let dash = this.#byte(from) === DASH ? from : this.#nextDash(from, from); ; ) {
      if (dash === this.#size || this.#isSeparator(dash, from)) return this.#single(from, dash);
      const head = dash - from <= LONGEST_HEAD ? this.#text(from, dash) : '';
      if (LIST_HEAD.test(head)) return this.#list(from, dash, head);
      dash = this.#nextDash(dash, from);
    }
  }

  /** A List whose first item begins at `first`. */
  #list(from: number, first: number, head: string): number {
    if (this.#byte(first + 1, from) !== SPACE) throw IRREGULAR;
    const items: number[] = [];
    const values: unknown[] = [];
    let at = first;
    for (;;) {
      const next = this.#nextDash(at, at);
      const isLast = next === this.#size || this.#isSeparator(next, at);
      if (!isLast && this.#byte(next + 1, at) !== SPACE) throw IRREGULAR;
      const end = isLast ? this.#endOfItem(at, next) : next;
      items.push(at);
      values.push(this.#item(at, end));
      if (!isLast) {
        at = next;
        continue;
      }
      const tail = this.#text(end, next);
      const around = readPlainYaml(head + tail)?.value;
      if (SOURCE.test(head) || SOURCE.test(tail)) throw IRREGULAR;
      // What is no List is one object, whatever its items are.
      if (
        typeof around !== 'object' ||
        around === null ||
        !String((around as { kind?: unknown }).kind).endsWith('List')
      )
        throw IRREGULAR;
      this.#documents.push({
        from,
        to: next,
        digest: this.#digestTo(next),
        linesBefore: linesBeforeContent(head),
        parsed: { value: { ...around, items: values }, duplicates: [] },
        items,
        itemsEnd: end,
        itemsPath: ['items'],
        itemPath: [0],
      });
      return next;
    }
  }

  #item(from: number, to: number): unknown {
    this.reading = from;
    const { bytes, start } = this.#window;
    const isEnded = bytes[to - start - 1] === NEWLINE;
    const quick = isEnded ? this.#items.read(bytes, from - start, to - start, true) : undefined;
    if (quick) return this.#each?.(quick) ?? quick;
    const text = this.#text(from, to);
    // What the plain part does not hold is read alone, as if another item followed, as long as it needs no other item.
    if (ALIAS.test(text) || SOURCE.test(text)) throw IRREGULAR;
    const { value, duplicates, error } = parseYamlDocument(`${text}${isEnded ? '' : '\n'}- 0\n`);
    if (error || duplicates.length > 0 || !Array.isArray(value) || value.length !== 2) throw IRREGULAR;
    return value[0];
  }

  /** A document between two separators. */
  #single(from: number, to: number): number {
    const { bytes, start } = this.#window;
    const isEnded = bytes[to - start - 1] === NEWLINE;
    const quick = isEnded ? this.#items.read(bytes, from - start, to - start, false) : undefined;
    const text = quick ? '' : this.#text(from, to);
    if (!quick && !hasContent(text)) return to;
    this.#documents.push({
      from,
      to,
      digest: this.#digestTo(to),
      linesBefore:
        text === '' && startsWithContent(bytes[from - start]!) ? 0 : linesBeforeContent(text || this.#text(from, to)),
      origin: SOURCE.exec(text)?.[1],
      parsed: quick ? { value: this.#each?.(quick) ?? quick, duplicates: [] } : parseYamlDocument(text),
      itemPath: [],
    });
    return to;
  }

  /** The next line from here on that begins with a dash, or the end of the file. The bytes from `keep` on stay. */
  #nextDash(from: number, keep: number): number {
    const window = this.#window;
    for (let searched = from; ; ) {
      const found = window.bytes.indexOf(LINE_WITH_DASH, searched - window.start);
      if (found >= 0) return window.start + found + 1;
      if (window.isWhole) return this.#size;
      searched = Math.max(searched, window.end - 1);
      this.#more(keep);
    }
  }

  #more(keep: number): void {
    const window = this.#window;
    this.#tellDigest(keep);
    if (!window.more(keep)) throw IRREGULAR;
  }

  #byte(at: number, keep = at): number | undefined {
    while (at >= this.#window.end && !this.#window.isWhole) this.#more(Math.min(keep, this.#window.end));
    return this.#window.bytes[at - this.#window.start];
  }

  /** The newline that ends this line, or the end of the file. */
  #lineEnd(at: number, keep: number): number {
    for (let i = at; ; i++) if (i >= this.#size || this.#byte(i, keep) === NEWLINE) return i;
  }

  #isSeparator(at: number, keep: number): boolean {
    if (this.#byte(at + 1, keep) !== DASH) return false;
    const line = this.#text(at, this.#lineEnd(at, keep));
    if (line.startsWith('---') && !SEPARATOR.test(line)) throw IRREGULAR;
    return line.startsWith('---');
  }

  /** Where the lines of the last item end: the first line that is further out than its dash is deep. */
  #endOfItem(from: number, to: number): number {
    const { bytes, start } = this.#window;
    for (let at = from; at < to; ) {
      const newline = bytes.indexOf(NEWLINE, at - start);
      at = newline < 0 ? to : Math.min(to, start + newline + 1);
      const first = bytes[at - start];
      if (at < to && first !== SPACE && first !== NEWLINE) return at;
    }
    return to;
  }

  #text(from: number, to: number): string {
    const { bytes, start } = this.#window;
    const text = utf8Text(bytes, from - start, to - start);
    if (text === undefined) throw IRREGULAR;
    return text;
  }

  #tellDigest(to: number): void {
    const { bytes, start } = this.#window;
    if (to > this.#digested) this.#digest.update(bytes.subarray(this.#digested - start, to - start));
    this.#digested = Math.max(to, this.#digested);
  }

  #digestTo(to: number): string {
    this.#tellDigest(to);
    const digest = this.#digest.end();
    if (digest === undefined) throw IRREGULAR;
    return digest;
  }
}

function startsWithContent(first: number): boolean {
  return first !== NEWLINE && first !== SPACE && first !== HASH;
}
