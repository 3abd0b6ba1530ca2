// The lines of a unified diff between the two sides of a change.
import { structuredPatch } from 'diff';
import type { Documents } from './documents.ts';

export const CONTEXT = 3;

/** Lines added and removed beyond which the smallest difference would take seconds to find. */
const MOST_EDITS = 2_000;

export interface Hunk {
  /** `@@ -1,7 +1,8 @@` */
  readonly head: string;
  /** With the sign in front. */
  readonly lines: readonly string[];
}

export function hunksOf({ before, after }: Documents, context = CONTEXT): Hunk[] {
  if (before === after) return [];
  // A side alone needs no comparison, and none of its cost.
  if (before === '' || after === '') return [oneSided(before, after)];
  const patch = structuredPatch('', '', before, after, '', '', { context, maxEditLength: MOST_EDITS });
  if (patch === undefined) return [replaced(linesOf(before), linesOf(after), context)];
  return patch.hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    head: `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
    lines,
  }));
}

/** One hunk from the first line that differs to the last. */
function replaced(before: readonly string[], after: readonly string[], context: number): Hunk {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const from = Math.max(0, start - context);
  const tail = Math.max(0, end - context);
  const [oldTo, newTo] = [before.length - tail, after.length - tail];
  return {
    head: `@@ -${range(from + 1, oldTo - from)} +${range(from + 1, newTo - from)} @@`,
    lines: [
      ...before.slice(from, start).map((line) => ` ${line}`),
      ...before.slice(start, before.length - end).map((line) => `-${line}`),
      ...after.slice(start, after.length - end).map((line) => `+${line}`),
      ...before.slice(before.length - end, oldTo).map((line) => ` ${line}`),
    ],
  };
}

function linesOf(text: string): string[] {
  return text.replace(/\n$/, '').split('\n');
}

function oneSided(before: string, after: string): Hunk {
  const lines = linesOf(before || after);
  const all = range(1, lines.length);
  return before === ''
    ? { head: `@@ -0,0 +${all} @@`, lines: lines.map((line) => `+${line}`) }
    : { head: `@@ -${all} +0,0 @@`, lines: lines.map((line) => `-${line}`) };
}

/** GNU diff leaves a length of one out. */
function range(start: number, length: number): string {
  return length === 1 ? String(start) : `${length === 0 ? Math.max(0, start - 1) : start},${length}`;
}
