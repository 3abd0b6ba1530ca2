// The nodes where evicting pods would help, and the best of them.
// Behaviour: pkg/scheduler/framework/preemption/preemption.go (DryRunPreemption, pickOneNodeForPreemption), Kubernetes v1.36.3.
import type { NodeInfo } from '../framework/node-info.ts';
import type { Status } from '../framework/status.ts';
import { startTimeOf, type VictimSelection, type Victims } from './victims.ts';

interface Candidate {
  readonly node: string;
  readonly victims: Victims;
}

/** What came of looking for a node to evict pods from. */
export interface CandidateSearch {
  readonly best: Candidate | undefined;
  /** Why eviction does not help, and on how many nodes. */
  readonly refusals: ReadonlyMap<Status, number>;
  /** Nodes where eviction might have helped. */
  readonly potential: number;
}

/** Added to each priority so that a few pods of negative priority do not weigh less than one. */
const PRIORITY_OFFSET = 2 ** 31;

/** What an eviction costs; earlier fields decide first. */
export interface Cost {
  readonly violations: number;
  readonly highest: number;
  readonly sum: number;
  readonly count: number;
  /** Earliest start among the most important victims that have started. */
  readonly started: number;
  /** Whether one of them has not started: it counts as starting now. */
  readonly hasUnstarted: boolean;
}

export function costOf({ pods, numPDBViolations }: Victims): Cost {
  let highest = Number.NEGATIVE_INFINITY;
  let started = Number.POSITIVE_INFINITY;
  let hasUnstarted = false;
  let sum = 0;
  for (const pod of pods) {
    const { priority } = pod;
    sum += priority + PRIORITY_OFFSET;
    if (priority < highest) continue;
    if (priority > highest) [highest, started, hasUnstarted] = [priority, Number.POSITIVE_INFINITY, false];
    const start = startTimeOf(pod);
    if (start === undefined) hasUnstarted = true;
    else started = Math.min(started, start);
  }
  const first = pods[0]?.priority ?? 0;
  return { violations: numPDBViolations, highest: first, sum, count: pods.length, started, hasUnstarted };
}

/** Fewer budgets violated, less important victims, fewer of them, those that started last. */
export function isCheaper(a: Cost, b: Cost, now: number): boolean {
  if (a.violations !== b.violations) return a.violations < b.violations;
  if (a.highest !== b.highest) return a.highest < b.highest;
  if (a.sum !== b.sum) return a.sum < b.sum;
  if (a.count !== b.count) return a.count < b.count;
  return earliestStart(a, now) > earliestStart(b, now);
}

export function isSameCost(a: Cost, b: Cost): boolean {
  return (
    a.violations === b.violations &&
    a.highest === b.highest &&
    a.sum === b.sum &&
    a.count === b.count &&
    a.started === b.started &&
    a.hasUnstarted === b.hasUnstarted
  );
}

function earliestStart({ started, hasUnstarted }: Cost, now: number): number {
  return hasUnstarted ? Math.min(started, now) : started;
}

export interface CandidateRequest {
  /** Enough candidates, given how many nodes come into question. */
  readonly wanted: (potential: number) => number;
  readonly now: number;
  readonly select: (nodeInfo: NodeInfo) => VictimSelection;
}

/**
 * Looks at the nodes in the order of their names until there are enough candidates, one of which violates no budget. As many
 * that violate some count as would be enough; more of them are looked at and disregarded.
 */
export function findCandidates(potential: readonly NodeInfo[], request: CandidateRequest): CandidateSearch {
  const refusals = new Map<Status, number>();
  const wanted = request.wanted(potential.length);
  let best: (Candidate & { readonly cost: Cost }) | undefined;
  let found = 0;
  let violating = 0;
  for (const nodeInfo of byName(potential)) {
    const selection = request.select(nodeInfo);
    if ('status' in selection) {
      refusals.set(selection.status, (refusals.get(selection.status) ?? 0) + 1);
      continue;
    }
    const { victims } = selection;
    const cost = costOf(victims);
    if (cost.violations > 0) {
      if (violating === wanted) continue;
      violating += 1;
    }
    if (!best || isCheaper(cost, best.cost, request.now)) best = { node: nodeInfo.name, victims, cost };
    found += 1;
    if (found > violating && found >= wanted) break;
  }
  return { best, refusals, potential: potential.length };
}

/** Nodes often come in order already. */
function byName(nodes: readonly NodeInfo[]): readonly NodeInfo[] {
  const isSorted = nodes.every(({ name }, i) => i === 0 || nodes[i - 1]!.name < name);
  return isSorted ? nodes : [...nodes].sort((a, b) => (a.name < b.name ? -1 : 1));
}
