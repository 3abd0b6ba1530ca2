// One sync of a DaemonSet: what it looks at, and the creation and deletion of its pods.
// Behaviour: pkg/controller/daemon/daemon_controller.go (getNodesToDaemonPods, syncNodes), Kubernetes v1.36.3.
import { newControllerRef } from '../../../apimachinery/owner-references.ts';
import type { DaemonSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import {
  createPod,
  deletePod,
  errorOf,
  firstErrorOf,
  podFromTemplate,
  slowStartBatch,
} from '../pod-control/pod-control.ts';
import { isPodTerminal } from '../pod-control/pod-state.ts';
import { isNamespaceTerminatingError } from '../pod-control/refused-request.ts';
import { placementOf, type Verdict } from './placement.ts';
import { DAEMON_SET_KIND, daemonPodTemplate, forNode, targetNode } from './pod-template.ts';

/** Pods that one sync creates, and that it deletes, at most. */
const BURST_REPLICAS = 250;

export type PodsByNode = ReadonlyMap<string, readonly Pod[]>;

export interface DaemonSync {
  readonly set: DaemonSet;
  /** Of the current revision. */
  readonly hash: string;
  /** By name. */
  readonly nodes: readonly Node[];
  readonly context: SyncContext;
}

/** Pods by the node they are for; without those that are finished and deleted, unless asked for. */
export function podsByNode(pods: readonly Pod[], includesDeletedTerminal = false): PodsByNode {
  const found = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (!includesDeletedTerminal && isPodTerminal(pod) && pod.metadata.deletionTimestamp !== undefined) continue;
    const node = targetNode(pod);
    if (node === undefined) continue;
    const others = found.get(node);
    if (others) others.push(pod);
    else found.set(node, [pod]);
  }
  return found;
}

export function verdictOn(set: DaemonSet, node: Node): Verdict {
  return placementOf(set).verdict(node);
}

/** Pods with a node first, then by age and name. */
export function bySchedulingAndAge(a: Pod, b: Pod): number {
  const isUnscheduled = Number(!a.spec.nodeName) - Number(!b.spec.nodeName);
  return (
    isUnscheduled ||
    compareText(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compareText(a.metadata.name, b.metadata.name)
  );
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Creates a pod for each of the nodes and deletes the others, as far as one sync may; false when there was nothing to do. */
export function syncNodes(
  { set, hash, context }: DaemonSync,
  doomed: readonly Pod[],
  nodes: readonly string[],
): boolean {
  const wanted = nodes.slice(0, BURST_REPLICAS);
  const template = daemonPodTemplate(set, hash);
  const owner = newControllerRef(set, DAEMON_SET_KIND);
  const { error: createError } = slowStartBatch(wanted.length, (index) => {
    const pod = podFromTemplate(forNode(template, wanted[index] ?? ''), set, owner);
    const error = errorOf(() => void createPod(pod, set, context));
    if (error !== undefined && !isNamespaceTerminatingError(error)) throw error;
  });
  const deleteError = firstErrorOf(
    doomed.slice(0, BURST_REPLICAS).map((pod) => () => void deletePod(pod, set, context)),
  );
  const error = createError ?? deleteError;
  if (error) throw error;
  return wanted.length > 0 || doomed.length > 0;
}
