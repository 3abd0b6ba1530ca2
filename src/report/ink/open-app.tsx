// Opens the view on the real terminal and waits until the reader leaves; leaves nothing of itself behind.
import { render } from 'ink';
import type { Plan } from '../../planner/changes/plan.ts';
import { App } from './App.tsx';

export async function openApp(plan: Plan): Promise<void> {
  const app = render(<App plan={plan} />, { exitOnCtrlC: true, patchConsole: false, incrementalRendering: true });
  await app.waitUntilExit();
  app.clear();
}
