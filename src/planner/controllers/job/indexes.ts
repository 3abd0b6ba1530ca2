// Sets of completion indexes as ordered intervals and as the text of the Job's status: "0-2,5,7,8".
// Behaviour: pkg/controller/job/indexed_job_utils.go, Kubernetes v1.36.3.
import { parseGoInt } from '../../../apimachinery/go/int.ts';

interface Interval {
  readonly first: number;
  readonly last: number;
}

export type Indexes = readonly Interval[];

export const NO_INDEXES: Indexes = [];

/** The union of an ordered set and of indexes in any order. */
export function withIndexes(indexes: Indexes, added: Iterable<number>): Indexes {
  const singles = [...new Set(added)].sort((a, b) => a - b).map((index) => ({ first: index, last: index }));
  return singles.length === 0 ? indexes : union(indexes, singles);
}

export function union(a: Indexes, b: Indexes): Indexes {
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of [...a, ...b].sort((x, y) => x.first - y.first)) {
    const previous = merged.at(-1);
    if (previous === undefined || first > previous.last + 1) merged.push({ first, last });
    else previous.last = Math.max(previous.last, last);
  }
  return merged;
}

export function countIndexes(indexes: Indexes): number {
  return indexes.reduce((count, { first, last }) => count + last - first + 1, 0);
}

export function hasIndex(indexes: Indexes, index: number): boolean {
  return indexes.some(({ first, last }) => first <= index && index <= last);
}

/** Two neighbours are listed, three and more are a range. */
export function formatIndexes(indexes: Indexes): string {
  return indexes
    .map(({ first, last }) => (last === first ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`))
    .join(',');
}

/** Reads the text, leaving out what does not read and indexes beyond the Job's completions. */
export function parseIndexes(text: string, completions: number): Indexes {
  const indexes: { first: number; last: number }[] = [];
  for (const part of text === '' ? [] : text.split(',')) {
    const [start = '', end] = part.split('-');
    const first = atoi(start);
    if (first === undefined) continue;
    if (first >= completions) break;
    const limit = end === undefined ? first : atoi(end);
    if (limit === undefined) continue;
    const last = end === undefined ? first : Math.min(limit, completions - 1);
    const previous = indexes.at(-1);
    if (previous?.last === first - 1) previous.last = last;
    else indexes.push({ first, last });
  }
  return indexes;
}

export function atoi(text: string): number | undefined {
  const parsed = parseGoInt(text, 64, 'Atoi');
  return parsed.ok ? Number(parsed.value) : undefined;
}

/** The lowest indexes that are in none of the sets. */
export function firstMissing(taken: Indexes, count: number, completions: number): readonly number[] {
  const missing: number[] = [];
  let candidate = 0;
  for (const { first, last } of [...taken, { first: completions, last: completions }]) {
    for (; candidate < Math.min(first, completions) && missing.length < count; candidate++) missing.push(candidate);
    candidate = Math.max(candidate, last + 1);
  }
  return missing;
}

/** How many indexes of one set are in the other. */
export function overlap(a: Indexes, b: Indexes): number {
  let count = 0;
  for (const x of a) for (const y of b) count += Math.max(Math.min(x.last, y.last) - Math.max(x.first, y.first) + 1, 0);
  return count;
}
