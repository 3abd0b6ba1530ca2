// The ControllerRevisions of an owner: names from hashes, order, creation past collisions, deletion of old ones.
// Behaviour: pkg/controller/history/controller_history.go, Kubernetes v1.36.3.
import type { GroupVersionKind } from '../../../apimachinery/group-version-kind.ts';
import { fnv32, safeEncodeString } from '../../../apimachinery/hash.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { controllerOf, newControllerRef } from '../../../apimachinery/owner-references.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { ControllerRevision } from '../../../schema/generated/types/apps-v1.ts';
import type { JsonValue } from '../../../schema/generated/types/meta-v1.ts';
import type { Selector } from '../../../selectors/label-selector.ts';
import type { SyncContext } from '../../engine/controller.ts';
import { controlledBy, selectObjects } from '../pod-control/claim.ts';
import { accepted, RefusedRequest } from '../pod-control/refused-request.ts';
import { revisionText } from './template-revision.ts';

export const CONTROLLER_REVISIONS = 'controllerrevisions.apps';

const HASH_LABEL = 'controller.kubernetes.io/hash';
const MAX_PREFIX = 223;

interface RevisionContent {
  readonly templateLabels: Readonly<Record<string, string>> | undefined;
  readonly data: JsonValue;
  readonly revision: number;
  readonly collisionCount: number;
}

export function newControllerRevision(
  parent: KubeObject,
  parentKind: GroupVersionKind,
  { templateLabels, data, revision, collisionCount }: RevisionContent,
): ControllerRevision {
  const hash = hashControllerRevision(data, collisionCount);
  const { namespace, annotations } = parent.metadata;
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: controllerRevisionName(parent, hash),
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...templateLabels, [HASH_LABEL]: hash },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [newControllerRef(parent, parentKind)],
    },
    data,
    revision,
  };
}

export function controllerRevisionName({ metadata: { name = '' } }: KubeObject, hash: string): string {
  return `${name.slice(0, MAX_PREFIX)}-${hash}`;
}

export function hashControllerRevision(data: JsonValue | undefined, collisionCount: number | undefined): string {
  const hash = fnv32(revisionText(data));
  return safeEncodeString(String(collisionCount === undefined ? hash : fnv32(String(collisionCount), hash)));
}

export function equalRevision(a: ControllerRevision, b: ControllerRevision): boolean {
  return a.data === b.data || revisionText(a.data) === revisionText(b.data);
}

/** By revision number, then by age, then by name. */
export function byRevisionNumber(a: ControllerRevision, b: ControllerRevision): number {
  return (
    a.revision - b.revision ||
    compareText(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    compareText(a.metadata.name, b.metadata.name)
  );
}

function compareText(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Revisions that the owner controls or could adopt. */
export function listControllerRevisions(
  parent: KubeObject,
  selector: Selector,
  reader: ClusterReader,
): readonly ControllerRevision[] {
  const { uid = '', namespace } = parent.metadata;
  const owned = controlledBy<ControllerRevision>(reader, CONTROLLER_REVISIONS, uid).filter(({ metadata }) =>
    selector.matches(metadata.labels),
  );
  const orphans = selectObjects<ControllerRevision>(reader, CONTROLLER_REVISIONS, namespace, selector).filter(
    (revision) => controllerOf(revision) === undefined,
  );
  return [...owned, ...orphans].sort(byRevisionNumber);
}

/** Creates the revision under the first name that is free or holds the same data; gives the count of collisions as well. */
export function createControllerRevision(
  parent: KubeObject,
  wanted: ControllerRevision,
  collisionCount: number,
  { client, reader }: SyncContext,
): { readonly revision: ControllerRevision; readonly collisionCount: number } {
  for (let count = collisionCount; ; count++) {
    const name = controllerRevisionName(parent, hashControllerRevision(wanted.data, count));
    const answer = client.create<ControllerRevision>(CONTROLLER_REVISIONS, {
      ...wanted,
      metadata: { ...wanted.metadata, name },
    });
    if (answer.ok) return { revision: answer.object, collisionCount: count };
    if (answer.status.reason !== 'AlreadyExists') throw new RefusedRequest(answer.status);
    const existing = reader.get<ControllerRevision>(CONTROLLER_REVISIONS, parent.metadata.namespace, name);
    if (existing === undefined) throw new RefusedRequest(answer.status);
    if (equalRevision(existing, wanted)) return { revision: existing, collisionCount: count };
  }
}

/** Gives an old revision a new number, when its data comes back into force. */
export function renumberRevision(
  revision: ControllerRevision,
  number: number,
  { client }: Pick<SyncContext, 'client'>,
): ControllerRevision {
  if (revision.revision === number) return revision;
  return accepted(client.update(CONTROLLER_REVISIONS, { ...revision, revision: number }));
}

export function deleteRevision(revision: ControllerRevision, { client }: Pick<SyncContext, 'client'>): void {
  const { namespace, name = '' } = revision.metadata;
  accepted(client.delete(CONTROLLER_REVISIONS, { namespace, name }));
}
