// The orders in which a Deployment goes through its ReplicaSets.
// Behaviour: pkg/controller/controller_utils.go (ReplicaSetsBy…), deployment/util/deployment_util.go (ReplicaSetsByRevision), Kubernetes v1.36.3.
import type { ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import { revisionOf } from './annotations.ts';

type Order = (a: ReplicaSet, b: ReplicaSet) => number;

/** Oldest first, then by name. RFC 3339 times in UTC sort as text. */
export const replicaSetsInCreationOrder: Order = (a, b) =>
  compareText(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
  compareText(a.metadata.name, b.metadata.name);

export const bySizeOlder: Order = (a, b) => bySize(a, b) || replicaSetsInCreationOrder(a, b);

export const bySizeNewer: Order = (a, b) => bySize(a, b) || replicaSetsInCreationOrder(b, a);

export const byRevision: Order = (a, b) => {
  const x = revisionOf(a);
  const y = revisionOf(b);
  if (x === undefined || y === undefined || x === y) return replicaSetsInCreationOrder(a, b);
  return x < y ? -1 : 1;
};

function bySize(a: ReplicaSet, b: ReplicaSet): number {
  return (b.spec.replicas ?? 0) - (a.spec.replicas ?? 0);
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
