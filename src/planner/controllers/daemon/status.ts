// The status of a DaemonSet: on how many nodes its pods are wanted, are, are ready and are up to date.
// Behaviour: pkg/controller/daemon/daemon_controller.go (updateDaemonSetStatus), Kubernetes v1.36.3.
import type { DaemonSetStatus } from '../../../schema/generated/types/apps-v1.ts';
import { omitEmpty } from '../pod-control/omit-empty.ts';
import { isPodAvailable, isPodReady } from '../pod-control/pod-state.ts';
import { accepted } from '../pod-control/refused-request.ts';
import { bySchedulingAndAge, type DaemonSync, type PodsByNode, verdictOn } from './daemon-sync.ts';
import { isPodUpdated, templateGeneration } from './pod-template.ts';

interface Counts {
  desired: number;
  current: number;
  misscheduled: number;
  ready: number;
  updated: number;
  available: number;
}

/** Writes the status if it changed; true when pods are ready that are not available yet. */
export function updateDaemonSetStatus(sync: DaemonSync, pods: PodsByNode): boolean {
  const counts = countNodes(sync, pods);
  const { status, metadata } = sync.set;
  const next: DaemonSetStatus = {
    currentNumberScheduled: counts.current,
    numberMisscheduled: counts.misscheduled,
    desiredNumberScheduled: counts.desired,
    numberReady: counts.ready,
    ...omitEmpty({
      observedGeneration: metadata.generation,
      updatedNumberScheduled: counts.updated,
      numberAvailable: counts.available,
      numberUnavailable: counts.desired - counts.available,
      conditions: status.conditions,
    }),
    ...(status.collisionCount === undefined ? {} : { collisionCount: status.collisionCount }),
  };
  const isObserved = (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (!isObserved || COUNTED.some((field) => status[field] !== next[field]))
    accepted(sync.context.client.updateStatus('daemonsets.apps', { ...sync.set, status: next }));
  return counts.ready !== counts.available;
}

const COUNTED = [
  'desiredNumberScheduled',
  'currentNumberScheduled',
  'numberMisscheduled',
  'numberReady',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
] as const;

function countNodes({ set, hash, nodes, context }: DaemonSync, pods: PodsByNode): Counts {
  const counts: Counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, updated: 0, available: 0 };
  const generation = templateGeneration(set);
  const { minReadySeconds = 0 } = set.spec;
  for (const node of nodes) {
    const there = pods.get(node.metadata.name ?? '') ?? [];
    if (verdictOn(set, node) !== 'run') {
      if (there.length > 0) counts.misscheduled += 1;
      continue;
    }
    counts.desired += 1;
    const pod = there.length > 1 ? there.toSorted(bySchedulingAndAge)[0] : there[0];
    if (!pod) continue;
    counts.current += 1;
    if (isPodReady(pod)) counts.ready += 1;
    if (isPodAvailable(pod, minReadySeconds, context.now)) counts.available += 1;
    if (isPodUpdated(pod, hash, generation)) counts.updated += 1;
  }
  return counts;
}
