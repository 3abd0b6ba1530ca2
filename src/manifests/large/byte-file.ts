// A file that is read piece by piece: of a large one there is never a text of the whole.

/** A file as the caller grants it; its size is known and stays. */
export interface ByteFile {
  readonly size: number;
  /** Fills the bytes from this place of the file on; answers how many there were. */
  read(into: Uint8Array, from: number): number;
  close(): void;
}

export const CAPACITY = 8 * 1024 * 1024;
/** What must be looked at as a whole may not be larger. */
const MOST = 512 * 1024 * 1024;

/** The part of a file that is looked at. Places are counted from the start of the file. */
export class ByteWindow {
  readonly #file: ByteFile;
  #space: Buffer;
  /** The bytes there are now, from `start` of the file to `end`. */
  bytes: Buffer;
  start = 0;
  end = 0;

  constructor(file: ByteFile, capacity: number) {
    this.#file = file;
    this.#space = Buffer.allocUnsafeSlow(Math.min(capacity, file.size));
    this.bytes = this.#space.subarray(0, 0);
    this.#fill();
  }

  get isWhole(): boolean {
    return this.end >= this.#file.size;
  }

  /** Reads further on, and lets go of what is before `keep`. False when there is no more, or no room for it. */
  more(keep: number): boolean {
    if (this.isWhole) return false;
    const kept = this.bytes.subarray(keep - this.start);
    if (kept.length === this.#space.length) {
      if (kept.length >= MOST) return false;
      this.#space = Buffer.allocUnsafeSlow(kept.length * 2);
    }
    kept.copy(this.#space);
    this.start = keep;
    this.#fill();
    return true;
  }

  #fill(): void {
    let length = this.end - this.start;
    while (length < this.#space.length && this.start + length < this.#file.size) {
      const count = this.#file.read(this.#space.subarray(length), this.start + length);
      if (count === 0) throw new Error('it became shorter while it was read');
      length += count;
    }
    this.end = this.start + length;
    this.bytes = this.#space.subarray(0, length);
  }
}
