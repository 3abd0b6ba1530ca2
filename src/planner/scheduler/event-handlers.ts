// What changes in the cluster mean to the scheduler's cache and to the pods in its queue.
// Behaviour: pkg/scheduler/eventhandlers.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { StoreEvent } from '../../apiserver/store/store.ts';
import type { Node, Pod } from '../../schema/generated/types/core-v1.ts';
import type { BindingCycle } from './binding-cycle.ts';
import {
  type ActionName,
  type EventResource,
  nodeSchedulingPropertiesChange,
  podSchedulingPropertiesChange,
} from './framework/events.ts';
import { PodInfo } from './framework/pod-info.ts';
import type { SchedulerState } from './scheduler-state.ts';

/** Resources besides pods and nodes whose changes may let a pod in. */
const WATCHED: Readonly<Record<string, EventResource>> = {
  persistentvolumes: 'PersistentVolume',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  'csidrivers.storage.k8s.io': 'CSIDriver',
  'csinodes.storage.k8s.io': 'CSINode',
  'csistoragecapacities.storage.k8s.io': 'CSIStorageCapacity',
  'storageclasses.storage.k8s.io': 'StorageClass',
  'volumeattachments.storage.k8s.io': 'VolumeAttachment',
  'deviceclasses.resource.k8s.io': 'DeviceClass',
  'resourceclaims.resource.k8s.io': 'ResourceClaim',
  'resourceslices.resource.k8s.io': 'ResourceSlice',
  'podgroups.scheduling.k8s.io': 'PodGroup',
};

/** Resources that the fast path takes something from once for all pods of a kind. */
const REMEMBERED: readonly string[] = [
  'deviceclasses.resource.k8s.io',
  'namespaces',
  'replicasets.apps',
  'replicationcontrollers',
  'services',
  'statefulsets.apps',
];

const ACTION: Readonly<Record<StoreEvent['type'], ActionName>> = {
  ADDED: 'Add',
  MODIFIED: 'Update',
  DELETED: 'Delete',
};

type Handler = (event: StoreEvent) => void;

/** Resources with what an event of theirs does; one resource may be there several times. */
export function eventHandlers(
  state: SchedulerState,
  binding: BindingCycle,
): readonly { readonly resource: string; readonly take: Handler }[] {
  return [
    { resource: 'pods', take: (event) => takePod(state, binding, event) },
    { resource: 'nodes', take: (event) => takeNode(state, event) },
    ...REMEMBERED.map((resource) => ({
      resource,
      take: (event: StoreEvent) => {
        if (!isRemembered(event)) return;
        for (const { fast } of state.profiles.values()) fast.forgetClasses();
        state.queue.retryParked();
      },
    })),
    ...Object.entries(WATCHED).map(([resource, kind]) => ({
      resource,
      take: ({ type, object, previous }: StoreEvent) => {
        const [before, after] = type === 'DELETED' ? [object, undefined] : [previous, object];
        binding.stir(resource, object);
        state.queue.moveAll({ resource: kind, action: ACTION[type] }, before, after);
        // What the scheduler says of a group itself changes nothing for it.
        if (kind !== 'PodGroup' || type !== 'MODIFIED') state.queue.retryParked();
      },
    })),
  ];
}

function takeNode({ cache, queue }: SchedulerState, { type, object, previous }: StoreEvent): void {
  const node = object as Node; // events of nodes carry nodes
  if (type === 'DELETED') {
    queue.retryParked();
    queue.moveAll({ resource: 'Node', action: 'Delete' }, node, undefined);
    cache.removeNode(node.metadata.name ?? '');
    return;
  }
  const before = previous as Node | undefined;
  // Heartbeats change nothing that anybody here looks at.
  if (before && isSameNode(node, before)) return;
  cache.setNode(node);
  queue.retryParked();
  if (!before) queue.moveAll({ resource: 'Node', action: 'Add' }, undefined, node);
  else for (const event of nodeSchedulingPropertiesChange(node, before)) queue.moveAll(event, before, node);
}

/** Pods that have come to an end are as good as deleted. */
function takePod(state: SchedulerState, binding: BindingCycle, { type, object, previous }: StoreEvent): void {
  const pod = type === 'DELETED' || isTerminal(object) ? undefined : (object as Pod); // events of pods carry pods
  const old = type === 'DELETED' ? object : previous;
  const before = old === undefined || isTerminal(old) ? undefined : (old as Pod);
  if (!pod) {
    if (before) deletePod(state, binding, before);
  } else if (!before) addPod(state, pod);
  else updatePod(state, binding, pod, before);
}

function addPod(state: SchedulerState, pod: Pod): void {
  const info = new PodInfo(pod);
  if (pod.spec.nodeName) addAssignedPod(state, info, pod.spec.nodeName);
  else if (state.profileOf(info)) {
    state.podGroups.set(info);
    state.queue.add(info);
    if (!state.wakesByNewPods) return;
    state.queue.moveAll({ resource: 'UnschedulablePod', action: 'Add' }, undefined, pod);
    state.queue.retryParked();
  }
}

function addAssignedPod({ cache, podGroups, queue }: SchedulerState, info: PodInfo, nodeName: string): void {
  cache.confirmPod(info, nodeName);
  podGroups.set(info);
  queue.retryParked();
  queue.moveAll({ resource: 'AssignedPod', action: 'Add' }, undefined, info.pod);
}

function updatePod(state: SchedulerState, binding: BindingCycle, pod: Pod, before: Pod): void {
  const { cache, podGroups, queue } = state;
  const info = new PodInfo(pod);
  if (before.spec.nodeName) {
    cache.updatePod(info, pod.spec.nodeName ?? '');
    podGroups.set(info);
    if (queue.hasUnschedulable) {
      const events = podSchedulingPropertiesChange(pod, before);
      if (pod.metadata !== before.metadata || events.some(({ action }) => action !== 'Update')) queue.retryParked();
      for (const event of events) queue.moveAll(event, before, pod);
    }
  } else if (pod.spec.nodeName) {
    addAssignedPod(state, info, pod.spec.nodeName);
    queue.delete(info.key);
  } else if (state.profileOf(info)) {
    podGroups.set(info);
    if (binding.isWaiting(info.key)) return;
    queue.update(info, before, podSchedulingPropertiesChange(pod, before));
    if (podGroups.isMember(info) && isMoreThanStatus(pod, before)) queue.retryParked();
    const nominated = before.status?.nominatedNodeName;
    if (nominated && nominated !== pod.status?.nominatedNodeName) freeNomination(state, before);
  }
}

function deletePod(state: SchedulerState, binding: BindingCycle, pod: Pod): void {
  const { cache, podGroups, queue } = state;
  const info = cache.getPod(pod.metadata.uid ?? '') ?? new PodInfo(pod);
  podGroups.delete(info);
  queue.retryParked();
  if (pod.spec.nodeName) {
    cache.removePod(info.uid);
    queue.moveAll({ resource: 'AssignedPod', action: 'Delete' }, pod, undefined);
    return;
  }
  queue.delete(info.key);
  if (binding.abandon(info.key)) queue.moveAll({ resource: 'AssignedPod', action: 'Delete' }, pod, undefined);
  else if (pod.status?.nominatedNodeName) freeNomination(state, pod);
}

/** Room that was kept for a pod is free again for those that could not take it from the pod. */
function freeNomination({ queue }: SchedulerState, pod: Pod): void {
  const { priority } = new PodInfo(pod);
  const isAsImportant = (other: PodInfo): boolean => other.priority <= priority;
  queue.moveAll({ resource: 'AssignedPod', action: 'Delete' }, pod, undefined, isAsImportant);
}

function isMoreThanStatus(pod: Pod, before: Pod): boolean {
  return pod.spec !== before.spec || pod.metadata.generation !== before.metadata.generation || isLabelled(pod, before);
}

function isLabelled({ metadata }: Pod, before: Pod): boolean {
  return !semanticDeepEqual(metadata.labels, before.metadata.labels);
}

function isTerminal(object: KubeObject): boolean {
  const phase = (object as Pod).status?.phase; // events of pods carry pods
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Whether nothing that plugins look at has changed; parts that did not change are the same objects. */
function isSameNode(node: Node, before: Node): boolean {
  return (
    node.spec === before.spec &&
    node.metadata.labels === before.metadata.labels &&
    node.metadata.annotations === before.metadata.annotations &&
    node.status === before.status
  );
}

/** Labels and selectors are all that is taken. */
function isRemembered({ type, object, previous }: StoreEvent): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  const selectorOf = (subject: KubeObject): unknown =>
    (subject as { readonly spec?: { readonly selector?: unknown; readonly extendedResourceName?: unknown } }).spec;
  const [now, before] = [selectorOf(object), selectorOf(previous)];
  return now !== before && !semanticDeepEqual(now, before)
    ? true
    : !semanticDeepEqual(object.metadata.labels, previous.metadata.labels);
}
