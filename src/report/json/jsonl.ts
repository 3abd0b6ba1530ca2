// The plan as a stream: one JSON object a line, first the head with all that is not a list, then each item of each list.
// Lossless: a line is {"type": TYPE, TYPE: item}, so that items of one type, in order, are the document's list again.
import type { Plan } from '../../planner/changes/plan.ts';
import type { Reporter } from '../reporter.ts';

/** Lists of the document by the type of their lines, in the order of the lines. A list not named here stays in the head. */
export const LINE_TYPES = {
  change: 'changes',
  placement: 'placements',
  pending: 'pending',
  eviction: 'evictions',
  rollout: 'rollouts',
  node: 'nodes',
  namespace: 'namespaces',
  quota: 'quotas',
  service: 'services',
  event: 'events',
  moment: 'timeline',
  diagnostic: 'diagnostics',
} as const satisfies Readonly<Record<string, keyof Plan>>;

export const jsonl: Reporter = (plan) => {
  const lists = Object.entries(LINE_TYPES);
  const streamed = new Set<string>(Object.values(LINE_TYPES));
  const head = Object.fromEntries(Object.entries(plan).filter(([member]) => !streamed.has(member)));
  const lines: object[] = [{ type: 'plan', plan: head }];
  for (const [type, member] of lists) for (const item of plan[member]) lines.push({ type, [type]: item });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
};
