// Keeps the pods of StatefulSets, each with its ordinal and its claims.
// Behaviour: pkg/controller/statefulset/stateful_set.go, Kubernetes v1.36.3.
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { ControllerRevision, StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { compileLabelSelector } from '../../../selectors/label-selector.ts';
import { type ControllerFactory, type SyncContext, type SyncResult, splitKey } from '../../engine/controller.ts';
import { CONTROLLER_REVISIONS, listControllerRevisions } from '../history/controller-history.ts';
import { AdoptionWatch } from '../pod-control/adoption-watch.ts';
import { claimObjects } from '../pod-control/claim.ts';
import { isPodChangeCounted, untilNextAvailable } from '../pod-control/pod-state.ts';
import { retryWhenRefused, SyncError } from '../pod-control/refused-request.ts';
import { isMemberOf, STATEFUL_SET_KIND } from './identity.ts';
import { setAtRevision, syncRevisions, truncateHistory } from './revisions.ts';
import { StatefulPodControl } from './stateful-pod-control.ts';
import { updateStatus } from './status.ts';
import { updateStatefulSet } from './update.ts';

export const statefulSetController: ControllerFactory = ({ kubernetesVersion, isFeatureEnabled }) => {
  const options = { kubernetesVersion, allowsMaxUnavailable: isFeatureEnabled('MaxUnavailableStatefulSet') };
  const adoption = new AdoptionWatch<StatefulSet, Pod>({
    ownerResource: 'statefulsets.apps',
    ownerKind: 'StatefulSet',
    ownedResource: 'pods',
    selectorOf: ({ spec }) => compileLabelSelector(spec.selector),
    isCounted: isPodChangeCounted,
  });
  return {
    name: 'statefulset-controller',
    watches: [adoption.owners, adoption.owned],
    sync: retryWhenRefused((key, context) => {
      const { namespace, name } = splitKey(key);
      const set = context.reader.get<StatefulSet>('statefulsets.apps', namespace, name);
      if (!set) return undefined;
      const revisions = adoptRevisions(set, context);
      const selector = compileLabelSelector(set.spec.selector);
      const pods = claimObjects(
        adoption.candidates(set, context.reader),
        {
          owner: set,
          ownerKind: STATEFUL_SET_KIND,
          resource: 'pods',
          matches: (pod) => selector.matches(pod.metadata.labels) && isMemberOf(set, pod),
        },
        context.client,
      );
      adoption.settled(key);
      return syncStatefulSet(set, revisions, pods, options, context);
    }),
  };
};

/** The set's revisions, those without an owner adopted. */
function adoptRevisions(set: StatefulSet, { reader, client }: SyncContext): readonly ControllerRevision[] {
  const selector = compileLabelSelector(set.spec.selector);
  const revisions = listControllerRevisions(set, selector, reader);
  if (revisions.every((revision) => controllerOf(revision) !== undefined)) return revisions;
  const { namespace, name, deletionTimestamp } = set.metadata;
  if (deletionTimestamp !== undefined)
    throw new SyncError(
      `can't adopt ControllerRevisions: ${namespace}/${name} has just been deleted at ${deletionTimestamp}`,
    );
  return claimObjects(
    revisions,
    { owner: set, ownerKind: STATEFUL_SET_KIND, resource: CONTROLLER_REVISIONS, matches: () => true },
    client,
  );
}

function syncStatefulSet(
  set: StatefulSet,
  revisions: readonly ControllerRevision[],
  pods: readonly Pod[],
  { kubernetesVersion, allowsMaxUnavailable }: { kubernetesVersion: string; allowsMaxUnavailable: boolean },
  context: SyncContext,
): SyncResult | undefined {
  const { now } = context;
  const current = syncRevisions(set, revisions, kubernetesVersion, context);
  const names = { current: current.current.metadata.name ?? '', update: current.update.metadata.name ?? '' };
  const { counts, error } = updateStatefulSet({
    set,
    currentSet: setAtRevision(set, current.current, kubernetesVersion),
    updateSet: setAtRevision(set, current.update, kubernetesVersion),
    revisions: names,
    pods,
    control: new StatefulPodControl(set, context),
    now,
    allowsMaxUnavailable,
  });
  updateStatus(set, counts, names, current.collisionCount, context);
  truncateHistory(set, pods, revisions, current, context);
  if (error) throw error;
  const { minReadySeconds = 0 } = set.spec;
  if (minReadySeconds <= 0 || counts.readyReplicas === counts.availableReplicas) return undefined;
  return { requeueAfter: untilNextAvailable(pods, minReadySeconds, now) ?? minReadySeconds * 1000 };
}
