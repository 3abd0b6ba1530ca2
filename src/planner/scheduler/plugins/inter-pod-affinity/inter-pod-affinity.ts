// Places pods near pods they want to be with and away from those they do not.
// Behaviour: pkg/scheduler/framework/plugins/interpodaffinity/plugin.go, Kubernetes v1.36.3.
import type { Node, Pod } from '../../../../schema/generated/types/core-v1.ts';
import { stateKey } from '../../framework/cycle-state.ts';
import type { ClusterEventWithHint } from '../../framework/events.ts';
import type { FilterPlugin, Handle, PreFilterPlugin, PreScorePlugin, ScorePlugin } from '../../framework/plugin.ts';
import { type AffinityTerm, PodInfo } from '../../framework/pod-info.ts';
import { SKIP, unschedulableAndUnresolvable } from '../../framework/status.ts';
import { AffinityFilterState } from './filtering.ts';
import { mergeNamespaces, namespaceLabels } from './namespaces.ts';
import {
  affinityScore,
  type IncomingPreferences,
  normalizeAffinityScores,
  scoreExistingPod,
  type TopologyScores,
} from './scoring.ts';
import { matchesAllTerms } from './topology-counts.ts';

export interface InterPodAffinityArgs {
  /** What an existing pod's required affinity for the incoming pod is worth. */
  readonly hardPodAffinityWeight: number;
  readonly ignorePreferredTermsOfExistingPods?: boolean;
}

const preFilterState = stateKey<AffinityFilterState>('PreFilterInterPodAffinity');
const preScoreState = stateKey<TopologyScores>('PreScoreInterPodAffinity');

export function makeInterPodAffinity(
  { hardPodAffinityWeight, ignorePreferredTermsOfExistingPods = false }: InterPodAffinityArgs,
  { objects, snapshot }: Pick<Handle, 'objects' | 'snapshot'>,
) {
  const merge = <T extends AffinityTerm>(terms: readonly T[]): readonly T[] =>
    terms.map((term) => mergeNamespaces(objects, term));
  return {
    name: 'InterPodAffinity',
    eventsToRegister: EVENTS,
    preFilter(state, pod, nodes) {
      if (pod.affinityError) return { status: unschedulableAndUnresolvable(`parsing pod: ${pod.affinityError}`) };
      const incoming = {
        pod,
        affinityTerms: merge(pod.requiredAffinityTerms),
        antiAffinityTerms: merge(pod.requiredAntiAffinityTerms),
        namespaceLabels: namespaceLabels(objects, pod.namespace),
      };
      const counts = AffinityFilterState.count(incoming, snapshot.havePodsWithRequiredAntiAffinityList(), nodes);
      if (counts.isIrrelevant) return { status: SKIP };
      state.write(preFilterState, counts);
      return undefined;
    },
    addPod(state, _pod, added, nodeInfo) {
      state.read(preFilterState)?.update(added, nodeInfo, 1);
      return undefined;
    },
    removePod(state, _pod, removed, nodeInfo) {
      state.read(preFilterState)?.update(removed, nodeInfo, -1);
      return undefined;
    },
    filter(state, _pod, nodeInfo) {
      return state.read(preFilterState)?.check(nodeInfo);
    },
    preScore(state, pod) {
      const hasPreferences = pod.preferredAffinityTerms.length > 0 || pod.preferredAntiAffinityTerms.length > 0;
      if (ignorePreferredTermsOfExistingPods && !hasPreferences) return SKIP;
      const incoming: IncomingPreferences = {
        pod,
        affinityTerms: merge(pod.preferredAffinityTerms),
        antiAffinityTerms: merge(pod.preferredAntiAffinityTerms),
        namespaceLabels: namespaceLabels(objects, pod.namespace),
        hardPodAffinityWeight,
      };
      const scores: TopologyScores = new Map();
      // A pod without preferences only has to know who prefers it.
      for (const nodeInfo of hasPreferences ? snapshot.list() : snapshot.havePodsWithAffinityList())
        for (const existing of hasPreferences ? nodeInfo.pods : nodeInfo.podsWithAffinity)
          scoreExistingPod(scores, incoming, existing, nodeInfo.labels);
      if (scores.size === 0) return SKIP;
      state.write(preScoreState, scores);
      return undefined;
    },
    score(state, _pod, nodeInfo) {
      const scores = state.read(preScoreState);
      return scores ? affinityScore(scores, nodeInfo) : 0;
    },
    normalizeScore(_state, _pod, scores) {
      normalizeAffinityScores(scores);
      return undefined;
    },
  } satisfies PreFilterPlugin & FilterPlugin & PreScorePlugin & ScorePlugin;
}

const EVENTS: readonly ClusterEventWithHint[] = [
  {
    resource: 'Pod',
    actions: ['Add', 'UpdatePodLabel', 'Delete'],
    hint: (pod, previous, object) => {
      const [before, after] = [previous as Pod | undefined, object as Pod | undefined]; // events of pods carry pods
      if (before && after && after.metadata.uid === pod.metadata.uid) return true;
      if ((after && !isPlaced(after)) || (before && !isPlaced(before))) return false;
      const { requiredAffinityTerms: terms, requiredAntiAffinityTerms: antiTerms } = pod;
      if (after) {
        const isMatch = matchesAllTerms(terms, new PodInfo(after));
        if (!before) return isMatch;
        const was = new PodInfo(before);
        return (
          (isMatch && !matchesAllTerms(terms, was)) ||
          (matchesAllTerms(antiTerms, was) && !matchesAllTerms(antiTerms, new PodInfo(after)))
        );
      }
      const deleted = new PodInfo(before!);
      return matchesAllTerms(antiTerms, deleted) || matchesAllTerms(deleted.requiredAntiAffinityTerms, pod);
    },
  },
  {
    resource: 'Node',
    actions: ['Add', 'UpdateNodeLabel'],
    hint: (pod, previous, object) => {
      const [before, after] = [previous as Node | undefined, object as Node]; // events of nodes carry nodes
      const value = (node: Node, key: string): string | undefined => node.metadata.labels?.[key];
      for (const { topologyKey: key } of pod.requiredAffinityTerms) {
        const now = value(after, key);
        if (now !== undefined && (before === undefined || value(before, key) !== now)) return true;
      }
      for (const { topologyKey: key } of pod.requiredAntiAffinityTerms) {
        if (before === undefined) return true;
        const was = value(before, key);
        if (was !== undefined && value(after, key) !== was) return true;
      }
      return false;
    },
  },
];

function isPlaced({ spec, status }: Pod): boolean {
  return Boolean(spec.nodeName || status?.nominatedNodeName);
}
