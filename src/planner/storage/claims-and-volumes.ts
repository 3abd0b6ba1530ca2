// What claims and volumes say about themselves, and which volume suits a claim.
// Behaviour: staging/src/k8s.io/component-helpers/storage/volume/{helpers,pv_helpers}.go, storage/ephemeral, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { mustParseQuantity, type Quantity } from '../../apimachinery/quantity/quantity.ts';
import { BETA_STORAGE_CLASS } from '../../apimachinery/well-known/annotations.ts';
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  TopologySelectorTerm,
  Volume,
} from '../../schema/generated/types/core-v1.ts';
import type { StorageClass } from '../../schema/generated/types/storage-v1.ts';
import { PVCS } from '../../schema/resource-names.ts';
import { compileNodeSelector } from '../../selectors/node-selector.ts';
import { compileSelector } from '../scheduler/framework/label-set.ts';
import type { ClusterLister } from '../scheduler/framework/plugin.ts';
import type { PodInfo } from '../scheduler/framework/pod-info.ts';
import { volumeCapacity } from './claim-size.ts';

export const ANN_BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
export const ANN_BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
export const ANN_SELECTED_NODE = 'volume.kubernetes.io/selected-node';
export const NOT_SUPPORTED_PROVISIONER = 'kubernetes.io/no-provisioner';

export const STORAGE_CLASSES = 'storageclasses.storage.k8s.io';

/** The claim that a volume of a pod stands for; undefined for volumes that need none. */
export function claimNameOf({ name }: PodInfo, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral ? `${name}-${volume.name}` : undefined;
}

/** Whether one of the pod's volumes is the claim. */
export function hasVolumeFrom(pod: PodInfo, claim: KubeObject | undefined): boolean {
  return (
    claim?.metadata.namespace === pod.namespace &&
    (pod.spec.volumes ?? []).some((volume) => claimNameOf(pod, volume) === claim.metadata.name)
  );
}

/** An error when the claim of an ephemeral volume belongs to somebody else. */
export function whyNotForPod({ namespace, name, uid }: PodInfo, claim: PersistentVolumeClaim): string | undefined {
  const owner = claim.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (claim.metadata.namespace === namespace && owner?.uid === uid) return undefined;
  return `PVC ${claim.metadata.namespace}/${claim.metadata.name} was not created for pod ${namespace}/${name} (pod is not owner)`;
}

/** Whether the claims of a pod's ephemeral volumes are for it; undefined while one of them is missing. */
export function ownsEphemeralClaims(objects: ClusterLister, pod: PodInfo): boolean | undefined {
  let isAnyMissing = false;
  for (const volume of pod.spec.volumes ?? []) {
    if (!volume.ephemeral) continue;
    const claim = objects.get<PersistentVolumeClaim>(PVCS, pod.namespace, `${pod.name}-${volume.name}`);
    if (claim && whyNotForPod(pod, claim) !== undefined) return false;
    isAnyMissing ||= claim === undefined;
  }
  return isAnyMissing ? undefined : true;
}

export function claimClass({ metadata, spec }: PersistentVolumeClaim): string {
  return metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec.storageClassName ?? '';
}

export function volumeClass({ metadata, spec }: PersistentVolume): string {
  return metadata.annotations?.[BETA_STORAGE_CLASS] ?? spec.storageClassName ?? '';
}

export function isFullyBound({ metadata, spec }: PersistentVolumeClaim): boolean {
  return Boolean(spec.volumeName) && metadata.annotations?.[ANN_BIND_COMPLETED] !== undefined;
}

type DelayMode = { readonly isDelayed: boolean } | { readonly error: string };

/** Whether the claim is to wait for its first consumer. */
export function delayBindingMode(claim: PersistentVolumeClaim, objects: ClusterLister): DelayMode {
  const name = claimClass(claim);
  const storageClass = name === '' ? undefined : objects.get<StorageClass>(STORAGE_CLASSES, undefined, name);
  if (!storageClass) return { isDelayed: false };
  const mode = storageClass.volumeBindingMode ?? 'Immediate';
  return { isDelayed: mode === 'WaitForFirstConsumer' };
}

export function requestedStorage({ spec }: PersistentVolumeClaim): Quantity | undefined {
  const text = spec.resources?.requests?.['storage'];
  return text === undefined ? undefined : mustParseQuantity(String(text));
}

const ZERO = mustParseQuantity('0');

/** Names have no say in a volume's node affinity. */
export function matchesNodeAffinity({ spec }: PersistentVolume, node: Node): boolean {
  const required = spec.nodeAffinity?.required;
  return (
    required === undefined ||
    compileNodeSelector(required).matches({ metadata: { labels: node.metadata.labels ?? {} } })
  );
}

export function isVolumeBoundToClaim({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const reference = spec.claimRef;
  if (!reference || reference.name !== metadata.name || reference.namespace !== metadata.namespace) return false;
  return !reference.uid || reference.uid === metadata.uid;
}

/** The volume with the claim's name on it, and whether that is news. */
export function bindVolumeToClaim(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
): { readonly volume: PersistentVolume; readonly isDirty: boolean } {
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  const reference = volume.spec.claimRef;
  let next = volume;
  if (!reference || reference.name !== name || reference.namespace !== namespace || reference.uid !== uid) {
    const claimRef = {
      kind: 'PersistentVolumeClaim',
      apiVersion: 'v1',
      ...(namespace === undefined ? {} : { namespace }),
      ...(name === undefined ? {} : { name }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
    next = { ...next, spec: { ...next.spec, claimRef } };
  }
  if (!isVolumeBoundToClaim(volume, claim) && volume.metadata.annotations?.[ANN_BOUND_BY_CONTROLLER] === undefined) {
    const annotations = { ...next.metadata.annotations, [ANN_BOUND_BY_CONTROLLER]: 'yes' };
    next = { ...next, metadata: { ...next.metadata, annotations } };
  }
  return { volume: next, isDirty: next !== volume };
}

/** The smallest volume that suits the claim on this node; one that is already bound to the claim goes before all others. */
export function findMatchingVolume(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  node: Node,
  taken: ReadonlySet<string>,
): PersistentVolume | undefined {
  const requested = requestedStorage(claim) ?? ZERO;
  const wantedClass = claimClass(claim);
  const selector = claim.spec.selector && compileSelector(claim.spec.selector);
  let smallest: PersistentVolume | undefined;
  for (const volume of volumes) {
    const { metadata, spec, status } = volume;
    if (taken.has(metadata.name ?? '') || (spec.claimRef && !isVolumeBoundToClaim(volume, claim))) continue;
    const capacity = volumeCapacity(volume);
    if (capacity.cmp(requested) < 0) continue;
    if ((claim.spec.volumeMode ?? 'Filesystem') !== (spec.volumeMode ?? 'Filesystem')) continue;
    if ((claim.spec.volumeAttributesClassName ?? '') !== (spec.volumeAttributesClassName ?? '')) continue;
    if (metadata.deletionTimestamp !== undefined) continue;
    const isReachable = matchesNodeAffinity(volume, node);
    if (isVolumeBoundToClaim(volume, claim)) return isReachable ? volume : undefined;
    if (status?.phase !== 'Available' || (selector && !selector.matches(metadata.labels))) continue;
    if (volumeClass(volume) !== wantedClass || !isReachable) continue;
    if (!(claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode))) continue;
    if (!smallest || volumeCapacity(smallest).cmp(capacity) > 0) smallest = volume;
  }
  return smallest;
}

/** No terms allow every node; an empty term allows none. */
export function matchesTopologyTerms(terms: readonly TopologySelectorTerm[] = [], { metadata }: Node): boolean {
  if (terms.length === 0) return true;
  return terms.some(({ matchLabelExpressions = [] }) => {
    if (matchLabelExpressions.length === 0) return false;
    return matchLabelExpressions.every(({ key, values = [] }) => {
      const value = metadata.labels?.[key];
      return value !== undefined && values.includes(value);
    });
  });
}
