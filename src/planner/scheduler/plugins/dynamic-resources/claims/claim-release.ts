// Takes claims back from a pod that found no node, or whose bind failed, so that other devices may be found next time.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (PostFilter, unreservePodGroupClaims, Unreserve),
// extendeddynamicresources.go (deleteClaim), Kubernetes v1.36.3.
import { goQuote } from '../../../../../apimachinery/go/quote.ts';
import type { ResourceClaim } from '../../../../../schema/generated/types/resource-v1.ts';
import { RESOURCE_CLAIMS } from '../../../../../schema/resource-names.ts';
import { isReservedForPod } from '../../../../resource-claims/consumers.ts';
import { claimOfGroup, isForGroup } from '../../../../resource-claims/named-claims.ts';
import type { ClusterWriter, Handle, PostFilterOutcome } from '../../../framework/plugin.ts';
import type { PodInfo } from '../../../framework/pod-info.ts';
import { errorStatus, unschedulable, unschedulableAndUnresolvable } from '../../../framework/status.ts';
import { UNWRITTEN } from '../extended-resources.ts';
import type { ClaimsState } from './claims-state.ts';
import { groupOf } from './pod-claims.ts';

type Cluster = Pick<Handle, 'objects' | 'podGroups'>;

/** The first claim that was not available on some node and that nobody else uses loses its devices. */
export function releaseForPod(
  data: ClaimsState,
  pod: PodInfo,
  cluster: Cluster,
  acceptsGroups: boolean,
): PostFilterOutcome {
  const isWritten = data.extended !== undefined && data.extended.metadata.name !== UNWRITTEN;
  for (const i of [...data.unavailable].sort((a, b) => a - b)) {
    const claim = data.claims[i]!;
    if (claim === data.extended) continue;
    if ((claim.status?.reservedFor ?? []).some(({ uid }) => uid !== pod.uid)) continue;
    return {
      status: unschedulable('deallocation of ResourceClaim completed'),
      claimChange: { kind: 'deallocate', claim },
    };
  }
  if (data.extended && isWritten)
    return {
      status: unschedulable('deletion of ResourceClaim completed'),
      claimChange: { kind: 'delete', claim: data.extended },
    };
  const released = acceptsGroups ? releaseForGroup(pod, cluster) : undefined;
  return released ?? { status: unschedulable('still not schedulable') };
}

/** As long as no pod of the group has a node, nobody needs the devices that were found for the group before. */
function releaseForGroup(pod: PodInfo, { objects, podGroups }: Cluster): PostFilterOutcome | undefined {
  const name = pod.spec.schedulingGroup?.podGroupName;
  if (name === undefined) return undefined;
  const state = podGroups.get(pod.namespace, name);
  if (!state) return { status: errorStatus(`pod group state not found for pod group ${pod.namespace}/${name}`) };
  if (state.placedPodsCount > 0) return undefined;
  const group = groupOf(objects, pod);
  if (!group) return { status: errorStatus(`podgroup.scheduling.k8s.io ${goQuote(name)} not found`) };
  for (const entry of group.spec.resourceClaims ?? []) {
    const named = claimOfGroup(group, entry);
    if ('problem' in named) return { status: errorStatus(named.problem) };
    if (named.kind === 'unneeded') continue;
    const claim = objects.get<ResourceClaim>(RESOURCE_CLAIMS, pod.namespace, named.name);
    if (!claim)
      return { status: errorStatus(`could not find ResourceClaim ${goQuote(`${pod.namespace}/${named.name}`)}`) };
    if (named.isGenerated && !isForGroup(group, claim)) continue;
    if (!claim.status?.allocation || !isReservedForPod(pod, claim, true)) continue;
    return {
      status: unschedulableAndUnresolvable('ResourceClaim unreserved for PodGroup'),
      claimChange: { kind: 'unreserve', claim, consumer: group.metadata.uid ?? '' },
    };
  }
  return undefined;
}

/** What was reserved for the pod on the way to the bind; claims of its group may serve others of it. */
export function releaseReserved({ claims, extended }: ClaimsState, pod: PodInfo, writer: ClusterWriter): void {
  for (const claim of claims)
    if (claim !== extended && claim.status?.allocation && isReservedForPod(pod, claim, false))
      writer.changeClaim({ kind: 'unreserve', claim, consumer: pod.uid });
}

/** The claim for extended resources is the scheduler's own. */
export function removeExtended({ claims, extended }: ClaimsState, writer: ClusterWriter): void {
  const claim = extended && claims.at(-1);
  if (claim && claim.metadata.name !== UNWRITTEN) writer.changeClaim({ kind: 'delete', claim });
}
