// Keeps a pod of each DaemonSet on every node that is meant for it.
// Behaviour: pkg/controller/daemon/daemon_controller.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { ResourceName } from '../../../apiserver/store/store.ts';
import type { ControllerRevision, DaemonSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import { compileLabelSelector } from '../../../selectors/label-selector.ts';
import {
  type ControllerFactory,
  keyFor,
  type SyncContext,
  type SyncResult,
  splitKey,
  type Watch,
} from '../../engine/controller.ts';
import { CONTROLLER_REVISIONS } from '../history/controller-history.ts';
import { AdoptionWatch } from '../pod-control/adoption-watch.ts';
import { claimObjects } from '../pod-control/claim.ts';
import { errorOf } from '../pod-control/pod-control.ts';
import { isPodChangeCounted, untilNextAvailable } from '../pod-control/pod-state.ts';
import { retryWhenRefused } from '../pod-control/refused-request.ts';
import { type DaemonSync, podsByNode, syncNodes, verdictOn } from './daemon-sync.ts';
import { FailedPodsBackoff } from './failed-pods-backoff.ts';
import { cleanupHistory, constructHistory, hashOf } from './history.ts';
import { manage } from './manage.ts';
import { DAEMON_SET_KIND } from './pod-template.ts';
import { rollingUpdate } from './rolling-update.ts';
import { updateDaemonSetStatus } from './status.ts';

const SELECTING_ALL = 'This daemon set is selecting all pods. A non-empty selector is required.';
const SETS = 'daemonsets.apps';

export const daemonSetController: ControllerFactory = ({ kubernetesVersion }) => {
  const pods = adoptionOf<Pod>('pods', isPodChangeCounted);
  const revisions = adoptionOf<ControllerRevision>(CONTROLLER_REVISIONS);
  const backoff = new FailedPodsBackoff();
  return {
    name: 'daemonset-controller',
    watches: [pods.owners, pods.owned, revisions.owners, revisions.owned, nodeChanges],
    sync: retryWhenRefused((key, context) => {
      const { namespace, name } = splitKey(key);
      const set = context.reader.get<DaemonSet>(SETS, namespace, name);
      if (!set) return undefined;
      if (compileLabelSelector(set.spec.selector).isEmpty()) {
        context.recorder.event(set, 'Warning', 'SelectingAll', SELECTING_ALL);
        return undefined;
      }
      if (set.metadata.deletionTimestamp !== undefined) return undefined;
      return syncDaemonSet(set, { pods, revisions, backoff, kubernetesVersion }, context);
    }),
  };
};

function adoptionOf<T extends KubeObject>(ownedResource: ResourceName, isCounted?: (before: T, after: T) => boolean) {
  return new AdoptionWatch<DaemonSet, T>({
    ownerResource: SETS,
    ownerKind: 'DaemonSet',
    ownedResource,
    selectorOf: ({ spec }) => compileLabelSelector(spec.selector),
    ...(isCounted ? { isCounted } : {}),
  });
}

interface Memory {
  readonly pods: AdoptionWatch<DaemonSet, Pod>;
  readonly revisions: AdoptionWatch<DaemonSet, ControllerRevision>;
  readonly backoff: FailedPodsBackoff;
  readonly kubernetesVersion: string;
}

function claim<T extends KubeObject>(
  set: DaemonSet,
  resource: ResourceName,
  watch: AdoptionWatch<DaemonSet, T>,
  { reader, client }: SyncContext,
): readonly T[] {
  const selector = compileLabelSelector(set.spec.selector);
  const claimed = claimObjects(
    watch.candidates(set, reader),
    { owner: set, ownerKind: DAEMON_SET_KIND, resource, matches: ({ metadata }) => selector.matches(metadata.labels) },
    client,
  );
  watch.settled(keyFor(set));
  return claimed;
}

function syncDaemonSet(set: DaemonSet, memory: Memory, context: SyncContext): SyncResult | undefined {
  const revisions = claim(set, CONTROLLER_REVISIONS, memory.revisions, context);
  const pods = claim(set, 'pods', memory.pods, context);
  const { current, old } = constructHistory(set, revisions, pods, memory.kubernetesVersion, context);
  const nodes = context.reader.list<Node>('nodes');
  const sync: DaemonSync = { set, hash: hashOf(current), nodes, context };
  const onNodes = podsByNode(pods);

  let requeueAfter: number | undefined;
  let hasChanged = false;
  const error = errorOf(() => {
    const wanted = manage(sync, onNodes, memory.backoff);
    requeueAfter = wanted.requeueAfter;
    hasChanged = syncNodes(sync, wanted.podsToDelete, wanted.nodesNeedingPods);
    // What was just created and deleted wakes the controller up again; only then does it go on with the update.
    if (!hasChanged && set.spec.updateStrategy.type === 'RollingUpdate') rollingUpdate(sync, onNodes);
    cleanupHistory(set, old, pods, context);
  });
  const now = podsByNode(memory.pods.candidates(set, context.reader));
  const isWaiting = updateDaemonSetStatus(sync, now);
  if (error) throw error;
  const waits = [requeueAfter, ...availabilityWaits(set, pods, isWaiting, context.now)].filter(
    (wait) => wait !== undefined,
  );
  return waits.length === 0 ? undefined : { requeueAfter: Math.min(...waits) };
}

/** The status counts one pod a node, so a new pod beside an old one has a wake-up of its own, a second late for safety. */
function availabilityWaits(
  { spec: { minReadySeconds = 0 } }: DaemonSet,
  pods: readonly Pod[],
  isStatusWaiting: boolean,
  now: number,
): readonly number[] {
  if (minReadySeconds === 0) return [];
  const next = untilNextAvailable(pods, minReadySeconds, now);
  return [...(isStatusWaiting ? [minReadySeconds * 1000] : []), ...(next === undefined ? [] : [next + 1000])];
}

/** Nodes that came or changed labels or taints wake up the DaemonSets whose pods they lack or may no longer keep. */
const nodeChanges: Watch = {
  resource: 'nodes',
  keys: ({ type, object, previous }, reader) => {
    // The watch is on nodes.
    const node = object as Node;
    const before = previous as Node | undefined;
    if (type === 'DELETED' || (before && !hasPlacementChanged(before, node))) return [];
    const sets = reader.list<DaemonSet>(SETS);
    if (sets.length === 0) return [];
    const { name = '' } = node.metadata;
    const owners = new Set<string>();
    for (const pod of reader.listByIndex<Pod>('pods', 'node', name)) {
      const owner = controllerOf(pod);
      if (owner?.kind === 'DaemonSet') owners.add(`${pod.metadata.namespace}/${owner.name}`);
    }
    return sets
      .filter((set) => {
        const verdict = verdictOn(set, node);
        const isScheduled = owners.has(keyFor(set));
        if (!isScheduled) return verdict === 'run';
        return verdict === 'leave' || set.status.numberMisscheduled > 0;
      })
      .map(keyFor);
  },
};

function hasPlacementChanged(before: Node, after: Node): boolean {
  return (
    !semanticDeepEqual(before.metadata.labels, after.metadata.labels) ||
    !semanticDeepEqual(before.spec.taints, after.spec.taints)
  );
}
