// A document of a large file. Its text is read again when somebody asks for it; of an item, only its own lines.
import type { Decoded } from '../decoded.ts';
import type { Document, DocumentPart } from '../document.ts';
import type { YamlDocument } from '../yaml-document.ts';
import type { ByteFile } from './byte-file.ts';
import { FileLines } from './file-lines.ts';

/** What is known of a document when it is read. */
export interface DocumentBounds {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly digest: string;
  /** Blank lines and comments at its start. */
  readonly linesBefore: number;
  readonly origin?: string | undefined;
  /** Where in the document the items are: of a List, `items`. */
  readonly itemsPath?: readonly string[];
  /** Where they begin in the file. */
  readonly items?: readonly number[];
  /** Where the last item ends. */
  readonly itemsEnd?: number;
  /** The step from an item's text to the item: in YAML it stands behind its dash. */
  readonly itemPath: readonly number[];
}

/** What is kept of an object in the place of its value, of which a large cluster has too many. */
export type EachObject = (value: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>> | Decoded;

/** A document as it was read. */
export interface LargeDocumentRead extends Omit<DocumentBounds, 'index'> {
  readonly parsed: YamlDocument;
}

/** What was read of a file, or up to where it could be read piece by piece. */
export type LargeRead = readonly LargeDocumentRead[] | { readonly stoppedAt: number };

/** The documents of one large file. */
export class LargeFile {
  readonly file: string;
  readonly #open: () => ByteFile;
  #lines: FileLines | undefined;

  constructor(file: string, open: () => ByteFile) {
    this.file = file;
    this.#open = open;
  }

  lineOf(at: number): number {
    this.#lines ??= this.#reading((file) => new FileLines(file)) ?? new FileLines(undefined);
    return this.#reading((file) => this.#lines!.lineOf(at, file)) ?? 1;
  }

  /** Characters between the start of the line and this place. */
  columnOf(at: number): number {
    const before = this.text(Math.max(0, at - LONGEST_LINE), at);
    return [...before.slice(before.lastIndexOf('\n') + 1)].length;
  }

  /** Empty when the file can no longer be read, or its text would be longer than a text can be. */
  text(from: number, to: number): string {
    return this.#reading((file) => bytesOf(file, from, to).toString('utf8')) ?? '';
  }

  #reading<T>(read: (file: ByteFile) => T): T | undefined {
    let file: ByteFile | undefined;
    try {
      file = this.#open();
      return read(file);
    } catch {
      return undefined;
    } finally {
      file?.close();
    }
  }
}

const LONGEST_LINE = 4096;

function bytesOf(file: ByteFile, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  for (let length = 0; length < bytes.length; ) {
    const count = file.read(bytes.subarray(length), from + length);
    if (count === 0) throw new Error('it became shorter');
    length += count;
  }
  return bytes;
}

export class LargeDocument implements Document {
  readonly #in: LargeFile;
  readonly #bounds: DocumentBounds;
  readonly file: string;
  readonly index: number;
  readonly digest: string;
  readonly linesBefore: number;
  readonly origin?: string;

  constructor(file: LargeFile, bounds: DocumentBounds) {
    this.#in = file;
    this.#bounds = bounds;
    this.file = file.file;
    this.index = bounds.index;
    this.digest = bounds.digest;
    this.linesBefore = bounds.linesBefore;
    if (bounds.origin !== undefined) this.origin = bounds.origin;
  }

  get line(): number {
    return this.#in.lineOf(this.#bounds.from);
  }

  get text(): string {
    return this.#in.text(this.#bounds.from, this.#bounds.to);
  }

  part(path: readonly (string | number)[]): DocumentPart | undefined {
    const { items = [], itemsPath = [], itemsEnd = 0, itemPath } = this.#bounds;
    const [number, ...rest] = path.slice(itemsPath.length);
    if (itemsPath.some((step, i) => path[i] !== step)) return undefined;
    if (typeof number !== 'number' || number >= items.length) return undefined;
    const from = items[number]!;
    return {
      text: this.#in.text(from, items[number + 1] ?? itemsEnd),
      line: this.#in.lineOf(from),
      column: this.#in.columnOf(from),
      path: [...itemPath, ...rest],
    };
  }
}
