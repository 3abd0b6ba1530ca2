// What the plugin remembers of a pod from PreFilter to PreBind, and of a pod group from pod to pod.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/{dynamicresources.go (stateData, podGroupStateData),claims.go},
// Kubernetes v1.36.3.
import type {
  AllocationResult,
  ResourceClaim,
  ResourceClaimConsumerReference,
} from '../../../../../schema/generated/types/resource-v1.ts';
import { type CycleState, stateKey } from '../../../framework/cycle-state.ts';
import type { PodInfo } from '../../../framework/pod-info.ts';
import { claimText } from '../allocation/device-requests.ts';
import type { DeviceSupply } from '../devices/device-supply.ts';
import type { RequestMapping } from '../extended-resources.ts';

export interface NodeAllocation {
  /** In the order of the claims to allocate, those that others of the group have reserved last. */
  readonly results: readonly AllocationResult[];
  readonly extended: ResourceClaim | undefined;
  readonly mappings: readonly RequestMapping[];
}

export interface ClaimsState {
  readonly claims: ResourceClaim[];
  /** The claim for extended resources, the last of them. */
  readonly extended: ResourceClaim | undefined;
  /** For whom claims are to be reserved, by number; for the pod where nothing is said. */
  readonly consumers: readonly ResourceClaimConsumerReference[];
  readonly supply: DeviceSupply | undefined;
  /** What a pod of the same group has reserved in this cycle, by number of the claim. */
  readonly shared: ReadonlyMap<number, AllocationResult>;
  readonly allocations: Map<string, NodeAllocation>;
  /** Allocated claims that some node could not use, by number. */
  readonly unavailable: Set<number>;
  /** What Reserve has chosen, by number of the claim. */
  readonly reserved: Map<number, AllocationResult>;
}

export const claimsState = stateKey<ClaimsState>('PreFilterDynamicResources');
/** Uids of the claims that pods of the group have reserved in this cycle. */
export const groupState = stateKey<Set<string>>('DynamicResources');

export function noClaims(): ClaimsState {
  return {
    claims: [],
    extended: undefined,
    consumers: [],
    supply: undefined,
    shared: new Map(),
    allocations: new Map(),
    unavailable: new Set(),
    reserved: new Map(),
  };
}

export function consumerAt({ consumers }: ClaimsState, i: number, pod: PodInfo): ResourceClaimConsumerReference {
  return consumers[i] ?? { resource: 'pods', name: pod.name, uid: pod.uid };
}

/** Claims that somebody has to allocate, with their numbers. */
export function toAllocate({ claims }: ClaimsState): readonly { readonly claim: ResourceClaim; readonly i: number }[] {
  return claims.flatMap((claim, i) => (claim.status?.allocation ? [] : [{ claim, i }]));
}

export function groupClaims(podGroup: CycleState): Set<string> {
  const found = podGroup.read(groupState);
  if (found) return found;
  const uids = new Set<string>();
  podGroup.write(groupState, uids);
  return uids;
}

export function uidOf(claim: ResourceClaim): string {
  return claim.metadata.uid ?? claimText(claim);
}
