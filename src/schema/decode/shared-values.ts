// Equal parts of many objects, decoded once and then shared: pods of one template differ in little more than their names and times.
// A place where values rarely repeat is found out and no longer asked about.
import type { DecodeRun } from './decode-run.ts';

/** After so many values a place has to show that they repeat. */
const TRIAL = 512;
/** One in so many has to be known. */
const WORTHWHILE = 4;

interface Place {
  /** Decoded values by the text of what they were decoded from; absent when the place is given up. */
  known: Map<string, unknown> | undefined;
  asked: number;
  found: number;
  /** The value that came last, and what it is: pods of one template mostly stand together, and to compare is cheaper than to write a text. */
  last: object | undefined;
  lastDecoded: unknown;
  readonly remembered: Remembered;
}

/** So many values are remembered of each type: what stands in one object several times, each with its own content. */
const REMEMBERED = 8;
/** What is known of a remembered value: it came once, it came again, what it was decoded to is kept. */
const [ONCE, AGAIN, KEPT] = [1, 2, 3];

/**
 * The values of one type that came last. A reader of large files gives equal parts of its objects as one value: what comes again is
 * decoded once more, frozen, and from then on known without being looked at.
 */
class Remembered {
  readonly #values: unknown[] = new Array(REMEMBERED).fill(undefined);
  readonly #decoded: unknown[] = new Array(REMEMBERED).fill(undefined);
  readonly #states = new Uint8Array(REMEMBERED);
  /** Whether it came since the place was last looked at for another value. */
  readonly #isUsed = new Uint8Array(REMEMBERED);
  #next = 0;

  /** What this very value was decoded to; undefined when that is not known. Notes that it came. */
  of(value: object): unknown {
    const values = this.#values;
    for (let i = 0; i < REMEMBERED; i++) {
      if (values[i] !== value) continue;
      this.#isUsed[i] = 1;
      if (this.#states[i] === KEPT) return this.#decoded[i];
      this.#states[i] = AGAIN;
      return undefined;
    }
    const place = this.#leastUsed();
    values[place] = value;
    this.#decoded[place] = undefined;
    this.#states[place] = ONCE;
    return undefined;
  }

  #leastUsed(): number {
    while (this.#isUsed[this.#next] === 1) {
      this.#isUsed[this.#next] = 0;
      this.#next = (this.#next + 1) % REMEMBERED;
    }
    const place = this.#next;
    this.#next = (place + 1) % REMEMBERED;
    return place;
  }

  /** Keeps what the value was decoded to, if it came before and that says everything. */
  noteIfClean(value: object, decoded: unknown, run: DecodeRun): void {
    const place = this.#values.indexOf(value);
    if (place < 0 || this.#states[place] !== AGAIN || !isClean(run)) return;
    this.#decoded[place] = Object.freeze(decoded);
    this.#states[place] = KEPT;
  }

  /** Keeps what is frozen already. */
  keep(value: object, decoded: object): void {
    const place = this.#values.indexOf(value);
    if (place < 0) return;
    this.#decoded[place] = decoded;
    this.#states[place] = KEPT;
  }
}

export class SharedValues {
  readonly #places = new Map<object, Place>();
  readonly #remembered = new Map<object, Remembered>();

  rememberedAt(at: object): Remembered {
    let remembered = this.#remembered.get(at);
    if (!remembered) this.#remembered.set(at, (remembered = new Remembered()));
    return remembered;
  }

  /** The value that came last at this place, if it is equal: for what needs no decoding, and may as well be one object. */
  likeLast(at: object, value: object): object {
    let place = this.#places.get(at);
    if (!place) this.#places.set(at, (place = newPlace()));
    if (place.last !== undefined && isEqualJson(place.last, value)) return place.last;
    place.last = value;
    return value;
  }

  #decodeAlone(remembered: Remembered, value: object, run: DecodeRun, decode: () => unknown): unknown {
    const hadGivenEmpty = begin(run);
    const decoded = decode();
    remembered.noteIfClean(value, decoded, run);
    run.hasGivenEmpty ||= hadGivenEmpty;
    return decoded;
  }

  /** What `decode` makes of the value, or what it made of an equal one at this place. Shared lists are frozen. */
  decode(at: object, value: object, run: DecodeRun, decode: () => unknown): unknown {
    let place = this.#places.get(at);
    if (!place) this.#places.set(at, (place = newPlace()));
    const { known, remembered } = place;
    const same = remembered.of(value);
    if (same !== undefined) return same;
    if (!known) return this.#decodeAlone(remembered, value, run, decode);
    if (place.last !== undefined && isEqualJson(place.last, value)) {
      place.last = value;
      remembered.keep(value, place.lastDecoded as object);
      return place.lastDecoded;
    }
    const text = JSON.stringify(value);
    const shared = known.get(text);
    place.asked += 1;
    if (shared !== undefined) {
      place.found += 1;
      place.last = value;
      place.lastDecoded = shared;
      return shared;
    }
    const hadGivenEmpty = begin(run);
    const decoded = decode();
    if (isClean(run) && typeof decoded === 'object' && decoded !== null) {
      known.set(text, Object.freeze(decoded));
      remembered.keep(value, decoded);
      place.last = value;
      place.lastDecoded = decoded;
    }
    run.hasGivenEmpty ||= hadGivenEmpty;
    if (place.asked >= TRIAL && place.found * WORTHWHILE < place.asked) place.known = undefined;
    return decoded;
  }
}

/** Whether two values of JSON say the same, down to the order of keys. */
export function isEqualJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!isEqualJson(a[i], b[i])) return false;
    return true;
  }
  // Numbers that know their text are no plain objects, and are told apart by their texts.
  if (Array.isArray(b) || a.constructor !== Object || b.constructor !== Object) return false;
  const others = Object.keys(b);
  let i = 0;
  for (const key in a)
    if (key !== others[i++] || !isEqualJson((a as JsonObject)[key], (b as JsonObject)[key])) return false;
  return i === others.length;
}

type JsonObject = Readonly<Record<string, unknown>>;

function newPlace(): Place {
  return {
    known: new Map(),
    asked: 0,
    found: 0,
    last: undefined,
    lastDecoded: undefined,
    remembered: new Remembered(),
  };
}

/** Begins something whose notes are its own; answers whether there were any before. */
export function begin(run: DecodeRun): boolean {
  const { hasGivenEmpty } = run;
  run.hasGivenEmpty = false;
  return hasGivenEmpty;
}

/** Whether what was decoded says everything: no error to repeat, no note that goes along with it. */
function isClean({ error, strictErrors, hasGivenEmpty }: DecodeRun): boolean {
  return error === undefined && strictErrors.length === 0 && !hasGivenEmpty;
}
