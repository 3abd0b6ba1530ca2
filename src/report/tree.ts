// The changes of a plan as a forest: each object below the one that owns it, as a reader thinks of them.
import type { Plan, PlanChange } from '../planner/changes/plan.ts';

export interface ChangeNode {
  readonly change: PlanChange;
  readonly children: readonly ChangeNode[];
}

export interface ChangeForest {
  /** What the input asked for, each with what follows from it. */
  readonly submitted: readonly ChangeNode[];
  /** What follows from them without being owned by any of them. */
  readonly derived: readonly ChangeNode[];
}

export function changeForest(plan: Plan): ChangeForest {
  const byAddress = new Map(plan.changes.map((change) => [addressOf(change.object), change] as const));
  const childrenOf = new Map<string, PlanChange[]>();
  const roots: PlanChange[] = [];
  for (const change of plan.changes) {
    const owner = change.owner && addressOf(change.owner);
    if (owner === undefined || !byAddress.has(owner) || owner === addressOf(change.object)) {
      roots.push(change);
      continue;
    }
    const siblings = childrenOf.get(owner);
    if (siblings) siblings.push(change);
    else childrenOf.set(owner, [change]);
  }
  const seen = new Set<PlanChange>();
  const grow = (change: PlanChange): ChangeNode => {
    seen.add(change);
    const children = (childrenOf.get(addressOf(change.object)) ?? []).filter((child) => !seen.has(child));
    return { change, children: children.map(grow) };
  };
  const grown = roots.map(grow);
  // Owners that own each other have no root: show them flat rather than not at all.
  const circular = plan.changes.filter((change) => !seen.has(change)).map((change) => ({ change, children: [] }));
  return {
    submitted: grown.filter(({ change }) => change.origin === 'submitted'),
    derived: [...grown.filter(({ change }) => change.origin === 'derived'), ...circular],
  };
}

/** `Deployment default/web`, the way every output names an object. */
export function addressOf({
  kind,
  namespace,
  name,
}: {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}): string {
  return `${kind} ${namespace ? `${namespace}/${name}` : name}`;
}
