// The unified diff of two texts that Kubernetes prints where a change is not allowed.
// Behaviour: github.com/pmezard/go-difflib/difflib/difflib.go (Ratcliff-Obershelp, popular lines left out), as called by
// [apimachinery]/pkg/util/diff/diff.go, Kubernetes v1.36.3.

const CONTEXT = 3;
/** In longer texts, lines that stand in more than a hundredth of them do not start a match. */
const POPULAR_FROM = 200;

interface Match {
  readonly a: number;
  readonly b: number;
  readonly size: number;
}

interface Change {
  readonly equal: boolean;
  readonly a1: number;
  readonly a2: number;
  readonly b1: number;
  readonly b2: number;
}

export function unifiedDiff(before: string, after: string): string {
  const a = before.split('\n');
  const b = after.split('\n');
  let out = '';
  for (const hunk of hunksOf(changesOf(a, b))) {
    const first = hunk[0];
    const last = hunk.at(-1);
    if (!first || !last) continue;
    out += `@@ -${range(first.a1, last.a2)} +${range(first.b1, last.b2)} @@\n`;
    for (const { equal, a1, a2, b1, b2 } of hunk) {
      for (const line of a.slice(a1, a2)) out += `${equal ? ' ' : '-'}${line}\n`;
      if (!equal) for (const line of b.slice(b1, b2)) out += `+${line}\n`;
    }
  }
  return out;
}

function range(start: number, stop: number): string {
  const length = stop - start;
  if (length === 1) return String(start + 1);
  return `${length === 0 ? start : start + 1},${length}`;
}

function changesOf(a: readonly string[], b: readonly string[]): readonly Change[] {
  const changes: Change[] = [];
  let i = 0;
  let j = 0;
  for (const match of matchingBlocks(a, b)) {
    if (i < match.a || j < match.b) changes.push({ equal: false, a1: i, a2: match.a, b1: j, b2: match.b });
    i = match.a + match.size;
    j = match.b + match.size;
    if (match.size > 0) changes.push({ equal: true, a1: match.a, a2: i, b1: match.b, b2: j });
  }
  return changes;
}

function hunksOf(all: readonly Change[]): readonly (readonly Change[])[] {
  const changes = all.map((change, at): Change => {
    if (!change.equal) return change;
    const { a1, a2, b1, b2 } = change;
    const from = at === 0 ? CONTEXT : a2 - a1;
    const to = at === all.length - 1 ? CONTEXT : a2 - a1;
    const a = Math.max(a1, a2 - from);
    const b = Math.max(b1, b2 - from);
    return { equal: true, a1: a, a2: Math.min(a2, a + to), b1: b, b2: Math.min(b2, b + to) };
  });
  const hunks: Change[][] = [];
  let hunk: Change[] = [];
  for (const change of changes) {
    const { equal, a1, a2, b1, b2 } = change;
    if (!equal || a2 - a1 <= 2 * CONTEXT) {
      hunk.push(change);
      continue;
    }
    hunk.push({ equal, a1, a2: a1 + CONTEXT, b1, b2: b1 + CONTEXT });
    hunks.push(hunk);
    hunk = [{ equal, a1: a2 - CONTEXT, a2, b1: b2 - CONTEXT, b2 }];
  }
  hunks.push(hunk);
  return hunks.filter((changed) => changed.some(({ equal }) => !equal));
}

/** The lines from a1 up to a2 of one text, and from b1 up to b2 of the other. */
interface Region {
  readonly a1: number;
  readonly a2: number;
  readonly b1: number;
  readonly b2: number;
}

/** Equal runs in order, neighbours joined, closed by an empty one at the end of both. */
function matchingBlocks(a: readonly string[], b: readonly string[]): readonly Match[] {
  const positions = positionsOf(b);
  const found: Match[] = [];
  const search = (region: Region): void => {
    const { a1, a2, b1, b2 } = region;
    const match = longestMatch(a, b, region, positions);
    if (match.size === 0) return;
    if (a1 < match.a && b1 < match.b) search({ a1, a2: match.a, b1, b2: match.b });
    found.push(match);
    const aEnd = match.a + match.size;
    const bEnd = match.b + match.size;
    if (aEnd < a2 && bEnd < b2) search({ a1: aEnd, a2, b1: bEnd, b2 });
  };
  search({ a1: 0, a2: a.length, b1: 0, b2: b.length });
  const blocks: Match[] = [];
  for (const next of found) {
    const last = blocks.at(-1);
    if (last && last.a + last.size === next.a && last.b + last.size === next.b) {
      blocks[blocks.length - 1] = { ...last, size: last.size + next.size };
    } else blocks.push(next);
  }
  return [...blocks, { a: a.length, b: b.length, size: 0 }];
}

function positionsOf(lines: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const positions = new Map<string, number[]>();
  lines.forEach((line, i) => {
    const known = positions.get(line);
    if (known) known.push(i);
    else positions.set(line, [i]);
  });
  if (lines.length < POPULAR_FROM) return positions;
  const limit = Math.floor(lines.length / 100) + 1;
  for (const [line, at] of positions) if (at.length > limit) positions.delete(line);
  return positions;
}

function longestMatch(
  a: readonly string[],
  b: readonly string[],
  { a1, a2, b1, b2 }: Region,
  positions: ReadonlyMap<string, readonly number[]>,
): Match {
  let best: Match = { a: a1, b: b1, size: 0 };
  // Length of the match that ends with the previous line of a and this line of b.
  let lengths = new Map<number, number>();
  for (let i = a1; i < a2; i++) {
    const next = new Map<number, number>();
    for (const j of positions.get(a[i] ?? '') ?? []) {
      if (j < b1) continue;
      if (j >= b2) break;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      next.set(j, size);
      if (size > best.size) best = { a: i - size + 1, b: j - size + 1, size };
    }
    lengths = next;
  }
  // Popular lines were not in the map: the match may grow over them.
  let { a: start, b: bStart, size } = best;
  while (start > a1 && bStart > b1 && a[start - 1] === b[bStart - 1]) {
    start--;
    bStart--;
    size++;
  }
  while (start + size < a2 && bStart + size < b2 && a[start + size] === b[bStart + size]) size++;
  return { a: start, b: bStart, size };
}
