// The terminal UI around a plan, loaded only when a person sits at the terminal. It lives on the terminal's second screen, so that
// whatever stood there before is back when the reader leaves.
import type { Plan } from '../planner/changes/plan.ts';

const ENTER_SECOND_SCREEN = '\u001b[?1049h\u001b[H';
const LEAVE_SECOND_SCREEN = '\u001b[?1049l';
const SHOW_CURSOR = '\u001b[?25h';
/** Ink clears the scrollback with this when a frame is taller than the terminal, as after the window shrinks. */
const ERASE_SCROLLBACK = '\u001b[3J';
/** What may end the process while the view is open, with its number: 128 more is the exit code that shells give. */
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/** Opens the UI and comes back when the reader leaves it; true when with Ctrl-C. */
export async function openPlan(plan: Plan): Promise<boolean> {
  const { openApp } = await import('../report/ink/open-app.tsx');
  const { clipboardOf } = await import('../report/ink/clipboard.ts');
  const { stdin, stdout, env } = process;
  const clipboard = clipboardOf(env);
  // A screen reader follows the ordinary screen; Ink prints plain lines for it.
  if (env['INK_SCREEN_READER'] === 'true') return openApp(plan, stdout, clipboard);
  const leave = (): void => {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdout.write(`${LEAVE_SECOND_SCREEN}${SHOW_CURSOR}`);
  };
  // Other handlers of the signal would end the process before this one: it goes first.
  const handlers = Object.entries(SIGNALS).map(([signal, number]) => {
    const handler = (): void => process.exit(128 + number);
    process.prependListener(signal as NodeJS.Signals, handler);
    return [signal, handler] as const;
  });
  process.once('exit', leave);
  stdout.write(ENTER_SECOND_SCREEN);
  try {
    return await openApp(plan, keepingScrollback(stdout), clipboard);
  } finally {
    process.off('exit', leave);
    for (const [signal, handler] of handlers) process.off(signal, handler);
    leave();
  }
}

function keepingScrollback(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (chunk: string | Uint8Array, ...rest: []): boolean =>
    stdout.write(typeof chunk === 'string' ? chunk.replaceAll(ERASE_SCROLLBACK, '') : chunk, ...rest);
  // Everything but write is the stream's own: sizes, events, colours.
  return Object.create(stdout, { write: { value: write } }) as NodeJS.WriteStream;
}
