// What is wrong with the labels of an object.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/validation/validation.go, Kubernetes v1.36.3.
// Differs: upstream walks the labels in random order; here errors come in the order of the keys.
import { type ErrorPath, type FieldError, invalid } from '../field-error.ts';
import { compareBytes } from '../go/json.ts';
import { isQualifiedName, isValidLabelValue } from './names.ts';

export function validateLabelName(name: string, path: ErrorPath): readonly FieldError[] {
  return isQualifiedName(name).map((message) => invalid(path, name, message));
}

export function validateLabels(
  labels: Readonly<Record<string, string>> | undefined,
  path: ErrorPath,
): readonly FieldError[] {
  if (labels === undefined) return [];
  const errors: FieldError[] = [];
  for (const key of Object.keys(labels).sort(compareBytes)) {
    const value = labels[key] ?? '';
    errors.push(...validateLabelName(key, path));
    for (const message of isValidLabelValue(value)) errors.push(invalid(path, value, message));
  }
  return errors;
}
