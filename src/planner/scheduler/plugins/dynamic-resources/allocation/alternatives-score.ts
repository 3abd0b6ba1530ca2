// Likes a node the better the earlier the alternatives are that its devices allow.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (computeScore), Kubernetes v1.36.3.
import type { AllocationResult, ResourceClaim } from '../../../../../schema/generated/types/resource-v1.ts';

/** Alternatives that a request may have. */
const MOST_ALTERNATIVES = 8;

/** `results`: of the claims without an allocation, in their order. */
export function alternativesScore(claims: readonly ResourceClaim[], results: readonly AllocationResult[]): number {
  let score = 0;
  let next = 0;
  for (const { spec, status } of claims) {
    const allocation = status?.allocation ?? results[next++];
    const taken = new Set((allocation?.devices.results ?? []).map(({ request }) => request));
    for (const { name, exactly, firstAvailable = [] } of spec.devices.requests ?? [])
      if (!exactly)
        firstAvailable.forEach((sub, i) => {
          if (taken.has(`${name}/${sub.name}`)) score += MOST_ALTERNATIVES - i;
        });
  }
  return score;
}
