// Fits parts of different weight into a number of bytes: what does not fit is left out and counted, never cut in the middle.

export interface Part {
  readonly long: string;
  /** In place of `long` where that does not fit; none when there is no shorter form. */
  readonly short?: string;
}

interface Fitted {
  readonly text: string;
  /** Parts in their shorter form. */
  readonly shortened: number;
  /** Parts left out. */
  readonly cut: number;
}

const encoder = new TextEncoder();

/** Bytes in UTF-8: the unit of a limit, whether it is told in bytes or in characters. */
export function sizeOf(text: string): number {
  return encoder.encode(text).length;
}

/** First room for every part's short form, then for long forms from the front: an early giant does not hide what comes after it. */
export function fit(parts: readonly Part[], bytes: number): Fitted {
  let used = 0;
  const kept: Part[] = [];
  for (const part of parts) {
    const size = sizeOf(part.short ?? part.long);
    if (used + size > bytes) break;
    used += size;
    kept.push(part);
  }
  let shortened = 0;
  const texts = kept.map(({ long, short }) => {
    if (short === undefined) return long;
    const more = sizeOf(long) - sizeOf(short);
    if (used + more <= bytes) {
      used += more;
      return long;
    }
    shortened += 1;
    return short;
  });
  return { text: texts.join(''), shortened, cut: parts.length - kept.length };
}
