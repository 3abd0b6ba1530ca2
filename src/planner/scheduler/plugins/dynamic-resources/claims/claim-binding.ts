// Writes on the way to the bind what was chosen for a claim: its allocation, and for whom it is reserved.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (bindClaim), Kubernetes v1.36.3.
import { formatTime } from '../../../../../apimachinery/time/time.ts';
import type { Pod } from '../../../../../schema/generated/types/core-v1.ts';
import type {
  AllocationResult,
  ResourceClaim,
  ResourceClaimConsumerReference,
} from '../../../../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../../../../schema/resource-names.ts';
import { CLAIM_PROTECTION } from '../../../../resource-claims/named-claims.ts';
import type { ClusterLister, ClusterWriter, Handle } from '../../../framework/plugin.ts';
import type { PodInfo } from '../../../framework/pod-info.ts';
import { claimText } from '../allocation/device-requests.ts';
import { UNWRITTEN } from '../extended-resources.ts';
import type { NodeAllocation } from './claims-state.ts';

interface ClaimToBind {
  readonly claim: ResourceClaim;
  /** What was reserved for it; undefined when it was allocated before. */
  readonly allocation: AllocationResult | undefined;
  readonly consumer: ResourceClaimConsumerReference;
  /** Of the claim for extended resources: what the node is to give. */
  readonly extended?: NodeAllocation | 'nothing';
}

/** The claim as it is then; a claim that was made and a problem when only the rest failed. */
interface BoundClaim {
  readonly claim?: ResourceClaim;
  readonly problem?: string;
}

/** Nothing when there is nothing to write. */
export function bindClaim(
  { claim, allocation, consumer, extended }: ClaimToBind,
  pod: PodInfo,
  nodeName: string,
  { objects, now }: Pick<Handle, 'objects' | 'now'>,
  writer: ClusterWriter,
): BoundClaim {
  if (extended && !allocation && !claim.spec.devices.requests) return {};
  // Upstream writes what it knows first; of a conflict it learns what is there now.
  let current = objects.get<ResourceClaim>(RESOURCE_CLAIMS, pod.namespace, claim.metadata.name ?? '') ?? claim;
  let made: BoundClaim = {};
  if (extended && claim.metadata.name === UNWRITTEN) {
    if (extended === 'nothing' || !extended.extended)
      return { problem: `extended resource claim not found for node ${nodeName}` };
    const { name: _unwritten, uid: _made, ...metadata } = extended.extended.metadata;
    const created = writer.create<ResourceClaim>(RESOURCE_CLAIMS, { ...extended.extended, metadata } as ResourceClaim);
    if (!created.ok) return { problem: `create claim for extended resources ${pod.namespace}/: ${created.message}` };
    current = created.object ?? current;
    made = { claim: current };
  }
  const fail = (problem: string): BoundClaim => ({ ...made, problem });
  if (current.metadata.deletionTimestamp !== undefined)
    return fail(`claim ${claimText(current)} got deleted in the meantime`);
  if (allocation) {
    if (current.status?.allocation) return fail(`claim ${claimText(current)} got allocated elsewhere in the meantime`);
    const finalizers = current.metadata.finalizers ?? [];
    if (!finalizers.includes(CLAIM_PROTECTION)) {
      const metadata = { ...current.metadata, finalizers: [...finalizers, CLAIM_PROTECTION] };
      const updated = writer.update<ResourceClaim>(RESOURCE_CLAIMS, { ...current, metadata });
      if (!updated.ok) return fail(`add finalizer to claim ${claimText(current)}: ${updated.message}`);
      current = updated.object ?? current;
    }
  }
  const held = allocation ?? current.status?.allocation;
  if (!held) return fail(`claim ${claimText(current)} got deallocated elsewhere in the meantime`);
  const status = {
    ...current.status,
    allocation: { ...held, allocationTimestamp: held.allocationTimestamp ?? formatTime(now()) },
    reservedFor: [...(current.status?.reservedFor ?? []), consumer],
  };
  const written = writer.updateStatus<ResourceClaim>(RESOURCE_CLAIMS, { ...current, status });
  if (!written.ok) {
    const what = `${allocation ? 'allocation and ' : ''}reservation`;
    return fail(`add ${what} to claim ${claimText(current)}: ${written.message}`);
  }
  const after = written.object ?? current;
  const problem = extended ? tellPod(pod, after, extended, objects, writer) : undefined;
  return problem === undefined ? { claim: after } : { claim: after, problem };
}

/** The pod's status says which claim serves its extended resources; what went wrong, if anything did. */
function tellPod(
  pod: PodInfo,
  { metadata }: ResourceClaim,
  extended: NodeAllocation | 'nothing',
  objects: ClusterLister,
  writer: ClusterWriter,
): string | undefined {
  // The node may have everything itself, and the claim be there only because the pod has others.
  if (extended === 'nothing' || extended.mappings.length === 0)
    return `nil or empty request mappings, no update of pod ${pod.key} ExtendedResourceClaimStatus`;
  const stored = objects.get<Pod>('pods', pod.namespace, pod.name) ?? pod.pod;
  const extendedResourceClaimStatus = { requestMappings: extended.mappings, resourceClaimName: metadata.name ?? '' };
  const patched = writer.updateStatus<Pod>('pods', {
    ...stored,
    status: { ...stored.status, extendedResourceClaimStatus },
  });
  return patched.ok ? undefined : `update pod ${pod.key} ExtendedResourceClaimStatus: ${patched.message}`;
}
