// Whether the finalizers and the phase of a Namespace may be stored.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateNamespace and below), Kubernetes v1.36.3.
import { type FieldError, invalid, namedString } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { validateFinalizerName } from '../../../apimachinery/validation/object-meta.ts';
import {
  FINALIZER_DELETE_DEPENDENTS,
  FINALIZER_ORPHAN_DEPENDENTS,
} from '../../../apimachinery/well-known/finalizers.ts';
import type { Namespace } from '../../../schema/generated/types/core-v1.ts';

const UNKNOWN_FINALIZER = 'name is neither a standard finalizer name nor is it fully qualified';
const ONLY_ACTIVE = "may only be 'Active' if `deletionTimestamp` is empty";
const ONLY_TERMINATING = "may only be 'Terminating' if `deletionTimestamp` is not empty";

const FINALIZERS = FieldPath.of('spec', 'finalizers');
const PHASE = FieldPath.of('status', 'Phase');

const standardFinalizers = ['kubernetes', FINALIZER_ORPHAN_DEPENDENTS, FINALIZER_DELETE_DEPENDENTS];

export function validateNamespace({ spec }: Namespace): readonly FieldError[] {
  return (spec.finalizers ?? []).flatMap((finalizer) => validateFinalizer(finalizer, FINALIZERS));
}

export function validateNamespaceFinalizers({ spec }: Namespace): readonly FieldError[] {
  return (spec.finalizers ?? []).flatMap((finalizer, i) => validateFinalizer(finalizer, FINALIZERS.index(i)));
}

export function validateNamespaceStatus({ metadata, status }: Namespace): readonly FieldError[] {
  const { phase = '' } = status;
  if (metadata.deletionTimestamp) {
    return phase === 'Terminating' ? [] : [invalid(PHASE, namedString(phase), ONLY_TERMINATING)];
  }
  return phase === 'Active' ? [] : [invalid(PHASE, namedString(phase), ONLY_ACTIVE)];
}

function validateFinalizer(name: string, path: FieldPath): readonly FieldError[] {
  const errors = validateFinalizerName(name, path);
  if (name.includes('/') || standardFinalizers.includes(name)) return errors;
  return [...errors, invalid(path, name, UNKNOWN_FINALIZER)];
}
