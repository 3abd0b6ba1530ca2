// What changed between two revisions of the store: one entry an object, with its fields and why.
import type { ObjectRef } from '../../apimachinery/diagnostic.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { ResourceName, Store, StoreEvent } from '../../apiserver/store/store.ts';
import { keyOf } from '../../apiserver/store/store.ts';
import { CauseFinder } from './because.ts';
import { differences } from './field-changes.ts';
import type { Action, FieldChange, FieldOrigin, PlanChange } from './plan.ts';

/** What says nothing about the cluster's wished state: a plan would drown in it. */
const LEFT_OUT: ReadonlySet<ResourceName> = new Set(['events', 'leases.coordination.k8s.io']);

/** What the input asked for, by `resource namespace/name`: the value as it stands in the file. */
export type Submitted = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export function submittedKey(
  resource: ResourceName,
  object: { readonly metadata: { readonly namespace?: string; readonly name?: string } },
): string {
  return `${resource} ${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

/** Every object that differs between `since` and now, submitted ones first, each group in order of kind and key. */
export function changesSince(store: Store, since: number, submitted: Submitted): PlanChange[] {
  const events = store.events(since);
  if (events === 'expired') throw new Error(`events after revision ${since} were compacted before the plan was made`);
  const causes = new CauseFinder(store, events);
  const touched = new Map<string, { first: StoreEvent; last: StoreEvent }>();
  for (const event of events) {
    if (LEFT_OUT.has(event.resource)) continue;
    const id = `${event.resource} ${keyOf(event.object)}`;
    const entry = touched.get(id);
    if (entry) entry.last = event;
    else touched.set(id, { first: event, last: event });
  }
  const changes: PlanChange[] = [];
  for (const [id, { first, last }] of touched) {
    const change = changeOf(id, first, last, submitted, causes);
    if (change) changes.push(change);
  }
  return changes.sort(byOriginKindAndKey);
}

function changeOf(
  id: string,
  first: StoreEvent,
  last: StoreEvent,
  submitted: Submitted,
  causes: CauseFinder,
): PlanChange | undefined {
  const before = first.previous;
  const after = last.type === 'DELETED' ? undefined : last.object;
  if (!before && !after) return undefined;
  const wish = submitted.get(id);
  const action = actionOf(before, after);
  const fields = action === 'update' ? fieldChanges(before, after, wish, last) : [];
  if (action === 'update' && fields.length === 0 && !wish) return undefined;
  const subject = (after ?? before)!;
  const owner = ownerOf(subject);
  return {
    action: action === 'update' && fields.length === 0 ? 'no-op' : action,
    origin: wish ? 'submitted' : 'derived',
    object: refOf(subject),
    before: (before as unknown as PlanChange['before']) ?? null,
    after: (after as unknown as PlanChange['after']) ?? null,
    fields,
    because: causes.because(action === 'create' ? first : last),
    ...(owner ? { owner } : {}),
  };
}

function actionOf(before: KubeObject | undefined, after: KubeObject | undefined): Action {
  if (!before) return 'create';
  if (!after) return 'delete';
  return before.metadata.uid === after.metadata.uid ? 'update' : 'replace';
}

function fieldChanges(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  wish: Readonly<Record<string, unknown>> | undefined,
  last: StoreEvent,
): FieldChange[] {
  const written = wish && new Set(leafPaths(wish));
  return differences(before, after).map((difference) => {
    const from = originOf(difference.path, written, last);
    return { ...difference, from, ...(from === 'controller' ? { by: last.cause.who } : {}) };
  });
}

function originOf(path: string, written: ReadonlySet<string> | undefined, { cause }: StoreEvent): FieldOrigin {
  const plain = path.replace(/\[[^\]]*\]/g, '[]');
  if (written && [...written].some((leaf) => leaf === plain || leaf.startsWith(`${plain}.`) || plain.startsWith(leaf)))
    return 'file';
  if (cause.who === 'user') return 'default';
  return 'controller';
}

/** Paths of all values in an object, list indexes left open: `spec.ports[].port`. */
function leafPaths(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => leafPaths(item, `${path}[]`));
  if (value === null || typeof value !== 'object') return [path];
  return Object.entries(value).flatMap(([key, item]) => leafPaths(item, path === '' ? key : `${path}.${key}`));
}

export function refOf({ apiVersion, kind, metadata: { namespace, name = '' } }: KubeObject): ObjectRef {
  return { apiVersion, kind, ...(namespace === undefined ? {} : { namespace }), name };
}

function ownerOf({ metadata: { ownerReferences, namespace } }: KubeObject): ObjectRef | undefined {
  const owner = ownerReferences?.find((reference) => reference.controller) ?? ownerReferences?.[0];
  return (
    owner && {
      apiVersion: owner.apiVersion,
      kind: owner.kind,
      ...(namespace === undefined ? {} : { namespace }),
      name: owner.name,
    }
  );
}

function byOriginKindAndKey(a: PlanChange, b: PlanChange): number {
  if (a.origin !== b.origin) return a.origin === 'submitted' ? -1 : 1;
  return compareText(sortKey(a), sortKey(b));
}

function sortKey({ object }: PlanChange): string {
  return [object.kind, object.apiVersion, object.namespace ?? '', object.name].join('\u0000');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
