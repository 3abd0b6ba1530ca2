// Whether a pod spec or a pod template makes sense: what the API server refuses, in upstream's order and words.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePodSpec, ValidatePodTemplateSpec), Kubernetes v1.36.3.
// Not built yet: the checks themselves; every spec passes.
import type { FieldError } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import type { PodSpec, PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../schema/generated/types/meta-v1.ts';
import type { PodValidationOptions } from './options.ts';

/** ValidatePodTemplateSpec: labels, annotations and spec of a template; `path` is the template's. */
export function validatePodTemplateSpec(
  _template: PodTemplateSpec,
  _path: FieldPath,
  _options: PodValidationOptions,
): FieldError[] {
  return [];
}

/** ValidatePodSpec; `metadata` is the pod's, absent where a template is validated. */
export function validatePodSpec(
  _spec: PodSpec,
  _metadata: ObjectMeta | undefined,
  _path: FieldPath,
  _options: PodValidationOptions,
): FieldError[] {
  return [];
}
