// Spreads pods over failure domains: by the pod's own constraints, else by default ones for pods that belong together.
// Behaviour: pkg/scheduler/framework/plugins/podtopologyspread/plugin.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../../apimachinery/deep-equal.ts';
import type { Node, Pod, TopologySpreadConstraint } from '../../../../schema/generated/types/core-v1.ts';
import { stateKey } from '../../framework/cycle-state.ts';
import type { ClusterEventWithHint } from '../../framework/events.ts';
import { internLabels, LabelSetSelector, type Labels } from '../../framework/label-set.ts';
import type { FilterPlugin, Handle, PreFilterPlugin, PreScorePlugin, ScorePlugin } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { errorStatus, SKIP } from '../../framework/status.ts';
import { filterConstraints, hasAllTopologyKeys, type SpreadConstraint, type Unsatisfiable } from './constraint.ts';
import { defaultSelector } from './default-selector.ts';
import { SpreadFilterState } from './filtering.ts';
import { normalizeSpreadScores, type SpreadScoreState, spreadScore, spreadScoreState } from './scoring.ts';

export interface PodTopologySpreadArgs {
  readonly defaultingType: 'System' | 'List';
  readonly defaultConstraints?: readonly TopologySpreadConstraint[];
}

const SYSTEM_DEFAULT_CONSTRAINTS: readonly TopologySpreadConstraint[] = [
  { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 3 },
  { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
];

/** Also read by explanations. */
export const preFilterState = stateKey<SpreadFilterState>('PreFilterPodTopologySpread');
const preScoreState = stateKey<SpreadScoreState>('PreScorePodTopologySpread');

const INVALID_SELECTOR = 'invalid label selector in a topology spread constraint';

/** What applies to a pod: its own constraints or the default ones; undefined when a selector cannot be read. */
type ConstraintsOf = (pod: PodInfo, action: Unsatisfiable) => readonly SpreadConstraint[] | undefined;

export function spreadConstraintsOf(
  { defaultingType, defaultConstraints = [] }: PodTopologySpreadArgs,
  { objects }: Pick<Handle, 'objects'>,
): ConstraintsOf {
  const defaults = defaultingType === 'System' ? SYSTEM_DEFAULT_CONSTRAINTS : defaultConstraints;
  return (pod, action) => {
    const own = pod.spec.topologySpreadConstraints ?? [];
    if (own.length > 0) return filterConstraints(own, pod.labels, action);
    const constraints = filterConstraints(defaults, pod.labels, action);
    if (constraints === undefined || constraints.length === 0) return constraints;
    const selector = LabelSetSelector.of(defaultSelector(pod, objects));
    return selector.isEmpty ? [] : constraints.map((constraint) => ({ ...constraint, selector }));
  };
}

/** The system's defaults spread over hosts even where nodes have no zone. */
export function requiresAllTopologies({ defaultingType }: PodTopologySpreadArgs, { spec }: PodInfo): boolean {
  return (spec.topologySpreadConstraints?.length ?? 0) > 0 || defaultingType !== 'System';
}

export function makePodTopologySpread(args: PodTopologySpreadArgs, handle: Pick<Handle, 'objects' | 'snapshot'>) {
  const constraintsOf = spreadConstraintsOf(args, handle);
  return {
    name: 'PodTopologySpread',
    eventsToRegister: eventsToRegister(constraintsOf),
    preFilter(state, pod, nodes) {
      const constraints = constraintsOf(pod, 'DoNotSchedule');
      if (constraints === undefined) return { status: errorStatus(INVALID_SELECTOR) };
      if (constraints.length === 0) return { status: SKIP };
      state.write(preFilterState, SpreadFilterState.count(pod, constraints, nodes));
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
    preScore(state, pod, nodes) {
      const all = handle.snapshot.list();
      if (all.length === 0) return SKIP;
      const constraints = constraintsOf(pod, 'ScheduleAnyway');
      if (constraints === undefined) return errorStatus(INVALID_SELECTOR);
      if (constraints.length === 0) return SKIP;
      state.write(preScoreState, spreadScoreState(pod, constraints, nodes, all, requiresAllTopologies(args, pod)));
      return undefined;
    },
    score(state, pod, nodeInfo) {
      const scores = state.read(preScoreState);
      return scores ? spreadScore(scores, pod, nodeInfo) : 0;
    },
    normalizeScore(state, _pod, scores) {
      const own = state.read(preScoreState);
      if (own) normalizeSpreadScores(own, scores);
      return undefined;
    },
  } satisfies PreFilterPlugin & FilterPlugin & PreScorePlugin & ScorePlugin;
}

const NO_LABELS: Labels = {};

function eventsToRegister(constraintsOf: ConstraintsOf): readonly ClusterEventWithHint[] {
  return [
    {
      resource: 'Pod',
      actions: ['Add', 'UpdatePodLabel', 'UpdatePodToleration', 'Delete'],
      hint: (pod, previous, object) => {
        const [before, after] = [previous as Pod | undefined, object as Pod | undefined]; // events of pods carry pods
        if ((after && !isInvolved(after, pod)) || (before && !isInvolved(before, pod))) return false;
        const constraints = constraintsOf(pod, 'DoNotSchedule') ?? [];
        const matchesAny = (other: Pod): boolean => {
          const labels = internLabels(other.metadata.labels);
          return constraints.some(({ selector }) => selector.matches(labels));
        };
        if (!before || !after) return matchesAny((after ?? before)!);
        if (
          after.metadata.uid === pod.metadata.uid &&
          !semanticDeepEqual(after.spec.tolerations ?? [], before.spec.tolerations ?? []) &&
          constraints.some(({ honorsNodeTaints }) => honorsNodeTaints)
        )
          return true;
        const [was, is] = [internLabels(before.metadata.labels), internLabels(after.metadata.labels)];
        return was !== is && constraints.some(({ selector }) => selector.matches(was) !== selector.matches(is));
      },
    },
    {
      resource: 'Node',
      actions: ['Add', 'Delete', 'UpdateNodeLabel', 'UpdateNodeTaint'],
      hint: (pod, previous, object) => {
        const [before, after] = [previous as Node | undefined, object as Node | undefined]; // events of nodes carry nodes
        const constraints = constraintsOf(pod, 'DoNotSchedule') ?? [];
        const matches = (node: Node): boolean => hasAllTopologyKeys(node.metadata.labels ?? NO_LABELS, constraints);
        if (!before || !after) return matches((after ?? before)!);
        if (matches(before) !== matches(after)) return true;
        return (
          matches(after) &&
          (constraints.some(({ topologyKey: key }) => before.metadata.labels?.[key] !== after.metadata.labels?.[key]) ||
            !semanticDeepEqual(before.spec?.taints ?? [], after.spec?.taints ?? []))
        );
      },
    },
  ];
}

function isInvolved(other: Pod, pod: PodInfo): boolean {
  if (other.metadata.uid === pod.metadata.uid) return true;
  return Boolean(other.spec.nodeName || other.status?.nominatedNodeName) && other.metadata.namespace === pod.namespace;
}
