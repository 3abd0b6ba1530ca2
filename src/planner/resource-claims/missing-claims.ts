// Why a pod cannot be tried for want of its ResourceClaims.
// Role: kube-scheduler holds such a pod back without a word (PreEnqueue of DynamicResources).
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { Pod, PodResourceClaim } from '../../schema/generated/types/core-v1.ts';
import type { ResourceClaim } from '../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../schema/resource-names.ts';
import { claimOfPod, TEMPLATES, whyNotForPod } from './named-claims.ts';

/** In words of the first claim that is not there or not usable; undefined when all are. */
export function missingClaim(pod: Pod, reader: ClusterReader): string | undefined {
  for (const entry of pod.spec.resourceClaims ?? []) {
    const problem = problemOf(pod, entry, reader);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOf(pod: Pod, entry: PodResourceClaim, reader: ClusterReader): string | undefined {
  const { namespace } = pod.metadata;
  const named = claimOfPod(pod, entry);
  if (named.kind === 'unneeded') return undefined;
  if (named.kind === 'unknown') return named.problem;
  if (named.kind === 'missing') {
    const template = entry.resourceClaimTemplateName ?? '';
    return reader.get(TEMPLATES, namespace, template)
      ? `its ResourceClaim ${entry.name} was not made from template ${template} yet`
      : `its ResourceClaim ${entry.name} cannot be made: ResourceClaimTemplate ${template} does not exist`;
  }
  const claim = reader.get<ResourceClaim>(RESOURCE_CLAIMS, namespace, named.name);
  if (!claim) return `its ResourceClaim ${named.name} does not exist`;
  if (claim.metadata.deletionTimestamp !== undefined) return `its ResourceClaim ${named.name} is being deleted`;
  return named.isGenerated ? whyNotForPod(pod, claim, true) : undefined;
}
