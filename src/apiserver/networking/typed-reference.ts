// Whether a reference by group, kind and name can name anything.
// Behaviour: pkg/apis/networking/validation/validation.go (validateIngressTypedLocalObjectReference), Kubernetes v1.36.3.
import { type FieldError, invalid, required } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { isDns1123Subdomain, isPathSegmentName } from '../../apimachinery/validation/names.ts';

export function validateTypedReference(
  { apiGroup, kind, name }: { readonly apiGroup?: string; readonly kind?: string; readonly name?: string },
  path: FieldPath,
  errors: FieldError[],
): void {
  if (apiGroup !== undefined) {
    for (const message of isDns1123Subdomain(apiGroup)) errors.push(invalid(path.child('apiGroup'), apiGroup, message));
  }
  validateRequiredSegment(kind, path.child('kind'), errors);
  validateRequiredSegment(name, path.child('name'), errors);
}

export function validateRequiredSegment(text: string | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!text) errors.push(required(path, ''));
  else for (const message of isPathSegmentName(text)) errors.push(invalid(path, text, message));
}
