// What changed between two revisions of the store: one entry an object, with its fields and why.
import type { ObjectRef } from '../../apimachinery/diagnostic.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { refOf } from '../../apimachinery/object.ts';
import type { AdmissionChange } from '../../apiserver/admission/chain/admission-record.ts';
import type { ResourceName, Store, StoreEvent } from '../../apiserver/store/store.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import { addressOf } from './address.ts';
import { CauseFinder } from './because.ts';
import { type DriftContext, driftOf } from './fields/drift.ts';
import { differences, type FieldDifference, leafFields } from './fields/field-changes.ts';
import { originsOf } from './fields/field-origins.ts';
import { withoutSecretValues } from './fields/secret-values.ts';
import type { History } from './history.ts';
import type { Action, PlanChange } from './plan.ts';

/** What says nothing about the cluster's wished state: a plan would drown in it. */
const LEFT_OUT: ReadonlySet<ResourceName> = new Set(['events', 'leases.coordination.k8s.io']);

/** Stands for a wish that no file holds. */
export const COMMANDED = Symbol('commanded');

/** What the input asked for: a manifest, or a command. */
export type Wish = Manifest | typeof COMMANDED;

/** Wishes by `resource namespace/name`. */
export type Submitted = ReadonlyMap<string, Wish>;

interface ChangeContext extends DriftContext {
  readonly submitted: Submitted;
  /** What admission plugins made of submitted objects, by the same keys. */
  readonly admitted: ReadonlyMap<string, readonly AdmissionChange[]>;
}

export function submittedKey(
  resource: ResourceName,
  object: { readonly metadata: { readonly namespace?: string; readonly name?: string } },
): string {
  return `${resource} ${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`;
}

/** Every object that differs between before these writes and now, submitted ones first, each group in order of kind and key. */
export function changesOf(store: Store, history: History, context: ChangeContext): PlanChange[] {
  const causes = new CauseFinder(store, history);
  const sorted: { readonly key: string; readonly change: PlanChange }[] = [];
  for (const { resource, key, writes } of history.all) {
    if (LEFT_OUT.has(resource)) continue;
    const change = changeOf(`${resource} ${key}`, writes, context, causes);
    if (change) sorted.push({ key: sortKey(change), change: withoutSecretValues(change) });
  }
  return sorted.sort((a, b) => compareText(a.key, b.key)).map(({ change }) => change);
}

function changeOf(
  id: string,
  writes: readonly StoreEvent[],
  context: ChangeContext,
  causes: CauseFinder,
): PlanChange | undefined {
  const [first, last] = [writes[0]!, writes.at(-1)!];
  const before = first.previous;
  const after = last.type === 'DELETED' ? undefined : last.object;
  if (!before && !after) return undefined;
  const wish = context.submitted.get(id);
  const action = actionOf(before, after);
  const found = fieldsOf(action, before, after, wish !== undefined);
  const asked = wish === COMMANDED ? 'command' : wish;
  const origins = found.length > 0 && originsOf(writes, asked, context.admitted.get(id) ?? [], action !== 'create');
  const fields = origins ? found.map((difference) => origins.of(difference)) : [];
  if (action === 'update' && fields.length === 0 && !wish) return undefined;
  const subject = (after ?? before)!;
  const owner = ownerOf(subject);
  const drift = wish && wish !== COMMANDED && before ? driftOf(before, wish, context) : [];
  const because = causes.because(action === 'create' ? first : decisive(writes));
  return {
    action: action === 'update' && fields.length === 0 ? 'no-op' : action,
    origin: wish ? 'submitted' : 'derived',
    object: refOf(subject),
    before: asJson(before),
    after: asJson(after),
    fields,
    // What the garbage collector takes goes because its owner went.
    because: because.length === 0 && owner && action === 'delete' ? [addressOf(owner)] : because,
    ...(owner ? { owner } : {}),
    ...(drift.length > 0 ? { drift } : {}),
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

/** What is created says all of itself in its manifest and below `after`; who gave which value is told of submitted objects. */
function fieldsOf(
  action: Action,
  before: KubeObject | undefined,
  after: KubeObject | undefined,
  isSubmitted: boolean,
): readonly FieldDifference[] {
  if (action === 'create') return isSubmitted ? leafFields(after) : [];
  if (action !== 'update' && action !== 'replace') return [];
  return differences(before, after).filter(
    ({ path }) => path !== 'metadata.uid' && path !== 'metadata.creationTimestamp',
  );
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

function sortKey({ origin, object: { kind, apiVersion, namespace = '', name } }: PlanChange): string {
  return `${origin === 'submitted' ? 0 : 1}${kind}\u0000${apiVersion}\u0000${namespace}\u0000${name}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
