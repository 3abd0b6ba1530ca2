// In which ways volumes may be used, as claims ask for them and volumes offer them.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePersistentVolumeSpec, ValidatePersistentVolumeClaimSpec), Kubernetes v1.36.3.
import { type FieldError, forbidden, namedString, notSupported } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';

const ONCE_POD_ALONE = 'may not use ReadWriteOncePod with other access modes';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

export function validateAccessModes(modes: readonly string[], path: FieldPath, errors: FieldError[]): void {
  for (const mode of modes) {
    if (!accessModes.includes(mode)) errors.push(notSupported(path, namedString(mode), accessModes));
  }
  const others = modes.some((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(mode));
  if (others && modes.includes('ReadWriteOncePod')) errors.push(forbidden(path, ONCE_POD_ALONE));
}
