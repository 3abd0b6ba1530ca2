// The leases by which kubelets say that they are alive, as they stand at a moment.
// Behaviour: [component-helpers]/apimachinery/lease/controller.go, pkg/kubelet/kubelet.go (nodeLeaseRenewIntervalFraction), Kubernetes v1.36.3.
// Differs: a lease is renewed every ten seconds for ever, so it is told when somebody looks and not written: a cluster that renews would never settle.
import { formatMicroTime, mustParseTime } from '../../../apimachinery/time/time.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { Lease } from '../../../schema/generated/types/coordination-v1.ts';
import type { Node } from '../../../schema/generated/types/core-v1.ts';

const NAMESPACE = 'kube-node-lease';
const LEASES = 'leases.coordination.k8s.io';
/** What the node lifecycle controller writes of a node whose kubelet never wrote. */
const NEVER_REPORTED = 'NodeStatusNeverUpdated';
const DURATION_SECONDS = 40;
const RENEW_MILLIS = DURATION_SECONDS * 0.25 * 1000;

/** The leases of the nodes that have none in the store. `now` in milliseconds since the epoch. */
export function nodeLeases(reader: ClusterReader, now: number): readonly Lease[] {
  return reader
    .list<Node>('nodes')
    .filter(({ metadata: { name = '' } }) => !reader.get(LEASES, NAMESPACE, name))
    .flatMap((node) => leaseOf(node, now) ?? []);
}

/** None of a node that never reported. */
function leaseOf({ metadata, status }: Node, now: number): Lease | undefined {
  const { name = '', uid = '', creationTimestamp } = metadata;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (!creationTimestamp || !ready?.lastHeartbeatTime || ready.reason === NEVER_REPORTED) return undefined;
  const acquired = mustParseTime(creationTimestamp);
  const isAlive = ready.status !== 'Unknown';
  const renewed = isAlive
    ? now - ((now - acquired) % RENEW_MILLIS)
    : Math.max(acquired, mustParseTime(ready.lastHeartbeatTime));
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name,
      namespace: NAMESPACE,
      creationTimestamp,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }],
    },
    spec: {
      holderIdentity: name,
      leaseDurationSeconds: DURATION_SECONDS,
      acquireTime: formatMicroTime(acquired),
      renewTime: formatMicroTime(renewed),
    },
  };
}
