// Whether the conditions of a status in this group make sense.
// Behaviour: pkg/apis/flowcontrol/validation/validation.go (ValidateFlowSchemaStatus), Kubernetes v1.36.3.
import { duplicate, type FieldError, namedString, required } from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import type { KubeObject } from '../../apimachinery/object.ts';

const CONDITIONS = FieldPath.of('status', 'conditions');

export function validateConditions({
  conditions = [],
}: {
  readonly conditions?: readonly { readonly type?: string }[];
}): readonly FieldError[] {
  const errors: FieldError[] = [];
  const types = new Set<string>();
  conditions.forEach(({ type = '' }, i) => {
    const path = CONDITIONS.index(i).child('type');
    if (types.has(type)) errors.push(duplicate(path, namedString(type)));
    types.add(type);
    if (type === '') errors.push(required(path, ''));
  });
  return errors;
}

/** A write of the status changes no metadata but who wrote. */
export function oldMetadata<T extends KubeObject>({ metadata }: T, old: T): T['metadata'] {
  const { managedFields } = metadata;
  return managedFields ? { ...old.metadata, managedFields } : old.metadata;
}
