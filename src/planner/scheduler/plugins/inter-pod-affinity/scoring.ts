// How much a pod wants to be, and is wanted, in each topology domain.
// Behaviour: pkg/scheduler/framework/plugins/interpodaffinity/scoring.go, Kubernetes v1.36.3.
import type { LabelSet, Labels } from '../../framework/label-set.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import { MAX_NODE_SCORE, type NodeScore } from '../../framework/plugin.ts';
import { type AffinityTerm, type PodInfo, termMatches, type WeightedAffinityTerm } from '../../framework/pod-info.ts';

/** The incoming pod with its terms' namespaces resolved. */
export interface IncomingPreferences {
  readonly pod: PodInfo;
  readonly affinityTerms: readonly WeightedAffinityTerm[];
  readonly antiAffinityTerms: readonly WeightedAffinityTerm[];
  readonly namespaceLabels: LabelSet;
  readonly hardPodAffinityWeight: number;
}

/** Weights by topology key and value. */
export type TopologyScores = Map<string, Map<string, number>>;

/** Adds what an existing pod contributes; `nodeLabels` are those of its node. */
export function scoreExistingPod(
  scores: TopologyScores,
  incoming: IncomingPreferences,
  existing: PodInfo,
  nodeLabels: Labels,
): void {
  const { pod, affinityTerms, antiAffinityTerms, namespaceLabels, hardPodAffinityWeight } = incoming;
  for (const term of affinityTerms) addTerm(scores, term, term.weight, existing, undefined, nodeLabels);
  for (const term of antiAffinityTerms) addTerm(scores, term, -term.weight, existing, undefined, nodeLabels);
  if (!existing.hasAffinity) return;
  if (hardPodAffinityWeight > 0)
    for (const term of existing.requiredAffinityTerms)
      addTerm(scores, term, hardPodAffinityWeight, pod, namespaceLabels, nodeLabels);
  for (const term of existing.preferredAffinityTerms)
    addTerm(scores, term, term.weight, pod, namespaceLabels, nodeLabels);
  for (const term of existing.preferredAntiAffinityTerms)
    addTerm(scores, term, -term.weight, pod, namespaceLabels, nodeLabels);
}

function addTerm(
  scores: TopologyScores,
  term: AffinityTerm,
  weight: number,
  pod: PodInfo,
  namespaceLabels: LabelSet | undefined,
  nodeLabels: Labels,
): void {
  const { topologyKey } = term;
  const value = nodeLabels[topologyKey];
  if (value === undefined || !termMatches(term, pod, namespaceLabels)) return;
  let byValue = scores.get(topologyKey);
  if (!byValue) scores.set(topologyKey, (byValue = new Map()));
  byValue.set(value, (byValue.get(value) ?? 0) + weight);
}

export function affinityScore(scores: TopologyScores, { labels }: NodeInfo): number {
  let score = 0;
  for (const [key, byValue] of scores) {
    const value = labels[key];
    if (value !== undefined) score += byValue.get(value) ?? 0;
  }
  return score;
}

export function normalizeAffinityScores(scores: NodeScore[]): void {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { score } of scores) {
    if (score < min) min = score;
    if (score > max) max = score;
  }
  for (const entry of scores)
    entry.score = max > min ? Math.trunc(MAX_NODE_SCORE * ((entry.score - min) / (max - min))) : 0;
}
