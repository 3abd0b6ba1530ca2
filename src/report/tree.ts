// The changes of a plan as a forest: each object below the one that owns it, as a reader thinks of them.
import type { Plan, PlanChange } from '../planner/changes/plan.ts';

export interface ChangeNode {
  readonly change: PlanChange;
  readonly address: string;
  readonly children: readonly ChangeNode[];
}

export interface ChangeForest {
  /** What the input asked for, each with what follows from it. */
  readonly submitted: readonly ChangeNode[];
  /** What follows from them without being owned by any of them. */
  readonly derived: readonly ChangeNode[];
}

interface GrowingNode extends ChangeNode {
  readonly children: GrowingNode[];
}

export function changeForest({ changes }: Plan): ChangeForest {
  const byAddress = new Map<string, GrowingNode>();
  const nodes = changes.map((change): GrowingNode => {
    const node = { change, address: addressOf(change.object), children: [] };
    byAddress.set(node.address, node);
    return node;
  });
  const roots: ChangeNode[] = [];
  for (const node of nodes) {
    const { owner } = node.change;
    const above = owner && byAddress.get(addressOf(owner));
    if (above === undefined || above === node) roots.push(node);
    else above.children.push(node);
  }
  return {
    submitted: roots.filter(({ change }) => change.origin === 'submitted'),
    derived: [...roots.filter(({ change }) => change.origin === 'derived'), ...withoutRoot(nodes, roots)],
  };
}

/** Owners that own each other have no root: they are shown flat rather than not at all. */
function withoutRoot(nodes: readonly ChangeNode[], roots: readonly ChangeNode[]): ChangeNode[] {
  const reached = new Set<ChangeNode>();
  const reach = (node: ChangeNode): void => {
    reached.add(node);
    node.children.forEach(reach);
  };
  roots.forEach(reach);
  if (reached.size === nodes.length) return [];
  return nodes.filter((node) => !reached.has(node)).map((node) => ({ ...node, children: [] }));
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
