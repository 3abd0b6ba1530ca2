// How DaemonSets are created and updated.
// Behaviour: pkg/registry/apps/daemonset/strategy.go, Kubernetes v1.36.3.
import type { DaemonSet, DaemonSetStatus } from '../../../schema/generated/types/apps-v1.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { withEnabledTemplate } from '../../core/pod-spec/disabled-fields.ts';
import { podTemplateWarnings } from '../../core/pod-spec/warnings.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { TEMPLATE } from '../workload-validation.ts';
import { defaultDaemonSet } from './defaults.ts';
import { templateGenerationOf, withTemplateGeneration } from './template-generation.ts';
import { validateDaemonSet, validateDaemonSetStatus, validateDaemonSetUpdate } from './validation.ts';

const NO_STATUS: DaemonSetStatus = {
  currentNumberScheduled: 0,
  numberMisscheduled: 0,
  desiredNumberScheduled: 0,
  numberReady: 0,
};

export const daemonSetResource: Resource<DaemonSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  plural: 'daemonsets',
  singular: 'daemonset',
  namespaced: true,
  shortNames: ['ds'],
  categories: ['all'],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: defaultDaemonSet,
    prepareForCreate,
    validate: validateDaemonSet,
    warningsOnCreate: ({ spec }) => podTemplateWarnings(spec.template, TEMPLATE),
    prepareForUpdate,
    validateUpdate: validateDaemonSetUpdate,
    warningsOnUpdate: (set, old) =>
      templateGenerationOf(set) === templateGenerationOf(old) ? [] : podTemplateWarnings(set.spec.template, TEMPLATE),
  },
  subresources: {
    status: {
      // The count of templates is a field of the spec to Kubernetes, so it stays as well.
      prepareForUpdate: (set, old) => withTemplateGeneration({ ...set, spec: old.spec }, templateGenerationOf(old)),
      validateUpdate: validateDaemonSetStatus,
    },
  },
};

function prepareForCreate(set: DaemonSet, { features }: StrategyContext): DaemonSet {
  const generation = Math.max(templateGenerationOf(set), 1);
  const enabled = withEnabledTemplate({ ...set, status: NO_STATUS }, undefined, features);
  return withGeneration(withTemplateGeneration(enabled, generation), 1);
}

function prepareForUpdate(given: DaemonSet, old: DaemonSet, { features }: StrategyContext): DaemonSet {
  const generation = templateGenerationOf(old);
  const set = withEnabledTemplate({ ...given, status: old.status }, old, features);
  if (!equalValues(set.spec.template, old.spec.template)) {
    return withNextGeneration(withTemplateGeneration(set, generation + 1), old);
  }
  const kept = withTemplateGeneration(set, generation);
  return equalValues(kept.spec, old.spec) ? kept : withNextGeneration(kept, old);
}
