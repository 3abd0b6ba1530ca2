// Whether a Deployment may be stored.
// Behaviour: pkg/apis/apps/validation/validation.go (ValidateDeployment and what it calls), Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  GoValue,
  invalid,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { ROLLBACK_TO } from '../../../apimachinery/well-known/annotations.ts';
import type {
  Deployment,
  DeploymentSpec,
  DeploymentStatus,
  DeploymentStrategy,
  RollingUpdateDeployment,
} from '../../../schema/generated/types/apps-v1.ts';
import { type PodValidationOptions, podTemplateValidationOptions } from '../../core/pod-spec/validation/options.ts';
import type { StrategyContext } from '../../resource.ts';
import {
  intOrPercentValue,
  intOrStringValue,
  isNotMoreThan100Percent,
  validatePositiveIntOrPercent,
} from '../int-or-percent-validation.ts';
import {
  readSelector,
  SPEC,
  STATUS,
  TEMPLATE,
  validateAtMostReplicas,
  validateAvailableAtMostReady,
  validateCollisionCount,
  validateImmutableSelector,
  validateNonnegativeFields,
  validateReplicaTemplate,
  validateRequiredSelector,
} from '../workload-validation.ts';

const INVALID_SELECTOR = 'invalid label selector';
const RECREATE_ALONE = "may not be specified when strategy `type` is 'Recreate'";
const NEVER_NIL = 'this should be defaulted and never be nil';
const NO_ROOM = 'may not be 0 when `maxSurge` is 0';
const DEADLINE_TOO_SHORT = 'must be greater than minReadySeconds';
const MORE_THAN_READY = 'cannot be greater than readyReplicas';

const strategyTypes = ['Recreate', 'RollingUpdate'];

export function validateDeployment(deployment: Deployment, { features }: StrategyContext): readonly FieldError[] {
  return validateSpec(deployment, podTemplateValidationOptions(deployment.spec.template, undefined, features));
}

export function validateDeploymentUpdate(
  deployment: Deployment,
  old: Deployment,
  { features }: StrategyContext,
): readonly FieldError[] {
  const options = podTemplateValidationOptions(deployment.spec.template, old.spec.template, features);
  return [
    ...validateSpec(deployment, options),
    ...validateImmutableSelector(deployment.spec.selector, old.spec.selector),
  ];
}

function validateSpec({ spec, metadata }: Deployment, options: PodValidationOptions): FieldError[] {
  const errors: FieldError[] = [...validateNonnegativeFields(spec, ['replicas'], SPEC)];
  const selectorPath = SPEC.child('selector');
  validateRequiredSelector(spec.selector, 'deployment', selectorPath, errors);
  const selector = readSelector(spec.selector, INVALID_SELECTOR, selectorPath, errors);
  if (selector) validateReplicaTemplate(spec.template, selector, TEMPLATE, options, errors);
  validateStrategy(spec.strategy, SPEC.child('strategy'), errors);
  errors.push(...validateNonnegativeFields(spec, ['minReadySeconds', 'revisionHistoryLimit'], SPEC));
  const rollback = Number(metadata.annotations?.[ROLLBACK_TO] ?? 0);
  errors.push(...validateNonnegativeFields({ version: rollback }, ['version'], SPEC.child('rollback')));
  validateProgressDeadline(spec, errors);
  return errors;
}

function validateProgressDeadline(spec: DeploymentSpec, errors: FieldError[]): void {
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  if (deadline === undefined) return;
  errors.push(...validateNonnegativeFields(spec, ['progressDeadlineSeconds'], SPEC));
  if (deadline <= minReadySeconds) {
    errors.push(invalid(SPEC.child('progressDeadlineSeconds'), deadline, DEADLINE_TOO_SHORT));
  }
}

function validateStrategy(strategy: DeploymentStrategy, path: FieldPath, errors: FieldError[]): void {
  const { type = '', rollingUpdate } = strategy;
  switch (type) {
    case 'Recreate':
      if (rollingUpdate) errors.push(forbidden(path.child('rollingUpdate'), RECREATE_ALONE));
      break;
    case 'RollingUpdate':
      if (rollingUpdate) validateRollingUpdate(rollingUpdate, path.child('rollingUpdate'), errors);
      else errors.push(required(path.child('rollingUpdate'), NEVER_NIL));
      break;
    default:
      errors.push(notSupported(path, strategyValue(strategy), strategyTypes));
  }
}

function strategyValue({ type = '', rollingUpdate }: DeploymentStrategy): GoValue {
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {};
  const value = {
    Type: type,
    RollingUpdate: rollingUpdate ? { MaxUnavailable: maxUnavailable, MaxSurge: maxSurge } : null,
  };
  return new GoValue(goMarshalInOrder(value));
}

function validateRollingUpdate(
  { maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDeployment,
  path: FieldPath,
  errors: FieldError[],
): void {
  const unavailablePath = path.child('maxUnavailable');
  errors.push(...validatePositiveIntOrPercent(maxUnavailable, unavailablePath));
  errors.push(...validatePositiveIntOrPercent(maxSurge, path.child('maxSurge')));
  if (intOrPercentValue(maxUnavailable) === 0 && intOrPercentValue(maxSurge) === 0) {
    errors.push(invalid(unavailablePath, intOrStringValue(maxUnavailable), NO_ROOM));
  }
  errors.push(...isNotMoreThan100Percent(maxUnavailable, unavailablePath));
}

const counts = [
  'observedGeneration',
  'replicas',
  'updatedReplicas',
  'readyReplicas',
  'availableReplicas',
  'unavailableReplicas',
  'terminatingReplicas',
  'collisionCount',
] as const satisfies readonly (keyof DeploymentStatus)[];

export function validateDeploymentStatus({ status }: Deployment, old: Deployment): readonly FieldError[] {
  return [
    ...validateNonnegativeFields(status, counts, STATUS),
    ...validateAtMostReplicas(status, ['updatedReplicas', 'readyReplicas', 'availableReplicas']),
    ...validateAvailableAtMostReady(status, MORE_THAN_READY),
    ...validateCollisionCount(status.collisionCount, old.status.collisionCount),
  ];
}
