// What a StatefulSet is when its manifest does not say.
// Behaviour: pkg/apis/apps/v1/{defaults,conversion,zz_generated.defaults}.go, Kubernetes v1.36.3.
import type {
  StatefulSet,
  StatefulSetSpec,
  StatefulSetUpdateStrategy,
} from '../../../schema/generated/types/apps-v1.ts';
import type { PersistentVolumeClaim } from '../../../schema/generated/types/core-v1.ts';
import { defaultClaim } from '../../core/persistent-volume-claim/defaults.ts';
import { defaultPodTemplate } from '../../core/pod-spec/defaults.ts';

import type { StrategyContext } from '../../resource.ts';

const DEFAULT_REVISION_HISTORY_LIMIT = 10;

export function defaultStatefulSet(set: StatefulSet, { features }: StrategyContext): StatefulSet {
  const { spec } = set;
  const { volumeClaimTemplates } = spec;
  const retention = spec.persistentVolumeClaimRetentionPolicy;
  const next: StatefulSetSpec = {
    ...spec,
    replicas: spec.replicas ?? 1,
    template: defaultPodTemplate(spec.template),
    ...(volumeClaimTemplates ? { volumeClaimTemplates: volumeClaimTemplates.map(defaultClaimTemplate) } : {}),
    podManagementPolicy: spec.podManagementPolicy || 'OrderedReady',
    updateStrategy: defaultUpdateStrategy(spec.updateStrategy, features.isEnabled('MaxUnavailableStatefulSet')),
    revisionHistoryLimit: spec.revisionHistoryLimit ?? DEFAULT_REVISION_HISTORY_LIMIT,
    persistentVolumeClaimRetentionPolicy: {
      whenDeleted: retention?.whenDeleted || 'Retain',
      whenScaled: retention?.whenScaled || 'Retain',
    },
  };
  return { ...set, spec: next };
}

/** A strategy of an explicit type keeps having no details. */
function defaultUpdateStrategy(
  { type: given, rollingUpdate }: StatefulSetUpdateStrategy,
  withMaxUnavailable: boolean,
): StatefulSetUpdateStrategy {
  const type = given || 'RollingUpdate';
  const details = rollingUpdate ?? (given ? undefined : {});
  if (!details) return { type };
  const isRolling = type === 'RollingUpdate';
  return {
    type,
    rollingUpdate: {
      // The internal partition is no pointer: it is 0 whatever the type.
      partition: 0,
      ...(isRolling && withMaxUnavailable ? { maxUnavailable: 1 } : {}),
      ...details,
    },
  };
}

/** A template is kept with its kind, whether it says it or not. */
function defaultClaimTemplate(template: PersistentVolumeClaim): PersistentVolumeClaim {
  const { metadata, spec, status } = defaultClaim(template);
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec, status };
}
