// Which pods use a claim, and whether they are done with it.
// Behaviour: pkg/controller/volume/common/common.go, pkg/volume/util/util.go (IsPodTerminated), Kubernetes v1.36.3.
import { controllerOf } from '../../apimachinery/owner-references.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { ContainerStatus, PersistentVolumeClaim, Pod, Volume } from '../../schema/generated/types/core-v1.ts';

/** The claim that a volume of a pod stands for; the claim of an ephemeral volume is named after pod and volume. */
export function claimNameOf(pod: Pod, { name, persistentVolumeClaim, ephemeral }: Volume): string | undefined {
  return persistentVolumeClaim?.claimName ?? (ephemeral ? `${pod.metadata.name}-${name}` : undefined);
}

/** Pods with a volume for the claim, by name. */
export function podsOfClaim({ metadata }: PersistentVolumeClaim, reader: ClusterReader): readonly Pod[] {
  return reader.listByIndex<Pod>('pods', 'claim', `${metadata.namespace}/${metadata.name}`);
}

/** The claim of an ephemeral volume belongs to its pod; another of that name does not serve. */
export function isForPod(claim: PersistentVolumeClaim, pod: Pod): boolean {
  return claim.metadata.namespace === pod.metadata.namespace && controllerOf(claim)?.uid === pod.metadata.uid;
}

/** Containers of the pod neither run nor will. */
export function isPodTerminated({ metadata, status }: Pod): boolean {
  if (status.phase === 'Failed' || status.phase === 'Succeeded') return true;
  return (
    metadata.deletionTimestamp !== undefined &&
    isNotRunning(status.initContainerStatuses) &&
    isNotRunning(status.containerStatuses) &&
    isNotRunning(status.ephemeralContainerStatuses)
  );
}

function isNotRunning(statuses: readonly ContainerStatus[] = []): boolean {
  return statuses.every(({ state }) => state?.terminated !== undefined || state?.waiting !== undefined);
}
