// Which nodes lack a pod of a DaemonSet and which pods are too many, finished, or where they may not be.
// Behaviour: pkg/controller/daemon/daemon_controller.go (manage, podsShouldBeOnNode), Kubernetes v1.36.3.
import { LABEL_CONTROLLER_REVISION_HASH } from '../../../apimachinery/well-known/labels.ts';
import type { DaemonSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import { isPodAvailable, isPodReady } from '../pod-control/pod-state.ts';
import { bySchedulingAndAge, type DaemonSync, type PodsByNode, verdictOn } from './daemon-sync.ts';
import type { FailedPodsBackoff } from './failed-pods-backoff.ts';
import { allowsSurge } from './pod-template.ts';

interface Management {
  readonly nodesNeedingPods: readonly string[];
  readonly podsToDelete: readonly Pod[];
  /** When to look at failed pods again, milliseconds from now. */
  readonly requeueAfter?: number;
}

class Plan {
  readonly nodesNeedingPods: string[] = [];
  readonly podsToDelete: Pod[] = [];
  requeueAfter: number | undefined;
}

export function manage(sync: DaemonSync, pods: PodsByNode, backoff: FailedPodsBackoff): Management {
  const plan = new Plan();
  for (const node of sync.nodes) manageNode(sync, node, pods.get(node.metadata.name ?? ''), backoff, plan);
  const names = new Set(sync.nodes.map(({ metadata }) => metadata.name));
  // Nobody will ever bind a pod to a node that is gone.
  for (const [node, stranded] of [...pods].sort(([a], [b]) => (a < b ? -1 : 1)))
    if (!names.has(node)) plan.podsToDelete.push(...stranded.filter(({ spec }) => !spec.nodeName));
  const { nodesNeedingPods, podsToDelete, requeueAfter } = plan;
  return { nodesNeedingPods, podsToDelete, ...(requeueAfter === undefined ? {} : { requeueAfter }) };
}

function manageNode(
  sync: DaemonSync,
  node: Node,
  pods: readonly Pod[] | undefined,
  backoff: FailedPodsBackoff,
  plan: Plan,
): void {
  const { name = '' } = node.metadata;
  const verdict = verdictOn(sync.set, node);
  if (verdict === 'leave') {
    plan.podsToDelete.push(...(pods ?? []).filter(({ metadata }) => metadata.deletionTimestamp === undefined));
    return;
  }
  if (pods === undefined) {
    if (verdict === 'run') plan.nodesNeedingPods.push(name);
    return;
  }
  const running = runningPods(sync, name, pods, backoff, plan).sort(bySchedulingAndAge);
  if (!allowsSurge(sync.set)) plan.podsToDelete.push(...running.slice(1));
  else if (running.length > 1) plan.podsToDelete.push(...surplusDuringSurge(sync, running));
  else if (running.length === 0 && verdict === 'run') plan.nodesNeedingPods.push(name);
}

/** Finished pods go, failed ones not too often. */
function runningPods(
  { set, context }: DaemonSync,
  node: string,
  pods: readonly Pod[],
  backoff: FailedPodsBackoff,
  plan: Plan,
): Pod[] {
  const running: Pod[] = [];
  for (const pod of pods) {
    const { namespace, name, deletionTimestamp } = pod.metadata;
    if (deletionTimestamp !== undefined) continue;
    if (pod.status.phase === 'Failed') {
      const delay = backoff.delay(backoffKey(set, node), context.now);
      if (delay !== undefined) {
        plan.requeueAfter = Math.min(plan.requeueAfter ?? delay, delay);
        continue;
      }
      const message = `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`;
      context.recorder.event(set, 'Warning', 'FailedDaemonPod', message);
      plan.podsToDelete.push(pod);
    } else if (pod.status.phase === 'Succeeded') {
      const message = `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`;
      context.recorder.event(set, 'Normal', 'SucceededDaemonPod', message);
      plan.podsToDelete.push(pod);
    } else running.push(pod);
  }
  return running;
}

function backoffKey({ metadata, status }: DaemonSet, node: string): string {
  return `${metadata.uid}/${status.observedGeneration ?? 0}/${node}`;
}

/** One old and one new pod may run side by side until the new one is available or the old one is no longer ready. */
function surplusDuringSurge({ set, hash, context }: DaemonSync, running: readonly Pod[]): readonly Pod[] {
  const isNew = ({ metadata }: Pod): boolean => metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH] === hash;
  const newest = running.find(isNew);
  const oldest = running.find((pod) => !isNew(pod));
  const surplus = running.filter((pod) => pod !== newest && pod !== oldest);
  if (!newest || !oldest) return surplus;
  const isReplaced = !isPodReady(oldest) || isPodAvailable(newest, set.spec.minReadySeconds ?? 0, context.now);
  return isReplaced ? [...surplus, oldest] : surplus;
}
