// Opens the view on the real terminal and waits until the reader leaves; leaves nothing of itself behind.
import { render } from 'ink';
import type { Plan } from '../../planner/changes/plan.ts';
import { App } from './App.tsx';
import type { Clipboard } from './clipboard.ts';

/** Resolves when the reader leaves; true when with Ctrl-C. */
export async function openApp(plan: Plan, stdout: NodeJS.WriteStream, clipboard: Clipboard): Promise<boolean> {
  let wasInterrupted = false;
  const onLeave = (isInterrupted: boolean): void => {
    wasInterrupted = isInterrupted;
  };
  // Not incrementally: Ink 6.8 then writes every frame below the first one line too low, unless it fills the terminal.
  const app = render(<App plan={plan} clipboard={clipboard} onLeave={onLeave} />, {
    stdout,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  await app.waitUntilExit();
  app.clear();
  return wasInterrupted;
}
