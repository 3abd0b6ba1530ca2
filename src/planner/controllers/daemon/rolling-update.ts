// A rolling update of a DaemonSet: deletes old pods as far as availability allows, or starts new ones beside them.
// Behaviour: pkg/controller/daemon/update.go, Kubernetes v1.36.3.
// Differs: nodes are gone through by name, where upstream takes them in any order.
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import { isPodAvailable } from '../pod-control/pod-state.ts';
import { SyncError } from '../pod-control/refused-request.ts';
import { type DaemonSync, type PodsByNode, syncNodes, verdictOn } from './daemon-sync.ts';
import { isPodUpdated, surgeCount, templateGeneration, unavailableCount } from './pod-template.ts';

interface Budget {
  readonly surge: number;
  readonly unavailable: number;
  readonly desired: number;
}

/** The old and the new pod of a node that are not being deleted; 'excess' when there are two of a kind. */
type Pair = { readonly updated?: Pod; readonly outdated?: Pod } | 'excess';

export function rollingUpdate(sync: DaemonSync, pods: PodsByNode): void {
  const wanted = sync.nodes.filter((node) => verdictOn(sync.set, node) === 'run');
  const budget = budgetFor(sync, wanted.length);
  const names = new Set([...pods.keys(), ...wanted.map(({ metadata }) => metadata.name ?? '')]);
  const generation = templateGeneration(sync.set);
  const pairs = [...names]
    .sort()
    .map((node) => ({ node, pair: pairOf(pods.get(node) ?? [], (pod) => isPodUpdated(pod, sync.hash, generation)) }));
  const isAvailable = (pod: Pod): boolean => isPodAvailable(pod, sync.set.spec.minReadySeconds ?? 0, sync.context.now);
  if (budget.surge === 0) replaceInPlace(sync, pairs, budget, isAvailable);
  else replaceWithSurge(sync, pairs, budget, isAvailable);
}

function budgetFor({ set }: DaemonSync, desired: number): Budget {
  const unavailable = unavailableCount(set, desired);
  const surge = surgeCount(set, desired);
  if (!unavailable.ok) throw new SyncError(`invalid value for MaxUnavailable: ${unavailable.error}`);
  if (!surge.ok) throw new SyncError(`invalid value for MaxSurge: ${surge.error}`);
  const isStuck = desired > 0 && unavailable.value === 0 && surge.value === 0;
  return { surge: surge.value, unavailable: isStuck ? 1 : unavailable.value, desired };
}

function pairOf(pods: readonly Pod[], isUpdated: (pod: Pod) => boolean): Pair {
  const staying = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const [updated, ...moreUpdated] = staying.filter(isUpdated);
  const [outdated, ...moreOutdated] = staying.filter((pod) => !isUpdated(pod));
  if (moreUpdated.length > 0 || moreOutdated.length > 0) return 'excess';
  return { ...(updated ? { updated } : {}), ...(outdated ? { outdated } : {}) };
}

type Pairs = readonly { readonly node: string; readonly pair: Pair }[];

/** Old pods that are not available cost nothing; the others go one by one until too many nodes are without. */
function replaceInPlace(sync: DaemonSync, pairs: Pairs, budget: Budget, isAvailable: (pod: Pod) => boolean): void {
  let unavailable = 0;
  const free: Pod[] = [];
  const candidates: Pod[] = [];
  for (const { pair } of pairs) {
    if (pair === 'excess') unavailable += 1;
    else if ((pair.updated === undefined) === (pair.outdated === undefined)) unavailable += 1;
    else if (pair.updated) unavailable += isAvailable(pair.updated) ? 0 : 1;
    else if (pair.outdated && !isAvailable(pair.outdated)) {
      free.push(pair.outdated);
      unavailable += 1;
    } else if (pair.outdated && unavailable < budget.unavailable) candidates.push(pair.outdated);
  }
  syncNodes(sync, [...free, ...candidates.slice(0, Math.max(budget.unavailable - unavailable, 0))], []);
}

function replaceWithSurge(sync: DaemonSync, pairs: Pairs, budget: Budget, isAvailable: (pod: Pod) => boolean): void {
  const { reader } = sync.context;
  const shouldRun = (name: string): boolean => {
    const node = reader.get<Node>('nodes', undefined, name);
    if (!node) throw new SyncError(`couldn't get node for nodeName "${name}": node "${name}" not found`);
    return verdictOn(sync.set, node) === 'run';
  };
  const doomed: Pod[] = [];
  const misplaced: Pod[] = [];
  const free: string[] = [];
  const candidates: string[] = [];
  let surge = 0;
  let available = 0;
  for (const { node, pair } of pairs) {
    if (pair === 'excess') {
      surge += 1;
      continue;
    }
    const { updated, outdated } = pair;
    const representative = outdated ?? updated;
    if (representative && isAvailable(representative)) available += 1;
    if (!outdated) continue;
    if (updated) {
      if (isAvailable(updated)) doomed.push(outdated);
      else surge += 1;
    } else if (!isAvailable(outdated)) {
      if (shouldRun(node)) free.push(node);
      else doomed.push(outdated);
    } else if (!shouldRun(node)) misplaced.push(outdated);
    else if (surge < budget.surge) candidates.push(node);
  }
  const deletable = Math.max(available - budget.desired, 0);
  syncNodes(
    sync,
    [...doomed, ...misplaced.slice(0, deletable)],
    [...free, ...candidates.slice(0, Math.max(budget.surge - surge, 0))],
  );
}
