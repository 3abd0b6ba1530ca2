// Prefers the placement that takes more of a pod group's pods.
// Behaviour: pkg/scheduler/framework/plugins/podgrouppodscount/podgroup_pods_count.go, Kubernetes v1.36.3.
import { type Handle, MAX_NODE_SCORE, type PlacementScorePlugin } from '../../framework/plugin.ts';
import { errorStatus } from '../../framework/status.ts';

const NO_PODS = 'no pods from pod group are assigned to any of the candidate placements';

export function makePodGroupPodsCount({ podGroups }: Pick<Handle, 'podGroups'>) {
  return {
    name: 'PodGroupPodsCount',
    scorePlacement({ namespace, name }, { assignments }) {
      return (podGroups.get(namespace, name)?.scheduledPodsCount ?? 0) + assignments.length;
    },
    normalizePlacementScore(scores) {
      const most = Math.max(0, ...scores);
      if (most === 0) return errorStatus(NO_PODS);
      scores.forEach((score, i) => {
        scores[i] = Math.floor((score * MAX_NODE_SCORE) / most);
      });
      return undefined;
    },
  } satisfies PlacementScorePlugin;
}
