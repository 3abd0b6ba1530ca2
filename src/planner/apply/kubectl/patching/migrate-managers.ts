// Turns what client-side apply owns into what server-side apply owns, in metadata.managedFields.
// Behaviour: [client-go]/util/csaupgrade/upgrade.go, Kubernetes v1.36.3.
import type { Json } from '../../../../apimachinery/json.ts';
import type { ManagedFieldsEntry } from '../../../../apimachinery/object.ts';
import { LAST_APPLIED } from '../../../../apimachinery/well-known/annotations.ts';
import { FieldSet } from '../../../../apiserver/field-management/field-sets/field-set.ts';
import { FieldSetError, fieldPath } from '../../../../apiserver/field-management/field-sets/path-element.ts';

const LAST_APPLIED_PATH = fieldPath('metadata', 'annotations', LAST_APPLIED);

type Operation = 'Apply' | 'Update';

/** Who owns the annotation of client-side apply by this kind of request. */
export function ownersOfLastApplied(
  entries: readonly ManagedFieldsEntry[],
  operation: Operation,
): ManagedFieldsEntry[] {
  return entries.filter((entry) => entry.operation === operation && fieldsOf(entry)?.has(LAST_APPLIED_PATH) === true);
}

/** The entries with each of these client-side managers merged into the server-side one; the same list when there is nothing to do. */
export function migratedManagers(
  entries: readonly ManagedFieldsEntry[],
  clientSide: readonly string[],
  serverSide: string,
): readonly ManagedFieldsEntry[] {
  return clientSide.reduce((migrated, manager) => withoutClientSide(migrated, manager, serverSide), entries);
}

function withoutClientSide(
  entries: readonly ManagedFieldsEntry[],
  clientSide: string,
  serverSide: string,
): readonly ManagedFieldsEntry[] {
  const isClientSide = (entry: ManagedFieldsEntry) => isOf(entry, clientSide, 'Update');
  let target = entries.findIndex((entry) => isOf(entry, serverSide, 'Apply'));
  const isNew = target < 0;
  if (isNew) target = entries.findIndex(isClientSide);
  const found = entries[target];
  if (!found) return entries;
  const applier: ManagedFieldsEntry = isNew ? { ...found, operation: 'Apply', manager: serverSide } : found;
  const others = entries.with(target, applier);
  const updater = others.find((entry) => isClientSide(entry) && entry.apiVersion === applier.apiVersion);
  const own = fieldsOf(applier) ?? FieldSet.EMPTY;
  const fields = updater ? own.union(fieldsOf(updater) ?? FieldSet.EMPTY) : own;
  return others.with(target, { ...applier, fieldsV1: fields.toJson() }).filter((entry) => !isClientSide(entry));
}

function isOf(entry: ManagedFieldsEntry, manager: string, operation: Operation): boolean {
  return entry.manager === manager && entry.operation === operation && !entry.subresource;
}

/** Undefined for what is no set of fields. */
function fieldsOf({ fieldsV1 = {} }: ManagedFieldsEntry): FieldSet | undefined {
  try {
    // fieldsV1 is JSON as it came.
    return FieldSet.fromJson(fieldsV1 as Json);
  } catch (error) {
    if (error instanceof FieldSetError) return undefined;
    throw error;
  }
}
