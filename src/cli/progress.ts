// What a long plan is at, in one line of the terminal: only for a person, only after a while, gone before the result comes.
import type { Io, Output } from './io.ts';

/** Whoever waits less needs no word. */
const PATIENCE_MS = 300;
const BETWEEN_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

interface Progress {
  readonly say: (text: string) => void;
  readonly clear: () => void;
}

export function progressOn(output: Output, { env }: Pick<Io, 'env'>): Progress {
  if (!output.isTerminal || env['TERM'] === 'dumb' || env['CI']) return { say: () => {}, clear: () => {} };
  const start = performance.now();
  let last = start + PATIENCE_MS - BETWEEN_MS;
  let isShown = false;
  return {
    say(text) {
      const now = performance.now();
      if (now - last < BETWEEN_MS) return;
      last = now;
      isShown = true;
      output.write(`${CLEAR_LINE}${text.slice(0, Math.max(0, output.columns - 1))}`);
    },
    clear() {
      if (isShown) output.write(CLEAR_LINE);
      isShown = false;
    },
  };
}
