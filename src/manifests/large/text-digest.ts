// The digest of a text without the white space around it, out of its bytes as they are read: what src/planner/changes/digests.ts makes
// of the whole text.
import { createHash } from 'node:crypto';
import { CARRIAGE_RETURN, NEWLINE, SPACE, TAB } from '../character-codes.ts';

/** So many bytes at the end may be white space. */
const HELD = 256;
/** White space as trim() knows it, byte by byte; what Kubernetes' formats do not allow is left out. */
const SPACE_AT_END = /(?:[ \n\r\t]|\xc2\xa0|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xaf]|\xe2\x81\x9f|\xe3\x80\x80)+$/;

export class TextDigest {
  readonly #hash = createHash('sha256');
  #isStarted = false;
  #held = Buffer.alloc(0);

  update(piece: Buffer): void {
    let bytes = piece;
    if (!this.#isStarted) {
      let first = 0;
      while (first < bytes.length && isBlank(bytes[first]!)) first += 1;
      if (first === bytes.length) return;
      bytes = bytes.subarray(first);
      this.#isStarted = true;
    }
    const all = bytes.length < HELD ? Buffer.concat([this.#held, bytes]) : bytes;
    if (all === bytes) this.#hash.update(this.#held);
    const end = Math.max(0, all.length - HELD);
    this.#hash.update(all.subarray(0, end));
    this.#held = Buffer.from(all.subarray(end));
  }

  /** Undefined when too much white space is at the end. */
  end(): string | undefined {
    const held = this.#held.toString('latin1');
    const found = SPACE_AT_END.exec(held);
    if (found?.index === 0) return undefined;
    return this.#hash.update(this.#held.subarray(0, found?.index)).digest('hex');
  }
}

/** White space of JSON and YAML. */
export function isBlank(code: number): boolean {
  return code === SPACE || code === NEWLINE || code === CARRIAGE_RETURN || code === TAB;
}
