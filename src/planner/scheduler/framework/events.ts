// What happens in a cluster as the scheduler tells it apart, and which of it may let a rejected pod in.
// Behaviour: pkg/scheduler/framework/events.go and types.go (MatchClusterEvents), kube-scheduler/framework/types.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { PodInfo } from './pod-info.ts';
import { podRequests } from './pod-requests.ts';

export type ActionName =
  | 'Add'
  | 'Delete'
  | 'UpdateNodeAllocatable'
  | 'UpdateNodeLabel'
  | 'UpdateNodeTaint'
  | 'UpdateNodeCondition'
  | 'UpdateNodeAnnotation'
  | 'UpdateNodeDeclaredFeature'
  | 'UpdatePodLabel'
  | 'UpdatePodScaleDown'
  | 'UpdatePodToleration'
  | 'UpdatePodSchedulingGatesEliminated'
  | 'UpdatePodGeneratedResourceClaim'
  | 'Update';

export type EventResource =
  | 'Pod'
  | 'AssignedPod'
  | 'UnschedulablePod'
  | 'Node'
  | 'PersistentVolume'
  | 'PersistentVolumeClaim'
  | 'CSINode'
  | 'CSIDriver'
  | 'CSIStorageCapacity'
  | 'StorageClass'
  | 'VolumeAttachment'
  | 'ResourceClaim'
  | 'ResourceSlice'
  | 'DeviceClass'
  | 'PodGroup';

export interface ClusterEvent {
  readonly resource: EventResource;
  readonly action: ActionName;
}

/** Whether an event may have made a pod schedulable that the plugin rejected. */
export type QueueingHint = (pod: PodInfo, previous: KubeObject | undefined, object: KubeObject | undefined) => boolean;

export interface ClusterEventWithHint {
  readonly resource: EventResource;
  readonly actions: readonly ActionName[];
  /** Without a hint every such event counts. */
  readonly hint?: QueueingHint;
}

/** A registration of `Pod` covers assigned and unscheduled pods; one of `Update` covers every kind of update. */
export function eventMatches(registered: ClusterEventWithHint, event: ClusterEvent): boolean {
  const sameResource =
    registered.resource === event.resource ||
    (registered.resource === 'Pod' && (event.resource === 'AssignedPod' || event.resource === 'UnschedulablePod'));
  if (!sameResource) return false;
  return registered.actions.some(
    (action) => action === event.action || (action === 'Update' && event.action !== 'Add' && event.action !== 'Delete'),
  );
}

/** The events that bring back a pod which a plugin rejected: those that it registers, and what comes with them. */
export function wakingEvents(registered: readonly ClusterEventWithHint[]): readonly ClusterEventWithHint[] {
  const waitsFor = (action: ActionName): boolean =>
    registered.some((one) => one.resource === 'Node' && eventMatches(one, { resource: 'Node', action }));
  // Upstream has whoever waits for another node tried again whenever a node's taints change, in case a node went unnoticed.
  return waitsFor('Add') && !waitsFor('UpdateNodeTaint')
    ? [...registered, { resource: 'Node', actions: ['UpdateNodeTaint'] }]
    : registered;
}

/** What an update of a pod may mean to others, as specific as upstream tells it. */
export function podSchedulingPropertiesChange(pod: Pod, previous: Pod): readonly ClusterEvent[] {
  const resource = pod.spec.nodeName ? 'AssignedPod' : 'UnschedulablePod';
  if (isSameToOthers(pod, previous)) return UPDATED[resource];
  const actions: ActionName[] = [];
  if (!semanticDeepEqual(pod.metadata.labels ?? {}, previous.metadata.labels ?? {})) actions.push('UpdatePodLabel');
  if (isScaledDown(pod, previous)) actions.push('UpdatePodScaleDown');
  if (!pod.spec.schedulingGates?.length && previous.spec.schedulingGates?.length)
    actions.push('UpdatePodSchedulingGatesEliminated');
  if ((pod.spec.tolerations?.length ?? 0) !== (previous.spec.tolerations?.length ?? 0))
    actions.push('UpdatePodToleration');
  if (
    !semanticDeepEqual(pod.status?.resourceClaimStatuses, previous.status?.resourceClaimStatuses) ||
    !semanticDeepEqual(pod.status?.extendedResourceClaimStatus, previous.status?.extendedResourceClaimStatus)
  )
    actions.push('UpdatePodGeneratedResourceClaim');
  if (actions.length === 0) actions.push('Update');
  return actions.map((action) => ({ resource, action }));
}

const UPDATED = {
  AssignedPod: [{ resource: 'AssignedPod', action: 'Update' }],
  UnschedulablePod: [{ resource: 'UnschedulablePod', action: 'Update' }],
} as const satisfies Partial<Record<EventResource, readonly ClusterEvent[]>>;

/** Whether it is plain to see that nothing changed but what others do not look at. */
function isSameToOthers({ spec, status, metadata }: Pod, previous: Pod): boolean {
  const before = previous.status;
  return (
    spec === previous.spec &&
    metadata.labels === previous.metadata.labels &&
    status?.containerStatuses === before?.containerStatuses &&
    status?.initContainerStatuses === before?.initContainerStatuses &&
    status?.resourceClaimStatuses === before?.resourceClaimStatuses &&
    status?.extendedResourceClaimStatus === before?.extendedResourceClaimStatus
  );
}

export function nodeSchedulingPropertiesChange(node: Node, previous: Node): readonly ClusterEvent[] {
  const actions: ActionName[] = [];
  if (previous.spec?.unschedulable && !node.spec?.unschedulable) actions.push('UpdateNodeTaint');
  if (!semanticDeepEqual(node.status?.allocatable ?? {}, previous.status?.allocatable ?? {}))
    actions.push('UpdateNodeAllocatable');
  if (!semanticDeepEqual(node.metadata.labels ?? {}, previous.metadata.labels ?? {})) actions.push('UpdateNodeLabel');
  if (!semanticDeepEqual(node.spec?.taints ?? [], previous.spec?.taints ?? [])) actions.push('UpdateNodeTaint');
  if (conditionStatuses(node) !== conditionStatuses(previous)) actions.push('UpdateNodeCondition');
  if (!semanticDeepEqual(node.metadata.annotations ?? {}, previous.metadata.annotations ?? {}))
    actions.push('UpdateNodeAnnotation');
  if (!semanticDeepEqual(node.status?.declaredFeatures ?? [], previous.status?.declaredFeatures ?? []))
    actions.push('UpdateNodeDeclaredFeature');
  return actions.map((action) => ({ resource: 'Node', action }));
}

function conditionStatuses({ status }: Node): string {
  return (status?.conditions ?? [])
    .map(({ type, status: value }) => `${type}=${value}`)
    .sort()
    .join();
}

function isScaledDown(pod: Pod, previous: Pod): boolean {
  // The two share what did not change, so most updates are told apart without adding anything up.
  if (
    pod.spec === previous.spec &&
    pod.status?.containerStatuses === previous.status?.containerStatuses &&
    pod.status?.initContainerStatuses === previous.status?.initContainerStatuses
  )
    return false;
  const options = { useStatusResources: true };
  const now = podRequests(pod, options);
  for (const [name, before] of podRequests(previous, options)) {
    const after = now.get(name);
    if (after === undefined || before.milliValueInt64() > after.milliValueInt64()) return true;
  }
  return false;
}
