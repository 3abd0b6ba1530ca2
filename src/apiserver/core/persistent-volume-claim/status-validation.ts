// Whether the status of a PersistentVolumeClaim may be stored.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePersistentVolumeClaimStatusUpdate), Kubernetes v1.36.3.
import { type FieldError, invalid, namedString, notSupported, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import type { PersistentVolumeClaim } from '../../../schema/generated/types/core-v1.ts';
import { isNativeResource } from '../pod-spec/resource-names.ts';
import { validateResourceQuantityValue } from '../pod-spec/validation/containers/resource.ts';

const NOT_A_QUANTITY = 'must be a valid resource quantity';

const CAPACITY = FieldPath.of('status', 'capacity');
const STATUSES = FieldPath.of('status', 'allocatedResourceStatuses');
const ALLOCATED = FieldPath.of('status', 'allocatedResources');

const resizeStatuses = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
  'NodeResizePending',
].sort(compareBytes);

export function validateClaimStatus({ spec, status }: PersistentVolumeClaim): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (!spec.accessModes?.length) errors.push(required(FieldPath.of('Spec', 'accessModes'), ''));
  for (const [name, text] of entriesOf(status.capacity)) validateAmount(text, CAPACITY.key(name), errors);
  for (const [name, state] of entriesOf(status.allocatedResourceStatuses)) {
    errors.push(...resourceKeyErrors(name, STATUSES));
    // The value that upstream shows is the resource.
    if (!resizeStatuses.includes(state)) errors.push(notSupported(STATUSES, namedString(name), resizeStatuses));
  }
  for (const [name, text] of entriesOf(status.allocatedResources)) {
    const wrong = resourceKeyErrors(name, ALLOCATED);
    errors.push(...wrong);
    if (wrong.length > 0) continue;
    if (validateAmount(text, ALLOCATED.key(name), errors)) {
      validateResourceQuantityValue('storage', mustParseQuantity(text), ALLOCATED.key(name), errors);
    }
  }
  return errors;
}

function entriesOf(map: Readonly<Record<string, string>> | undefined): readonly (readonly [string, string])[] {
  return Object.entries(map ?? {}).sort(([a], [b]) => compareBytes(a, b));
}

function validateAmount(text: string, path: FieldPath, errors: FieldError[]): boolean {
  const value = mustParseQuantity(text).valueInt64();
  if (value >= 0n) return true;
  errors.push(invalid(path, value, NOT_A_QUANTITY));
  return false;
}

/** Of the names without a prefix only storage may stand here. */
function resourceKeyErrors(name: string, path: FieldPath): readonly FieldError[] {
  const messages = isQualifiedName(name);
  if (messages.length > 0) return messages.map((message) => invalid(path, name, message));
  return isNativeResource(name) && name !== 'storage' ? [notSupported(path, name, ['storage'])] : [];
}
