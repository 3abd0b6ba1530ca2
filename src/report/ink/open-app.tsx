// Opens the view on the real terminal and waits until the reader leaves; leaves nothing of itself behind.
import { render } from 'ink';
import type { Plan } from '../../planner/changes/plan.ts';
import { App } from './App.tsx';

/** Resolves when the reader leaves; true when with Ctrl-C. */
export async function openApp(plan: Plan, stdout: NodeJS.WriteStream): Promise<boolean> {
  let wasInterrupted = false;
  const onLeave = (isInterrupted: boolean): void => {
    wasInterrupted = isInterrupted;
  };
  const app = render(<App plan={plan} onLeave={onLeave} />, {
    stdout,
    exitOnCtrlC: false,
    patchConsole: false,
    incrementalRendering: true,
  });
  await app.waitUntilExit();
  app.clear();
  return wasInterrupted;
}
