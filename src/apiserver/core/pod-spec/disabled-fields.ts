// Drops the fields of a pod spec whose feature gate is off, unless the object that is replaced already used them.
// Behaviour: pkg/api/pod/util.go (DropDisabledTemplateFields, DropDisabledPodFields), Kubernetes v1.36.3.
// Not built yet: nothing is dropped.
import type { PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates } from '../../resource.ts';

/** For prepareForCreate and prepareForUpdate of every kind with a pod template. */
export function dropDisabledTemplateFields(
  template: PodTemplateSpec,
  _oldTemplate: PodTemplateSpec | undefined,
  _features: FeatureGates,
): PodTemplateSpec {
  return template;
}
