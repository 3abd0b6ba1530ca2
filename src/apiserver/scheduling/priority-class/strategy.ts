// How PriorityClasses are created and updated.
// Behaviour: pkg/registry/scheduling/priorityclass/{strategy.go,storage/storage.go}, pkg/apis/scheduling/v1/defaults.go, Kubernetes v1.36.3.
import type { PriorityClass } from '../../../schema/generated/types/scheduling-v1.ts';
import type { Resource } from '../../resource.ts';
import { withGeneration } from '../../strategies/generation.ts';
import { isSystemClass, validatePriorityClass, validatePriorityClassUpdate } from './validation.ts';

export const priorityClassResource: Resource<PriorityClass> = {
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  singular: 'priorityclass',
  namespaced: false,
  shortNames: ['pc'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: (priorityClass) => ({ preemptionPolicy: 'PreemptLowerPriority', ...priorityClass }),
    prepareForCreate: (priorityClass) => withGeneration(priorityClass, 1),
    keepsForever: (name) => (isSystemClass(name) ? 'this is a system priority class and cannot be deleted' : undefined),
    validate: validatePriorityClass,
    validateUpdate: validatePriorityClassUpdate,
  },
};
