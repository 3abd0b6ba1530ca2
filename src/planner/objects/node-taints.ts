// The taints that say in which condition a node is.
// Behaviour: pkg/controller/nodelifecycle/node_lifecycle_controller.go and pkg/util/taints/taints.go, Kubernetes v1.36.3.
import { formatTime } from '../../apimachinery/time/time.ts';
import type { Node, Taint } from '../../schema/generated/types/core-v1.ts';

export const NOT_READY = 'node.kubernetes.io/not-ready';
export const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';
const NO_SCHEDULE = 'NoSchedule';
export const NO_EXECUTE = 'NoExecute';

/** Which status of which condition means which taint. */
const TAINT_OF_CONDITION: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const CONDITION_TAINTS = new Set(Object.values(TAINT_OF_CONDITION).flatMap((taints) => Object.values(taints)));

/** The node with the NoSchedule taints that its conditions ask for; the very same node when it has them. */
export function withConditionTaints(node: Node, now: number): Node {
  const wanted: string[] = [];
  for (const { type, status } of node.status?.conditions ?? []) {
    const key = TAINT_OF_CONDITION[type]?.[status];
    if (key !== undefined) wanted.push(key);
  }
  if (node.spec.unschedulable) wanted.push(UNSCHEDULABLE);
  const isOurs = ({ key, effect }: Taint) =>
    effect === NO_SCHEDULE && (key === UNSCHEDULABLE || CONDITION_TAINTS.has(key));
  const present = (node.spec.taints ?? []).filter(isOurs).map(({ key }) => key);
  return swapTaints(
    node,
    wanted.filter((key) => !present.includes(key)).map((key) => ({ key, effect: NO_SCHEDULE })),
    present.filter((key) => !wanted.includes(key)).map((key) => ({ key, effect: NO_SCHEDULE })),
    now,
  );
}

/** The node with some taints added, as of now, and others taken off; the very same node when nothing changes. */
export function swapTaints(node: Node, add: readonly Taint[], remove: readonly Taint[], now: number): Node {
  const before = node.spec.taints ?? [];
  const isOne = (list: readonly Taint[], taint: Taint) => list.some((other) => matches(other, taint));
  const removed = before.filter((taint) => isOne(remove, taint));
  if (add.length === 0 && removed.length === 0) return node;
  // An added taint comes first, as AddOrUpdateTaint puts it.
  const added = add.map((taint) => ({ ...taint, timeAdded: formatTime(now) })).reverse();
  const kept = before.filter((taint) => !isOne(remove, taint) && !isOne(add, taint));
  const taints = [...added, ...kept];
  const { taints: _, ...spec } = node.spec;
  return { ...node, spec: taints.length > 0 ? { ...spec, taints } : spec };
}

export function hasTaint(node: Node, key: string, effect: string): boolean {
  return (node.spec.taints ?? []).some((taint) => taint.key === key && taint.effect === effect);
}

/** Taints are told apart by key and effect. */
function matches(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}
