// The claims that a pod names or that were made for it, and why one of them does not do.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/resourceclaim/resourceclaim.go, Kubernetes v1.36.3.
import type { PodResourceClaim } from '../../../../schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../../../schema/generated/types/resource-v1.ts';
import type { ClusterLister } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';

export const CLAIMS = 'resourceclaims.resource.k8s.io';

export type PodClaims = { readonly claims: readonly ResourceClaim[] } | { readonly problem: string };

/** Claims that turned out not to be needed are left out. */
export function podClaims(objects: ClusterLister, pod: PodInfo): PodClaims {
  const claims: ResourceClaim[] = [];
  for (const reference of pod.spec.resourceClaims ?? []) {
    const named = nameOf(pod, reference);
    if ('problem' in named) return named;
    if (named.name === undefined) continue;
    const claim = objects.get<ResourceClaim>(CLAIMS, pod.namespace, named.name);
    if (!claim) return { problem: `could not find ResourceClaim ${JSON.stringify(`${pod.namespace}/${named.name}`)}` };
    if (claim.metadata.deletionTimestamp !== undefined)
      return { problem: `resourceclaim ${JSON.stringify(claim.metadata.name)} is being deleted` };
    const controller = claim.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (named.isGenerated && controller?.uid !== pod.uid)
      return {
        problem: `ResourceClaim ${pod.namespace}/${claim.metadata.name} was not created for Pod ${pod.key} (Pod is not owner)`,
      };
    claims.push(claim);
  }
  return { claims };
}

type Named = { readonly name: string | undefined; readonly isGenerated: boolean } | { readonly problem: string };

function nameOf(pod: PodInfo, { name, resourceClaimName, resourceClaimTemplateName }: PodResourceClaim): Named {
  if (resourceClaimName !== undefined) return { name: resourceClaimName, isGenerated: false };
  if (resourceClaimTemplateName === undefined)
    return {
      problem: `pod "${pod.key}", spec.resourceClaim ${JSON.stringify(name)}: none of the supported fields are set`,
    };
  const status = pod.status.resourceClaimStatuses?.find((entry) => entry.name === name);
  if (!status) return { problem: `pod "${pod.key}": ResourceClaim not created yet` };
  return { name: status.resourceClaimName, isGenerated: true };
}

export function isReservedFor({ status }: ResourceClaim, pod: PodInfo): boolean {
  return status?.reservedFor?.some(({ uid }) => uid === pod.uid) ?? false;
}

/** Whether the devices of an allocation are set up on their node; a text says that they never will be. */
export function bindingReadiness({ metadata, status }: ResourceClaim): boolean | string {
  if (!status?.allocation) return false;
  for (const result of status.allocation.devices.results ?? []) {
    if ((result.bindingConditions?.length ?? 0) === 0) continue;
    const device = status.devices?.find(
      ({ driver, pool, device: name, shareID }) =>
        driver === result.driver && pool === result.pool && name === result.device && shareID === result.shareID,
    );
    if (!device) return false;
    const conditionOf = (type: string) =>
      device.conditions?.find((condition) => condition.type === type && condition.status === 'True');
    for (const type of result.bindingFailureConditions ?? []) {
      const failed = conditionOf(type);
      if (failed)
        return `device binding failed: claim=${metadata.name}, reason=${failed.reason}, message=${JSON.stringify(failed.message)}`;
    }
    if (!result.bindingConditions?.every(conditionOf)) return false;
  }
  return true;
}

export function waitsForDevices({ status }: ResourceClaim): boolean {
  return (
    status?.allocation?.devices.results?.some(({ bindingConditions = [] }) => bindingConditions.length > 0) ?? false
  );
}
