// The order in which submitted objects are applied: what others need comes first, so that the order of the input never matters.
// Role: what users get by ordering files or applying twice; the table follows helm's InstallOrder and kubectl's namespaces-first habit.

const FIRST = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'StorageClass',
  'VolumeAttributesClass',
  'RuntimeClass',
  'IngressClass',
  'DeviceClass',
  'CSIDriver',
  'Node',
  'ResourceQuota',
  'LimitRange',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ResourceClaimTemplate',
  'ResourceClaim',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'Service',
];
/** These act on what the others create. */
const LAST = [
  'HorizontalPodAutoscaler',
  'Ingress',
  'APIService',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];

interface Orderable {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A sorted copy: by rank of the kind, then by kind, namespace and name. */
export function inApplyOrder<T extends Orderable>(items: readonly T[]): T[] {
  // Keys made once for each item, not for each comparison: a described cluster has 150,000.
  return items
    .map((item) => ({ item, rank: rank(item.kind), key: key(item) }))
    .sort((a, b) => a.rank - b.rank || compare(a.key, b.key))
    .map(({ item }) => item);
}

const RANKS: ReadonlyMap<string, number> = new Map([
  ...FIRST.map((kind, index) => [kind, index] as const),
  ...LAST.map((kind, index) => [kind, FIRST.length + 1 + index] as const),
]);

function rank(kind: string): number {
  return RANKS.get(kind) ?? FIRST.length;
}

function key({ apiVersion, kind, namespace, name }: Orderable): string {
  return [kind, apiVersion, namespace ?? '', name].join('\u0000');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
