// Keeps a pod to the nodes that its nodeSelector and node affinity admit, and prefers those that it prefers.
// Behaviour: pkg/scheduler/framework/plugins/nodeaffinity, Kubernetes v1.36.3.
import type { Node, NodeAffinity } from '../../../../schema/generated/types/core-v1.ts';
import {
  compileNodeSelector,
  PreferredSchedulingTerms,
  RequiredNodeAffinity,
} from '../../../../selectors/node-selector.ts';
import { stateKey } from '../../framework/cycle-state.ts';
import { defaultNormalizeScore } from '../../framework/normalize-score.ts';
import {
  type FilterPlugin,
  MAX_NODE_SCORE,
  type PreFilterPlugin,
  type PreScorePlugin,
  type ScorePlugin,
} from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { errorStatus, SKIP, unschedulableAndUnresolvable } from '../../framework/status.ts';

const ERR_REASON_POD = "node(s) didn't match Pod's node affinity/selector";
const ERR_REASON_ENFORCED = "node(s) didn't match scheduler-enforced node affinity";
const ERR_REASON_CONFLICT = 'pod affinity terms conflict';

export interface NodeAffinityArgs {
  /** Affinity that every pod of the profile gets besides its own. */
  readonly addedAffinity?: NodeAffinity;
}

const preFilterState = stateKey<RequiredNodeAffinity>('PreFilterNodeAffinity');
const preScoreState = stateKey<PreferredSchedulingTerms | undefined>('PreScoreNodeAffinity');

const NO_MATCH = unschedulableAndUnresolvable(ERR_REASON_POD);
const NOT_ENFORCED = unschedulableAndUnresolvable(ERR_REASON_ENFORCED);

export function makeNodeAffinity({ addedAffinity }: NodeAffinityArgs) {
  const addedRequired = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const addedPreferred = addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const addedSelector = addedRequired && compileNodeSelector(addedRequired);
  const addedTerms = addedPreferred.length > 0 ? new PreferredSchedulingTerms(addedPreferred) : undefined;
  return {
    name: 'NodeAffinity',
    eventsToRegister: [
      {
        resource: 'Node',
        actions: ['Add', 'UpdateNodeLabel'],
        hint: (pod, previous, object) => {
          const [before, after] = [previous as Node | undefined, object as Node]; // events of nodes carry nodes
          if (addedSelector && !addedSelector.matches(after)) return false;
          const required = new RequiredNodeAffinity(pod);
          const match = required.match(after);
          // Terms that cannot be read keep no pod waiting.
          if (match.error !== undefined) return true;
          return match.matches && (before === undefined || !required.matches(before));
        },
      },
    ],
    preFilter(state, pod) {
      const required = new RequiredNodeAffinity(pod);
      if (required.isEmpty() && !addedSelector) return { status: SKIP };
      state.write(preFilterState, required);
      const names = namedNodes(pod);
      if (names === undefined) return undefined;
      if (names.size === 0) return { status: unschedulableAndUnresolvable(ERR_REASON_CONFLICT) };
      return { nodeNames: names };
    },
    filter(state, pod, { node }) {
      if (addedSelector && !addedSelector.matches(node)) return NOT_ENFORCED;
      const required = state.read(preFilterState) ?? new RequiredNodeAffinity(pod);
      return required.matches(node) ? undefined : NO_MATCH;
    },
    preScore(state, pod) {
      const terms = preferredTerms(pod);
      if (!terms && !addedTerms) return SKIP;
      if (terms?.error) return errorStatus(terms.error);
      state.write(preScoreState, terms);
      return undefined;
    },
    score(state, pod, { node }) {
      const own = state.read(preScoreState) ?? preferredTerms(pod);
      return (addedTerms?.score(node) ?? 0) + (own?.score(node) ?? 0);
    },
    normalizeScore(_state, _pod, scores) {
      defaultNormalizeScore(MAX_NODE_SCORE, false, scores);
      return undefined;
    },
  } satisfies PreFilterPlugin & FilterPlugin & PreScorePlugin & ScorePlugin;
}

function preferredTerms({ spec }: PodInfo): PreferredSchedulingTerms | undefined {
  const preferred = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;
  return preferred && new PreferredSchedulingTerms(preferred);
}

/** The nodes that the pod asks for by name, as DaemonSet pods do; undefined when a term leaves the name open. */
export function namedNodes({ spec }: PodInfo): ReadonlySet<string> | undefined {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    let termNames: readonly string[] | undefined;
    for (const { key, operator, values = [] } of matchFields)
      if (key === 'metadata.name' && operator === 'In')
        termNames = termNames === undefined ? values : termNames.filter((name) => values.includes(name));
    if (termNames === undefined) return undefined;
    for (const name of termNames) names.add(name);
  }
  return names;
}
