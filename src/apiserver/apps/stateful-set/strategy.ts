// How StatefulSets are created, updated and scaled.
// Behaviour: pkg/registry/apps/statefulset/strategy.go, Kubernetes v1.36.3.
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { nameIsDnsLabel } from '../../../apimachinery/validation/object-meta.ts';
import type { StatefulSet, StatefulSetSpec } from '../../../schema/generated/types/apps-v1.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { dropDisabledTemplateFields } from '../../core/pod-spec/disabled-fields.ts';
import { claimSpecWarnings, podTemplateWarnings } from '../../core/pod-spec/warnings.ts';
import type { FeatureGates, Resource, StrategyContext } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import { SPEC, TEMPLATE } from '../workload-validation.ts';
import { defaultStatefulSet } from './defaults.ts';
import { validateStatefulSet, validateStatefulSetStatus, validateStatefulSetUpdate } from './validation.ts';

const NEGATIVE_HISTORY =
  'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended';

export const statefulSetResource: Resource<StatefulSet> = {
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  plural: 'statefulsets',
  singular: 'statefulset',
  namespaced: true,
  shortNames: ['sts'],
  categories: ['all'],
  strategy: {
    allowUnconditionalUpdate: true,
    validateName: nameIsDnsLabel,
    applyDefaults: defaultStatefulSet,
    prepareForCreate: (set, { features }) =>
      withGeneration(
        { ...withEnabledFields(set, undefined, features), status: { replicas: 0, availableReplicas: 0 } },
        1,
      ),
    validate: validateStatefulSet,
    warningsOnCreate: ({ spec }) => [
      ...podTemplateWarnings(spec.template, TEMPLATE),
      ...otherWarnings(spec, (path) => path),
    ],
    prepareForUpdate,
    validateUpdate: validateStatefulSetUpdate,
    warningsOnUpdate: ({ metadata, spec }, old) => [
      ...(metadata.generation === old.metadata.generation ? [] : podTemplateWarnings(spec.template, TEMPLATE)),
      // Upstream's path has the Go name of the field here, and none on create.
      ...otherWarnings(spec, (path) => path.child('Spec')),
    ],
  },
  subresources: {
    status: {
      prepareForUpdate: (set, old) => ({ ...set, spec: old.spec }),
      validateUpdate: validateStatefulSetStatus,
    },
  },
  scale: {
    specReplicas: ['spec', 'replicas'],
    statusReplicas: ['status', 'replicas'],
    selector: ['spec', 'selector'],
  },
};

function withEnabledFields(set: StatefulSet, old: StatefulSet | undefined, features: FeatureGates): StatefulSet {
  const spec = withoutMaxUnavailable(set.spec, old?.spec, features);
  const template = dropDisabledTemplateFields(spec.template, old?.spec.template, features);
  return spec === set.spec && template === spec.template ? set : { ...set, spec: { ...spec, template } };
}

function withoutMaxUnavailable(
  spec: StatefulSetSpec,
  old: StatefulSetSpec | undefined,
  features: FeatureGates,
): StatefulSetSpec {
  const { rollingUpdate } = spec.updateStrategy;
  if (rollingUpdate?.maxUnavailable === undefined || features.isEnabled('MaxUnavailableStatefulSet')) return spec;
  if (old?.updateStrategy.rollingUpdate?.maxUnavailable !== undefined) return spec;
  const { maxUnavailable: _, ...rest } = rollingUpdate;
  return { ...spec, updateStrategy: { ...spec.updateStrategy, rollingUpdate: rest } };
}

function prepareForUpdate(given: StatefulSet, old: StatefulSet, { features }: StrategyContext): StatefulSet {
  const set = withEnabledFields({ ...given, status: old.status }, old, features);
  return equalValues(set.spec, old.spec) ? set : withNextGeneration(set, old);
}

function otherWarnings(
  { volumeClaimTemplates = [], revisionHistoryLimit = 0 }: StatefulSetSpec,
  below: (path: FieldPath) => FieldPath,
): readonly string[] {
  const templatesPath = SPEC.child('volumeClaimTemplates');
  return [
    ...volumeClaimTemplates.flatMap((claim, i) => claimSpecWarnings(claim.spec, below(templatesPath.index(i)))),
    ...(revisionHistoryLimit < 0 ? [NEGATIVE_HISTORY] : []),
  ];
}
