// Everything that keeps a pod off a node, not only what the scheduler finds first, in words that name what is in the way.
import { listedNames } from '../../../apimachinery/listed-names.ts';
import type { Taint } from '../../../schema/generated/types/core-v1.ts';
import { compileNodeSelector } from '../../../selectors/node-selector.ts';
import { preventsScheduling, tolerationsTolerateTaint } from '../../../selectors/toleration.ts';
import type { CycleState } from '../framework/cycle-state.ts';
import { add, divide, type Int64, larger, multiply, subtract } from '../framework/int64.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import { type AffinityTerm, type PodInfo, termMatches } from '../framework/pod-info.ts';
import type { Resource } from '../framework/resource.ts';
import type { Framework } from '../framework/runtime.ts';
import { isSuccess } from '../framework/status.ts';
import { mergeNamespaces, namespaceLabels } from '../plugins/inter-pod-affinity/namespaces.ts';
import { podResourceRequest } from '../plugins/node-resources-fit/node-resources-fit.ts';
import { preFilterState as spreadState } from '../plugins/pod-topology-spread/pod-topology-spread.ts';

interface Obstacle {
  readonly plugin: string;
  /** In the scheduler's words. */
  readonly reasons: readonly string[];
  /** What exactly is in the way: labels, taints, amounts, pods. */
  readonly details: readonly string[];
}

export interface NodeObstacles {
  readonly node: string;
  readonly obstacles: readonly Obstacle[];
}

/** `state` must be one that PreFilter has run on. */
export function obstaclesOn(
  framework: Framework,
  state: CycleState,
  pod: PodInfo,
  nodeInfo: NodeInfo,
): readonly Obstacle[] {
  const obstacles: Obstacle[] = [];
  for (const plugin of framework.plugins.filter) {
    if (state.skipFilterPlugins.has(plugin.name)) continue;
    const status = plugin.filter(state, pod, nodeInfo);
    if (status === undefined || isSuccess(status)) continue;
    const details = someOf(DETAILS[plugin.name]?.({ framework, state, pod, nodeInfo }) ?? []);
    obstacles.push({ plugin: plugin.name, reasons: status.reasons, details });
  }
  return obstacles;
}

/** Details of one plugin on one node that anybody reads. */
const MOST_DETAILS = 20;

function someOf(details: readonly string[]): readonly string[] {
  if (details.length <= MOST_DETAILS) return details;
  return [...details.slice(0, MOST_DETAILS), `${details.length - MOST_DETAILS} more`];
}

interface Case {
  readonly framework: Framework;
  readonly state: CycleState;
  readonly pod: PodInfo;
  readonly nodeInfo: NodeInfo;
}

const DETAILS: Readonly<Record<string, (subject: Case) => readonly string[]>> = {
  NodeUnschedulable: () => ['the node is cordoned (spec.unschedulable)'],
  NodeName: ({ pod }) => [`the pod asks for node ${pod.spec.nodeName}`],
  TaintToleration: ({ pod, nodeInfo }) => untoleratedTaints(pod, nodeInfo).map((taint) => `taint ${taintText(taint)}`),
  NodeAffinity: ({ pod, nodeInfo }) => [
    ...unmetNodeSelector(pod, nodeInfo).map(
      ([key, value]) => `nodeSelector ${key}=${value}: the node has ${labelText(nodeInfo, key)}`,
    ),
    ...(isRequiredAffinityMet(pod, nodeInfo) ? [] : ['no term of the required node affinity matches its labels']),
  ],
  NodePorts: ({ pod, nodeInfo }) =>
    pod.hostPorts
      .filter((port) => nodeInfo.usedPorts.conflicts(port))
      .map(({ protocol, port }) => {
        const users = nodeInfo.pods.filter(({ hostPorts }) =>
          hostPorts.some((other) => other.port === port && other.protocol === protocol),
        );
        return `host port ${port}/${protocol} is taken by ${users.map(({ key }) => key).join(', ')}`;
      }),
  NodeResourcesFit: ({ pod, nodeInfo }) => shortages(pod, nodeInfo).map(shortageText),
  PodTopologySpread: ({ state, nodeInfo }) =>
    (state.read(spreadState)?.violations(nodeInfo) ?? []).map(({ topologyKey, domain, count, least, maxSkew }) =>
      domain === undefined
        ? `the node has no label ${topologyKey}`
        : `${topologyKey}=${domain} has ${count} matching pods, the domain with the fewest ${least}; maxSkew is ${maxSkew}`,
    ),
  InterPodAffinity: (subject) => affinityDetails(subject),
};

export function untoleratedTaints({ spec }: PodInfo, { node }: NodeInfo): readonly Taint[] {
  return (node.spec?.taints ?? []).filter(
    (taint) => preventsScheduling(taint) && !tolerationsTolerateTaint(spec.tolerations, taint),
  );
}

export function taintText({ key, value, effect }: Taint): string {
  return `${key}${value ? `=${value}` : ''}:${effect}`;
}

export function unmetNodeSelector({ spec }: PodInfo, { labels }: NodeInfo): readonly (readonly [string, string])[] {
  return Object.entries(spec.nodeSelector ?? {}).filter(([key, value]) => labels[key] !== value);
}

export function isRequiredAffinityMet({ spec }: PodInfo, { node }: NodeInfo): boolean {
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || compileNodeSelector(required).matches(node);
}

function labelText({ labels }: NodeInfo, key: string): string {
  const value = labels[key];
  return value === undefined ? 'no such label' : `${key}=${value}`;
}

export interface Shortage {
  readonly resource: string;
  readonly asked: Int64;
  readonly free: Int64;
  /** What has been given away without being there. */
  readonly overdrawn: Int64;
  readonly allocatable: Int64;
}

/** CPU in millicores, everything else in units. */
export function shortages(pod: PodInfo, { allocatable, requested, pods }: NodeInfo): readonly Shortage[] {
  const request = podResourceRequest(pod);
  const names = ['cpu', 'memory', 'ephemeral-storage', ...[...(request.scalars?.keys() ?? [])].sort()];
  const result: Shortage[] = [];
  if (pods.length + 1 > allocatable.allowedPodNumber) {
    const overdrawn = subtract(pods.length, allocatable.allowedPodNumber);
    result.push({ resource: 'pods', asked: 1, free: 0, overdrawn, allocatable: allocatable.allowedPodNumber });
  }
  for (const resource of names) {
    const asked = amountOf(request, resource);
    const all = amountOf(allocatable, resource);
    const free = subtract(all, amountOf(requested, resource));
    if (asked > 0 && asked > free)
      result.push({
        resource,
        asked,
        free: larger(free, 0),
        overdrawn: larger(subtract(0, free), 0),
        allocatable: all,
      });
  }
  return result;
}

function amountOf(resource: Resource, name: string): Int64 {
  if (name === 'cpu') return resource.milliCPU;
  if (name === 'memory') return resource.memory;
  if (name === 'ephemeral-storage') return resource.ephemeralStorage;
  return resource.scalars?.get(name) ?? 0;
}

export function amountText(resource: string, amount: Int64): string {
  if (resource === 'cpu') return isMultiple(amount, 1000) ? String(divide(amount, 1000)) : `${amount}m`;
  if (resource !== 'memory' && resource !== 'ephemeral-storage') return String(amount);
  for (const [unit, size] of [
    ['Gi', 2 ** 30],
    ['Mi', 2 ** 20],
    ['Ki', 2 ** 10],
  ] as const)
    if (amount > 0 && isMultiple(amount, size)) return `${divide(amount, size)}${unit}`;
  return String(amount);
}

function isMultiple(amount: Int64, of: number): boolean {
  return multiply(divide(amount, of), of) === amount;
}

/** `+200m cpu` */
export function moreText({ resource, asked, free, overdrawn }: Shortage): string {
  return `+${amountText(resource, add(subtract(asked, free), overdrawn))} ${resource}`;
}

function shortageText({ resource, asked, free, allocatable }: Shortage): string {
  const [wanted, left, all] = [asked, free, allocatable].map((amount) => amountText(resource, amount));
  return resource === 'pods'
    ? `all ${all} places for pods are taken`
    : `${resource}: the pod asks for ${wanted}, ${left} of ${all} are free`;
}

function affinityDetails({ framework, pod, nodeInfo }: Case): readonly string[] {
  const labels = namespaceLabels(framework.handle.objects, pod.namespace);
  const details: string[] = [];
  const inDomain = (topologyKey: string): readonly PodInfo[] => {
    const domain = nodeInfo.labels[topologyKey];
    if (domain === undefined) return [];
    return framework.handle.snapshot
      .list()
      .flatMap((other) => (other.labels[topologyKey] === domain ? other.pods : []));
  };
  const domainText = ({ topologyKey }: AffinityTerm): string => `${topologyKey}=${nodeInfo.labels[topologyKey] ?? ''}`;
  const merged = (terms: readonly AffinityTerm[]) =>
    terms.map((term) => mergeNamespaces(framework.handle.objects, term));
  for (const term of merged(pod.requiredAffinityTerms)) {
    if (nodeInfo.labels[term.topologyKey] === undefined) details.push(`the node has no label ${term.topologyKey}`);
    else if (!inDomain(term.topologyKey).some((other) => termMatches(term, other, undefined)))
      details.push(`no pod that the affinity asks for is in ${domainText(term)}`);
  }
  for (const term of merged(pod.requiredAntiAffinityTerms)) {
    const others = inDomain(term.topologyKey).filter((other) => termMatches(term, other, undefined));
    if (others.length > 0) details.push(`the pod keeps away from ${namesOf(others)} in ${domainText(term)}`);
  }
  for (const other of framework.handle.snapshot.havePodsWithRequiredAntiAffinityList())
    for (const existing of other.podsWithRequiredAntiAffinity)
      for (const term of existing.requiredAntiAffinityTerms) {
        const domain = other.labels[term.topologyKey];
        if (domain === undefined || domain !== nodeInfo.labels[term.topologyKey]) continue;
        if (termMatches(term, pod, labels))
          details.push(`${existing.key} keeps pods like this out of ${domainText(term)}`);
      }
  return [...new Set(details)];
}

const MOST_NAMES = 3;

function namesOf(pods: readonly PodInfo[]): string {
  return listedNames(pods.map(({ key }) => key).sort(), MOST_NAMES);
}

/** What alone is in the way where only this plugin refuses the pod; undefined where that is no single thing. */
export function lacksOnly(plugin: string, pod: PodInfo, nodeInfo: NodeInfo): string | undefined {
  switch (plugin) {
    case 'NodeUnschedulable':
      return 'only the cordon';
    case 'TaintToleration': {
      const taints = untoleratedTaints(pod, nodeInfo).map(taintText);
      return `only the taint${taints.length > 1 ? 's' : ''} ${someOf(taints).join(' and ')}`;
    }
    case 'NodeResourcesFit': {
      const lacking = shortages(pod, nodeInfo);
      return lacking.length > 0 ? lacking.map(moreText).join(' and ') : undefined;
    }
    case 'NodeAffinity': {
      const labels = unmetNodeSelector(pod, nodeInfo).map(([key, value]) => `${key}=${value}`);
      return labels.length > 0 && isRequiredAffinityMet(pod, nodeInfo)
        ? `only the label${labels.length > 1 ? 's' : ''} ${someOf(labels).join(' and ')}`
        : undefined;
    }
    default:
      return undefined;
  }
}
