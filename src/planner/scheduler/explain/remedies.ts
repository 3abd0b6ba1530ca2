// Changes, each of which alone would let a pod in: tried out on the cluster before they are told.
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { LABEL_HOSTNAME } from '../../../apimachinery/well-known/labels.ts';
import type { Container, Pod, PodSpec, TopologySpreadConstraint } from '../../../schema/generated/types/core-v1.ts';
import { CycleState } from '../framework/cycle-state.ts';
import { type Int64, larger, subtract } from '../framework/int64.ts';
import { NodeInfo } from '../framework/node-info.ts';
import { PodInfo } from '../framework/pod-info.ts';
import { countedAmount } from '../framework/resource.ts';
import type { Framework } from '../framework/runtime.ts';
import { isSuccess } from '../framework/status.ts';
import { preFilterState as spreadState } from '../plugins/pod-topology-spread/pod-topology-spread.ts';
import {
  amountText,
  isRequiredAffinityMet,
  moreText,
  type NodeObstacles,
  type Shortage,
  shortages,
  taintText,
  unmetNodeSelector,
  untoleratedTaints,
} from './obstacles.ts';

export interface Remedy {
  /** Where the change is made. */
  readonly at: 'pod' | 'node' | 'cluster';
  /** `tolerate dedicated=gpu:NoSchedule` */
  readonly change: string;
  /** Nodes that would admit the pod then. */
  readonly nodes: readonly string[];
}

interface Attempt {
  readonly change: string;
  readonly spec: PodSpec;
}

/** Parts of one change that anybody would make. */
const MOST_PARTS = 20;
/** Different changes to try at most. */
const MOST_ATTEMPTS = 24;

export function remediesFor(
  framework: Framework,
  pod: PodInfo,
  rejections: readonly NodeObstacles[],
): readonly Remedy[] {
  const attempts = new Map<string, Attempt>();
  const nodeChanges = new Map<string, string[]>();
  for (const { node, obstacles } of rejections) {
    const [first, ...others] = obstacles;
    const nodeInfo = framework.handle.snapshot.get(node);
    if (!first || others.length > 0 || !nodeInfo) continue;
    for (const attempt of attemptsAgainst(first.plugin, framework, pod, nodeInfo))
      if (!attempts.has(attempt.change) && attempts.size < MOST_ATTEMPTS) attempts.set(attempt.change, attempt);
    for (const change of nodeChangesAgainst(first.plugin, pod, nodeInfo))
      if (nodeChanges.has(change) || nodeChanges.size < MOST_ATTEMPTS)
        nodeChanges.set(change, [...(nodeChanges.get(change) ?? []), node]);
  }
  const remedies: Remedy[] = [];
  for (const { change, spec } of attempts.values()) {
    const nodes = admittingNodes(framework, new PodInfo({ ...pod.pod, spec } as Pod)); // a pod with another spec
    if (nodes.length > 0) remedies.push({ at: 'pod', change, nodes });
  }
  for (const [change, nodes] of nodeChanges) remedies.push({ at: 'node', change, nodes });
  const model = nodeToAdd(framework, pod);
  if (model !== undefined) remedies.push({ at: 'cluster', change: `add a node like ${model}`, nodes: [model] });
  return remedies;
}

/** By name. */
function admittingNodes(framework: Framework, pod: PodInfo): readonly string[] {
  const state = new CycleState();
  const { status, nodeNames } = framework.runPreFilterPlugins(state, pod);
  if (!isSuccess(status)) return [];
  return framework.handle.snapshot
    .list()
    .filter(({ name }) => nodeNames === undefined || nodeNames.has(name))
    .filter((nodeInfo) => isSuccess(framework.runFilterPluginsWithNominatedPods(state, pod, nodeInfo)))
    .map(({ name }) => name)
    .sort();
}

function attemptsAgainst(plugin: string, framework: Framework, pod: PodInfo, nodeInfo: NodeInfo): readonly Attempt[] {
  const { spec } = pod;
  switch (plugin) {
    case 'TaintToleration': {
      const taints = untoleratedTaints(pod, nodeInfo);
      if (taints.length > MOST_PARTS) return [];
      const tolerations = taints.map(({ key, value, effect }) => ({
        key,
        operator: value ? 'Equal' : 'Exists',
        ...(value ? { value } : {}),
        effect,
      }));
      const change = `tolerate ${taints.map(taintText).join(' and ')}`;
      return [{ change, spec: { ...spec, tolerations: [...(spec.tolerations ?? []), ...tolerations] } }];
    }
    case 'NodeAffinity':
      return [withoutNodeSelection(pod, nodeInfo)];
    case 'NodeResourcesFit': {
      const reduced = withSmallerRequests(spec, shortages(pod, nodeInfo));
      return reduced ? [reduced] : [];
    }
    case 'NodePorts':
      return [{ change: 'take no host ports', spec: withoutHostPorts(spec) }];
    case 'PodTopologySpread':
      return withLooserSpread(framework, pod, nodeInfo);
    case 'InterPodAffinity':
      return withoutPodTerms(spec);
    default:
      return [];
  }
}

function nodeChangesAgainst(plugin: string, pod: PodInfo, nodeInfo: NodeInfo): readonly string[] {
  switch (plugin) {
    case 'NodeUnschedulable':
      return ['uncordon the node'];
    case 'TaintToleration': {
      const taints = untoleratedTaints(pod, nodeInfo);
      return taints.length > MOST_PARTS ? [] : [`take ${taints.map(taintText).join(' and ')} off the node`];
    }
    case 'NodeAffinity': {
      const labels = unmetNodeSelector(pod, nodeInfo).map(([key, value]) => `${key}=${value}`);
      if (labels.length > MOST_PARTS) return [];
      return isRequiredAffinityMet(pod, nodeInfo) ? [`label the node ${labels.join(' and ')}`] : [];
    }
    case 'NodeResourcesFit':
      return [shortages(pod, nodeInfo).map(moreText).join(' and ')];
    default:
      return [];
  }
}

function withoutNodeSelection(pod: PodInfo, nodeInfo: NodeInfo): Attempt {
  const { nodeSelector, affinity, ...rest } = pod.spec;
  const unmet = new Map(unmetNodeSelector(pod, nodeInfo));
  const left = Object.fromEntries(Object.entries(nodeSelector ?? {}).filter(([key]) => !unmet.has(key)));
  const isMet = isRequiredAffinityMet(pod, nodeInfo);
  const changes = [
    ...(unmet.size > 0 ? [`nodeSelector ${[...unmet].map(([key, value]) => `${key}=${value}`).join(',')}`] : []),
    ...(isMet ? [] : ['the required node affinity']),
  ];
  const { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required, ...preferred } = {}, ...others } =
    affinity ?? {};
  const nodeAffinity = {
    ...preferred,
    ...(isMet && required ? { requiredDuringSchedulingIgnoredDuringExecution: required } : {}),
  };
  return {
    change: `drop ${changes.join(' and ')}`,
    spec: { ...rest, nodeSelector: left, ...(affinity ? { affinity: { ...others, nodeAffinity } } : {}) },
  };
}

/** Takes what is lacking from the container that asks for most; undefined when that is not enough. */
function withSmallerRequests(spec: PodSpec, lacking: readonly Shortage[]): Attempt | undefined {
  let containers = spec.containers ?? [];
  const changes: string[] = [];
  for (const { resource, asked, free } of lacking) {
    if (free <= 0 || resource === 'pods') return undefined;
    const amounts = containers.map((container) => requestOf(container, resource));
    const most = amounts.indexOf(amounts.reduce(larger, 0));
    const left = subtract(amounts[most] ?? 0, subtract(asked, free));
    if (left <= 0) return undefined;
    containers = containers.map((container, i) => (i === most ? withRequest(container, resource, left) : container));
    changes.push(`${amountText(resource, free)} of ${resource} instead of ${amountText(resource, asked)}`);
  }
  return { change: `ask for ${changes.join(' and ')}`, spec: { ...spec, containers } };
}

function requestOf({ resources }: Container, resource: string): Int64 {
  return countedAmount(resource, mustParseQuantity(String(resources?.requests?.[resource] ?? '0')));
}

function withRequest(container: Container, resource: string, amount: Int64): Container {
  const requests = { ...container.resources?.requests, [resource]: amountText(resource, amount) };
  return { ...container, resources: { ...container.resources, requests } };
}

function withoutHostPorts(spec: PodSpec): PodSpec {
  const without = (container: Container): Container => ({
    ...container,
    ports: (container.ports ?? []).map(({ hostPort: _taken, ...port }) => port),
  });
  return {
    ...spec,
    containers: (spec.containers ?? []).map(without),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(without) } : {}),
  };
}

function withLooserSpread(framework: Framework, pod: PodInfo, nodeInfo: NodeInfo): readonly Attempt[] {
  const state = new CycleState();
  framework.runPreFilterPlugins(state, pod);
  const violations = state.read(spreadState)?.violations(nodeInfo) ?? [];
  if (violations.some(({ domain }) => domain === undefined)) return [];
  const neededFor = new Map(violations.map(({ topologyKey, needed }) => [topologyKey, needed]));
  const loosen = (constraint: TopologySpreadConstraint): TopologySpreadConstraint => {
    const needed = neededFor.get(constraint.topologyKey);
    return needed === undefined || constraint.whenUnsatisfiable !== 'DoNotSchedule'
      ? constraint
      : { ...constraint, maxSkew: Math.max(constraint.maxSkew, needed) };
  };
  const change = violations.map(({ topologyKey, needed }) => `maxSkew ${needed} over ${topologyKey}`).join(' and ');
  const topologySpreadConstraints = (pod.spec.topologySpreadConstraints ?? []).map(loosen);
  return [{ change: `allow ${change}`, spec: { ...pod.spec, topologySpreadConstraints } }];
}

function withoutPodTerms(spec: PodSpec): readonly Attempt[] {
  const without = (kind: 'podAffinity' | 'podAntiAffinity'): Attempt | undefined => {
    const terms = spec.affinity?.[kind];
    if (!terms?.requiredDuringSchedulingIgnoredDuringExecution?.length) return undefined;
    const { requiredDuringSchedulingIgnoredDuringExecution: _dropped, ...preferred } = terms;
    const name = kind === 'podAffinity' ? 'pod affinity' : 'pod anti-affinity';
    return {
      change: `drop the required ${name}`,
      spec: { ...spec, affinity: { ...spec.affinity, [kind]: preferred } },
    };
  };
  return [without('podAffinity'), without('podAntiAffinity')].filter((attempt) => attempt !== undefined);
}

/** The first node by name of which an empty copy would admit the pod. */
function nodeToAdd(framework: Framework, pod: PodInfo): string | undefined {
  const state = new CycleState();
  const { status, nodeNames } = framework.runPreFilterPlugins(state, pod);
  if (!isSuccess(status) || nodeNames !== undefined) return undefined;
  const byName = [...framework.handle.snapshot.list()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return byName.find((nodeInfo) => {
    const { node } = nodeInfo;
    const name = `${nodeInfo.name}-copy`;
    const labels = { ...node.metadata.labels };
    if (labels[LABEL_HOSTNAME] !== undefined) labels[LABEL_HOSTNAME] = name;
    const copy = new NodeInfo(name);
    copy.setNode({ ...node, metadata: { ...node.metadata, name, labels } });
    return isSuccess(framework.runFilterPlugins(state, pod, copy));
  })?.name;
}
