// usage: npm run -s conformance -- AREA PATH [OUTDIR]   answers to recorded cases, in the form of the area's recordings
//        npm run -s conformance                          scores the copies under fixtures/conformance and holds the floors
import { writeSync } from 'node:fs';

const AREAS: Readonly<
  Record<string, () => Promise<(path: string, write: (line: string) => void, outDir?: string) => Promise<void>>>
> = {
  validation: async () => (await import('./validation.ts')).runValidation,
  realworld: async () => (await import('./validation.ts')).runValidation,
  scheduling: async () => (await import('./scheduling.ts')).runScheduling,
  hashes: async () => (await import('./hashes.ts')).runHashes,
  apply: async () => (await import('./apply.ts')).runApply,
  convergence: async () => (await import('./convergence.ts')).runConvergence,
  cel: async () => (await import('./cel.ts')).runCel,
  kubectl: async () => (await import('./kubectl.ts')).runKubectl,
};

const [area, path, outDir] = process.argv.slice(2);
if (area === undefined) {
  const { scoreAll } = await import('./score-all.ts');
  process.exitCode = await scoreAll();
} else {
  const load = Object.hasOwn(AREAS, area) ? AREAS[area] : undefined;
  if (!load || path === undefined) {
    process.stderr.write(`usage: npm run -s conformance -- AREA PATH\nareas: ${Object.keys(AREAS).join(', ')}\n`);
    process.exitCode = 1;
  } else {
    await (await load())(path, (line) => writeAll(`${line}\n`), outDir);
  }
}

/** Writes everything even where the pipe takes only a part at a time. */
function writeAll(text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
