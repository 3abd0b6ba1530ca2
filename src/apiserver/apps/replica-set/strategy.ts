// How ReplicaSets are created, updated and scaled.
// Behaviour: pkg/registry/apps/replicaset/strategy.go, pkg/apis/apps/v1/defaults.go, Kubernetes v1.36.3.
import type { ReplicaSet } from '../../../schema/generated/types/apps-v1.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { defaultPodTemplate } from '../../core/pod-spec/defaults.ts';
import { withEnabledTemplate } from '../../core/pod-spec/disabled-fields.ts';
import { podTemplateWarnings } from '../../core/pod-spec/warnings.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { podNameWarnings } from '../pod-name-warnings.ts';
import { TEMPLATE } from '../workload-validation.ts';
import { validateReplicaSet, validateReplicaSetStatus, validateReplicaSetUpdate } from './validation.ts';

export const replicaSetResource: Resource<ReplicaSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  singular: 'replicaset',
  namespaced: true,
  shortNames: ['rs'],
  categories: ['all'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: (set, _, stored) =>
      set.spec === stored?.spec
        ? set
        : {
            ...set,
            spec: { ...set.spec, replicas: set.spec.replicas ?? 1, template: defaultPodTemplate(set.spec.template) },
          },
    prepareForCreate: (set, { features }) =>
      withGeneration({ ...withEnabledTemplate(set, undefined, features), status: { replicas: 0 } }, 1),
    validate: validateReplicaSet,
    warningsOnCreate: (set) => [...podNameWarnings(set), ...podTemplateWarnings(set.spec.template, TEMPLATE)],
    prepareForUpdate,
    validateUpdate: validateReplicaSetUpdate,
    warningsOnUpdate: (set, old) =>
      set.metadata.generation === old.metadata.generation ? [] : podTemplateWarnings(set.spec.template, TEMPLATE),
  },
  subresources: {
    status: { prepareForUpdate: prepareForStatusUpdate, validateUpdate: validateReplicaSetStatus },
  },
  scale: {
    specReplicas: ['spec', 'replicas'],
    statusReplicas: ['status', 'replicas'],
    selector: ['spec', 'selector'],
  },
};

function prepareForUpdate(given: ReplicaSet, old: ReplicaSet, { features }: StrategyContext): ReplicaSet {
  const set = withEnabledTemplate({ ...given, status: old.status }, old, features);
  return equalValues(set.spec, old.spec) ? set : withNextGeneration(set, old);
}

function prepareForStatusUpdate(set: ReplicaSet, old: ReplicaSet, { features }: StrategyContext): ReplicaSet {
  const { terminatingReplicas, ...status } = set.status;
  const keepsTerminating =
    terminatingReplicas !== undefined &&
    (features.isEnabled('DeploymentReplicaSetTerminatingReplicas') || old.status.terminatingReplicas !== undefined);
  return { ...set, spec: old.spec, status: keepsTerminating ? set.status : status };
}
