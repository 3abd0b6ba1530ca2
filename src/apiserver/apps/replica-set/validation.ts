// Whether a ReplicaSet may be stored.
// Behaviour: pkg/apis/apps/validation/validation.go (ValidateReplicaSet and what it calls), Kubernetes v1.36.3.
import type { FieldError } from '../../../apimachinery/field-error.ts';
import type { ReplicaSet, ReplicaSetSpec, ReplicaSetStatus } from '../../../schema/generated/types/apps-v1.ts';
import { type PodValidationOptions, podTemplateValidationOptions } from '../../core/pod-spec/validation/options.ts';
import type { StrategyContext } from '../../resource.ts';
import {
  readSelector,
  SPEC,
  STATUS,
  TEMPLATE,
  validateAtMostReplicas,
  validateAvailableAtMostReady,
  validateImmutableSelector,
  validateNonnegativeFields,
  validateReplicaTemplate,
  validateRequiredSelector,
} from '../workload-validation.ts';

const INVALID_SELECTOR = 'invalid label selector';
const MORE_THAN_READY = 'cannot be greater than readyReplicas';

export function validateReplicaSet({ spec }: ReplicaSet, { features }: StrategyContext): readonly FieldError[] {
  return validateSpec(spec, podTemplateValidationOptions(spec.template, undefined, features));
}

export function validateReplicaSetUpdate(
  { spec }: ReplicaSet,
  old: ReplicaSet,
  { features }: StrategyContext,
): readonly FieldError[] {
  const options = podTemplateValidationOptions(spec.template, old.spec.template, features);
  return [...validateSpec(spec, options), ...validateImmutableSelector(spec.selector, old.spec.selector)];
}

function validateSpec(spec: ReplicaSetSpec, options: PodValidationOptions): FieldError[] {
  const errors: FieldError[] = [...validateNonnegativeFields(spec, ['replicas', 'minReadySeconds'], SPEC)];
  const selectorPath = SPEC.child('selector');
  // Upstream's message names the deployment here too.
  validateRequiredSelector(spec.selector, 'deployment', selectorPath, errors);
  const selector = readSelector(spec.selector, INVALID_SELECTOR, selectorPath, errors);
  if (selector) validateReplicaTemplate(spec.template, selector, TEMPLATE, options, errors);
  return errors;
}

const counts = [
  'replicas',
  'fullyLabeledReplicas',
  'readyReplicas',
  'availableReplicas',
  'observedGeneration',
  'terminatingReplicas',
] as const satisfies readonly (keyof ReplicaSetStatus)[];

export function validateReplicaSetStatus({ status }: ReplicaSet): readonly FieldError[] {
  return [
    ...validateNonnegativeFields(status, counts, STATUS),
    ...validateAtMostReplicas(status, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas']),
    ...validateAvailableAtMostReady(status, MORE_THAN_READY),
  ];
}
