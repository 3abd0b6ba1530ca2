// Writes down in metadata.managedFields who set what, when a request is tracked.
// Behaviour: [apiserver]/pkg/endpoints/handlers/{create,update,patch}.go (FieldManager.UpdateNoErrors) and
// handlers/fieldmanager/equality.go, Kubernetes v1.36.3.
import type { KubeObject, ManagedFieldsEntry } from '../../apimachinery/object.ts';
import { entriesAfterUpdate, onlyTimesDiffer } from '../field-management/field-manager.ts';
import { decodeManagedFields } from '../field-management/managed-fields.ts';
import type { Resource } from '../resource.ts';
import { type KindRequest, managedKind, managedObject } from './managed-kind.ts';
import { isSameObject } from './same-object.ts';
import type { RequestScope } from './scope.ts';
import { toRequestedVersion } from './versions.ts';

/** The new object with its owners; `old` is undefined for a create. An untracked request keeps what there is. */
export function trackManagedFields(
  object: KubeObject,
  old: KubeObject | undefined,
  request: KindRequest,
  scope: RequestScope,
): KubeObject {
  const { fieldManager, context } = scope;
  if (fieldManager === undefined) return old ? withReadableEntries(object, old) : object;
  const onWire = (stored: KubeObject) => managedObject(toRequestedVersion(stored, request.apiVersion, scope), scope);
  const kind = managedKind(request, scope);
  const live = old && onWire(old);
  return withEntries(object, entriesAfterUpdate(kind, live, onWire(object), fieldManager, context.now));
}

/** What an update says of owners counts if it can be read and says anything; else the old owners stay. */
function withReadableEntries(object: KubeObject, old: KubeObject): KubeObject {
  const { managedFields } = object.metadata;
  if (!managedFields) return object;
  const isReadable = managedFields.length > 0 && decodeManagedFields(managedFields).ok;
  return isReadable ? object : withEntries(object, old.metadata.managedFields);
}

export function withEntries(object: KubeObject, entries: readonly ManagedFieldsEntry[] | undefined): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: entries ? { ...metadata, managedFields: entries } : metadata };
}

/** The object with the old times of its owners when nothing else changed, so that the write changes nothing at all. */
export function keepTimesOfOwners(object: KubeObject, old: KubeObject, resource: Pick<Resource, 'custom'>): KubeObject {
  const [before, after] = [old.metadata.managedFields, object.metadata.managedFields];
  if (!before || !after || before === after || after.length === 0 || !onlyTimesDiffer(before, after)) return object;
  const reverted = withEntries(object, before);
  return isSameObject(reverted, old, resource) ? reverted : object;
}
