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

export interface Orderable {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A sorted copy: by rank of the kind, then by kind, namespace and name. */
export function inApplyOrder<T extends Orderable>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => rank(a.kind) - rank(b.kind) || compare(key(a), key(b)));
}

function rank(kind: string): number {
  const first = FIRST.indexOf(kind);
  if (first >= 0) return first;
  const last = LAST.indexOf(kind);
  return last < 0 ? FIRST.length : FIRST.length + 1 + last;
}

function key({ apiVersion, kind, namespace, name }: Orderable): string {
  return [kind, apiVersion, namespace ?? '', name].join('\u0000');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
