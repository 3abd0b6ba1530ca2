// How Workloads, from whose templates controllers make PodGroups, are created and updated.
// Behaviour: pkg/registry/scheduling/workload/strategy.go, Kubernetes v1.36.3.
import type { Workload } from '../../../schema/generated/types/scheduling-v1alpha2.ts';
import type { FeatureGates, Resource } from '../../resource.ts';
import { withEnabledFields } from '../group-fields.ts';
import { validateWorkload, validateWorkloadUpdate } from './validation.ts';

export const workloadResource: Resource<Workload> = {
  group: 'scheduling.k8s.io',
  version: 'v1alpha2',
  kind: 'Workload',
  plural: 'workloads',
  singular: 'workload',
  namespaced: true,
  strategy: {
    allowUnconditionalUpdate: true,
    prepareForCreate: (workload, { features }) => withEnabledTemplates(workload, undefined, features),
    validate: validateWorkload,
    prepareForUpdate: (workload, old, { features }) => withEnabledTemplates(workload, old, features),
    validateUpdate: validateWorkloadUpdate,
  },
};

/** Templates are compared by their place in the list. */
function withEnabledTemplates(workload: Workload, old: Workload | undefined, features: FeatureGates): Workload {
  const { podGroupTemplates } = workload.spec;
  if (!podGroupTemplates) return workload;
  const templates = podGroupTemplates.map((template, i) =>
    withEnabledFields(template, old?.spec.podGroupTemplates?.[i], features),
  );
  return { ...workload, spec: { ...workload.spec, podGroupTemplates: templates } };
}
