// How HorizontalPodAutoscalers are created and updated, in both of their versions.
// Behaviour: pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go, Kubernetes v1.36.3.
import type { HorizontalPodAutoscaler, HPAScalingRules } from '../../../schema/generated/types/autoscaling-v2.ts';
import type { FeatureGates, Resource } from '../../resource.ts';
import { autoscalingV1 } from './conversion.ts';
import { defaultAutoscaler } from './defaults.ts';
import { validateAutoscaler, validateAutoscalerStatus, validateAutoscalerUpdate } from './validation.ts';

export const horizontalPodAutoscalerResource: Resource<HorizontalPodAutoscaler> = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  singular: 'horizontalpodautoscaler',
  namespaced: true,
  shortNames: ['hpa'],
  categories: ['all'],
  otherVersions: [autoscalingV1],
  strategy: {
    allowUnconditionalUpdate: true,
    applyDefaults: defaultAutoscaler,
    prepareForCreate: (autoscaler, { features }) =>
      withEnabledFields({ ...autoscaler, status: { desiredReplicas: 0 } }, undefined, features),
    validate: validateAutoscaler,
    prepareForUpdate: (autoscaler, old, { features }) =>
      withEnabledFields({ ...autoscaler, status: old.status }, old, features),
    validateUpdate: validateAutoscalerUpdate,
  },
  subresources: {
    status: {
      prepareForUpdate: (autoscaler, old) => ({ ...autoscaler, spec: old.spec }),
      validateUpdate: validateAutoscalerStatus,
    },
  },
};

function withEnabledFields(
  autoscaler: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler | undefined,
  features: FeatureGates,
): HorizontalPodAutoscaler {
  if (features.isEnabled('HPAConfigurableTolerance') || hasTolerance(old) || !hasTolerance(autoscaler)) {
    return autoscaler;
  }
  const { scaleUp, scaleDown } = autoscaler.spec.behavior ?? {};
  const behavior = {
    ...(scaleUp ? { scaleUp: withoutTolerance(scaleUp) } : {}),
    ...(scaleDown ? { scaleDown: withoutTolerance(scaleDown) } : {}),
  };
  return { ...autoscaler, spec: { ...autoscaler.spec, behavior } };
}

function hasTolerance(autoscaler: HorizontalPodAutoscaler | undefined): boolean {
  const { scaleUp, scaleDown } = autoscaler?.spec.behavior ?? {};
  return scaleUp?.tolerance !== undefined || scaleDown?.tolerance !== undefined;
}

function withoutTolerance({ tolerance: _, ...rules }: HPAScalingRules): HPAScalingRules {
  return rules;
}
