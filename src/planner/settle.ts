// Lets a world come to rest, within bounds.
import type { Diagnostic } from '../apimachinery/diagnostic.ts';
import type { RunResult } from './engine/engine.ts';
import type { World } from './world.ts';

/** Bounds of one settling: a day of simulated time, and more syncs than any cluster of 150,000 pods needs. */
export const LIMITS = { horizon: 24 * 3600 * 1000, steps: 20_000_000 };
/** Syncs between two words about progress. */
const SLICE = 2_000;

/** Runs the engine until the cluster is at rest, in slices so that somebody can be told. */
export function settle(world: World, what: string, onProgress?: (text: string) => void): RunResult {
  if (!onProgress) return world.engine.run(LIMITS);
  const start = world.clock.now;
  let steps = 0;
  for (;;) {
    const horizon = LIMITS.horizon - (world.clock.now - start);
    const result = world.engine.run({ horizon, steps: Math.min(SLICE, LIMITS.steps - steps) });
    steps += result.steps;
    if (result.reason !== 'steps' || steps >= LIMITS.steps) return { ...result, steps };
    onProgress(
      `${what}: ${steps} steps, second ${Math.round((world.clock.now - start) / 1000)}, ${world.store.count('pods')} pods`,
    );
  }
}

/** What is said of a world that did not come to rest. */
export function unsettled({ reason, waiting }: RunResult, subject: string): Diagnostic {
  const what = reason === 'steps' ? `after ${LIMITS.steps} steps` : 'after a day of simulated time';
  const who = waiting.length > 0 ? `; still at work: ${waiting.join(', ')}` : '';
  return {
    severity: 'error',
    code: 'StalledNotSettled',
    message: `${subject} did not come to rest ${what}${who}`,
    nextStep: 'Look at `kubeplan events` for what repeats.',
  };
}
