// Whether a ReplicationController makes sense.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateReplicationControllerSpec and its neighbours), Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { validateNonnegativeField } from '../../../apimachinery/validation/object-meta.ts';
import { givenEmpty, shownField } from '../../../schema/decode/given-empty.ts';
import type {
  PodTemplateSpec,
  ReplicationController,
  ReplicationControllerSpec,
  ReplicationControllerStatus,
} from '../../../schema/generated/types/core-v1.ts';
import { equalValues } from '../pod/spec-equality.ts';
import type { PodValidationOptions } from '../pod-spec/validation/options.ts';
import { validatePodTemplateSpec } from '../pod-spec/validation/pod-spec.ts';

const SELECTOR_MISMATCH = '`selector` does not match template `labels`';
const NO_DEADLINE = 'activeDeadlineSeconds in ReplicationController is not Supported';
const MORE_THAN_REPLICAS = 'cannot be greater than status.replicas';
const MORE_THAN_READY = 'cannot be greater than readyReplicas';
const SELECTOR_IS_BROKEN = 'cannot update non-convertible selector';
const UNKNOWN_BROKEN_FIELD = 'unknown non-convertible field';
/** Marks what a version of the API could not express; the fields it names are better left alone. */
const NON_CONVERTIBLE_PREFIX = 'non-convertible.kubernetes.io';

const SPEC = FieldPath.of('spec');
const STATUS = FieldPath.of('status');

export function validateReplicationControllerSpec(
  spec: ReplicationControllerSpec,
  options: PodValidationOptions,
): FieldError[] {
  const errors = [...validateNonnegativeField(spec.minReadySeconds ?? 0, SPEC.child('minReadySeconds'))];
  const selector = spec.selector ?? {};
  if (Object.keys(selector).length === 0) errors.push(required(SPEC.child('selector'), ''));
  if (spec.replicas === undefined) errors.push(required(SPEC.child('replicas'), ''));
  else errors.push(...validateNonnegativeField(spec.replicas, SPEC.child('replicas')));
  const path = SPEC.child('template');
  if (!spec.template) errors.push(required(path, ''));
  else errors.push(...validateTemplate(spec.template, selector, path, options));
  return errors;
}

/** ValidatePodTemplateSpecForRC. */
function validateTemplate(
  template: PodTemplateSpec,
  selector: Readonly<Record<string, string>>,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  const { labels } = template.metadata;
  if (!Object.entries(selector).every(([key, value]) => labels?.[key] === value)) {
    errors.push(
      invalid(
        path.child('metadata', 'labels'),
        labels ?? givenEmpty(template.metadata, 'labels') ?? namedString(undefined),
        SELECTOR_MISMATCH,
      ),
    );
  }
  errors.push(...validatePodTemplateSpec(template, path, options));
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  if (restartPolicy !== 'Always') {
    errors.push(notSupported(path.child('spec', 'restartPolicy'), namedString(restartPolicy ?? ''), ['Always']));
  }
  if (activeDeadlineSeconds !== undefined) {
    errors.push(forbidden(path.child('spec', 'activeDeadlineSeconds'), NO_DEADLINE));
  }
  return errors;
}

export function validateReplicationControllerUpdate(
  controller: ReplicationController,
  old: ReplicationController,
  options: PodValidationOptions,
): FieldError[] {
  const errors = validateReplicationControllerSpec(controller.spec, options);
  for (const [key, value] of Object.entries(old.metadata.annotations ?? {})) {
    const [prefix, field, ...more] = key.split('/');
    if (!prefix?.startsWith(NON_CONVERTIBLE_PREFIX) || field === undefined || more.length > 0) continue;
    if (!field.includes('selector')) {
      errors.push({ type: 'FieldValueNotFound', field, badValue: value, detail: UNKNOWN_BROKEN_FIELD });
    } else if (!equalValues(old.spec.selector, controller.spec.selector)) {
      errors.push(invalid(SPEC.child('selector'), shownField(controller.spec, 'selector'), SELECTOR_IS_BROKEN));
    }
  }
  return errors;
}

export function validateReplicationControllerStatus(status: ReplicationControllerStatus): FieldError[] {
  const errors: FieldError[] = [];
  const { replicas, readyReplicas = 0, availableReplicas = 0 } = status;
  for (const field of [
    'replicas',
    'fullyLabeledReplicas',
    'readyReplicas',
    'availableReplicas',
    'observedGeneration',
  ] as const) {
    errors.push(...validateNonnegativeField(status[field] ?? 0, STATUS.child(field)));
  }
  for (const field of ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'] as const) {
    const value = status[field] ?? 0;
    if (value > replicas) errors.push(invalid(STATUS.child(field), value, MORE_THAN_REPLICAS));
  }
  if (availableReplicas > readyReplicas) {
    errors.push(invalid(STATUS.child('availableReplicas'), availableReplicas, MORE_THAN_READY));
  }
  return errors;
}
