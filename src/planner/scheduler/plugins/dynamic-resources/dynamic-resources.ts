// Allocates devices for a pod's resource claims, and for extended resources that a device class provides.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go, Kubernetes v1.36.3.
// Differs: only a search for devices times out; of several claims that might be deallocated the first is.
import type { AllocationResult, ResourceClaim } from '../../../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../../../schema/resource-names.ts';
import { compileNodeSelector } from '../../../../selectors/node-selector.ts';
import { isReservedForPod } from '../../../resource-claims/consumers.ts';
import { SHARED_CLAIMS } from '../../../resource-claims/named-claims.ts';
import { defaultNormalizeScore } from '../../framework/normalize-score.ts';
import {
  type FilterPlugin,
  type Handle,
  MAX_NODE_SCORE,
  type PostFilterPlugin,
  type PreBindPlugin,
  type PreEnqueuePlugin,
  type PreFilterPlugin,
  type ReservePlugin,
  type ScorePlugin,
} from '../../framework/plugin.ts';
import { errorStatus, SKIP, type Status, unschedulable, unschedulableAndUnresolvable } from '../../framework/status.ts';
import { AllocationError, AllocationTimeout, NodeAllocationError } from './allocation/allocation-errors.ts';
import { alternativesScore } from './allocation/alternatives-score.ts';
import { allocateDevices } from './allocation/device-allocator.ts';
import { LostSearches } from './allocation/lost-searches.ts';
import { bindClaim } from './claims/claim-binding.ts';
import { checkClaims } from './claims/claim-checks.ts';
import { releaseForPod, releaseReserved, removeExtended } from './claims/claim-release.ts';
import {
  claimsState,
  consumerAt,
  groupClaims,
  groupState,
  noClaims,
  toAllocate,
  uidOf,
} from './claims/claims-state.ts';
import { podClaims } from './claims/pod-claims.ts';
import { bindingReadiness, waitsForDevices } from './devices/device-readiness.ts';
import type { DeviceSupply } from './devices/device-supply.ts';
import { claimForNode } from './extended-resources.ts';
import { eventsToRegister } from './queueing-hints.ts';

const NO_NEW_CLAIMS = 'no new claims to deallocate';
const STATE_NOT_FOUND = 'not found';

export function makeDynamicResources(
  handle: Pick<Handle, 'objects' | 'now' | 'pendingAllocations' | 'podGroups' | 'isFeatureEnabled'>,
) {
  const { objects, pendingAllocations: pending } = handle;
  const lost = new LostSearches();
  const sharesClaims = handle.isFeatureEnabled(SHARED_CLAIMS);
  return {
    name: 'DynamicResources',
    eventsToRegister: eventsToRegister((pod) => podClaims(objects, pod, sharesClaims)),
    preEnqueue(pod) {
      if (!pod.spec.resourceClaims?.length) return undefined;
      const found = podClaims(objects, pod, sharesClaims);
      return 'problem' in found ? unschedulableAndUnresolvable(found.problem) : undefined;
    },
    preFilter(state, pod) {
      state.write(claimsState, noClaims());
      const checked = checkClaims(pod, state.podGroup, handle, sharesClaims);
      if ('code' in checked) return { status: checked };
      state.write(claimsState, checked);
      return undefined;
    },
    filter(state, pod, nodeInfo) {
      const data = state.read(claimsState);
      if (!data || data.claims.length === 0) return undefined;
      const { claims, extended, supply, shared } = data;
      const { node } = nodeInfo;
      const hasOthers = claims.length > (extended ? 1 : 0);
      const forNode = extended && claimForNode(objects, pod, extended, nodeInfo, hasOthers);
      if (forNode && 'reason' in forNode) return unschedulableAndUnresolvable(forNode.reason);
      if (!forNode && !hasOthers) return undefined;
      const unavailable: number[] = [];
      claims.forEach((claim, i) => {
        const { allocation } = claim.status ?? {};
        if (!allocation) return;
        const isReachable = !allocation.nodeSelector || compileNodeSelector(allocation.nodeSelector).matches(node);
        if (isReachable && typeof bindingReadiness(claim) !== 'string') return;
        unavailable.push(i);
      });
      if (supply) {
        const wanted = toAllocate(data)
          .filter(({ i }) => !shared.has(i))
          .map(({ claim }) => (claim === extended && forNode ? forNode.claim : claim));
        const results = tryToAllocate(supply, node, wanted, lost);
        if ('code' in results) return results;
        if (unavailable.length === 0)
          data.allocations.set(nodeInfo.name, {
            // Upstream hands them out in this order, be the shared claims first or last; PreBind refuses those again.
            results: [...results.results, ...shared.values()],
            extended: forNode?.claim,
            mappings: forNode?.mappings ?? [],
          });
      }
      // A node without devices for the other claims has nothing to gain from these.
      for (const i of unavailable) data.unavailable.add(i);
      return unavailable.length > 0
        ? unschedulableAndUnresolvable('resourceclaim not available on the node')
        : undefined;
    },
    postFilter(state, pod) {
      const data = state.read(claimsState);
      // A plugin before this one rejected the pod, so there is no state: upstream passes that on as an error.
      if (!data) return { status: errorStatus(STATE_NOT_FOUND) };
      if (data.claims.length === 0) return { status: unschedulable(NO_NEW_CLAIMS) };
      return releaseForPod(data, pod, handle, sharesClaims);
    },
    score(state, _pod, { name }) {
      const data = state.read(claimsState);
      const allocation = data?.allocations.get(name);
      return data && allocation ? alternativesScore(data.claims, allocation.results) : 0;
    },
    normalizeScore(_state, _pod, scores) {
      defaultNormalizeScore(MAX_NODE_SCORE, false, scores);
      return undefined;
    },
    reserve(state, _pod, nodeName) {
      const data = state.read(claimsState);
      if (!data?.supply) return undefined;
      const allocation = data.allocations.get(nodeName);
      const wanted = toAllocate(data);
      if (!allocation || allocation.results.length === 0)
        return wanted.some(({ claim }) => claim !== data.extended)
          ? errorStatus('claim allocation not found for node')
          : undefined;
      const group = state.podGroup && groupClaims(state.podGroup);
      wanted.forEach(({ claim, i }, k) => {
        const result = allocation.results[k]!;
        data.reserved.set(i, result);
        const uid = uidOf(claim);
        pending.share(uid, result);
        group?.add(uid);
      });
      return undefined;
    },
    unreserve(state, pod, _nodeName, writer) {
      const data = state.read(claimsState);
      if (!data) return;
      for (const i of data.reserved.keys()) {
        // The claim for extended resources goes by another uid once it is written.
        const uid = uidOf(data.extended && i === data.claims.length - 1 ? data.extended : data.claims[i]!);
        if (pending.release(uid)) state.podGroup?.read(groupState)?.delete(uid);
      }
      data.reserved.clear();
      if (!writer) return;
      releaseReserved(data, pod, writer);
      removeExtended(data, writer);
    },
    preBindPreFlight(state) {
      return state.read(claimsState)?.claims.length ? undefined : SKIP;
    },
    preBind(state, pod, nodeName, writer) {
      const data = state.read(claimsState);
      if (!data || data.claims.length === 0) return undefined;
      for (const [i, claim] of data.claims.entries()) {
        // As it was when the cycle began: what another pod of the group has written since comes to light as a conflict.
        if (isReservedForPod(pod, claim, sharesClaims)) continue;
        const allocation = data.reserved.get(i);
        const toBind = {
          claim,
          allocation,
          consumer: consumerAt(data, i, pod),
          ...(data.extended && i === data.claims.length - 1
            ? { extended: data.allocations.get(nodeName) ?? ('nothing' as const) }
            : {}),
        };
        const bound = bindClaim(toBind, pod, nodeName, handle, writer);
        if (bound.claim) data.claims[i] = bound.claim;
        if (bound.problem !== undefined) {
          if (allocation) pending.release(uidOf(claim));
          return errorStatus(bound.problem);
        }
        if (bound.claim) pending.settle(uidOf(claim));
      }
      if (!data.claims.some(waitsForDevices)) return undefined;
      for (const [i, claim] of data.claims.entries()) {
        const current = objects.get<ResourceClaim>(RESOURCE_CLAIMS, pod.namespace, claim.metadata.name ?? '') ?? claim;
        data.claims[i] = current;
        const readiness = bindingReadiness(current);
        if (typeof readiness === 'string') return errorStatus(readiness);
        if (!readiness) return 'wait';
      }
      return undefined;
    },
  } satisfies PreEnqueuePlugin &
    PreFilterPlugin &
    FilterPlugin &
    PostFilterPlugin &
    ScorePlugin &
    ReservePlugin &
    PreBindPlugin;
}

function tryToAllocate(
  supply: DeviceSupply,
  node: Parameters<typeof allocateDevices>[1],
  claims: readonly ResourceClaim[],
  lost: LostSearches,
): { readonly results: readonly AllocationResult[] } | Status {
  const name = node.metadata.name ?? '';
  const timeout = (): Status => errorStatus(`node ${name}: timed out trying to allocate devices`);
  if (lost.has(supply, name, claims)) return timeout();
  try {
    const results = allocateDevices(supply, node, claims);
    return results ? { results } : unschedulableAndUnresolvable('cannot allocate all claims');
  } catch (error) {
    if (error instanceof AllocationTimeout) {
      lost.add(supply, name, claims);
      return timeout();
    }
    if (error instanceof NodeAllocationError) return unschedulableAndUnresolvable(error.message);
    if (error instanceof AllocationError) return errorStatus(error.message);
    throw error;
  }
}
