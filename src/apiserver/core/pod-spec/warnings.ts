// What the API server warns about in a valid pod spec.
// Behaviour: pkg/api/pod/warnings.go, Kubernetes v1.36.3.
// Not built yet: the warnings themselves.
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import type { PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';

/** GetWarningsForPodTemplate; `path` is the template's (`spec.template`). */
export function podTemplateWarnings(
  _template: PodTemplateSpec | undefined,
  _oldTemplate: PodTemplateSpec | undefined,
  _path: FieldPath,
): string[] {
  return [];
}
