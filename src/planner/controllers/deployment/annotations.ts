// What a Deployment writes into the annotations of its ReplicaSets: its own annotations, revisions and sizes.
// Behaviour: pkg/controller/deployment/util/deployment_util.go, Kubernetes v1.36.3.
import { parseGoInt, parseGoUint } from '../../../apimachinery/go/int.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { DEPLOYMENT_REVISION, LAST_APPLIED, ROLLBACK_TO } from '../../../apimachinery/well-known/annotations.ts';
import type { Deployment, ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import { maxReplicas, replicasOf } from './fenceposts.ts';

type Annotations = Readonly<Record<string, string>>;

const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history';
export const DESIRED_REPLICAS = 'deployment.kubernetes.io/desired-replicas';
export const MAX_REPLICAS = 'deployment.kubernetes.io/max-replicas';

const NOT_COPIED: ReadonlySet<string> = new Set([
  LAST_APPLIED,
  DEPLOYMENT_REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  ROLLBACK_TO,
]);

const MAX_HISTORY_LENGTH = 2000;
const MAX_INT32 = 2n ** 31n - 1n;

/** The revision of an object: 0 when it has none, undefined when it does not read. */
export function revisionOf({ metadata }: KubeObject): bigint | undefined {
  const text = metadata.annotations?.[DEPLOYMENT_REVISION];
  if (text === undefined) return 0n;
  const parsed = parseGoInt(text, 64, 'ParseInt');
  return parsed.ok ? parsed.value : undefined;
}

export function maxRevision(objects: readonly KubeObject[]): bigint {
  return objects.reduce((most, object) => max(most, revisionOf(object) ?? 0n), 0n);
}

/** The revision before the newest. */
export function lastRevision(objects: readonly KubeObject[]): bigint {
  let newest = 0n;
  let second = 0n;
  for (const object of objects) {
    const revision = revisionOf(object);
    if (revision === undefined) continue;
    if (revision >= newest) {
      second = newest;
      newest = revision;
    } else if (revision > second) second = revision;
  }
  return second;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/** The annotations that the new ReplicaSet is to have; the very same object when nothing is to be written. */
export function newReplicaSetAnnotations(deployment: Deployment, before: Annotations, revision: bigint): Annotations {
  const copied = { ...before };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {}))
    if (!NOT_COPIED.has(key)) copied[key] = value;
  const own = before[DEPLOYMENT_REVISION];
  const parsed = own === undefined || own === '' ? 0n : parsedOrUndefined(own);
  // A revision that does not read stops everything, the copied annotations too.
  if (parsed === undefined) return before;
  if (parsed < revision) {
    copied[DEPLOYMENT_REVISION] = String(revision);
    if (own !== undefined) copied[REVISION_HISTORY] = appendToHistory(before[REVISION_HISTORY] ?? '', own);
    if (copied[REVISION_HISTORY] === '') delete copied[REVISION_HISTORY];
  }
  const keys = Object.keys(copied);
  const isSame = keys.length === Object.keys(before).length && keys.every((key) => copied[key] === before[key]);
  return isSame ? before : copied;
}

function parsedOrUndefined(text: string): bigint | undefined {
  const parsed = parseGoInt(text, 64, 'ParseInt');
  return parsed.ok ? parsed.value : undefined;
}

/** The oldest revisions make room when the list gets too long. */
function appendToHistory(history: string, revision: string): string {
  if (history === '' || history.startsWith(',')) return revision;
  const revisions = history.split(',');
  let length = history.length + revision.length + 1;
  let start = 0;
  for (; length > MAX_HISTORY_LENGTH && start < revisions.length; start++)
    length -= (revisions[start]?.length ?? 0) + 1;
  return length <= MAX_HISTORY_LENGTH ? [...revisions.slice(start), revision].join(',') : history;
}

/** The annotations with the sizes that tell a later sync whether the Deployment was scaled meanwhile. */
export function withReplicasAnnotations(annotations: Annotations | undefined, deployment: Deployment): Annotations {
  return {
    ...annotations,
    [DESIRED_REPLICAS]: String(replicasOf(deployment)),
    [MAX_REPLICAS]: String(maxReplicas(deployment)),
  };
}

export function replicasAnnotationsDiffer({ metadata }: ReplicaSet, deployment: Deployment): boolean {
  const { annotations } = metadata;
  return (
    annotations?.[DESIRED_REPLICAS] !== String(replicasOf(deployment)) ||
    annotations[MAX_REPLICAS] !== String(maxReplicas(deployment))
  );
}

/** A non-negative int32, or nothing when the annotation is absent or does not read. */
export function countAnnotation({ metadata }: ReplicaSet, key: string): number | undefined {
  const text = metadata.annotations?.[key];
  if (text === undefined) return undefined;
  const parsed = parseGoUint(text, 32);
  return parsed.ok && parsed.value <= MAX_INT32 ? Number(parsed.value) : undefined;
}

/** The Deployment's annotations after a rollback: those of the ReplicaSet, with the bookkeeping of its own. */
export function annotationsAfterRollback(
  deployment: Annotations | undefined,
  replicaSet: Annotations | undefined,
): Annotations {
  return {
    ...Object.fromEntries(Object.entries(deployment ?? {}).filter(([key]) => NOT_COPIED.has(key))),
    ...Object.fromEntries(Object.entries(replicaSet ?? {}).filter(([key]) => !NOT_COPIED.has(key))),
  };
}
