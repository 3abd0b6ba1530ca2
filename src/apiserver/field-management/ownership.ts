// Who owns which fields after an update or an apply, and what the object is after an apply.
// Behaviour: sigs.k8s.io/structured-merge-diff/v6 v6.3.3 merge/update.go, as in Kubernetes v1.36.3.
import { jsonEqual } from '../../apimachinery/json.ts';
import type { Conflict } from './conflicts.ts';
import { FieldSet } from './field-sets/field-set.ts';
import type { Managers, VersionedSet } from './managed-fields.ts';
import { type Comparison, compareTyped, filterComparison } from './values/compare.ts';
import { mergeTyped } from './values/merge.ts';
import { reconcileWithType } from './values/reconcile.ts';
import { removeItems } from './values/remove-items.ts';
import { fieldSetOf } from './values/to-field-set.ts';
import { schemaErrorsText, type TypedValue } from './values/typed-value.ts';

export interface OwnershipRules {
  /** The object in another version; undefined for a version that is not known (any more). */
  convert(object: TypedValue, apiVersion: string): TypedValue | undefined;
  /** Takes away what a strategy resets. */
  filterFor(apiVersion: string): ((set: FieldSet) => FieldSet) | undefined;
}

/** A request that cannot be served; its text is the answer's. */
export class OwnershipError extends Error {}

interface OwnershipChange {
  readonly apiVersion: string;
  /** Identifier of the manager that makes the request. */
  readonly manager: string;
  readonly managers: Managers;
}

export function ownersAfterUpdate(
  live: TypedValue,
  next: TypedValue,
  { apiVersion, manager, managers }: OwnershipChange,
  rules: OwnershipRules,
): Managers {
  const current = withCurrentTypes(live, managers, rules);
  const taken = takeOwnership(live, next, { apiVersion, manager, managers: current }, rules);
  const { removed, modified, added } = taken.comparison;
  const before = taken.managers.get(manager)?.set ?? FieldSet.EMPTY;
  const set = filtered(before.difference(removed).union(modified).union(added), apiVersion, rules);
  return withManager(taken.managers, manager, { set, apiVersion, isApplied: false });
}

type AppliedOwnership =
  | { readonly ok: true; readonly object: TypedValue | undefined; readonly managers: Managers }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

/** The object is undefined when applying changes no value. */
export function ownersAfterApply(
  live: TypedValue,
  applied: TypedValue,
  { apiVersion, manager, managers: given }: OwnershipChange,
  isForced: boolean,
  rules: OwnershipRules,
): AppliedOwnership {
  const managers = withCurrentTypes(live, given, rules);
  const merged = mergeTyped(live, applied);
  if (!merged.ok) throw new OwnershipError(`failed to merge config: ${schemaErrorsText(merged.errors)}`);
  const last = managers.get(manager);
  const set = filtered(fieldSetOf(applied), apiVersion, rules);
  const next = new Map(managers).set(manager, { set, apiVersion, isApplied: true });
  const object = prune(merged.value, next, last, apiVersion, rules);
  const { managers: owners, conflicts } = takeOwnership(live, object, { apiVersion, manager, managers: next }, rules);
  if (!isForced && conflicts.length > 0) return { ok: false, conflicts };
  return { ok: true, object: jsonEqual(live.value, object.value) ? undefined : object, managers: owners };
}

function filtered(set: FieldSet, apiVersion: string, rules: OwnershipRules): FieldSet {
  return rules.filterFor(apiVersion)?.(set) ?? set;
}

function withManager(managers: Managers, manager: string, versioned: VersionedSet): Managers {
  const result = new Map(managers);
  if (versioned.set.isEmpty) result.delete(manager);
  else result.set(manager, versioned);
  return result;
}

function compared(before: TypedValue, after: TypedValue): Comparison {
  const result = compareTyped(before, after);
  if (!result.ok) throw new OwnershipError(`failed to compare objects: ${schemaErrorsText(result.errors)}`);
  return result.comparison;
}

/** Takes what changed from those who owned it; every manager is asked in the version that it speaks. */
function takeOwnership(
  live: TypedValue,
  next: TypedValue,
  { apiVersion, manager: self, managers }: OwnershipChange,
  rules: OwnershipRules,
): { readonly managers: Managers; readonly comparison: Comparison; readonly conflicts: readonly Conflict[] } {
  const comparison = filterComparison(compared(live, next), rules.filterFor(apiVersion));
  const byVersion = new Map([[apiVersion, comparison]]);
  const result = new Map<string, VersionedSet>();
  const conflicts: Conflict[] = [];
  for (const [manager, versioned] of managers) {
    let { set } = versioned;
    if (manager !== self) {
      const changes = comparisonIn(versioned.apiVersion, live, next, byVersion, rules);
      // A version that is no longer served takes its manager with it.
      if (!changes) continue;
      const conflicting = set.intersection(changes.modified.union(changes.added));
      for (const path of conflicting.paths()) conflicts.push({ manager, path });
      set = set.difference(conflicting).difference(changes.removed);
    }
    if (!set.isEmpty) result.set(manager, { ...versioned, set });
  }
  return { managers: result, comparison, conflicts };
}

function comparisonIn(
  apiVersion: string,
  live: TypedValue,
  next: TypedValue,
  known: Map<string, Comparison>,
  rules: OwnershipRules,
): Comparison | undefined {
  let comparison = known.get(apiVersion);
  if (!comparison) {
    const [before, after] = [rules.convert(live, apiVersion), rules.convert(next, apiVersion)];
    if (!before || !after) return undefined;
    comparison = filterComparison(compared(before, after), rules.filterFor(apiVersion));
    known.set(apiVersion, comparison);
  }
  return comparison;
}

/** Field sets follow types that have become atomic; managers of unknown versions are left out. */
function withCurrentTypes(live: TypedValue, managers: Managers, rules: OwnershipRules): Managers {
  const result = new Map<string, VersionedSet>();
  for (const [manager, versioned] of managers) {
    const converted = rules.convert(live, versioned.apiVersion);
    if (!converted) continue;
    const set = reconcileWithType(versioned.set, converted.type());
    result.set(manager, set === versioned.set ? versioned : { ...versioned, set });
  }
  return result;
}

/** Removes what the manager applied last time, does not apply now, and nobody else owns. */
function prune(
  merged: TypedValue,
  managers: Managers,
  last: VersionedSet | undefined,
  apiVersion: string,
  rules: OwnershipRules,
): TypedValue {
  if (!last || last.set.isEmpty) return merged;
  const converted = rules.convert(merged, last.apiVersion);
  if (!converted) return merged;
  const removed = removeItems(converted, last.set.withNamedFields(converted.type()));
  const owned = addBackOwned(converted, removed, last.apiVersion, managers, rules);
  const pruned = addBackDangling(converted, owned, last, rules);
  const back = rules.convert(pruned, apiVersion);
  if (!back) throw new OwnershipError(`failed to prune fields: no version ${apiVersion}`);
  return back;
}

function addBackOwned(
  merged: TypedValue,
  pruned: TypedValue,
  prunedVersion: string,
  managers: Managers,
  rules: OwnershipRules,
): TypedValue {
  const byVersion = new Map<string, FieldSet>();
  for (const { set, apiVersion } of managers.values())
    byVersion.set(apiVersion, (byVersion.get(apiVersion) ?? FieldSet.EMPTY).union(set));
  // The version that was pruned comes first: what the others need to be converted must be back by then.
  const versions = [...byVersion.keys()].sort((a, b) => Number(b === prunedVersion) - Number(a === prunedVersion));
  let current = { merged, pruned };
  for (const version of versions) {
    const converted = {
      merged: rules.convert(current.merged, version),
      pruned: rules.convert(current.pruned, version),
    };
    if (!converted.merged || !converted.pruned) continue;
    const type = converted.merged.type();
    const kept = fieldSetOf(converted.pruned)
      .withNamedFields(type)
      .union((byVersion.get(version) ?? FieldSet.EMPTY).withNamedFields(type));
    const gone = fieldSetOf(converted.merged).withNamedFields(type).difference(kept);
    current = { merged: converted.merged, pruned: removeItems(converted.merged, gone) };
  }
  return current.pruned;
}

/** Of what went, only what this manager had applied may go. */
function addBackDangling(
  merged: TypedValue,
  pruned: TypedValue,
  last: VersionedSet,
  rules: OwnershipRules,
): TypedValue {
  const converted = rules.convert(pruned, last.apiVersion);
  if (!converted) return merged;
  const type = merged.type();
  const left = fieldSetOf(converted).withNamedFields(type);
  const gone = fieldSetOf(merged).withNamedFields(type).difference(left);
  return removeItems(merged, gone.intersection(last.set.withNamedFields(type)));
}
