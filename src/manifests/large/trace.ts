// What was read of the item before, entry by entry, with the bytes that it was read from. Items of an exported cluster mostly differ
// in names and times: where the bytes are the same, what was made of them is taken as it is, and so equal parts are one value.

/** The entries of one map or list in the bytes of the item before. */
export class Trace {
  readonly isList: boolean;
  /** Empty texts in lists. */
  readonly keys: string[] = [];
  readonly values: unknown[] = [];
  /** Of values that are maps or lists with entries of their own. */
  readonly inner: (Trace | undefined)[] = [];
  /** Where each entry begins and ends, from the start of the trace. */
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  /** Where the inner trace begins, from the start of the entry. */
  readonly innerStarts: number[] = [];
  /** Where the key is over, from the start of the entry. */
  readonly keyEnds: number[] = [];

  /** What was made of the entries of a map; absent while that is not known, or where a key stands twice. */
  map: Record<string, unknown> | undefined;

  /** How far in the entries stand, where that says what belongs to them. */
  readonly indent: number;

  constructor(isList: boolean, indent: number) {
    this.isList = isList;
    this.indent = indent;
  }

  /** The first entries alone. */
  first(count: number): Trace {
    const copy = new Trace(this.isList, this.indent);
    for (let i = 0; i < count; i++) copy.copy(i, this, i);
    return copy;
  }

  copy(to: number, trace: Trace, from: number): void {
    this.keys[to] = trace.keys[from]!;
    this.values[to] = trace.values[from];
    this.inner[to] = trace.inner[from];
    this.starts[to] = trace.starts[from]!;
    this.ends[to] = trace.ends[from]!;
    this.innerStarts[to] = trace.innerStarts[from]!;
    this.keyEnds[to] = trace.keyEnds[from]!;
  }

  cutTo(count: number): void {
    if (this.starts.length === count) return;
    this.keys.length = count;
    this.values.length = count;
    this.inner.length = count;
    this.starts.length = count;
    this.ends.length = count;
    this.innerStarts.length = count;
    this.keyEnds.length = count;
  }
}

/** The entries of a map or list as they are read, beside those that stood in its place in the item before. */
export class Entries {
  readonly #compared: Comparison;
  readonly #given: Trace | undefined;
  readonly #givenStart: number;
  readonly #known: number;
  readonly #base: number;
  /** Written over the trace given, from its start, as long as the entries are the same ones. */
  #out: Trace;
  #count = 0;
  /** The entry of the trace given that is next. */
  #from = 0;
  /** Whether that entry is the one that is read now. */
  isKnown = false;
  /** Where the bytes stop to agree with those of the entry begun and what follows it. */
  #agreesTo = 0;
  /** Places of the entries that are as they were but for their values. */
  #changed: number[] | undefined;

  /** `base`: where the first entry begins; `givenStart`: where it did in the item before. */
  constructor(
    compared: Comparison,
    isList: boolean,
    indent: number,
    base: number,
    given: Trace | undefined,
    givenStart: number,
  ) {
    this.#compared = compared;
    this.#base = base;
    this.#given = given?.isList === isList && given.indent === indent ? given : undefined;
    this.#givenStart = givenStart;
    this.#known = this.#given ? this.#given.starts.length : 0;
    this.#out = this.#given ?? new Trace(isList, indent);
  }

  /** Begins an entry. Answers how long it is when it is as it was before, and -1 otherwise. */
  begin(start: number): number {
    const from = this.#from;
    this.isKnown = false;
    if (from >= this.#known) return -1;
    const given = this.#given!;
    const entryStart = given.starts[from]!;
    this.#agreesTo = this.#compared.sameUntil(start, this.#givenStart + entryStart);
    const same = this.#agreesTo - start;
    this.isKnown = same >= given.keyEnds[from]!;
    const length = given.ends[from]! - entryStart;
    return same >= length ? length : -1;
  }

  /** Of a known entry. */
  get key(): string {
    return this.#given!.keys[this.#from]!;
  }

  get keyEnd(): number {
    return this.#given!.keyEnds[this.#from]!;
  }

  get inner(): Trace | undefined {
    return this.isKnown ? this.#given!.inner[this.#from] : undefined;
  }

  /** Where the inner trace begins in the item before. */
  get innerStart(): number {
    if (!this.isKnown) return 0;
    const given = this.#given!;
    return this.#givenStart + given.starts[this.#from]! + given.innerStarts[this.#from]!;
  }

  /** Finds the entry of this key among those to come. */
  find(key: string): void {
    const found = this.#from < this.#known ? this.#given!.keys.indexOf(key, this.#from) : -1;
    if (found < 0) return;
    this.#from = found;
    this.isKnown = true;
  }

  /**
   * Takes the entry begun and those that follow it, each as it was, as long as the next one begins as it did: then the one before it
   * is over. Answers where the first one begins that was not taken.
   */
  takeRun(start: number): number {
    const given = this.#given!;
    const { starts, ends } = given;
    const shift = start - this.#base - starts[this.#from]!;
    let at = start;
    while (this.#from + 1 < this.#known) {
      const from = this.#from;
      const next = at + starts[from + 1]! - starts[from]!;
      if (next + 2 > this.#agreesTo) break;
      if (this.#out !== given || this.#count !== from) this.take(at, ends[from]! - starts[from]!);
      else {
        starts[from] = starts[from]! + shift;
        ends[from] = ends[from]! + shift;
        this.#count += 1;
        this.#from += 1;
      }
      at = next;
    }
    return at;
  }

  /** Takes the entry as it was before. */
  take(start: number, length: number): void {
    this.#leaveGiven(true);
    const i = this.#count++;
    if (this.#out !== this.#given) this.#out.copy(i, this.#given!, this.#from);
    this.#out.starts[i] = start - this.#base;
    this.#out.ends[i] = start - this.#base + length;
    this.#from += 1;
  }

  /** Notes the entry as it is now. */
  put(
    key: string,
    value: unknown,
    start: number,
    end: number,
    keyEnd: number,
    inner: Trace | undefined,
    innerStart: number,
  ): void {
    this.#leaveGiven(this.isKnown);
    const i = this.#count++;
    const out = this.#out;
    out.keys[i] = key;
    out.values[i] = value;
    out.inner[i] = inner;
    out.starts[i] = start - this.#base;
    out.ends[i] = end - this.#base;
    out.innerStarts[i] = innerStart - start;
    out.keyEnds[i] = keyEnd - start;
    if (out === this.#given) (this.#changed ??= []).push(i);
    if (this.isKnown) this.#from += 1;
  }

  /** Whether an entry of this key was read already. */
  has(key: string): boolean {
    return this.#count > 0 && this.#out.keys.lastIndexOf(key, this.#count - 1) >= 0;
  }

  /** An entry that came in between or went must not write over those that are still compared with. */
  #leaveGiven(isKnown: boolean): void {
    if (this.#out === this.#given && !(isKnown && this.#from === this.#count)) this.#out = this.#out.first(this.#count);
  }

  end(): Trace {
    this.#out.cutTo(this.#count);
    return this.#out;
  }

  /** The values of a list. */
  list(): unknown[] {
    return this.#out.values.slice(0, this.#count);
  }

  /** The map that the entries make: a copy of the one before with other values, where the keys are the same in the same order. */
  map(): Record<string, unknown> {
    const out = this.#out;
    const { keys, values } = out;
    const isAlike = out === this.#given && this.#count === this.#known && out.map !== undefined;
    const map: Record<string, unknown> = isAlike ? { ...out.map } : {};
    if (!isAlike) for (let i = 0; i < this.#count; i++) map[keys[i]!] = values[i];
    else if (this.#changed) for (const i of this.#changed) map[keys[i]!] = values[i];
    out.map = isAlike || Object.keys(map).length === this.#count ? map : undefined;
    return map;
  }
}

/** The item before and the item that is read now, as bytes, and how far the two agree. */
export class Comparison {
  bytes: Buffer = Buffer.alloc(0);
  end = 0;
  #view = viewOf(this.bytes);
  #last = Buffer.alloc(1 << 14);
  #lastView = viewOf(this.#last);
  #lastLength = 0;
  /** From and to where the bytes agree with those of the item before that stand `delta` earlier. */
  #delta = 0;
  #from = 0;
  #to = -1;

  begin(bytes: Buffer, end: number): void {
    if (bytes !== this.bytes) {
      this.bytes = bytes;
      this.#view = viewOf(bytes);
    }
    this.end = end;
    this.#to = -1;
  }

  /** Where the bytes from `at` stop to be those of the item before from `before`. */
  sameUntil(at: number, before: number): number {
    const delta = at - before;
    if (delta === this.#delta && at >= this.#from && at <= this.#to) return this.#to;
    const { bytes } = this;
    const last = this.#last;
    const stop = Math.min(this.end, this.#lastLength + delta);
    const wide = stop - 3;
    let i = at;
    while (i < wide && this.#view.getInt32(i, true) === this.#lastView.getInt32(i - delta, true)) i += 4;
    while (i < stop && bytes[i] === last[i - delta]) i += 1;
    this.#delta = delta;
    this.#from = at;
    this.#to = i;
    return i;
  }

  /** Keeps the item for the one that comes after it. */
  keep(start: number, end: number): void {
    const length = end - start;
    if (length > this.#last.length) {
      this.#last = Buffer.alloc(length * 2);
      this.#lastView = viewOf(this.#last);
    }
    this.bytes.copy(this.#last, 0, start, end);
    this.#lastLength = length;
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
