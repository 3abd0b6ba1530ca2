// Fills in what a pod spec leaves out, for pods and pod templates alike.
// Behaviour: pkg/apis/core/v1/{defaults,zz_generated.defaults}.go, Kubernetes v1.36.3.
// Not built yet: the defaults themselves; a spec comes back as it is.
import type { PodSpec, PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';

export function defaultPodSpec(spec: PodSpec): PodSpec {
  return spec;
}

export function defaultPodTemplate(template: PodTemplateSpec): PodTemplateSpec {
  const spec = defaultPodSpec(template.spec);
  return spec === template.spec ? template : { ...template, spec };
}
