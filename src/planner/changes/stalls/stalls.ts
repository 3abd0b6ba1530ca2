// What did not get where it was meant to go in the settled cluster: rollouts that stall, sets that miss pods, pods that crash.
// One line a resource in STALLS; each looks at one object and says what is missing, or nothing.
import type { Diagnostic } from '../../../apimachinery/diagnostic.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { refOf } from '../../../apimachinery/object.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { ResourceName } from '../../../apiserver/store/store.ts';
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Job } from '../../../schema/generated/types/batch-v1.ts';
import type { Pod, ReplicationController } from '../../../schema/generated/types/core-v1.ts';
import { podTrouble, troubleOfPods } from './pod-trouble.ts';

type Stall = { readonly message: string; readonly nextStep?: string } | undefined;

const STALLS: readonly { readonly resource: ResourceName; stall(object: KubeObject): Stall }[] = [
  { resource: 'pods', stall: (object) => podStall(object as Pod) },
  { resource: 'deployments.apps', stall: (object) => deploymentStall(object as Deployment) },
  { resource: 'replicasets.apps', stall: (object) => replicaSetStall(object as ReplicaSet) },
  { resource: 'replicationcontrollers', stall: (object) => controllerStall(object as ReplicationController) },
  { resource: 'statefulsets.apps', stall: (object) => statefulSetStall(object as StatefulSet) },
  { resource: 'daemonsets.apps', stall: (object) => daemonSetStall(object as DaemonSet) },
  { resource: 'jobs.batch', stall: (object) => jobStall(object as Job) },
];

export function stallsOf(reader: ClusterReader): Diagnostic[] {
  return STALLS.flatMap(({ resource, stall }) =>
    reader.list(resource).flatMap((object) => {
      const found = object.metadata.deletionTimestamp ? undefined : stall(object);
      if (!found) return [];
      const why = resource === 'pods' ? undefined : troubleOfPods(object, reader);
      const message = why ? `${found.message}; ${why}` : found.message;
      return [{ severity: 'error' as const, code: `Stalled${object.kind}`, object: refOf(object), ...found, message }];
    }),
  );
}

/** Pods of a workload are told of with it. */
function podStall(pod: Pod): Stall {
  const isOwned = pod.metadata.ownerReferences?.some(({ controller }) => controller) ?? false;
  const message = isOwned ? undefined : podTrouble(pod);
  return message === undefined ? undefined : { message };
}

function deploymentStall({ spec, status }: Deployment): Stall {
  if (spec.paused) return undefined;
  const wanted = spec.replicas ?? 1;
  const available = status?.availableReplicas ?? 0;
  const updated = status?.updatedReplicas ?? 0;
  if (available >= wanted && updated >= wanted) return undefined;
  const why = status?.conditions?.find(
    ({ type, status }) =>
      (type === 'Progressing' && status === 'False') || (type === 'ReplicaFailure' && status === 'True'),
  );
  return {
    message: `${available} of ${wanted} replicas available, ${updated} updated${why?.message ? `: ${why.message}` : ''}`,
  };
}

function controllerStall({ spec, status }: ReplicationController): Stall {
  return replicasStall(spec.replicas ?? 1, status);
}

/** A ReplicaSet of a Deployment is told of with it. */
function replicaSetStall({ metadata, spec, status }: ReplicaSet): Stall {
  if (metadata.ownerReferences?.some(({ controller }) => controller)) return undefined;
  return replicasStall(spec.replicas ?? 1, status);
}

function replicasStall(wanted: number, status: ReplicaSet['status'] | ReplicationController['status']): Stall {
  const available = status?.availableReplicas ?? 0;
  const failure = status?.conditions?.find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (available >= wanted && !failure) return undefined;
  return { message: `${available} of ${wanted} replicas available${failure?.message ? `: ${failure.message}` : ''}` };
}

function statefulSetStall({ spec, status }: StatefulSet): Stall {
  const wanted = spec.replicas ?? 1;
  const ready = status?.availableReplicas ?? status?.readyReplicas ?? 0;
  return ready >= wanted ? undefined : { message: `${ready} of ${wanted} replicas available` };
}

function daemonSetStall({ status }: DaemonSet): Stall {
  const wanted = status?.desiredNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  return available >= wanted ? undefined : { message: `available on ${available} of ${wanted} nodes` };
}

function jobStall({ status }: Job): Stall {
  const failed = status?.conditions?.find(({ type, status }) => type === 'Failed' && status === 'True');
  return failed ? { message: failed.message ?? failed.reason ?? 'the Job fails' } : undefined;
}
