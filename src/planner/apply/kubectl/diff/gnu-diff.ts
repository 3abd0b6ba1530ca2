// The unified diff of two texts as `diff -u` prints it, hunk for hunk.
// Behaviour: GNU diffutils 3.10 src/{analyze,util,context}.c and lib/diffseq.h.
// Differs: texts end with a line break; the give-up heuristics for thousands of changes are left out.
import { byteLength } from '../../../../apimachinery/go/utf8.ts';

const CONTEXT = 3;

interface Side {
  readonly lines: readonly string[];
  /** Lines that are equal have the same number. */
  readonly classes: readonly number[];
  readonly changed: boolean[];
}

/** The hunks with their `@@` lines; empty for equal texts. */
export function unifiedHunks(before: string, after: string): string {
  if (before === after) return '';
  const sides = sidesOf(linesOf(before), linesOf(after));
  const middles = middlesOf(sides);
  markChanges(sides, middles);
  shiftBoundaries(sides, middles);
  return printHunks(sides);
}

function linesOf(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

type Sides = readonly [Side, Side];

function sidesOf(a: readonly string[], b: readonly string[]): Sides {
  const classes = new Map<string, number>();
  const side = (lines: readonly string[]): Side => ({
    lines,
    classes: lines.map((line) => {
      let found = classes.get(line);
      if (found === undefined) classes.set(line, (found = classes.size));
      return found;
    }),
    changed: lines.map(() => false),
  });
  return [side(a), side(b)];
}

/** The part of each side that is compared: equal ends are left out but for some lines around. */
interface Middle {
  readonly from: number;
  readonly to: number;
}

type Middles = readonly [Middle, Middle];

function markChanges(sides: Sides, middles: Middles): void {
  const discarded = discardConfusingLines(sides, middles);
  const kept = [0, 1].map((f) => {
    const { from, to } = middles[f as 0 | 1];
    const indexes: number[] = [];
    for (let i = from; i < to; i++) {
      if (discarded[f as 0 | 1][i - from] === KEEP) indexes.push(i);
      else sides[f as 0 | 1].changed[i] = true;
    }
    return indexes;
  });
  const [x = [], y = []] = kept;
  new Comparison(sides, x, y).compare(0, x.length, 0, y.length);
}

/** As upstream looks at bytes, equal ends may share lines: those that the beginning gives back as context. */
function middlesOf([a, b]: Sides): Middles {
  const shorter = Math.min(a.classes.length, b.classes.length);
  let prefix = 0;
  while (prefix < shorter && a.classes[prefix] === b.classes[prefix]) prefix += 1;
  const from = Math.max(0, prefix - CONTEXT);
  let room = Math.min(bytesOf(a.lines), bytesOf(b.lines)) - bytesOf(a.lines.slice(0, from));
  let suffix = 0;
  for (; suffix < shorter - from && a.classes.at(-1 - suffix) === b.classes.at(-1 - suffix); suffix++) {
    room -= bytesOf(a.lines.slice(-1 - suffix, a.lines.length - suffix));
    if (room < 0) break;
  }
  const end = Math.max(0, suffix - CONTEXT);
  return [
    { from, to: a.classes.length - end },
    { from, to: b.classes.length - end },
  ];
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + byteLength(line) + 1, 0);
}

const KEEP = 0;
const DISCARD = 1;
const PROVISIONAL = 2;
type Fate = typeof KEEP | typeof DISCARD | typeof PROVISIONAL;

/** Lines that match nothing on the other side take no part in the comparison, nor do frequent ones among them. */
function discardConfusingLines(sides: Sides, middles: Middles): readonly [Fate[], Fate[]] {
  const counts = [0, 1].map((f) => {
    const { from, to } = middles[f as 0 | 1];
    const count = new Map<number, number>();
    for (const line of sides[f as 0 | 1].classes.slice(from, to)) count.set(line, (count.get(line) ?? 0) + 1);
    return count;
  });
  const fates = [0, 1].map((f): Fate[] => {
    const { from, to } = middles[f as 0 | 1];
    const many = 5 * rootFactor(Math.floor((to - from) / 64));
    const other = counts[1 - f] as Map<number, number>;
    const found = sides[f as 0 | 1].classes.slice(from, to).map((line): Fate => {
      const matches = other.get(line) ?? 0;
      return matches === 0 ? DISCARD : matches > many ? PROVISIONAL : KEEP;
    });
    settleProvisional(found);
    return found;
  });
  return [fates[0] ?? [], fates[1] ?? []];
}

/** About the square root, as a power of two. */
function rootFactor(size: number): number {
  let factor = 1;
  for (let rest = size >> 2; rest > 0; rest >>= 2) factor *= 2;
  return factor;
}

/** Frequent lines are only left out within a run of lines that match nothing. */
function settleProvisional(fates: Fate[]): void {
  for (let i = 0; i < fates.length; i++) {
    if (fates[i] === PROVISIONAL) fates[i] = KEEP;
    else if (fates[i] === DISCARD) i = settleRun(fates, i);
  }
}

/** Settles the run that starts here; answers where to go on from. */
function settleRun(fates: Fate[], start: number): number {
  let end = start;
  let provisional = 0;
  for (; end < fates.length && fates[end] !== KEEP; end++) if (fates[end] === PROVISIONAL) provisional += 1;
  while (end > start && fates[end - 1] === PROVISIONAL) {
    end -= 1;
    fates[end] = KEEP;
    provisional -= 1;
  }
  const length = end - start;
  if (provisional * 4 > length) {
    for (let j = start; j < end; j++) if (fates[j] === PROVISIONAL) fates[j] = KEEP;
    return start;
  }
  const minimum = rootFactor(length >> 2) + 1;
  let run = 0;
  for (let j = 0; j < length; j++) {
    if (fates[start + j] !== PROVISIONAL) run = 0;
    else {
      run += 1;
      if (run === minimum) j -= run;
      else if (run > minimum) fates[start + j] = KEEP;
    }
  }
  settleEnd(fates, start, length, 1);
  settleEnd(fates, start + length - 1, length, -1);
  return start + length - 1;
}

/** Towards an end of a run provisional lines stay, up to three lines that match nothing or one far enough inside. */
function settleEnd(fates: Fate[], at: number, length: number, step: 1 | -1): void {
  let run = 0;
  for (let j = 0; j < length; j++) {
    const i = at + j * step;
    if (j >= 8 && fates[i] === DISCARD) return;
    if (fates[i] === PROVISIONAL) {
      run = 0;
      fates[i] = KEEP;
    } else if (fates[i] === KEEP) run = 0;
    else run += 1;
    if (run === 3) return;
  }
}

/** The shortest edit script by divide and conquer from both ends. */
class Comparison {
  readonly #sides: Sides;
  readonly #x: readonly number[];
  readonly #y: readonly number[];
  readonly #forward: Int32Array;
  readonly #backward: Int32Array;
  readonly #middle: number;

  constructor(sides: Sides, x: readonly number[], y: readonly number[]) {
    this.#sides = sides;
    this.#x = x;
    this.#y = y;
    const diagonals = x.length + y.length + 3;
    this.#forward = new Int32Array(diagonals);
    this.#backward = new Int32Array(diagonals);
    this.#middle = y.length + 1;
  }

  compare(fromX: number, toX: number, fromY: number, toY: number): void {
    let [xOff, xLim, yOff, yLim] = [fromX, toX, fromY, toY];
    while (xOff < xLim && yOff < yLim && this.#equal(xOff, yOff)) {
      xOff += 1;
      yOff += 1;
    }
    while (xOff < xLim && yOff < yLim && this.#equal(xLim - 1, yLim - 1)) {
      xLim -= 1;
      yLim -= 1;
    }
    if (xOff === xLim) for (let y = yOff; y < yLim; y++) this.#sides[1].changed[this.#y[y] ?? 0] = true;
    else if (yOff === yLim) for (let x = xOff; x < xLim; x++) this.#sides[0].changed[this.#x[x] ?? 0] = true;
    else {
      const [x, y] = this.#midpoint(xOff, xLim, yOff, yLim);
      this.compare(xOff, x, yOff, y);
      this.compare(x, xLim, y, yLim);
    }
  }

  #equal(x: number, y: number): boolean {
    return this.#sides[0].classes[this.#x[x] ?? 0] === this.#sides[1].classes[this.#y[y] ?? 0];
  }

  #midpoint(xOff: number, xLim: number, yOff: number, yLim: number): readonly [number, number] {
    const [fd, bd, at] = [this.#forward, this.#backward, this.#middle];
    const [dMin, dMax] = [xOff - yLim, xLim - yOff];
    const [fMid, bMid] = [xOff - yOff, xLim - yLim];
    let [fMin, fMax, bMin, bMax] = [fMid, fMid, bMid, bMid];
    const isOdd = ((fMid - bMid) & 1) !== 0;
    fd[at + fMid] = xOff;
    bd[at + bMid] = xLim;
    for (;;) {
      if (fMin > dMin) fd[at + --fMin - 1] = -1;
      else fMin += 1;
      if (fMax < dMax) fd[at + ++fMax + 1] = -1;
      else fMax -= 1;
      for (let d = fMax; d >= fMin; d -= 2) {
        const low = fd[at + d - 1] as number;
        const high = fd[at + d + 1] as number;
        let x = low < high ? high : low + 1;
        while (x < xLim && x - d < yLim && this.#equal(x, x - d)) x += 1;
        fd[at + d] = x;
        if (isOdd && bMin <= d && d <= bMax && (bd[at + d] as number) <= x) return [x, x - d];
      }
      if (bMin > dMin) bd[at + --bMin - 1] = LARGEST;
      else bMin += 1;
      if (bMax < dMax) bd[at + ++bMax + 1] = LARGEST;
      else bMax -= 1;
      for (let d = bMax; d >= bMin; d -= 2) {
        const low = bd[at + d - 1] as number;
        const high = bd[at + d + 1] as number;
        let x = low < high ? low : high - 1;
        while (xOff < x && yOff < x - d && this.#equal(x - 1, x - d - 1)) x -= 1;
        bd[at + d] = x;
        if (!isOdd && fMin <= d && d <= fMax && x <= (fd[at + d] as number)) return [x, x - d];
      }
    }
  }
}

const LARGEST = 0x7fffffff;

/** Moves runs of changes as far down as they go within what is compared, or to where the other side changes too. */
function shiftBoundaries(sides: Sides, middles: Middles): void {
  for (const f of [0, 1] as const) {
    const g = f === 0 ? 1 : 0;
    const { changed, classes } = sides[f];
    const other = sides[g].changed;
    const { from, to: end } = middles[f];
    let i = from;
    let j = middles[g].from;
    for (;;) {
      while (i < end && !changed[i]) {
        while (other[j++]);
        i += 1;
      }
      if (i === end) break;
      let start = i;
      while (changed[++i]);
      while (other[j]) j += 1;
      let length: number;
      let corresponding: number;
      do {
        length = i - start;
        while (start > from && classes[start - 1] === classes[i - 1]) {
          changed[--start] = true;
          changed[--i] = false;
          while (changed[start - 1]) start -= 1;
          while (other[--j]);
        }
        corresponding = other[j - 1] ? i : end;
        while (i !== end && classes[start] === classes[i]) {
          changed[start++] = false;
          changed[i++] = true;
          while (changed[i]) i += 1;
          while (other[++j]) corresponding = i;
        }
      } while (length !== i - start);
      while (corresponding < i) {
        changed[--start] = true;
        changed[--i] = false;
        while (other[--j]);
      }
    }
  }
}

interface Change {
  readonly a: number;
  readonly b: number;
  readonly deleted: number;
  readonly inserted: number;
}

function changesOf([{ changed: x }, { changed: y }]: Sides): Change[] {
  const changes: Change[] = [];
  let [i, j] = [0, 0];
  while (i < x.length || j < y.length) {
    const [a, b] = [i, j];
    while (x[i]) i += 1;
    while (y[j]) j += 1;
    if (i > a || j > b) changes.push({ a, b, deleted: i - a, inserted: j - b });
    i += 1;
    j += 1;
  }
  return changes;
}

function printHunks(sides: Sides): string {
  const hunks: Change[][] = [];
  for (const change of changesOf(sides)) {
    const previous = hunks.at(-1)?.at(-1);
    if (previous && change.a - (previous.a + previous.deleted) <= 2 * CONTEXT) hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  return hunks.map((hunk) => printHunk(hunk, sides)).join('');
}

function printHunk(hunk: readonly Change[], [{ lines: x }, { lines: y }]: Sides): string {
  const [first, last] = [hunk[0], hunk.at(-1)];
  if (!first || !last) return '';
  const fromA = Math.max(0, first.a - CONTEXT);
  const fromB = Math.max(0, first.b - CONTEXT);
  const toA = Math.min(x.length, last.a + last.deleted + CONTEXT);
  const toB = Math.min(y.length, last.b + last.inserted + CONTEXT);
  let text = `@@ -${range(fromA, toA)} +${range(fromB, toB)} @@\n`;
  let at = fromA;
  const print = (sign: string, from: readonly string[], start: number, end: number) => {
    for (let i = start; i < end; i++) text += `${sign}${from[i]}\n`;
  };
  for (const { a, b, deleted, inserted } of hunk) {
    print(' ', x, at, a);
    print('-', x, a, a + deleted);
    print('+', y, b, b + inserted);
    at = a + deleted;
  }
  print(' ', x, at, toA);
  return text;
}

/** Lines from one (0-based) up to another, as the head of a hunk names them. */
function range(from: number, to: number): string {
  const length = to - from;
  if (length === 0) return `${from},0`;
  return length === 1 ? String(from + 1) : `${from + 1},${length}`;
}
