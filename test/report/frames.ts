// The terminal view of a plan as text, for golden files: no terminal, no colours, the same letters every time.
import { stripVTControlCharacters } from 'node:util';
import { renderToString } from 'ink';
import { createElement } from 'react';
import type { Plan } from '../../src/planner/changes/plan.ts';
import { Frame, type Size } from '../../src/report/ink/App.tsx';
import { PANES, type Pane, paneCount } from '../../src/report/ink/panes.ts';
import { initialState, type ViewState } from '../../src/report/ink/view-state.ts';

const SMALL: Size = { columns: 80, rows: 24 };
const LARGE: Size = { columns: 200, rows: 50 };

/** One frame, without the blanks behind its lines. */
export function frameOf(plan: Plan, size: Size = SMALL, more: Partial<ViewState> = {}): string {
  const state = { ...initialState(plan), ...more };
  const frame = renderToString(createElement(Frame, { plan, state, size }), { columns: size.columns });
  return stripVTControlCharacters(frame)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Panes that few plans have something for. */
const SELDOM: readonly Pane[] = ['problems', 'pending', 'rollouts', 'evictions', 'drift'];

/** The first frame and those of the panes that tell of what is special; or every pane at both sizes. */
export function framesOf(plan: Plan, everyPane: boolean): string {
  const special = SELDOM.filter((pane) => paneCount(pane, plan) !== undefined);
  const frames = everyPane
    ? [SMALL, LARGE].flatMap((size) => PANES.map((pane) => ({ size, pane })))
    : [PANES[0], ...special].map((pane) => ({ size: SMALL, pane }));
  return frames
    .map(({ size, pane }) => `──── ${pane}, ${size.columns} × ${size.rows}\n${frameOf(plan, size, { pane })}\n`)
    .join('\n');
}
