// What a pod's group has to do with where the pod is: what it waits for, and how far it is.
import type { Store } from '../../apiserver/store/store.ts';
import type { Pod } from '../../schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../schema/generated/types/resource-v1.ts';
import type { PodGroup, PodGroupResourceClaim } from '../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS, RESOURCE_CLAIMS } from '../../schema/resource-names.ts';
import { claimOfGroup } from '../resource-claims/named-claims.ts';
import type { ExplainedGroup, SharedClaim } from './pod-explanation.ts';

/** Undefined for a pod that is scheduled by itself. */
export function explainGroup(store: Store, { metadata, spec }: Pod): ExplainedGroup | undefined {
  const name = spec.schedulingGroup?.podGroupName;
  if (name === undefined) return undefined;
  const { namespace = '' } = metadata;
  const group = store.get(POD_GROUPS, namespace, name) as PodGroup | undefined; // groups are filed there
  const pods = (store.list('pods', namespace) as readonly Pod[]).filter((pod) => isLiveMember(pod, name)); // and pods there
  const minCount = group?.spec.schedulingPolicy.gang?.minCount;
  const topology = group?.spec.schedulingConstraints?.topology?.[0]?.key;
  const claims = group?.spec.resourceClaims?.map((entry) => sharedClaim(group, entry, store)) ?? [];
  const condition = group?.status.conditions?.find(({ type }) => type === 'PodGroupScheduled');
  return {
    name,
    exists: group !== undefined,
    ...(minCount === undefined ? {} : { minCount }),
    ...(topology === undefined ? {} : { topology }),
    ...(claims.length === 0 ? {} : { claims }),
    pods: pods.length,
    placed: pods.filter((pod) => pod.spec.nodeName).length,
    ...(condition?.message ? { message: condition.message } : {}),
  };
}

function sharedClaim(group: PodGroup, entry: PodGroupResourceClaim, store: Store): SharedClaim {
  const named = claimOfGroup(group, entry);
  const claim =
    named.kind === 'named'
      ? (store.get(RESOURCE_CLAIMS, group.metadata.namespace, named.name) as ResourceClaim | undefined) // claims are filed there
      : undefined;
  const results = claim?.status.allocation?.devices.results ?? [];
  return {
    name: entry.name,
    ...(claim?.metadata.name ? { claim: claim.metadata.name } : {}),
    devices: results.map(({ pool, device }) => `${pool}/${device}`),
    isReserved: claim?.status.reservedFor?.some(({ uid }) => uid === group.metadata.uid) ?? false,
  };
}

/** Of the group and not over. */
export function isLiveMember({ spec, status }: Pod, name: string): boolean {
  const isOver = status.phase === 'Succeeded' || status.phase === 'Failed';
  return !isOver && spec.schedulingGroup?.podGroupName === name;
}
