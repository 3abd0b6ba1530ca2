// Keeps pods off nodes with NoSchedule or NoExecute taints they do not tolerate, and prefers nodes without PreferNoSchedule ones.
// Behaviour: pkg/scheduler/framework/plugins/tainttoleration, Kubernetes v1.36.3.
import type { Node, Taint, Toleration } from '../../../../schema/generated/types/core-v1.ts';
import {
  findMatchingUntoleratedTaint,
  preventsScheduling,
  tolerationsTolerateTaint,
} from '../../../../selectors/toleration.ts';
import { stateKey } from '../../framework/cycle-state.ts';
import { defaultNormalizeScore } from '../../framework/normalize-score.ts';
import { type FilterPlugin, MAX_NODE_SCORE, type PreScorePlugin, type ScorePlugin } from '../../framework/plugin.ts';
import { unschedulableAndUnresolvable } from '../../framework/status.ts';

const ERR_REASON_UNTOLERATED = 'node(s) had untolerated taint(s)';

const UNTOLERATED = unschedulableAndUnresolvable(ERR_REASON_UNTOLERATED);

/** The first NoSchedule or NoExecute taint that keeps the pod away. */
export function findUntoleratedTaint(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
): Taint | undefined {
  return findMatchingUntoleratedTaint(taints, tolerations, preventsScheduling);
}

const preScoreState = stateKey<readonly Toleration[]>('PreScoreTaintToleration');

export const taintToleration = {
  name: 'TaintToleration',
  eventsToRegister: [
    {
      resource: 'Node',
      actions: ['Add', 'UpdateNodeTaint'],
      hint: (pod, previous, object) => {
        const [before, after] = [previous as Node | undefined, object as Node | undefined]; // events of nodes carry nodes
        const { tolerations } = pod.spec;
        const wasKeptOut = before === undefined || findUntoleratedTaint(before.spec?.taints, tolerations) !== undefined;
        return wasKeptOut && findUntoleratedTaint(after?.spec?.taints, tolerations) === undefined;
      },
    },
    {
      resource: 'Pod',
      actions: ['UpdatePodToleration'],
      hint: (pod, _previous, object) => object?.metadata.uid === pod.metadata.uid,
    },
  ],
  filter(_state, pod, { node }) {
    return findUntoleratedTaint(node.spec?.taints, pod.spec.tolerations) ? UNTOLERATED : undefined;
  },
  preScore(state, pod) {
    state.write(preScoreState, preferNoScheduleTolerations(pod.spec.tolerations));
    return undefined;
  },
  score(state, _pod, { node }) {
    return countIntolerableTaints(node.spec?.taints, state.read(preScoreState));
  },
  normalizeScore(_state, _pod, scores) {
    defaultNormalizeScore(MAX_NODE_SCORE, true, scores);
    return undefined;
  },
} satisfies FilterPlugin & PreScorePlugin & ScorePlugin;

/** Tolerations without an effect are for every effect. */
function preferNoScheduleTolerations(tolerations: readonly Toleration[] = []): readonly Toleration[] {
  return tolerations.filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
}

function countIntolerableTaints(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
): number {
  let count = 0;
  for (const taint of taints ?? [])
    if (taint.effect === 'PreferNoSchedule' && !tolerationsTolerateTaint(tolerations, taint)) count += 1;
  return count;
}
