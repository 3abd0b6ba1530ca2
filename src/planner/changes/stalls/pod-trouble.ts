// Why a bound pod does not do what it is there for: containers that crash again and again, images that cannot be had, a pod that failed.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { ContainerStatus, Pod } from '../../../schema/generated/types/core-v1.ts';

/** Reasons of waiting containers that are no trouble. */
const STARTING: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing']);

export function podTrouble({ spec, status }: Pod): string | undefined {
  if (status.phase === 'Failed') return `failed${status.reason ? ` (${status.reason})` : ''}${messageOf(status)}`;
  if (!spec.nodeName || status.phase === 'Succeeded') return undefined;
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  for (const container of all) {
    const trouble = containerTrouble(container);
    if (trouble !== undefined) return trouble;
  }
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  if (status.phase === 'Running' && ready?.status === 'False')
    return `never becomes ready${ready.message ? `: ${ready.message}` : ''}`;
  return undefined;
}

function containerTrouble({ name, restartCount = 0, state, lastState }: ContainerStatus): string | undefined {
  const ended = lastState?.terminated;
  if (ended && restartCount > 0)
    return `container ${name} ends and is restarted again and again (${ended.reason ?? 'Error'}, exit code ${ended.exitCode})`;
  const waiting = state.waiting;
  if (waiting?.reason === undefined || STARTING.has(waiting.reason)) return undefined;
  return `container ${name} waits: ${waiting.reason}${messageOf(waiting)}`;
}

function messageOf({ message }: { readonly message?: string }): string {
  return message ? `: ${message}` : '';
}

/** The trouble of the first pod of a workload that has any; also when a ReplicaSet stands between. */
export function troubleOfPods(owner: KubeObject, reader: ClusterReader): string | undefined {
  const { uid, namespace } = owner.metadata;
  const sets = reader.list('replicasets.apps', namespace).filter((set) => controllerOf(set)?.uid === uid);
  const uids = new Set([uid, ...sets.map(({ metadata }) => metadata.uid)]);
  for (const pod of reader.list<Pod>('pods', namespace)) {
    const by = controllerOf(pod)?.uid;
    const trouble = by !== undefined && uids.has(by) ? podTrouble(pod) : undefined;
    if (trouble !== undefined) return `Pod ${pod.metadata.name}: ${trouble}`;
  }
  return undefined;
}
