// What the monitor writes about nodes and their pods: conditions that turn Unknown, pods that are no longer ready, labels and taints
// that follow from the node itself.
// Behaviour: pkg/controller/nodelifecycle/node_lifecycle_controller.go, pkg/controller/util/node/controller_utils.go, Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { Node, NodeCondition, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { withConditionTaints } from '../../objects/node-taints.ts';

/** Conditions that turn Unknown when a node falls silent; the control plane itself keeps NetworkUnavailable. */
const KUBELET_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];
/** Old labels that follow the new ones: from, to. */
const MIRRORED_LABELS = [
  ['kubernetes.io/os', 'beta.kubernetes.io/os'],
  ['kubernetes.io/arch', 'beta.kubernetes.io/arch'],
] as const;

export function unknownConditions(node: Node, now: number): readonly NodeCondition[] {
  const time = formatTime(now);
  const conditions = [...(node.status.conditions ?? [])];
  for (const type of KUBELET_CONDITIONS) {
    const at = conditions.findIndex((condition) => condition.type === type);
    const old = conditions[at];
    if (!old)
      conditions.push({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
        ...(node.metadata.creationTimestamp === undefined
          ? {}
          : { lastHeartbeatTime: node.metadata.creationTimestamp }),
        lastTransitionTime: time,
      });
    else if (old.status !== 'Unknown')
      conditions[at] = {
        ...old,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: time,
      };
  }
  return conditions;
}

export function markNotReady(pod: Pod, context: SyncContext): void {
  const conditions = pod.status.conditions ?? [];
  const at = conditions.findIndex(({ type }) => type === 'Ready');
  const ready = conditions[at];
  if (!ready || ready.status === 'False') return;
  const next = conditions.with(at, { ...ready, status: 'False', lastTransitionTime: formatTime(context.now) });
  const answer = context.on(pod).updateStatus('pods', { ...pod, status: { ...pod.status, conditions: next } });
  if (answer.ok) context.recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
}

/** Taints and labels that follow from the node itself, at once. */
export function mirrorConditions(name: string, { client, reader, now }: SyncContext): void {
  const node = reader.get<Node>('nodes', undefined, name);
  if (!node) return;
  const next = withMirroredLabels(withConditionTaints(node, now));
  if (next !== node) client.update('nodes', next);
}

function withMirroredLabels(node: Node): Node {
  const { labels } = node.metadata;
  const mirrored = labels && mirroredLabels(labels);
  return mirrored ? { ...node, metadata: { ...node.metadata, labels: { ...labels, ...mirrored } } } : node;
}

/** The old labels that are missing or differ; undefined when none is. */
export function mirroredLabels(labels: Readonly<Record<string, string>>): Record<string, string> | undefined {
  const changed = MIRRORED_LABELS.filter(([from, to]) => labels[from] !== undefined && labels[from] !== labels[to]);
  return changed.length === 0 ? undefined : Object.fromEntries(changed.map(([from, to]) => [to, labels[from]!]));
}
