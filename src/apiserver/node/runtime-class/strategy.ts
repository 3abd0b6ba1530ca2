// How RuntimeClasses are created and updated.
// Behaviour: pkg/registry/node/runtimeclass/strategy.go, pkg/api/node/util.go, Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import type { RuntimeClass } from '../../../schema/generated/types/node-v1.ts';
import { deprecatedNodeLabelMessage } from '../../core/pod-spec/node-label-warnings.ts';
import type { Resource } from '../../resource.ts';
import { validateRuntimeClass, validateRuntimeClassUpdate } from './validation.ts';

export const runtimeClassResource: Resource<RuntimeClass> = {
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  singular: 'runtimeclass',
  namespaced: false,
  strategy: {
    allowCreateOnUpdate: true,
    validate: validateRuntimeClass,
    warningsOnCreate: labelWarnings,
    validateUpdate: validateRuntimeClassUpdate,
    warningsOnUpdate: labelWarnings,
  },
};

function labelWarnings({ scheduling }: RuntimeClass): readonly string[] {
  return Object.keys(scheduling?.nodeSelector ?? {})
    .sort(compareBytes)
    .flatMap((label) => {
      const message = deprecatedNodeLabelMessage(label);
      return message === undefined ? [] : [`scheduling.nodeSelector: ${message}`];
    });
}
