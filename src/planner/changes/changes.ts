// What changed between two revisions of the store: one entry an object, with its fields and why.
import type { ObjectRef } from '../../apimachinery/diagnostic.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { ResourceName, Store, StoreEvent } from '../../apiserver/store/store.ts';
import { keyOf } from '../../apiserver/store/store.ts';
import { CauseFinder } from './because.ts';
import { differences } from './field-changes.ts';
import type { Action, FieldChange, PlanChange } from './plan.ts';
import { withoutSecretValues } from './secret-values.ts';

/** What says nothing about the cluster's wished state: a plan would drown in it. */
const LEFT_OUT: ReadonlySet<ResourceName> = new Set(['events', 'leases.coordination.k8s.io']);

/** Stands for a wish that no file holds. */
export const COMMANDED = Symbol('commanded');

/** What the input asked for: the value as it stands in the file, or that a command did. */
export type Wish = Readonly<Record<string, unknown>> | typeof COMMANDED;

/** Wishes by `resource namespace/name`. */
export type Submitted = ReadonlyMap<string, Wish>;

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
  const touched = new Map<string, StoreEvent[]>();
  for (const event of events) {
    if (LEFT_OUT.has(event.resource)) continue;
    const id = `${event.resource} ${keyOf(event.object)}`;
    const writes = touched.get(id);
    if (writes) writes.push(event);
    else touched.set(id, [event]);
  }
  const changes: PlanChange[] = [];
  for (const [id, writes] of touched) {
    const change = changeOf(id, writes, submitted, causes);
    if (change) changes.push(withoutSecretValues(change));
  }
  return changes.sort(byOriginKindAndKey);
}

function changeOf(
  id: string,
  writes: readonly StoreEvent[],
  submitted: Submitted,
  causes: CauseFinder,
): PlanChange | undefined {
  const [first, last] = [writes[0]!, writes.at(-1)!];
  const before = first.previous;
  const after = last.type === 'DELETED' ? undefined : last.object;
  if (!before && !after) return undefined;
  const wish = submitted.get(id);
  const action = actionOf(before, after);
  const fields = action === 'update' ? fieldChanges(before, after, wish, writes) : [];
  if (action === 'update' && fields.length === 0 && !wish) return undefined;
  const subject = (after ?? before)!;
  const owner = ownerOf(subject);
  return {
    action: action === 'update' && fields.length === 0 ? 'no-op' : action,
    origin: wish ? 'submitted' : 'derived',
    object: refOf(subject),
    before: asJson(before),
    after: asJson(after),
    fields,
    because: causes.because(action === 'create' ? first : decisive(writes)),
    ...(owner ? { owner } : {}),
  };
}

/** The write that says best why an object changed: the first that touched more than its status. */
function decisive(writes: readonly StoreEvent[]): StoreEvent {
  const last = writes.at(-1)!;
  if (last.type === 'DELETED') return last;
  return (
    writes.find(({ object, previous }) => previous !== undefined && specOf(object) !== specOf(previous)) ?? writes[0]!
  );
}

function specOf(object: KubeObject): unknown {
  return (object as { readonly spec?: unknown }).spec;
}

function asJson(object: KubeObject | undefined): PlanChange['before'] {
  return (object as unknown as PlanChange['before']) ?? null;
}

function actionOf(before: KubeObject | undefined, after: KubeObject | undefined): Action {
  if (!before) return 'create';
  if (!after) return 'delete';
  return before.metadata.uid === after.metadata.uid ? 'update' : 'replace';
}

function fieldChanges(
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  wish: Wish | undefined,
  writes: readonly StoreEvent[],
): FieldChange[] {
  const written = wish && wish !== COMMANDED ? leafPaths(wish) : undefined;
  const found = differences(before, after);
  const writers = found.length > 0 ? writersOf(writes) : new Map<string, string>();
  return found.map((difference) => {
    const by = writers.get(difference.path) ?? writes.at(-1)!.cause.who;
    if (by !== 'user') return { ...difference, from: 'controller', by };
    if (wish === COMMANDED) return { ...difference, from: 'command' };
    return { ...difference, from: written && isWritten(difference.path, written) ? 'file' : 'default' };
  });
}

/** Who wrote each path last. */
function writersOf(writes: readonly StoreEvent[]): ReadonlyMap<string, string> {
  const writers = new Map<string, string>();
  for (const { object, previous, cause } of writes)
    for (const { path } of differences(previous, object)) writers.set(path, cause.who);
  return writers;
}

/** Whether the file holds a value at, above or below this path. */
function isWritten(path: string, written: readonly string[]): boolean {
  const plain = path.replace(/\[[^\]]*\]/g, '[]');
  return written.some(
    (leaf) =>
      leaf === plain || leaf.startsWith(`${plain}.`) || leaf.startsWith(`${plain}[]`) || plain.startsWith(`${leaf}.`),
  );
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
