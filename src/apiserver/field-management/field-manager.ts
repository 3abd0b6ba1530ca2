// Keeps metadata.managedFields through updates and applies: names managers, caps their number, honours kubectl's annotation.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/{fieldmanager,managedfieldsupdater,stripmeta,
// skipnonapplied,capmanagers,buildmanagerinfo,lastappliedmanager,versioncheck,structuredmerge}.go, Kubernetes v1.36.3.
import { compareBytes } from '../../apimachinery/go/json.ts';
import { isMap, type Json, type JsonMap, jsonEqual } from '../../apimachinery/json.ts';
import type { ManagedFieldsEntry } from '../../apimachinery/object.ts';
import { badRequest, failure, type Status } from '../../apimachinery/status.ts';
import { formatTime } from '../../apimachinery/time/time.ts';
import { LAST_APPLIED } from '../../apimachinery/well-known/annotations.ts';
import { type Conflict, conflictStatus } from './conflicts.ts';
import { FieldSet } from './field-sets/field-set.ts';
import { fieldPath } from './field-sets/path-element.ts';
import { setLastApplied } from './last-applied.ts';
import {
  decodeManagedFields,
  encodeManagedFields,
  isReset,
  type Managed,
  type Managers,
  managerId,
  NOTHING_MANAGED,
  seconds,
  type VersionedSet,
} from './managed-fields.ts';
import { OwnershipError, type OwnershipRules, ownersAfterApply, ownersAfterUpdate } from './ownership.ts';
import type { TypeReference } from './types/type-schema.ts';
import { compareTyped } from './values/compare.ts';
import { fieldSetOf } from './values/to-field-set.ts';
import { schemaErrorsText, type TypedValue, validateTyped } from './values/typed-value.ts';

/** The kind that a request speaks of, in the version of its path, and how it goes over into the other versions. */
export interface ManagedKind {
  readonly group: string;
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty for the object itself. */
  readonly subresource: string;
  typeIn(apiVersion: string): TypeReference | undefined;
  /** An object as it is on the wire, in another version; undefined for a version that is not known. */
  convert(object: JsonMap, apiVersion: string): JsonMap | undefined;
  resetFilter(apiVersion: string): ((set: FieldSet) => FieldSet) | undefined;
  /** The object of this kind in which nothing is set. */
  readonly empty: JsonMap;
}

/** A request's view of an object: as it is on the wire, in the request's version, without managedFields. */
export interface ManagedObject {
  readonly object: JsonMap;
  readonly entries: readonly ManagedFieldsEntry[] | undefined;
}

const BEFORE_FIRST_APPLY = 'before-first-apply';
const ANCIENT_CHANGES = 'ancient-changes';
const CURRENT_OPERATION = 'current-operation';
const KUBECTL = 'kubectl';
const MAX_UPDATE_MANAGERS = 10;
const MANAGED_FIELDS_IN_PATCH = 'metadata.managedFields must be nil';

/** What everybody may write and nobody owns. */
const UNOWNED = FieldSet.of(
  fieldPath('apiVersion'),
  fieldPath('kind'),
  fieldPath('metadata'),
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map((name) => fieldPath('metadata', name)),
);

/** The entries after a create (`live` is undefined), an update or a patch; a failure forgets them all. */
export function entriesAfterUpdate(
  kind: ManagedKind,
  live: ManagedObject | undefined,
  next: ManagedObject,
  manager: string,
  now: number,
): readonly ManagedFieldsEntry[] | undefined {
  try {
    const managed = startOf(kind, live, next);
    // What was never tracked stays so until somebody applies.
    if (live && managed.managers.size === 0) return undefined;
    return encodeManagedFields(
      afterUpdate(kind, { live: live?.object ?? kind.empty, next: next.object }, managed, manager, now),
    );
  } catch (error) {
    if (error instanceof OwnershipError) return undefined;
    throw error;
  }
}

/** Entries that the request itself brings count, except on a subresource or when they cannot be read. */
function startOf({ subresource }: ManagedKind, live: ManagedObject | undefined, next: ManagedObject): Managed {
  const ofLive = (): Managed => {
    const decoded = decodeManagedFields(live?.entries);
    return decoded.ok ? decoded.managed : NOTHING_MANAGED;
  };
  if (subresource !== '') return ofLive();
  if (isReset(next.entries)) return NOTHING_MANAGED;
  const decoded = decodeManagedFields(next.entries);
  return decoded.ok && decoded.managed.managers.size > 0 ? decoded.managed : ofLive();
}

function afterUpdate(
  kind: ManagedKind,
  { live, next }: { readonly live: JsonMap; readonly next: JsonMap },
  managed: Managed,
  name: string,
  now: number,
): Managed {
  const manager = updaterId(kind, name);
  const { apiVersion } = kind;
  const change = { apiVersion, manager: CURRENT_OPERATION, managers: managed.managers };
  const owners = ownersAfterUpdate(typed(kind, live), typed(kind, next), change, rulesOf(kind));
  const managers = new Map(withoutUnowned(owners, CURRENT_OPERATION));
  const times = new Map(managed.times);
  const own = managers.get(CURRENT_OPERATION);
  if (own) {
    managers.delete(CURRENT_OPERATION);
    const previous = managers.get(manager);
    managers.set(manager, previous ? { ...own, set: own.set.union(previous.set) } : own);
    times.set(manager, formatTime(now));
  }
  return withoutAncient({ managers, times });
}

function updaterId({ apiVersion, subresource }: ManagedKind, name: string): string {
  return managerId({ manager: name || 'unknown', operation: 'Update', apiVersion, subresource });
}

function withoutUnowned(managers: Managers, manager: string): Managers {
  const versioned = managers.get(manager);
  if (!versioned) return managers;
  const set = versioned.set.difference(UNOWNED);
  const result = new Map(managers);
  if (set.isEmpty) result.delete(manager);
  else result.set(manager, { ...versioned, set });
  return result;
}

/** More updaters than an object may remember: the oldest of each version become one. */
function withoutAncient(managed: Managed): Managed {
  const updaters = [...managed.managers].filter(([, { isApplied }]) => !isApplied);
  if (updaters.length <= MAX_UPDATE_MANAGERS) return managed;
  const oldestFirst = updaters.sort(
    ([a], [b]) => seconds(managed.times.get(a)) - seconds(managed.times.get(b)) || compareBytes(a, b),
  );
  const managers = new Map<string, VersionedSet>(managed.managers);
  const times = new Map(managed.times);
  const firstOfVersion = new Map<string, string>();
  let count = updaters.length;
  for (const [manager, versioned] of oldestFirst) {
    if (count <= MAX_UPDATE_MANAGERS) break;
    const { apiVersion } = versioned;
    const first = firstOfVersion.get(apiVersion);
    if (first === undefined) {
      firstOfVersion.set(apiVersion, manager);
      continue;
    }
    const bucket = managerId({ manager: ANCIENT_CHANGES, operation: 'Update', apiVersion });
    const firstSet = managers.get(first);
    if (!managers.has(bucket) && firstSet) {
      managers.delete(first);
      managers.set(bucket, firstSet);
    }
    const old = managers.get(bucket);
    managers.set(bucket, old ? { ...versioned, set: versioned.set.union(old.set) } : versioned);
    managers.delete(manager);
    count -= 1;
    const time = managed.times.get(manager);
    if (time === undefined) times.delete(bucket);
    else times.set(bucket, time);
  }
  return { managers, times };
}

interface ApplyInput {
  readonly applied: JsonMap;
  readonly manager: string;
  readonly isForced: boolean;
  readonly now: number;
}

type AppliedObject =
  | {
      readonly ok: true;
      /** On the wire, in the request's version, not yet defaulted. */
      readonly object: JsonMap;
      readonly entries: readonly ManagedFieldsEntry[] | undefined;
      /** Nothing but owners changed. */
      readonly isSame: boolean;
    }
  | { readonly ok: false; readonly status: Status };

/** Server-side apply; `live` is the empty object of the kind when there is none yet. */
export function applyObject(kind: ManagedKind, live: ManagedObject, input: ApplyInput): AppliedObject {
  const { applied, manager } = input;
  const refused = refusalOf(kind, applied);
  if (refused) return { ok: false, status: refused };
  const decoded = decodeManagedFields(live.entries);
  if (!decoded.ok) return { ok: false, status: failed(`failed to decode managed fields: ${decoded.error}`) };
  try {
    const result = applyForKubectl(kind, live.object, decoded.managed, input);
    if (!result.ok) return { ok: false, status: conflictStatus(result.conflicts) };
    const entries = encodeManagedFields(result.managed);
    const object = manager === KUBECTL ? setLastApplied(result.object, applied) : result.object;
    return { ok: true, object, entries, isSame: result.isSame && object === result.object };
  } catch (error) {
    if (error instanceof OwnershipError) return { ok: false, status: failed(error.message) };
    throw error;
  }
}

function failed(message: string): Status {
  return failure(500, '', message);
}

function refusalOf(kind: ManagedKind, applied: JsonMap): Status | undefined {
  const [apiVersion, name] = [textOf(applied['apiVersion']), textOf(applied['kind'])];
  if (apiVersion !== kind.apiVersion || name !== kind.kind)
    return badRequest(`invalid object type: ${kindText(apiVersion, name)}`);
  const { metadata } = applied;
  if (isMap(metadata) && metadata['managedFields'] !== undefined && metadata['managedFields'] !== null)
    return badRequest(MANAGED_FIELDS_IN_PATCH);
  return undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** `apps/v1, Kind=Deployment`, `/v1, Kind=Pod`. */
export function kindText(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/');
  return `${slash < 0 ? `/${apiVersion}` : apiVersion}, Kind=${kind}`;
}

/** `namespace/name; apps/v1, Kind=Deployment`, as the object itself says. */
export function objectText(object: JsonMap): string {
  const metadata = isMap(object['metadata']) ? object['metadata'] : {};
  const place = `${textOf(metadata['namespace'])}/${textOf(metadata['name'])}`;
  return `${place}; ${kindText(textOf(object['apiVersion']), textOf(object['kind']))}`;
}

type OwnedObject =
  | { readonly ok: true; readonly object: JsonMap; readonly managed: Managed; readonly isSame: boolean }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

/** kubectl may take over what its own client-side apply set and nobody changed since. */
function applyForKubectl(kind: ManagedKind, live: JsonMap, managed: Managed, input: ApplyInput): OwnedObject {
  const result = applyOnce(kind, live, managed, input);
  if (result.ok || input.manager !== KUBECTL) return result;
  const allowed = lastAppliedFields(kind, live);
  if (!allowed) return result;
  const remaining = result.conflicts.filter(({ path }) => !allowed.has(path));
  return remaining.length > 0
    ? { ok: false, conflicts: remaining }
    : applyOnce(kind, live, managed, { ...input, isForced: true });
}

function applyOnce(kind: ManagedKind, live: JsonMap, given: Managed, input: ApplyInput): OwnedObject {
  const managed =
    given.managers.size > 0
      ? given
      : afterUpdate(kind, { live: kind.empty, next: live }, given, BEFORE_FIRST_APPLY, input.now);
  const { subresource, apiVersion } = kind;
  const manager = managerId({ manager: input.manager, operation: 'Apply', apiVersion, subresource });
  const applied = appliedTyped(kind, input.applied);
  const liveTyped = typed(kind, live);
  const change = { apiVersion, manager, managers: managed.managers };
  const result = ownersAfterApply(liveTyped, applied, change, input.isForced, rulesOf(kind));
  if (!result.ok) return result;
  const managers = withoutUnowned(result.managers, manager);
  if (!result.object) return { ok: true, object: live, managed: { managers, times: managed.times }, isSame: true };
  const times = new Map(managed.times).set(manager, formatTime(input.now));
  // Objects of a kind are maps.
  return { ok: true, object: result.object.value as JsonMap, managed: { managers, times }, isSame: false };
}

/** The fields that the annotation of client-side apply holds and that are live as it says. */
function lastAppliedFields(kind: ManagedKind, live: JsonMap): FieldSet | undefined {
  const metadata = isMap(live['metadata']) ? live['metadata'] : {};
  const annotations = isMap(metadata['annotations']) ? metadata['annotations'] : {};
  const text = textOf(annotations[LAST_APPLIED]);
  const lastApplied = text === '' ? undefined : parsed(text);
  if (!isMap(lastApplied) || lastApplied['apiVersion'] !== kind.apiVersion) return undefined;
  const [before, now] = [tryTyped(kind, lastApplied), tryTyped(kind, live)];
  const compared = before && now && compareTyped(before, now);
  if (!compared?.ok) return undefined;
  const { modified, added, removed } = compared.comparison;
  return fieldSetOf(before as TypedValue)
    .difference(modified)
    .difference(added)
    .difference(removed);
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function tryTyped(kind: ManagedKind, object: JsonMap): TypedValue | undefined {
  const type = kind.typeIn(textOf(object['apiVersion']));
  if (!type) return undefined;
  const value = { value: object, type };
  return validateTyped(value, false).length === 0 ? value : undefined;
}

function typeOf(kind: ManagedKind): TypeReference {
  const type = kind.typeIn(kind.apiVersion);
  if (!type) throw new OwnershipError(`no corresponding type for ${kindText(kind.apiVersion, kind.kind)}`);
  return type;
}

function typed(kind: ManagedKind, object: JsonMap): TypedValue {
  const value = { value: object, type: typeOf(kind) };
  const errors = validateTyped(value, true);
  if (errors.length > 0)
    throw new OwnershipError(`failed to create typed live object (${objectText(object)}): ${schemaErrorsText(errors)}`);
  return value;
}

function appliedTyped(kind: ManagedKind, object: JsonMap): TypedValue {
  const value = { value: object, type: typeOf(kind) };
  const errors = validateTyped(value, false);
  if (errors.length > 0)
    throw new OwnershipError(
      `failed to create typed patch object (${objectText(object)}): ${schemaErrorsText(errors)}`,
    );
  return value;
}

function rulesOf(kind: ManagedKind): OwnershipRules {
  return {
    filterFor: (apiVersion) => kind.resetFilter(apiVersion),
    convert(object, apiVersion) {
      const { value } = object;
      if (!isMap(value)) return object;
      if (value['apiVersion'] === apiVersion) return object;
      const type = kind.typeIn(apiVersion);
      if (!type) return undefined;
      const converted = kind.convert(value, apiVersion);
      return converted && { value: converted, type };
    },
  };
}

/** Whether two objects on the wire differ in nothing but the times of their owners. */
export function onlyTimesDiffer(before: readonly ManagedFieldsEntry[], after: readonly ManagedFieldsEntry[]): boolean {
  return (
    before.length === after.length &&
    before.every((entry, i) => jsonEqual(timeless(entry), timeless(after[i] as ManagedFieldsEntry)))
  );
}

function timeless({ time: _, ...entry }: ManagedFieldsEntry): Json {
  // An entry is JSON.
  return entry as unknown as Json;
}
