// The current and the update revision of a StatefulSet, and its history.
// Behaviour: pkg/controller/statefulset/stateful_set_control.go (getStatefulSetRevisions, truncateHistory), Kubernetes v1.36.3.
import type { ControllerRevision, StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import {
  createControllerRevision,
  deleteRevision,
  equalRevision,
  newControllerRevision,
  renumberRevision,
} from '../history/controller-history.ts';
import { isRevisionOf, templateOfRevision, templatePatch } from '../history/template-revision.ts';
import { podRevision, STATEFUL_SET_KIND } from './identity.ts';

interface SetRevisions {
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly collisionCount: number;
}

/** `revisions` in order of their numbers. */
export function syncRevisions(
  set: StatefulSet,
  revisions: readonly ControllerRevision[],
  kubernetesVersion: string,
  context: SyncContext,
): SetRevisions {
  const { template } = set.spec;
  const before = set.status.collisionCount ?? 0;
  const latest = revisions.at(-1);
  const number = (latest?.revision ?? 0) + 1;
  const wanted = newControllerRevision(set, STATEFUL_SET_KIND, {
    templateLabels: template.metadata.labels,
    data: templatePatch(template),
    revision: number,
    collisionCount: before,
  });
  const equal = revisions.findLast((revision) => equalRevision(revision, wanted));
  let made: { readonly revision: ControllerRevision; readonly collisionCount: number };
  if (equal && latest && equalRevision(latest, equal)) made = { revision: latest, collisionCount: before };
  else if (equal) made = { revision: renumberRevision(equal, number, context), collisionCount: before };
  else if (latest && isRevisionOf(latest, template, kubernetesVersion))
    made = { revision: latest, collisionCount: before };
  else made = createControllerRevision(set, wanted, before, context);
  const current = revisions.find(({ metadata }) => metadata.name === set.status.currentRevision);
  return { current: current ?? made.revision, update: made.revision, collisionCount: made.collisionCount };
}

/** The set as it was at a revision: only the template is the revision's. */
export function setAtRevision(set: StatefulSet, revision: ControllerRevision, kubernetesVersion: string): StatefulSet {
  const template = templateOfRevision(revision, set.spec.template, kubernetesVersion);
  return template === set.spec.template ? set : { ...set, spec: { ...set.spec, template } };
}

/** Deletes the oldest revisions that no pod has and the limit leaves no room for. */
export function truncateHistory(
  { spec }: StatefulSet,
  pods: readonly Pod[],
  revisions: readonly ControllerRevision[],
  { current, update }: SetRevisions,
  context: SyncContext,
): void {
  const live = new Set([current.metadata.name, update.metadata.name, ...pods.map(podRevision)]);
  const history = revisions.filter(({ metadata }) => !live.has(metadata.name));
  const limit = spec.revisionHistoryLimit ?? 0;
  if (limit < 0) return;
  for (const revision of history.slice(0, Math.max(history.length - limit, 0))) deleteRevision(revision, context);
}
