// The ControllerRevisions of a DaemonSet: the one of its template, made when there is none, and the older ones.
// Behaviour: pkg/controller/daemon/update.go (constructHistory, cleanupHistory), Kubernetes v1.36.3.
import { newControllerRef } from '../../../apimachinery/owner-references.ts';
import { LABEL_CONTROLLER_REVISION_HASH } from '../../../apimachinery/well-known/labels.ts';
import type { ControllerRevision, DaemonSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { CONTROLLER_REVISIONS, deleteRevision, renumberRevision } from '../history/controller-history.ts';
import { revisionText, templatePatch } from '../history/template-revision.ts';
import { accepted, RefusedRequest } from '../pod-control/refused-request.ts';
import { podTemplateHash } from '../pod-template-hash/pod-template-hash.ts';
import { DAEMON_SET_KIND } from './pod-template.ts';

interface DaemonHistory {
  readonly current: ControllerRevision;
  readonly old: readonly ControllerRevision[];
}

/** `revisions` are those that the set owns, `pods` its pods. */
export function constructHistory(
  set: DaemonSet,
  revisions: readonly ControllerRevision[],
  pods: readonly Pod[],
  kubernetesVersion: string,
  context: SyncContext,
): DaemonHistory {
  const labelled = revisions.map((revision) => withHashLabel(revision, context));
  const text = revisionText(templatePatch(set.spec.template));
  const matching = labelled.filter(({ data }) => revisionText(data) === text);
  const old = labelled.filter((revision) => !matching.includes(revision));
  const number = old.reduce((most, { revision }) => Math.max(most, revision), 0) + 1;
  const [first, ...others] = matching;
  if (first === undefined) return { current: snapshot(set, number, kubernetesVersion, context), old };
  const current = others.length === 0 ? first : dedupe(matching, pods, context);
  if (current.revision < number) renumberRevision(current, number, context);
  return { current, old };
}

export function hashOf({ metadata }: ControllerRevision): string {
  return metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH] ?? '';
}

/** Revisions from before there was such a label go by their name. */
function withHashLabel(revision: ControllerRevision, { client }: SyncContext): ControllerRevision {
  const { labels, name = '' } = revision.metadata;
  if (labels?.[LABEL_CONTROLLER_REVISION_HASH] !== undefined) return revision;
  const metadata = { ...revision.metadata, labels: { ...labels, [LABEL_CONTROLLER_REVISION_HASH]: name } };
  return accepted(client.update(CONTROLLER_REVISIONS, { ...revision, metadata }));
}

/** Of several revisions with this template the newest stays, and all pods become its. */
function dedupe(
  matching: readonly ControllerRevision[],
  pods: readonly Pod[],
  { client }: SyncContext,
): ControllerRevision {
  const kept = matching.reduce((best, revision) => (revision.revision >= best.revision ? revision : best));
  const hash = hashOf(kept);
  for (const { metadata } of pods) {
    if (metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH] === hash) continue;
    const { namespace, name = '' } = metadata;
    const patch = { metadata: { labels: { [LABEL_CONTROLLER_REVISION_HASH]: hash } } };
    accepted(client.patch('pods', { namespace, name }, patch, { type: 'merge' }));
  }
  for (const revision of matching) if (revision !== kept) deleteRevision(revision, { client });
  return kept;
}

/** A name that another template has already raises the collision count, so that the next try has another hash. */
function snapshot(set: DaemonSet, number: number, kubernetesVersion: string, context: SyncContext): ControllerRevision {
  const { template } = set.spec;
  const { namespace, annotations } = set.metadata;
  const hash = podTemplateHash(template, set.status.collisionCount, kubernetesVersion);
  const name = `${set.metadata.name}-${hash}`;
  const answer = context.client.create<ControllerRevision>(CONTROLLER_REVISIONS, {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...template.metadata.labels, [LABEL_CONTROLLER_REVISION_HASH]: hash },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [newControllerRef(set, DAEMON_SET_KIND)],
    },
    data: templatePatch(template),
    revision: number,
  });
  if (answer.ok) return answer.object;
  const existing =
    answer.status.reason === 'AlreadyExists'
      ? context.reader.get<ControllerRevision>(CONTROLLER_REVISIONS, namespace, name)
      : undefined;
  if (!existing) throw new RefusedRequest(answer.status);
  if (revisionText(existing.data) === revisionText(templatePatch(template))) return existing;
  const status = { ...set.status, collisionCount: (set.status.collisionCount ?? 0) + 1 };
  accepted(context.client.updateStatus('daemonsets.apps', { ...set, status }));
  throw new RefusedRequest(answer.status);
}

/** Deletes the oldest revisions that no pod has and the limit leaves no room for. */
export function cleanupHistory(
  { spec }: DaemonSet,
  old: readonly ControllerRevision[],
  pods: readonly Pod[],
  context: SyncContext,
): void {
  const surplus = old.length - (spec.revisionHistoryLimit ?? 0);
  if (surplus <= 0) return;
  const live = new Set(pods.map(({ metadata }) => metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH]));
  const dead = old.toSorted((a, b) => a.revision - b.revision).filter((revision) => !live.has(hashOf(revision)));
  for (const revision of dead.slice(0, surplus)) deleteRevision(revision, context);
}
