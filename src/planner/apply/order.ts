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

/** A sorted copy: by rank of the kind, then by kind, API version, namespace and name. */
export function inApplyOrder<T extends Orderable>(items: readonly T[]): T[] {
  // A described cluster has 150,000 of few kinds, mostly in order already: what a comparison costs is what this costs.
  return ofOneKind(items)
    .sort(
      ([a], [b]) => rank(a!.kind) - rank(b!.kind) || compare(a!.kind, b!.kind) || compare(a!.apiVersion, b!.apiVersion),
    )
    .flatMap((alike) => alike.sort(byName));
}

function ofOneKind<T extends Orderable>(items: readonly T[]): T[][] {
  const groups = new Map<string, T[]>();
  let last: T[] = [];
  for (const item of items) {
    const first = last[0];
    if (first?.kind !== item.kind || first.apiVersion !== item.apiVersion) {
      const key = `${item.kind} ${item.apiVersion}`;
      const found = groups.get(key);
      last = found ?? [];
      if (!found) groups.set(key, last);
    }
    last.push(item);
  }
  return [...groups.values()];
}

function byName(a: Orderable, b: Orderable): number {
  return compare(a.namespace ?? '', b.namespace ?? '') || compare(a.name, b.name);
}

const RANKS: ReadonlyMap<string, number> = new Map([
  ...FIRST.map((kind, index) => [kind, index] as const),
  ...LAST.map((kind, index) => [kind, FIRST.length + 1 + index] as const),
]);

function rank(kind: string): number {
  return RANKS.get(kind) ?? FIRST.length;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
