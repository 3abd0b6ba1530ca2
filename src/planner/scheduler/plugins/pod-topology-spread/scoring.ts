// How well nodes keep the spread of a pod's ScheduleAnyway constraints even.
// Behaviour: pkg/scheduler/framework/plugins/podtopologyspread/scoring.go, Kubernetes v1.36.3.
import { LABEL_HOSTNAME } from '../../../../apimachinery/well-known/labels.ts';
import { multiplyDivide } from '../../framework/int64.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import { MAX_NODE_SCORE, type NodeScore } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { countPodsMatchSelector, hasAllTopologyKeys, NodeInclusion, type SpreadConstraint } from './constraint.ts';

export interface SpreadScoreState {
  readonly constraints: readonly SpreadConstraint[];
  /** Nodes that lack a topology key. */
  readonly ignoredNodes: ReadonlySet<string>;
  /** By constraint: pods per domain of the nodes to be scored; none for hostnames, whose pods are counted node by node. */
  readonly counts: readonly Map<string, number>[];
  readonly weights: readonly number[];
}

export function spreadScoreState(
  pod: PodInfo,
  constraints: readonly SpreadConstraint[],
  filteredNodes: readonly NodeInfo[],
  allNodes: readonly NodeInfo[],
  requireAllTopologies: boolean,
): SpreadScoreState {
  const ignoredNodes = new Set<string>();
  const counts = constraints.map(() => new Map<string, number>());
  for (const { name, labels } of filteredNodes) {
    if (requireAllTopologies && !hasAllTopologyKeys(labels, constraints)) {
      ignoredNodes.add(name);
      continue;
    }
    for (const [i, { topologyKey }] of constraints.entries())
      if (topologyKey !== LABEL_HOSTNAME) counts[i]!.set(labels[topologyKey] ?? '', 0);
  }
  const weights = constraints.map(({ topologyKey }, i) =>
    topologyNormalizingWeight(
      topologyKey === LABEL_HOSTNAME ? filteredNodes.length - ignoredNodes.size : counts[i]!.size,
    ),
  );
  const inclusion = new NodeInclusion(pod);
  for (const nodeInfo of allNodes) {
    const { labels } = nodeInfo;
    if (requireAllTopologies && !hasAllTopologyKeys(labels, constraints)) continue;
    for (const [i, constraint] of constraints.entries()) {
      const value = labels[constraint.topologyKey] ?? '';
      const count = counts[i]!.get(value);
      if (count === undefined || !inclusion.includes(constraint, nodeInfo.node)) continue;
      counts[i]!.set(value, count + countPodsMatchSelector(nodeInfo, constraint.selector, pod.namespace));
    }
  }
  return { constraints, ignoredNodes, counts, weights };
}

/** Pods in the node's domains, weighted; normalized later. */
export function spreadScore(
  { constraints, ignoredNodes, counts, weights }: SpreadScoreState,
  pod: PodInfo,
  nodeInfo: NodeInfo,
): number {
  if (ignoredNodes.has(nodeInfo.name)) return 0;
  let score = 0;
  for (const [i, { topologyKey, selector, maxSkew }] of constraints.entries()) {
    const value = nodeInfo.labels[topologyKey];
    if (value === undefined) continue;
    const count =
      topologyKey === LABEL_HOSTNAME
        ? countPodsMatchSelector(nodeInfo, selector, pod.namespace)
        : (counts[i]!.get(value) ?? 0);
    score += scoreForCount(count, maxSkew, weights[i]!);
  }
  return Math.round(score);
}

export function normalizeSpreadScores({ ignoredNodes }: SpreadScoreState, scores: NodeScore[]): void {
  let min = Number.MAX_SAFE_INTEGER;
  let max = 0;
  for (const { name, score } of scores) {
    if (ignoredNodes.has(name)) continue;
    if (score < min) min = score;
    if (score > max) max = score;
  }
  for (const entry of scores) {
    if (ignoredNodes.has(entry.name)) entry.score = 0;
    else entry.score = max === 0 ? MAX_NODE_SCORE : multiplyDivide(max + min - entry.score, MAX_NODE_SCORE, max);
  }
}

/** Few domains must not be drowned by many. */
export function topologyNormalizingWeight(size: number): number {
  return Math.log(size + 2);
}

/** A greater maxSkew waters down the differences between domains. */
export function scoreForCount(count: number, maxSkew: number, weight: number): number {
  return count * weight + (maxSkew - 1);
}
