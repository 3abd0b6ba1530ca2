// The volume claims of a StatefulSet's pods: their names, the volumes that use them, and who owns them under the retention policy.
// Behaviour: pkg/controller/statefulset/stateful_set_utils.go, Kubernetes v1.36.3.
// Differs: with several claim templates upstream puts the volumes in any order; here they keep that of the templates.
import { type GroupVersionKind, groupVersionText } from '../../../apimachinery/group-version-kind.ts';
import type { KubeObject, OwnerReference } from '../../../apimachinery/object.ts';
import { newControllerRef } from '../../../apimachinery/owner-references.ts';
import type { StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { PersistentVolumeClaim, Pod } from '../../../schema/generated/types/core-v1.ts';
import { isInOrdinalRange, ordinalOf, STATEFUL_SET_KIND } from './identity.ts';

const POD_KIND = { group: '', version: 'v1', kind: 'Pod' };

/** The claims of a pod by the name of their template. */
export function claimsOf(set: StatefulSet, pod: Pod): ReadonlyMap<string, PersistentVolumeClaim> {
  const ordinal = ordinalOf(pod);
  const { selector, volumeClaimTemplates = [] } = set.spec;
  return new Map(
    volumeClaimTemplates.map((template) => {
      const { name = '' } = template.metadata;
      const labels = { ...template.metadata.labels, ...selector?.matchLabels };
      const metadata = {
        ...template.metadata,
        name: claimName(set, name, ordinal),
        ...(set.metadata.namespace === undefined ? {} : { namespace: set.metadata.namespace }),
        ...(Object.keys(labels).length === 0 ? {} : { labels }),
      };
      return [name, { ...template, apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata }];
    }),
  );
}

export function claimNames(set: StatefulSet, pod: Pod): readonly string[] {
  const ordinal = ordinalOf(pod);
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => claimName(set, metadata.name ?? '', ordinal));
}

function claimName({ metadata }: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${metadata.name}-${ordinal}`;
}

/** The pod with a volume for each claim, before the volumes of other names. */
export function withClaimVolumes(set: StatefulSet, pod: Pod): Pod {
  const claims = claimsOf(set, pod);
  if (claims.size === 0) return pod;
  const volumes = [...claims].map(([name, { metadata }]) => ({
    name,
    persistentVolumeClaim: { claimName: metadata.name ?? '' },
  }));
  const others = (pod.spec.volumes ?? []).filter(({ name }) => !claims.has(name));
  return { ...pod, spec: { ...pod.spec, volumes: [...volumes, ...others] } };
}

export function storageMatches(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(pod);
  if (ordinal < 0) return false;
  return (set.spec.volumeClaimTemplates ?? []).every(({ metadata: { name = '' } }) => {
    const volume = pod.spec.volumes?.findLast((candidate) => candidate.name === name);
    return volume?.persistentVolumeClaim?.claimName === claimName(set, name, ordinal);
  });
}

interface RetentionPolicy {
  readonly deletesWhenDeleted: boolean;
  readonly deletesWhenScaled: boolean;
}

export function retentionPolicy({ spec }: StatefulSet): RetentionPolicy {
  const { whenDeleted, whenScaled } = spec.persistentVolumeClaimRetentionPolicy ?? {};
  return { deletesWhenDeleted: whenDeleted === 'Delete', deletesWhenScaled: whenScaled === 'Delete' };
}

/** Who is to own the claim: nobody, the set until it is deleted, or the pod that was scaled away. */
function wantedOwners(set: StatefulSet, pod: Pod): { readonly set: boolean; readonly pod: boolean } {
  const { deletesWhenDeleted, deletesWhenScaled } = retentionPolicy(set);
  const isScaledDown = deletesWhenScaled && !isInOrdinalRange(pod, set);
  return { set: deletesWhenDeleted && !isScaledDown, pod: isScaledDown };
}

export function isClaimOwnerUpToDate(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  // What belonged to a predecessor of the same name is the garbage collector's.
  if (hasStaleOwner(claim, set, STATEFUL_SET_KIND) || hasStaleOwner(claim, pod, POD_KIND)) return true;
  if (hasUnexpectedController(claim, set, pod)) return !hasOwner(claim, set) && !hasOwner(claim, pod);
  if (hasNonControllerOwner(claim, set, pod)) return false;
  const wanted = wantedOwners(set, pod);
  return hasOwner(claim, set) === wanted.set && hasOwner(claim, pod) === wanted.pod;
}

export function withClaimOwners(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): PersistentVolumeClaim {
  const isForeign = hasUnexpectedController(claim, set, pod);
  const wanted = wantedOwners(set, pod);
  const references = referencesOf(claim).filter(
    (reference) => !refersTo(reference, set, STATEFUL_SET_KIND) && !refersTo(reference, pod, POD_KIND),
  );
  const add = (owner: KubeObject, kind: GroupVersionKind): void => {
    if (!references.some(({ uid }) => uid === owner.metadata.uid)) references.push(newControllerRef(owner, kind));
  };
  if (!isForeign && wanted.pod) add(pod, POD_KIND);
  if (!isForeign && wanted.set) add(set, STATEFUL_SET_KIND);
  const { ownerReferences: _before, ...metadata } = claim.metadata;
  return { ...claim, metadata: references.length === 0 ? metadata : { ...metadata, ownerReferences: references } };
}

/** Somebody else manages the claim, or it belonged to a predecessor of the set or the pod. */
export function hasUnexpectedController(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  const { deletesWhenDeleted, deletesWhenScaled } = retentionPolicy(set);
  if (!deletesWhenDeleted && !deletesWhenScaled) return false;
  return referencesOf(claim).some((reference) => {
    if (refersTo(reference, set, STATEFUL_SET_KIND)) return reference.uid !== set.metadata.uid;
    if (refersTo(reference, pod, POD_KIND)) return reference.uid !== pod.metadata.uid;
    return reference.controller === true;
  });
}

function hasNonControllerOwner(claim: PersistentVolumeClaim, set: StatefulSet, pod: Pod): boolean {
  return referencesOf(claim).some(
    ({ uid, controller }) => (uid === set.metadata.uid || uid === pod.metadata.uid) && controller !== true,
  );
}

/** Whether a pod that is to be created finds a claim that still belongs to its predecessor. */
export function hasStalePodOwner(claim: PersistentVolumeClaim, pod: Pod): boolean {
  return hasStaleOwner(claim, pod, POD_KIND);
}

function hasStaleOwner(claim: PersistentVolumeClaim, owner: KubeObject, kind: GroupVersionKind): boolean {
  const found = referencesOf(claim).find((reference) => refersTo(reference, owner, kind));
  return found !== undefined && found.uid !== owner.metadata.uid;
}

function hasOwner(claim: PersistentVolumeClaim, { metadata: { uid } }: KubeObject): boolean {
  return referencesOf(claim).some((reference) => reference.uid === uid);
}

function refersTo({ apiVersion, kind, name }: OwnerReference, owner: KubeObject, gvk: GroupVersionKind): boolean {
  return apiVersion === groupVersionText(gvk) && kind === gvk.kind && name === owner.metadata.name;
}

function referencesOf({ metadata }: PersistentVolumeClaim): readonly OwnerReference[] {
  return metadata.ownerReferences ?? [];
}
