// Allocates devices for a pod's resource claims, and for extended resources that a device class provides.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go, Kubernetes v1.36.3.
// Differs: there are no timeouts; of several claims that might be deallocated the first is; a claim that a pod names twice does
// not make its first bind fail.
import { semanticDeepEqual } from '../../../../apimachinery/deep-equal.ts';
import { formatTime } from '../../../../apimachinery/time.ts';
import type { Pod } from '../../../../schema/generated/types/core-v1.ts';
import type {
  AllocationResult,
  DeviceClass,
  ResourceClaim,
  ResourceSlice,
} from '../../../../schema/generated/types/resource-v1.ts';
import { compileNodeSelector } from '../../../../selectors/node-selector.ts';
import { type CycleState, stateKey } from '../../framework/cycle-state.ts';
import type { ClusterEventWithHint } from '../../framework/events.ts';
import { defaultNormalizeScore } from '../../framework/normalize-score.ts';
import {
  type ClusterWriter,
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
import type { PodInfo } from '../../framework/pod-info.ts';
import { errorStatus, SKIP, type Status, unschedulable, unschedulableAndUnresolvable } from '../../framework/status.ts';
import { allocatedDevices } from './allocated-devices.ts';
import { AllocationError, allocateDevices, type DeviceSupply, NodeAllocationError } from './device-allocator.ts';
import { SliceIndex } from './device-pools.ts';
import { alternativesOf, claimText, hasAlternatives } from './device-requests.ts';
import { claimForNode, extendedResourceClaim, type RequestMapping, UNWRITTEN } from './extended-resources.ts';
import { bindingReadiness, CLAIMS, isReservedFor, podClaims, waitsForDevices } from './pod-claims.ts';

export const NO_NEW_CLAIMS = 'no new claims to deallocate';
export const STATE_NOT_FOUND = 'not found';
const FINALIZER = 'resource.kubernetes.io/delete-protection';
/** Alternatives that a request may have; the earlier the one taken, the better the node. */
const MOST_ALTERNATIVES = 8;

interface NodeAllocation {
  /** In the order of the claims to allocate, those that others of the group have reserved last. */
  readonly results: readonly AllocationResult[];
  readonly extended: ResourceClaim | undefined;
  readonly mappings: readonly RequestMapping[];
}

interface ClaimsState {
  readonly claims: ResourceClaim[];
  /** The claim for extended resources, the last of them. */
  readonly extended: ResourceClaim | undefined;
  readonly supply: DeviceSupply | undefined;
  /** What a pod of the same group has reserved in this cycle, by number of the claim. */
  readonly shared: ReadonlyMap<number, AllocationResult>;
  readonly allocations: Map<string, NodeAllocation>;
  /** Allocated claims that some node could not use, by number. */
  readonly unavailable: Set<number>;
  /** What Reserve has chosen, by number of the claim. */
  readonly reserved: Map<number, AllocationResult>;
}

const preFilterState = stateKey<ClaimsState>('PreFilterDynamicResources');
/** Uids of the claims that pods of the group have reserved in this cycle. */
const groupState = stateKey<Set<string>>('DynamicResources');

export function makeDynamicResources({
  objects,
  now,
  pendingAllocations: pending,
}: Pick<Handle, 'objects' | 'now' | 'pendingAllocations'>) {
  const classOf = (name: string) => objects.get<DeviceClass>('deviceclasses.resource.k8s.io', undefined, name);
  const uidOf = ({ metadata }: ResourceClaim): string => metadata.uid ?? claimText({ metadata } as ResourceClaim);

  const whyNotAllocatable = (claim: ResourceClaim): Status | undefined => {
    for (const request of claim.spec.devices.requests ?? []) {
      if (!request.exactly && !hasAlternatives(request))
        return unschedulableAndUnresolvable(
          `resource claim ${claimText(claim)}, request ${request.name}: unknown request type`,
        );
      for (const { deviceClassName, name } of alternativesOf(request)) {
        if (deviceClassName === '') return errorStatus(`request ${name}: unsupported request type`);
        if (!classOf(deviceClassName))
          return unschedulableAndUnresolvable(`request ${name}: device class ${deviceClassName} does not exist`);
      }
    }
    return undefined;
  };

  return {
    name: 'DynamicResources',
    eventsToRegister: eventsToRegister((pod) => podClaims(objects, pod)),
    preEnqueue(pod) {
      if (!pod.spec.resourceClaims?.length) return undefined;
      const found = podClaims(objects, pod);
      return 'problem' in found ? unschedulableAndUnresolvable(found.problem) : undefined;
    },
    preFilter(state, pod) {
      const empty: ClaimsState = {
        claims: [],
        extended: undefined,
        supply: undefined,
        shared: new Map(),
        allocations: new Map(),
        unavailable: new Set(),
        reserved: new Map(),
      };
      state.write(preFilterState, empty);
      const found = podClaims(objects, pod);
      if ('problem' in found) return { status: unschedulableAndUnresolvable(found.problem) };
      const extended = extendedResourceClaim(objects, pod);
      const claims = [...found.claims, ...(extended ? [extended] : [])];
      if (claims.length === 0) return { status: SKIP };
      const sharable = state.podGroup?.read(groupState);
      const shared = new Map<number, AllocationResult>();
      for (const [i, claim] of claims.entries()) {
        if (claim.status?.allocation) continue;
        const uid = uidOf(claim);
        const inFlight = pending.get(uid);
        if (inFlight && sharable?.has(uid)) {
          shared.set(i, inFlight);
          continue;
        }
        if (inFlight)
          return {
            status: unschedulableAndUnresolvable(
              `resource claim ${claimText(claim)} is in the process of being allocated`,
            ),
          };
        const problem = claim === extended ? undefined : whyNotAllocatable(claim);
        if (problem) return { status: problem };
      }
      const isAnyToAllocate = claims.some(({ status }) => !status?.allocation);
      const supply = isAnyToAllocate
        ? {
            slices: new SliceIndex(objects.list<ResourceSlice>('resourceslices.resource.k8s.io')),
            allocated: allocatedDevices(objects.list<ResourceClaim>(CLAIMS), pending.results()),
            classOf,
            counters: new Map(),
          }
        : undefined;
      state.write(preFilterState, { ...empty, claims, extended, supply, shared });
      return undefined;
    },
    filter(state, pod, nodeInfo) {
      const data = state.read(preFilterState);
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
        const toAllocate = claims
          .filter(({ status }, i) => !status?.allocation && !shared.has(i))
          .map((claim) => (claim === extended && forNode ? forNode.claim : claim));
        const results = tryToAllocate(supply, node, toAllocate);
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
      const data = state.read(preFilterState);
      // A plugin before this one rejected the pod, so there is no state: upstream passes that on as an error.
      if (!data) return { status: errorStatus(STATE_NOT_FOUND) };
      if (data.claims.length === 0) return { status: unschedulable(NO_NEW_CLAIMS) };
      for (const i of [...data.unavailable].sort((a, b) => a - b)) {
        const claim = data.claims[i]!;
        const reserved = claim.status?.reservedFor ?? [];
        if (claim === data.extended || reserved.some(({ uid }) => uid !== pod.uid)) continue;
        const freed: ResourceClaim = { ...claim, status: {} };
        return { status: unschedulable('deallocation of ResourceClaim completed'), freed };
      }
      return { status: unschedulable('still not schedulable') };
    },
    score(state, _pod, { name }) {
      const data = state.read(preFilterState);
      const allocation = data?.allocations.get(name);
      return data && allocation ? alternativesScore(data.claims, allocation.results) : 0;
    },
    normalizeScore(_state, _pod, scores) {
      defaultNormalizeScore(MAX_NODE_SCORE, false, scores);
      return undefined;
    },
    reserve(state, _pod, nodeName) {
      const data = state.read(preFilterState);
      if (!data?.supply) return undefined;
      const allocation = data.allocations.get(nodeName);
      const toAllocate = data.claims.flatMap((claim, i) => (claim.status?.allocation ? [] : [{ claim, i }]));
      if (!allocation || allocation.results.length === 0)
        return toAllocate.some(({ claim }) => claim !== data.extended)
          ? errorStatus('claim allocation not found for node')
          : undefined;
      const group = state.podGroup && groupClaims(state.podGroup);
      toAllocate.forEach(({ claim, i }, k) => {
        const result = allocation.results[k]!;
        data.reserved.set(i, result);
        const uid = uidOf(claim);
        pending.share(uid, result);
        group?.add(uid);
      });
      return undefined;
    },
    unreserve(state, pod, _nodeName, writer) {
      const data = state.read(preFilterState);
      if (!data) return;
      for (const i of data.reserved.keys()) {
        // The claim for extended resources goes by another name once it is written.
        const uid = uidOf(data.extended && i === data.claims.length - 1 ? data.extended : data.claims[i]!);
        if (pending.release(uid)) state.podGroup?.read(groupState)?.delete(uid);
      }
      data.reserved.clear();
      if (writer) takeBack(data, pod, writer);
    },
    preBindPreFlight(state) {
      return state.read(preFilterState)?.claims.length ? undefined : SKIP;
    },
    preBind(state, pod, nodeName, writer) {
      const data = state.read(preFilterState);
      if (!data || data.claims.length === 0) return undefined;
      for (const [i, claim] of data.claims.entries()) {
        const current = objects.get<ResourceClaim>(CLAIMS, pod.namespace, claim.metadata.name ?? '') ?? claim;
        data.claims[i] = current;
        if (isReservedFor(current, pod)) continue;
        const bound = bindClaim(data, i, current, pod, nodeName, writer);
        if (typeof bound === 'string') return errorStatus(bound);
        if (bound) data.claims[i] = bound;
        pending.settle(uidOf(claim));
      }
      if (!data.claims.some(waitsForDevices)) return undefined;
      for (const claim of data.claims) {
        const readiness = bindingReadiness(claim);
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

  /** Writes the allocation and the reservation; the claim as it is then, or what went wrong. */
  function bindClaim(
    data: ClaimsState,
    i: number,
    claim: ResourceClaim,
    pod: PodInfo,
    nodeName: string,
    writer: ClusterWriter,
  ): ResourceClaim | string | undefined {
    const allocation = data.reserved.get(i);
    const isExtended = claim === data.extended;
    const ofNode = data.allocations.get(nodeName);
    let current = claim;
    if (isExtended && !allocation && !claim.spec.devices.requests) return undefined;
    if (isExtended && claim.metadata.name === UNWRITTEN) {
      if (!ofNode?.extended) return `extended resource claim not found for node ${nodeName}`;
      const { name: _unwritten, uid: _made, ...metadata } = ofNode.extended.metadata;
      const created = writer.create<ResourceClaim>(CLAIMS, { ...ofNode.extended, metadata } as ResourceClaim);
      if (!created.ok) return `create claim for extended resources ${pod.namespace}/: ${created.message}`;
      current = created.object ?? current;
      data.claims[i] = current;
    }
    if (current.metadata.deletionTimestamp !== undefined)
      return `claim ${claimText(current)} got deleted in the meantime`;
    if (allocation) {
      if (current.status?.allocation) return `claim ${claimText(current)} got allocated elsewhere in the meantime`;
      const finalizers = current.metadata.finalizers ?? [];
      if (!finalizers.includes(FINALIZER)) {
        const metadata = { ...current.metadata, finalizers: [...finalizers, FINALIZER] };
        const updated = writer.update<ResourceClaim>(CLAIMS, { ...current, metadata });
        if (!updated.ok) return `add finalizer to claim ${claimText(current)}: ${updated.message}`;
        current = updated.object ?? current;
      }
    }
    const held = allocation ?? current.status?.allocation;
    if (!held) return `claim ${claimText(current)} got deallocated elsewhere in the meantime`;
    const status = {
      ...current.status,
      allocation: { ...held, allocationTimestamp: held.allocationTimestamp ?? formatTime(now()) },
      reservedFor: [...(current.status?.reservedFor ?? []), { resource: 'pods', name: pod.name, uid: pod.uid }],
    };
    const written = writer.updateStatus<ResourceClaim>(CLAIMS, { ...current, status });
    if (!written.ok)
      return `add ${allocation ? 'allocation and ' : ''}reservation to claim ${claimText(current)}: ${written.message}`;
    const after = written.object ?? current;
    if (isExtended) {
      // The node has everything itself, and the claim is there only because the pod has others.
      if (!ofNode?.mappings.length)
        return `nil or empty request mappings, no update of pod ${pod.key} ExtendedResourceClaimStatus`;
      const stored = objects.get<Pod>('pods', pod.namespace, pod.name) ?? pod.pod;
      const extendedResourceClaimStatus = {
        requestMappings: ofNode.mappings,
        resourceClaimName: after.metadata.name ?? '',
      };
      const patched = writer.updateStatus<Pod>('pods', {
        ...stored,
        status: { ...stored.status, extendedResourceClaimStatus },
      });
      if (!patched.ok) return `update pod ${pod.key} ExtendedResourceClaimStatus: ${patched.message}`;
    }
    return after;
  }

  /** Claims are no longer reserved for the pod, and the one for its extended resources goes. */
  function takeBack({ claims, extended }: ClaimsState, pod: PodInfo, writer: ClusterWriter): void {
    claims.forEach((claim, i) => {
      const { namespace, name = '' } = claim.metadata;
      const stored = objects.get<ResourceClaim>(CLAIMS, namespace, name);
      if (!stored) return;
      if (extended && i === claims.length - 1) {
        const finalizers = stored.metadata.finalizers?.filter((finalizer) => finalizer !== FINALIZER) ?? [];
        writer.update<ResourceClaim>(CLAIMS, { ...stored, metadata: { ...stored.metadata, finalizers } });
        writer.delete(CLAIMS, namespace, name);
      } else if (claim.status?.allocation && isReservedFor(claim, pod)) {
        const reservedFor = stored.status?.reservedFor?.filter(({ uid }) => uid !== pod.uid) ?? [];
        writer.updateStatus<ResourceClaim>(CLAIMS, { ...stored, status: { ...stored.status, reservedFor } });
      }
    });
  }
}

function groupClaims(podGroup: CycleState): Set<string> {
  const found = podGroup.read(groupState);
  if (found) return found;
  const uids = new Set<string>();
  podGroup.write(groupState, uids);
  return uids;
}

function tryToAllocate(
  supply: DeviceSupply,
  node: Parameters<typeof allocateDevices>[1],
  claims: readonly ResourceClaim[],
): { readonly results: readonly AllocationResult[] } | Status {
  try {
    const results = allocateDevices(supply, node, claims);
    return results ? { results } : unschedulableAndUnresolvable('cannot allocate all claims');
  } catch (error) {
    if (error instanceof NodeAllocationError) return unschedulableAndUnresolvable(error.message);
    if (error instanceof AllocationError) return errorStatus(error.message);
    throw error;
  }
}

/** The more the earlier the alternatives that were taken. */
function alternativesScore(claims: readonly ResourceClaim[], results: readonly AllocationResult[]): number {
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

function eventsToRegister(claimsOf: (pod: PodInfo) => ReturnType<typeof podClaims>): readonly ClusterEventWithHint[] {
  return [
    { resource: 'Node', actions: ['Add', 'UpdateNodeLabel', 'UpdateNodeAllocatable'] },
    {
      resource: 'ResourceClaim',
      actions: ['Add', 'Update'],
      hint: (pod, previous, object) => {
        const [before, after] = [previous as ResourceClaim | undefined, object as ResourceClaim]; // events of claims carry claims
        const found = claimsOf(pod);
        if ('problem' in found) return false;
        if (before?.status?.allocation && !after.status?.allocation) return true;
        if (!found.claims.some(({ metadata }) => metadata.uid === after.metadata.uid)) return false;
        return !before || !semanticDeepEqual(before.status, after.status);
      },
    },
    {
      resource: 'Pod',
      actions: ['UpdatePodGeneratedResourceClaim'],
      hint: (pod, _previous, object) => object?.metadata.uid === pod.metadata.uid && !('problem' in claimsOf(pod)),
    },
    { resource: 'DeviceClass', actions: ['Add', 'Update'] },
    { resource: 'ResourceSlice', actions: ['Add', 'Update'] },
  ];
}
