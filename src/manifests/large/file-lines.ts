// On which line a place of a large file stands: counted when somebody asks, and kept by blocks.
import { NEWLINE } from '../character-codes.ts';
import type { ByteFile } from './byte-file.ts';

const BLOCK = 1 << 20;

export class FileLines {
  /** Lines that end before each block. */
  readonly #before: number[] = [0];
  readonly #block = Buffer.allocUnsafeSlow(BLOCK);
  #blockAt = -1;
  #blockLength = 0;

  constructor(file: ByteFile | undefined) {
    for (let at = 0; file && at < file.size; at += BLOCK) {
      this.#load(at, file);
      this.#before.push(this.#before.at(-1)! + this.#countTo(this.#blockLength));
    }
  }

  lineOf(at: number, file: ByteFile): number {
    const block = Math.floor(at / BLOCK);
    this.#load(block * BLOCK, file);
    return (this.#before[block] ?? 0) + this.#countTo(at - block * BLOCK) + 1;
  }

  #load(at: number, file: ByteFile): void {
    if (this.#blockAt === at) return;
    this.#blockAt = at;
    this.#blockLength = 0;
    while (this.#blockLength < BLOCK) {
      const count = file.read(this.#block.subarray(this.#blockLength), at + this.#blockLength);
      if (count === 0) break;
      this.#blockLength += count;
    }
  }

  #countTo(end: number): number {
    let count = 0;
    for (let i = 0; i < Math.min(end, this.#blockLength); i++) if (this.#block[i] === NEWLINE) count += 1;
    return count;
  }
}
