// The program that benchmarks start: built afresh wherever something that it is made of has changed since.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const BUNDLE = resolve('dist/bin.js');

/** A folder is newer too when something went from it. */
const MADE_OF = ['src', 'scripts/build', 'scripts/build.ts', 'package.json', 'package-lock.json'];

export function buildBundle(): void {
  const built = statSync(BUNDLE, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (MADE_OF.every((path) => newest(path) < built)) return;
  execFileSync('npm', ['run', '-s', 'build'], { stdio: 'inherit' });
}

function newest(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
