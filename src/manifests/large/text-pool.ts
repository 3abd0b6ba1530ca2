// Texts out of bytes. What was made a short while ago is found again, so that a name that stands in a pod five times is one text, and
// no text holds on to the file it was cut out of.

const SLOTS = 1 << 15;
/** Longer texts hardly repeat. */
const LONGEST = 128;
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class TextPool {
  readonly #texts: string[] = new Array<string>(SLOTS).fill('');
  /** Looked at first: the texts themselves are far apart in memory. */
  readonly #hashes = new Int32Array(SLOTS);

  /** The bytes as a text; undefined when they are not all ASCII. */
  ascii(bytes: Buffer, from: number, to: number): string | undefined {
    let hash = to - from;
    let all = 0;
    for (let i = from; i < to; i++) {
      const code = bytes[i]!;
      all |= code;
      hash = (Math.imul(hash, 31) + code) | 0;
    }
    if (all > 127) return undefined;
    const length = to - from;
    if (length > LONGEST) return bytes.toString('latin1', from, to);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    if (this.#hashes[slot] === hash) {
      const known = this.#texts[slot]!;
      if (known.length === length) {
        let i = 0;
        while (i < length && known.charCodeAt(i) === bytes[from + i]) i += 1;
        if (i === length) return known;
      }
    }
    const text = bytes.toString('latin1', from, to);
    this.#texts[slot] = text;
    this.#hashes[slot] = hash;
    return text;
  }
}

/** The bytes as a text; undefined when they are not UTF-8. */
export function utf8Text(bytes: Buffer, from: number, to: number): string | undefined {
  try {
    return DECODER.decode(bytes.subarray(from, to));
  } catch {
    return undefined;
  }
}
