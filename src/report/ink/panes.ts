// The panes of the terminal view by name. Pure: the same plan, filter and folds give the same lines. A new pane is a file in panes/
// with one function and a line here.
import type { Plan } from '../../planner/changes/plan.ts';
import type { Filter } from './filter.ts';
import { type Line, piece } from './line.ts';
import { changeLines } from './panes/changes.ts';
import { pendingLines } from './panes/pending.ts';
import { placementLines } from './panes/placements.ts';
import { problemLines } from './panes/problems.ts';
import { serviceLines } from './panes/services.ts';
import { timelineLines } from './panes/timeline.ts';
import { indexOf } from './plan-index.ts';

export const PANES = ['changes', 'placements', 'services', 'problems', 'timeline', 'pending'] as const;
export type Pane = (typeof PANES)[number];

export interface PaneInput {
  readonly plan: Plan;
  readonly filter: Filter;
  /** Addresses and nodes whose children are hidden. */
  readonly folded: ReadonlySet<string>;
}

const RENDER: Readonly<Record<Pane, (input: PaneInput) => Line[]>> = {
  changes: changeLines,
  placements: placementLines,
  services: serviceLines,
  problems: problemLines,
  timeline: timelineLines,
  pending: pendingLines,
};

/** `asked` is the filter as typed. */
export function paneLines(pane: Pane, input: PaneInput, asked: string): Line[] {
  const lines = RENDER[pane](input);
  if (lines.length > 0) return lines;
  return [{ id: 'nothing', pieces: [piece(asked ? `nothing matches ${asked}` : 'nothing here', { dim: true })] }];
}

export function paneTitle(pane: Pane, plan: Plan): string {
  const told: Readonly<Record<Pane, number | string>> = {
    changes: indexOf(plan).changed,
    placements: plan.placements.length,
    services: plan.services.length,
    problems: plan.diagnostics.length + plan.pending.length,
    timeline: `${plan.simulatedSeconds}s`,
    pending: plan.pending.length,
  };
  return `${pane} ${told[pane]}`;
}
