// The lines of a unified diff between the two sides of a change.
import { structuredPatch } from 'diff';
import type { Documents } from './documents.ts';

export const CONTEXT = 3;

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
  return structuredPatch('', '', before, after, '', '', { context }).hunks.map(
    ({ oldStart, oldLines, newStart, newLines, lines }) => ({
      head: `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@`,
      lines,
    }),
  );
}

function oneSided(before: string, after: string): Hunk {
  const lines = (before || after).replace(/\n$/, '').split('\n');
  const all = range(1, lines.length);
  return before === ''
    ? { head: `@@ -0,0 +${all} @@`, lines: lines.map((line) => `+${line}`) }
    : { head: `@@ -${all} +0,0 @@`, lines: lines.map((line) => `-${line}`) };
}

/** GNU diff leaves a length of one out. */
function range(start: number, length: number): string {
  return length === 1 ? String(start) : `${length === 0 ? Math.max(0, start - 1) : start},${length}`;
}
