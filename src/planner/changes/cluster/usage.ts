// What is asked of nodes, namespaces and quotas before and after: so that a reader sees where room gets short.
import { Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { LABEL_TOPOLOGY_ZONE } from '../../../apimachinery/well-known/labels.ts';
import { amountsOf, type ResourceList } from '../../../apiserver/quota/resource-list.ts';
import type { Store } from '../../../apiserver/store/store.ts';
import type { Node, Pod, ResourceQuota } from '../../../schema/generated/types/core-v1.ts';
import { podRequests } from '../../scheduler/framework/pod-requests.ts';
import type { History, ObjectHistory } from '../history.ts';
import type { NamespaceUsage, NodeUsage, QuotaUsage, Usage } from '../plan.ts';

/** Up to so many nodes, those that nothing touches are in the plan too. */
const SMALL_CLUSTER = 50;
/** Told of every node and namespace; others where a pod requests them. */
const ALWAYS = ['cpu', 'memory', 'pods'];
const ONE = Quantity.of(1, 'DecimalSI');
const NOTHING = Quantity.zero('DecimalSI');

type Sums = Map<string, Quantity>;

/** What changed among the pods: sums of what came and what went, by node and by namespace. */
interface Balance {
  readonly byNode: ReadonlyMap<string, Sums>;
  readonly byNamespace: ReadonlyMap<string, Sums>;
}

interface Usages {
  readonly nodes: readonly NodeUsage[];
  readonly namespaces: readonly NamespaceUsage[];
  readonly quotas: readonly QuotaUsage[];
}

/** The state after is summed up; the state before is that without what the writes brought. */
export function usagesOf(
  store: Store,
  history: History,
  alsoNodes: ReadonlySet<string> = new Set(),
  alsoNamespaces: ReadonlySet<string> = new Set(),
): Usages {
  const amounts = new Amounts();
  const balance = balanceOf(history, amounts);
  const touchedNodes = new Set([
    ...balance.byNode.keys(),
    ...history.of('nodes').map(({ ref }) => ref.name),
    ...alsoNodes,
  ]);
  const isSmall = store.count('nodes') <= SMALL_CLUSTER;
  const nodes = (store.list('nodes') as Node[]).filter(
    ({ metadata: { name = '' } }) => isSmall || touchedNodes.has(name),
  );
  const namespaces = [...balance.byNamespace.keys()].sort();
  const quotas = (store.list('resourcequotas') as ResourceQuota[]).filter(
    (quota) =>
      historyOf(history, quota) !== undefined ||
      balance.byNamespace.has(quota.metadata.namespace ?? '') ||
      alsoNamespaces.has(quota.metadata.namespace ?? ''),
  );
  // Where most nodes are told of, one look at all pods is less than one at each node's.
  const isMost = nodes.length > store.count('nodes') / 4;
  const byNode = isMost ? amounts.byNode(store.list('pods') as readonly Pod[]) : undefined;
  const sumsOfNode = (name: string): Sums =>
    byNode ? (byNode.get(name) ?? new Map()) : amounts.of(store.listByIndex('pods', 'node', name) as readonly Pod[]);
  return {
    nodes: nodes.map((node) => nodeUsage(node, sumsOfNode(node.metadata.name ?? ''), balance)),
    namespaces: namespaces.map((namespace) => {
      const after = amounts.of(store.list('pods', namespace) as readonly Pod[]);
      return { namespace, usage: usageOf({}, without(after, balance.byNamespace.get(namespace)), after) };
    }),
    quotas: quotas.map((quota) => quotaUsage(quota, historyOf(history, quota))),
  };
}

function nodeUsage(node: Node, after: Sums, { byNode }: Balance): NodeUsage {
  const { metadata, spec, status } = node;
  const { name = '', labels } = metadata;
  const zone = labels?.[LABEL_TOPOLOGY_ZONE];
  return {
    node: name,
    ...(zone ? { zone } : {}),
    ready: status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false,
    unschedulable: spec?.unschedulable ?? false,
    usage: usageOf(status?.allocatable as ResourceList | undefined, without(after, byNode.get(name)), after),
  };
}

function historyOf(history: History, { metadata }: ResourceQuota): ObjectHistory | undefined {
  return history.find('resourcequotas', metadata.namespace, metadata.name ?? '');
}

function quotaUsage(quota: ResourceQuota, history: ObjectHistory | undefined): QuotaUsage {
  const { metadata, spec, status } = quota;
  const hard = amountsOf(spec.hard as ResourceList | undefined);
  const after = amountsOf(status?.used as ResourceList | undefined);
  const first = history?.writes[0]?.previous as ResourceQuota | undefined;
  const before = history ? amountsOf(first?.status?.used as ResourceList | undefined) : after;
  return {
    quota: { namespace: metadata.namespace ?? '', name: metadata.name ?? '' },
    usage: [...hard.keys()].sort().map((resource) => usage(resource, hard.get(resource), before, after)),
  };
}

function usageOf(limits: ResourceList | undefined, before: Sums, after: Sums): Usage[] {
  const bounds = amountsOf(limits);
  const further = [...before, ...after].filter(([, amount]) => amount.sign() !== 0).map(([resource]) => resource);
  const resources = [...ALWAYS, ...[...new Set(further)].filter((resource) => !ALWAYS.includes(resource)).sort()];
  return resources.map((resource) => usage(resource, bounds.get(resource), before, after));
}

function usage(
  resource: string,
  limit: Quantity | undefined,
  beforeAll: ReadonlyMap<string, Quantity>,
  afterAll: ReadonlyMap<string, Quantity>,
): Usage {
  const [before, after] = [beforeAll.get(resource) ?? NOTHING, afterAll.get(resource) ?? NOTHING];
  const bounded = limit && {
    limit: limit.toString(),
    percentBefore: percent(before, limit),
    percentAfter: percent(after, limit),
  };
  return { resource, before: before.toString(), after: after.toString(), ...bounded };
}

/** Of nothing, everything is too much. */
function percent(amount: Quantity, limit: Quantity): number {
  const [part, whole] = [amount.milliValue(), limit.milliValue()];
  if (whole <= 0) return part > 0 ? 100 : 0;
  return Math.floor((part / whole) * 100);
}

/** Pods that have ended hold nothing. */
function isCounted({ status }: Pod): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

/** What alone says what a pod asks for: pods of one template share the resources of their container. */
function decisivePart(spec: Pod['spec']): object {
  const { containers = [], initContainers, resources, overhead } = spec;
  if (containers.length !== 1 || initContainers?.length || resources || overhead) return spec;
  return containers[0]!.resources ?? spec;
}

type Requests = readonly (readonly [string, Quantity])[];
/** How many pods ask for the same. */
type Counts = Map<Requests, number>;

/** What pods ask for, reckoned once for those that share it: of 150,000 pods there are few that differ. */
class Amounts {
  readonly #known = new Map<object, Requests>();

  of(pods: readonly Pod[]): Sums {
    const counts: Counts = new Map();
    for (const pod of pods) if (isCounted(pod)) this.#count(counts, pod);
    return sumsOfCounts(counts);
  }

  byNode(pods: readonly Pod[]): ReadonlyMap<string, Sums> {
    const counts = new Map<string, Counts>();
    for (const pod of pods)
      if (pod.spec.nodeName && isCounted(pod)) this.#count(entryOf(counts, pod.spec.nodeName), pod);
    return new Map([...counts].map(([node, each]) => [node, sumsOfCounts(each)]));
  }

  add(sums: Sums, pod: Pod, sign: 1 | -1): void {
    for (const [resource, amount] of this.#requestsOf(pod)) addTo(sums, resource, sign === 1 ? amount : amount.neg());
  }

  #count(counts: Counts, pod: Pod): void {
    const requests = this.#requestsOf(pod);
    counts.set(requests, (counts.get(requests) ?? 0) + 1);
  }

  #requestsOf(pod: Pod): Requests {
    const part = decisivePart(pod.spec);
    let requests = this.#known.get(part);
    if (!requests) this.#known.set(part, (requests = [...podRequests(pod), ['pods', ONE]]));
    return requests;
  }
}

function sumsOfCounts(counts: Counts): Sums {
  const sums: Sums = new Map();
  for (const [requests, count] of counts)
    for (const [resource, amount] of requests) addTo(sums, resource, amount.mul(count));
  return sums;
}

function addTo(sums: Sums, resource: string, amount: Quantity): void {
  sums.set(resource, (sums.get(resource) ?? Quantity.zero(amount.format)).add(amount));
}

function without(sums: Sums, balance: Sums | undefined): Sums {
  const result: Sums = new Map(sums);
  for (const [resource, amount] of balance ?? []) result.set(resource, (result.get(resource) ?? NOTHING).sub(amount));
  return result;
}

function balanceOf(history: History, amounts: Amounts): Balance {
  const byNode = new Map<string, Sums>();
  const byNamespace = new Map<string, Sums>();
  const count = (pod: Pod | undefined, sign: 1 | -1): void => {
    if (!pod || !isCounted(pod)) return;
    amounts.add(entryOf(byNamespace, pod.metadata.namespace ?? ''), pod, sign);
    if (pod.spec.nodeName) amounts.add(entryOf(byNode, pod.spec.nodeName), pod, sign);
  };
  for (const { writes } of history.of('pods')) {
    const last = writes.at(-1)!;
    count(writes[0]!.previous as Pod | undefined, -1);
    if (last.type !== 'DELETED') count(last.object as Pod, 1);
  }
  return { byNode, byNamespace };
}

function entryOf<K, V>(all: Map<string, Map<K, V>>, key: string): Map<K, V> {
  let entry = all.get(key);
  if (!entry) all.set(key, (entry = new Map()));
  return entry;
}
