// What the validation of workloads has in common: their selector, what their template may not say, their status counts.
// Behaviour: pkg/apis/apps/validation/validation.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../apimachinery/field-error.ts';
import { FieldPath } from '../../apimachinery/field-path.ts';
import { validateImmutableField, validateNonnegativeField } from '../../apimachinery/validation/object-meta.ts';
import { givenEmpty } from '../../schema/decode/given-empty.ts';
import type { PodTemplateSpec } from '../../schema/generated/types/core-v1.ts';
import { type LabelSelector, labelSelectorAsSelector, type Selector } from '../../selectors/label-selector.ts';
import { labelSelectorValue, validateLabelSelector } from '../../selectors/label-selector-validation.ts';
import type { PodValidationOptions } from '../core/pod-spec/validation/options.ts';
import { validatePodTemplateSpec } from '../core/pod-spec/validation/pod-spec.ts';

const SELECTOR_DIFFERS = '`selector` does not match template `labels`';
const MORE_THAN_REPLICAS = 'cannot be greater than status.replicas';
const DECREMENTED = 'cannot be decremented';

export const SPEC = FieldPath.of('spec');
export const STATUS = FieldPath.of('status');
export const TEMPLATE = SPEC.child('template');

const STRICT = { allowInvalidLabelValueInSelector: false };

/** A selector that must be there and select something; `kind` is how upstream's message calls the workload. */
export function validateRequiredSelector(
  selector: LabelSelector | undefined,
  kind: string,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (selector === undefined) {
    errors.push(required(path, ''));
    return;
  }
  errors.push(...validateLabelSelector(selector, STRICT, path));
  if (isEmptySelector(selector)) {
    errors.push(invalid(path, labelSelectorValue(selector), `empty selector is invalid for ${kind}`));
  }
}

export function isEmptySelector({ matchLabels, matchExpressions = [] }: LabelSelector): boolean {
  return Object.keys(matchLabels ?? {}).length + matchExpressions.length === 0;
}

/** The selector ready to match; one that cannot be read is an error with `detail`. */
export function readSelector(
  selector: LabelSelector | undefined,
  detail: string,
  path: FieldPath,
  errors: FieldError[],
): Selector | undefined {
  const read = labelSelectorAsSelector(selector);
  if (read.ok) return read.value;
  errors.push(invalid(path, labelSelectorValue(selector), detail));
  return undefined;
}

export function validateTemplateLabels(
  { metadata }: PodTemplateSpec,
  selector: Selector,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { labels } = metadata;
  if (!selector.isEmpty() && !selector.matches(labels)) {
    const given = labels ?? givenEmpty(metadata, 'labels') ?? null;
    errors.push(invalid(path.child('metadata', 'labels'), given, SELECTOR_DIFFERS));
  }
}

/** Pods of a workload run until they are replaced. */
export function validateRunsForever(
  { spec }: PodTemplateSpec,
  kind: string,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (spec.restartPolicy !== 'Always') {
    errors.push(notSupported(path.child('spec', 'restartPolicy'), namedString(spec.restartPolicy ?? ''), ['Always']));
  }
  if (spec.activeDeadlineSeconds !== undefined) {
    const detail = `activeDeadlineSeconds in ${kind} is not Supported`;
    errors.push(forbidden(path.child('spec', 'activeDeadlineSeconds'), detail));
  }
}

/** ValidatePodTemplateSpecForReplicaSet: also for Deployments. */
export function validateReplicaTemplate(
  template: PodTemplateSpec,
  selector: Selector,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  validateTemplateLabels(template, selector, path, errors);
  errors.push(...validatePodTemplateSpec(template, path, options));
  validateRunsForever(template, 'ReplicaSet', path, errors);
}

export function validateImmutableSelector(
  selector: LabelSelector | undefined,
  old: LabelSelector | undefined,
): readonly FieldError[] {
  if (semanticDeepEqual(selector, old)) return [];
  return validateImmutableField(labelSelectorValue(selector), labelSelectorValue(old), SPEC.child('selector'));
}

/** The numbers of a status (or a spec) that may not be negative, where they are given. */
export function validateNonnegativeFields<K extends string>(
  counts: { readonly [key in K]?: number },
  fields: readonly K[],
  path: FieldPath,
): readonly FieldError[] {
  return fields.flatMap((field) => {
    const value = counts[field];
    return value === undefined ? [] : validateNonnegativeField(value, path.child(field));
  });
}

/** Counts of a status that are parts of status.replicas. */
export function validateAtMostReplicas<K extends string>(
  status: { readonly replicas?: number } & { readonly [key in K]?: number },
  fields: readonly K[],
): readonly FieldError[] {
  const { replicas = 0 } = status;
  return fields.flatMap((field) => {
    const value = status[field] ?? 0;
    return value > replicas ? [invalid(STATUS.child(field), value, MORE_THAN_REPLICAS)] : [];
  });
}

export function validateAvailableAtMostReady(
  {
    availableReplicas = 0,
    readyReplicas = 0,
  }: { readonly availableReplicas?: number; readonly readyReplicas?: number },
  detail: string,
): readonly FieldError[] {
  return availableReplicas > readyReplicas
    ? [invalid(STATUS.child('availableReplicas'), availableReplicas, detail)]
    : [];
}

export function validateCollisionCount(count: number | undefined, old: number | undefined): readonly FieldError[] {
  if (old === undefined || (count !== undefined && count >= old)) return [];
  return [invalid(STATUS.child('collisionCount'), count ?? 0, DECREMENTED)];
}
