// Whether a HorizontalPodAutoscaler may be stored.
// Behaviour: pkg/apis/autoscaling/validation/validation.go, pkg/registry/autoscaling/horizontalpodautoscaler/strategy.go
// (validationOptionsForHorizontalPodAutoscaler), Kubernetes v1.36.3.
import { type FieldError, invalid, namedString, notSupported, required } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { IS_NEGATIVE } from '../../../apimachinery/validation/object-meta.ts';
import type {
  HorizontalPodAutoscaler,
  HPAScalingPolicy,
  HPAScalingRules,
} from '../../../schema/generated/types/autoscaling-v2.ts';
import { SPEC, STATUS, validateNonnegativeFields } from '../../apps/workload-validation.ts';
import type { FeatureGates, StrategyContext } from '../../resource.ts';
import { apiVersionError, type ReferenceOptions, validateMetrics, validateReference } from './metric-validation.ts';

const A_MAXIMUM = 'must be set and greater than 0';
const MAXIMUM_TOO_SMALL = 'must be greater than or equal to 1';
const LESS_THAN_MINIMUM = 'must be greater than or equal to `minReplicas`';
const NEGATIVE_WINDOW = 'must be greater than or equal to zero';
const A_POLICY = 'must specify at least one Policy';
const NOT_POSITIVE = 'must be greater than zero';

const MAX_PERIOD_SECONDS = 1800;
const MAX_STABILIZATION_WINDOW_SECONDS = 3600;

const selectPolicies = ['Disabled', 'Max', 'Min'];
const policyTypes = ['Percent', 'Pods'];

interface Options {
  readonly minReplicas: number;
  readonly target: ReferenceOptions;
  readonly objectMetrics: ReferenceOptions;
}

export function validateAutoscaler(
  autoscaler: HorizontalPodAutoscaler,
  { features }: StrategyContext,
): readonly FieldError[] {
  return validateSpec(autoscaler, optionsFor(autoscaler, undefined, features));
}

export function validateAutoscalerUpdate(
  autoscaler: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler,
  { features }: StrategyContext,
): readonly FieldError[] {
  return validateSpec(autoscaler, optionsFor(autoscaler, old, features));
}

/** What was there before may stay. */
function optionsFor(
  { spec: { scaleTargetRef: target } }: HorizontalPodAutoscaler,
  old: HorizontalPodAutoscaler | undefined,
  features: FeatureGates,
): Options {
  const oldTarget = old?.spec.scaleTargetRef;
  const isSameTarget = oldTarget?.apiVersion === target.apiVersion && oldTarget?.kind === target.kind;
  const objectMetrics = { allowEmptyApiGroup: true, allowInvalidApiVersion: false };
  const hadInvalidMetric = old?.spec.metrics?.some(
    ({ type, object }) =>
      type === 'Object' && object && apiVersionError(object.describedObject.apiVersion ?? '', objectMetrics),
  );
  return {
    minReplicas: features.isEnabled('HPAScaleToZero') || old?.spec.minReplicas === 0 ? 0 : 1,
    target: {
      allowInvalidApiVersion: old !== undefined && isSameTarget,
      allowEmptyApiGroup: target.kind === 'ReplicationController',
    },
    objectMetrics: hadInvalidMetric ? { ...objectMetrics, allowInvalidApiVersion: true } : objectMetrics,
  };
}

function validateSpec({ spec }: HorizontalPodAutoscaler, options: Options): FieldError[] {
  const errors: FieldError[] = [];
  const { minReplicas, maxReplicas = 0, scaleTargetRef, metrics = [], behavior } = spec;
  const maxPath = SPEC.child('maxReplicas');
  if (minReplicas !== undefined && minReplicas < options.minReplicas) {
    const detail = `must be greater than or equal to ${options.minReplicas}`;
    errors.push(invalid(SPEC.child('minReplicas'), minReplicas, detail));
  }
  if (maxReplicas === 0) errors.push(required(maxPath, A_MAXIMUM));
  else if (maxReplicas < 0) errors.push(invalid(maxPath, maxReplicas, MAXIMUM_TOO_SMALL));
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(invalid(maxPath, maxReplicas, LESS_THAN_MINIMUM));
  }
  validateReference(scaleTargetRef, options.target, SPEC.child('scaleTargetRef'), errors);
  validateMetrics(metrics, minReplicas, options.objectMetrics, SPEC.child('metrics'), errors);
  for (const direction of ['scaleUp', 'scaleDown'] as const) {
    const rules = behavior?.[direction];
    if (rules) validateScalingRules(rules, SPEC.child('behavior', direction), errors);
  }
  return errors;
}

function validateScalingRules(
  { stabilizationWindowSeconds: window = 0, selectPolicy, policies = [], tolerance }: HPAScalingRules,
  path: FieldPath,
  errors: FieldError[],
): void {
  const windowPath = path.child('stabilizationWindowSeconds');
  if (window < 0) errors.push(invalid(windowPath, window, NEGATIVE_WINDOW));
  if (window > MAX_STABILIZATION_WINDOW_SECONDS) {
    errors.push(invalid(windowPath, window, `must be less than or equal to ${MAX_STABILIZATION_WINDOW_SECONDS}`));
  }
  if (selectPolicy !== undefined && !selectPolicies.includes(selectPolicy)) {
    errors.push(notSupported(path.child('selectPolicy'), namedString(selectPolicy), selectPolicies));
  }
  const policiesPath = path.child('policies');
  if (policies.length === 0) errors.push(required(policiesPath, A_POLICY));
  policies.forEach((policy, i) => {
    validateScalingPolicy(policy, policiesPath.index(i), errors);
  });
  if (tolerance !== undefined && mustParseQuantity(tolerance).sign() < 0) {
    errors.push(invalid(path.child('tolerance'), tolerance, IS_NEGATIVE));
  }
}

function validateScalingPolicy(
  { type = '', value = 0, periodSeconds = 0 }: HPAScalingPolicy,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!policyTypes.includes(type)) errors.push(notSupported(path.child('type'), namedString(type), policyTypes));
  if (value <= 0) errors.push(invalid(path.child('value'), value, NOT_POSITIVE));
  const periodPath = path.child('periodSeconds');
  if (periodSeconds <= 0) errors.push(invalid(periodPath, periodSeconds, NOT_POSITIVE));
  if (periodSeconds > MAX_PERIOD_SECONDS) {
    errors.push(invalid(periodPath, periodSeconds, `must be less than or equal to ${MAX_PERIOD_SECONDS}`));
  }
}

export function validateAutoscalerStatus({ status }: HorizontalPodAutoscaler): readonly FieldError[] {
  return validateNonnegativeFields(status, ['currentReplicas', 'desiredReplicas'], STATUS);
}
