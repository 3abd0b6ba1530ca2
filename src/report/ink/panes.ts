// The panes of the terminal view by name. Pure: the same plan, filter and folds give the same lines. A new pane is a file in panes/
// with one function and a line here.
import type { Plan } from '../../planner/changes/plan.ts';
import type { Filter } from './filter.ts';
import { type Line, piece } from './line.ts';
import { changeLines } from './panes/changes.ts';
import { driftLines } from './panes/drift.ts';
import { evictionLines } from './panes/evictions.ts';
import { pendingLines } from './panes/pending.ts';
import { placementLines } from './panes/placements.ts';
import { problemLines } from './panes/problems.ts';
import { rolloutLines } from './panes/rollouts.ts';
import { serviceLines } from './panes/services.ts';
import { timelineLines } from './panes/timeline.ts';
import { indexOf } from './plan-index.ts';

/** Number keys turn to them in this order. */
export const PANES = [
  'changes',
  'placements',
  'services',
  'problems',
  'timeline',
  'pending',
  'rollouts',
  'evictions',
  'drift',
] as const;
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
  rollouts: rolloutLines,
  evictions: evictionLines,
  drift: driftLines,
};

/** `asked` is the filter as typed. */
export function paneLines(pane: Pane, input: PaneInput, asked: string): Line[] {
  const lines = RENDER[pane](input);
  if (lines.length > 0) return lines;
  return [{ id: 'nothing', pieces: [piece(asked ? `nothing matches ${asked}` : 'nothing here', { dim: true })] }];
}

/** What the first line says of a pane behind its name; nothing when the pane is empty. */
export function paneCount(pane: Pane, plan: Plan): string | undefined {
  if (pane === 'timeline') return plan.events.length > 0 ? `${plan.simulatedSeconds}s` : undefined;
  const counts: Readonly<Record<typeof pane, number>> = {
    changes: indexOf(plan).changed,
    placements: plan.placements.length,
    services: plan.services.length,
    problems: plan.diagnostics.length + plan.pending.length + (plan.webhooks?.length ?? 0),
    pending: plan.pending.length,
    rollouts: plan.rollouts.length,
    evictions: plan.evictions.length,
    drift: indexOf(plan).drifted.length,
  };
  return counts[pane] > 0 ? String(counts[pane]) : undefined;
}
