// Whether a DaemonSet may be stored.
// Behaviour: pkg/apis/apps/validation/validation.go (ValidateDaemonSet and what it calls), Kubernetes v1.36.3.
import { type FieldError, GoValue, invalid, notSupported, required } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import type {
  DaemonSet,
  DaemonSetSpec,
  DaemonSetStatus,
  DaemonSetUpdateStrategy,
  RollingUpdateDaemonSet,
} from '../../../schema/generated/types/apps-v1.ts';
import { labelSelectorAsSelector } from '../../../selectors/label-selector.ts';
import {
  labelSelectorHasInvalidLabelValue,
  labelSelectorValue,
  validateLabelSelector,
} from '../../../selectors/label-selector-validation.ts';
import { type PodValidationOptions, podTemplateValidationOptions } from '../../core/pod-spec/validation/options.ts';
import { validatePodTemplateSpec } from '../../core/pod-spec/validation/pod-spec.ts';
import type { StrategyContext } from '../../resource.ts';
import {
  intOrPercentValue,
  intOrStringValue,
  isNotMoreThan100Percent,
  validatePositiveIntOrPercent,
} from '../int-or-percent-validation.ts';
import {
  isEmptySelector,
  SPEC,
  STATUS,
  TEMPLATE,
  validateCollisionCount,
  validateImmutableSelector,
  validateNonnegativeFields,
  validateRunsForever,
  validateTemplateLabels,
} from '../workload-validation.ts';
import { templateGenerationOf } from './template-generation.ts';

const EMPTY_SELECTOR = 'empty selector is invalid for daemonset';
const SURGE_AND_UNAVAILABLE = 'may not be set when maxUnavailable is non-zero';
const NO_ROOM = 'cannot be 0 when maxSurge is 0';

const strategyTypes = ['RollingUpdate', 'OnDelete'];

export function validateDaemonSet(set: DaemonSet, { features }: StrategyContext): readonly FieldError[] {
  return validateSpec(set, podTemplateValidationOptions(set.spec.template, undefined, features));
}

export function validateDaemonSetUpdate(
  set: DaemonSet,
  old: DaemonSet,
  { features }: StrategyContext,
): readonly FieldError[] {
  const options = podTemplateValidationOptions(set.spec.template, old.spec.template, features);
  const hadInvalidValue = labelSelectorHasInvalidLabelValue(old.spec.selector);
  return [
    ...validateImmutableSelector(set.spec.selector, old.spec.selector),
    ...validateSpec(set, hadInvalidValue ? { ...options, allowInvalidLabelValueInSelector: true } : options),
  ];
}

function validateSpec(set: DaemonSet, options: PodValidationOptions): FieldError[] {
  const { spec } = set;
  const { selector, template } = spec;
  const { allowInvalidLabelValueInSelector } = options;
  const selectorPath = SPEC.child('selector');
  const errors: FieldError[] = [...validateLabelSelector(selector, { allowInvalidLabelValueInSelector }, selectorPath)];
  const read = labelSelectorAsSelector(selector);
  if (read.ok) validateTemplateLabels(template, read.value, TEMPLATE, errors);
  if (selector && isEmptySelector(selector)) {
    errors.push(invalid(selectorPath, labelSelectorValue(selector), EMPTY_SELECTOR));
  }
  errors.push(...validatePodTemplateSpec(template, TEMPLATE, options));
  validateRunsForever(template, 'DaemonSet', TEMPLATE, errors);
  errors.push(...validateNonnegativeFields(spec, ['minReadySeconds'], SPEC));
  const templateGeneration = templateGenerationOf(set);
  errors.push(...validateNonnegativeFields({ templateGeneration }, ['templateGeneration'], SPEC));
  validateUpdateStrategy(spec.updateStrategy, SPEC.child('updateStrategy'), errors);
  errors.push(
    ...validateNonnegativeFields<keyof DaemonSetSpec & 'revisionHistoryLimit'>(spec, ['revisionHistoryLimit'], SPEC),
  );
  return errors;
}

function validateUpdateStrategy(strategy: DaemonSetUpdateStrategy, path: FieldPath, errors: FieldError[]): void {
  const { type = '', rollingUpdate } = strategy;
  if (type === 'OnDelete') return;
  if (type !== 'RollingUpdate') errors.push(notSupported(path, strategyValue(strategy), strategyTypes));
  else if (rollingUpdate) validateRollingUpdate(rollingUpdate, path.child('rollingUpdate'), errors);
  else errors.push(required(path.child('rollingUpdate'), ''));
}

function strategyValue({ type = '', rollingUpdate }: DaemonSetUpdateStrategy): GoValue {
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {};
  const details = rollingUpdate ? { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge } : null;
  return new GoValue(goMarshalInOrder({ Type: type, RollingUpdate: details }));
}

function validateRollingUpdate(
  { maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDaemonSet,
  path: FieldPath,
  errors: FieldError[],
): void {
  const unavailablePath = path.child('maxUnavailable');
  const surgePath = path.child('maxSurge');
  errors.push(...validatePositiveIntOrPercent(maxUnavailable, unavailablePath));
  errors.push(...validatePositiveIntOrPercent(maxSurge, surgePath));
  errors.push(...isNotMoreThan100Percent(maxUnavailable, unavailablePath));
  errors.push(...isNotMoreThan100Percent(maxSurge, surgePath));
  const hasUnavailable = intOrPercentValue(maxUnavailable) !== 0;
  const hasSurge = intOrPercentValue(maxSurge) !== 0;
  if (hasUnavailable && hasSurge) errors.push(invalid(surgePath, intOrStringValue(maxSurge), SURGE_AND_UNAVAILABLE));
  else if (!hasUnavailable && !hasSurge) errors.push(required(unavailablePath, NO_ROOM));
}

const counts = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const satisfies readonly (keyof DaemonSetStatus)[];

export function validateDaemonSetStatus({ status }: DaemonSet, old: DaemonSet): readonly FieldError[] {
  return [
    ...validateNonnegativeFields(status, counts, STATUS),
    ...validateCollisionCount(status.collisionCount, old.status.collisionCount),
  ];
}
