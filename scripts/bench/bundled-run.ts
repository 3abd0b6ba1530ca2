// Runs an entry point bundled as the program is published: functions keep no names at run time there, which costs where many are made.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** `entry`: its path from the root of the project. */
export async function runBundled(entry: string, args: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join('node_modules', '.bench-'));
  try {
    await build({
      entryPoints: [entry],
      outfile: join(folder, 'run.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
      },
    });
    execFileSync(process.execPath, [join(folder, 'run.mjs'), ...args], { stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
