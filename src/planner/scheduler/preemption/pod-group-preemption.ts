// Finds pods, and groups of pods that only go together, whose eviction would make room for a whole pod group.
// Behaviour: pkg/scheduler/framework/preemption/{podgrouppreemption,types}.go, Kubernetes v1.36.3.
// Differs: units that are as important as each other are kept in the order of their nodes; upstream walks a Go map.
import type { PodDisruptionBudget } from '../../../schema/generated/types/policy-v1.ts';
import type { PodGroup } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS } from '../../../schema/resource-names.ts';
import type { ClusterCache } from '../cache/cluster-cache.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import type { ClusterLister } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import {
  isSuccess,
  type MaybeStatus,
  type Status,
  unschedulable,
  unschedulableAndUnresolvable,
} from '../framework/status.ts';
import { compileBudgets, startTimeOf, violatedBudget } from './victims.ts';

const NEVER_PREEMPTS = unschedulable('not eligible due to preemptionPolicy=Never.');
const NO_VICTIMS = unschedulableAndUnresolvable('No preemption victims found for incoming preemptor');

/** What is evicted together. */
interface Unit {
  readonly pods: { readonly pod: PodInfo; readonly node: string }[];
  readonly priority: number;
}

interface GroupPreemption {
  readonly cache: ClusterCache;
  readonly objects: ClusterLister;
  readonly group: PodGroup;
  readonly members: readonly PodInfo[];
  /** Simulated time, milliseconds since the epoch. */
  readonly now: number;
  /** Whether the group would have its quorum on the cluster as it then is. */
  readonly tryGroup: () => MaybeStatus;
}

/** Leaves the cluster as it was. */
export function findGroupVictims(preemption: GroupPreemption): readonly PodInfo[] | Status {
  const { cache, objects, group, members, now } = preemption;
  if (members.some(({ spec }) => spec.preemptionPolicy === 'Never')) return NEVER_PREEMPTS;
  const nodes = cache.list();
  const units = unitsOn(nodes, objects).filter(({ priority }) => priority < (group.spec.priority ?? 0));
  if (units.length === 0) return NO_VICTIMS;
  const orders = nodes.map((node) => node.order());
  const remove = (unit: Unit): void => {
    for (const { pod } of unit.pods) cache.removePod(pod.uid);
  };
  const add = (unit: Unit): void => {
    for (const { pod, node } of unit.pods) cache.addPod(pod, node);
  };
  for (const unit of units) remove(unit);
  const victims = selectVictims(preemption, [...units].sort(byImportance(now)), add, remove);
  for (const unit of 'code' in victims ? units : victims) add(unit);
  nodes.forEach((node, i) => {
    node.reorder(orders[i]!);
  });
  if ('code' in victims) return victims;
  return [...victims].sort(byImportance(now)).flatMap(({ pods }) => pods.map(({ pod }) => pod));
}

/** Whoever can stay beside the group does, those first that a budget protects. */
function selectVictims(
  { objects, tryGroup }: GroupPreemption,
  units: readonly Unit[],
  add: (unit: Unit) => void,
  remove: (unit: Unit) => void,
): readonly Unit[] | Status {
  const refusal = tryGroup();
  if (refusal && !isSuccess(refusal)) return refusal;
  const budgets = compileBudgets(objects.list<PodDisruptionBudget>('poddisruptionbudgets.policy'));
  const isProtected = new Set(units.filter(({ pods }) => pods.some(({ pod }) => violatedBudget(pod, budgets))));
  const victims: Unit[] = [];
  for (const unit of [...isProtected, ...units.filter((candidate) => !isProtected.has(candidate))]) {
    add(unit);
    if (isSuccess(tryGroup())) continue;
    remove(unit);
    victims.push(unit);
  }
  return victims;
}

function unitsOn(nodes: readonly NodeInfo[], objects: ClusterLister): readonly Unit[] {
  const units: Unit[] = [];
  const whole = new Map<string, Unit>();
  for (const { name, pods } of nodes)
    for (const pod of pods) {
      const group = wholeGroupOf(pod, objects);
      const key = group?.metadata.uid ?? '';
      const known = group && whole.get(key);
      if (known) {
        known.pods.push({ pod, node: name });
        continue;
      }
      const unit = { pods: [{ pod, node: name }], priority: group ? (group.spec.priority ?? 0) : pod.priority };
      units.push(unit);
      if (group) whole.set(key, unit);
    }
  return units;
}

/** The group of a pod, if its pods are evicted together or not at all. */
function wholeGroupOf({ spec, namespace }: PodInfo, objects: ClusterLister): PodGroup | undefined {
  const name = spec.schedulingGroup?.podGroupName;
  const group = name === undefined ? undefined : objects.get<PodGroup>(POD_GROUPS, namespace, name);
  return group?.spec.disruptionMode === 'PodGroup' ? group : undefined;
}

/**
 * Higher priority, then groups before single pods, then larger groups, then those that started earlier: of a group the pod
 * that was seen first counts, as upstream does not look at the start of those that it adds to it.
 */
function byImportance(now: number): (a: Unit, b: Unit) => number {
  return (a, b) => {
    if (a.priority !== b.priority) return b.priority - a.priority;
    if (isGrouped(a) !== isGrouped(b)) return isGrouped(a) ? -1 : 1;
    if (isGrouped(a) && a.pods.length !== b.pods.length) return b.pods.length - a.pods.length;
    return startOf(a, now) - startOf(b, now);
  };
}

function isGrouped({ pods }: Unit): boolean {
  return pods[0]?.pod.spec.schedulingGroup !== undefined;
}

function startOf({ pods: [first] }: Unit, now: number): number {
  return (first && startTimeOf(first.pod)) ?? now;
}
