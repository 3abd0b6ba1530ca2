// Whether a StatefulSet may be stored.
// Behaviour: pkg/apis/apps/validation/validation.go (ValidateStatefulSet and what it calls), Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  GoValue,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { goMarshalInOrder } from '../../../apimachinery/go/json.ts';
import { validateLabels } from '../../../apimachinery/validation/labels.ts';
import { isDns1123Label } from '../../../apimachinery/validation/names.ts';
import { validateAnnotations } from '../../../apimachinery/validation/object-meta.ts';
import type {
  RollingUpdateStatefulSetStrategy,
  StatefulSet,
  StatefulSetSpec,
  StatefulSetStatus,
  StatefulSetUpdateStrategy,
} from '../../../schema/generated/types/apps-v1.ts';
import type { PodTemplateSpec, Volume } from '../../../schema/generated/types/core-v1.ts';
import type { Selector } from '../../../selectors/label-selector.ts';
import { equalValues } from '../../core/pod/spec-equality.ts';
import { validatePodAnnotations } from '../../core/pod-spec/validation/annotation.ts';
import { type PodValidationOptions, podTemplateValidationOptions } from '../../core/pod-spec/validation/options.ts';
import { validatePodTemplateSpec } from '../../core/pod-spec/validation/pod-spec.ts';
import { validateClaimSpec } from '../../core/pod-spec/validation/volumes/volume-claim-template.ts';
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
  validateNonnegativeFields,
  validateRequiredSelector,
  validateRunsForever,
  validateTemplateLabels,
} from '../workload-validation.ts';

const POD_MANAGEMENT = "must be 'OrderedReady' or 'Parallel'";
const UPDATE_STRATEGY = "must be 'RollingUpdate' or 'OnDelete'";
const ROLLING_UPDATE_ALONE = "only allowed for updateStrategy 'RollingUpdate'";
const NOT_ZERO = 'cannot be 0';
const MORE_THAN_READY = 'cannot be greater than status.readyReplicas';
const IMMUTABLE =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

const retentionPolicies = ['Retain', 'Delete'];

interface Skips {
  readonly podTemplate: boolean;
  /** What may not change any more is not looked at again. */
  readonly immutable: boolean;
}

export function validateStatefulSet({ spec }: StatefulSet, { features }: StrategyContext): readonly FieldError[] {
  const options = podTemplateValidationOptions(spec.template, undefined, features);
  return validateSpec(spec, options, { podTemplate: false, immutable: false });
}

export function validateStatefulSetUpdate(
  { spec }: StatefulSet,
  old: StatefulSet,
  { features }: StrategyContext,
): readonly FieldError[] {
  const options = podTemplateValidationOptions(spec.template, old.spec.template, features);
  // A template that was wrong before may stay.
  const wasInvalid = validateSpec(old.spec, options, { podTemplate: false, immutable: true }).length > 0;
  const errors = validateSpec(spec, options, { podTemplate: wasInvalid, immutable: true });
  if (!equalValues(immutablePart(spec), immutablePart(old.spec))) errors.push(forbidden(SPEC, IMMUTABLE));
  return errors;
}

function immutablePart({ selector, serviceName, podManagementPolicy, volumeClaimTemplates }: StatefulSetSpec): object {
  return { selector, serviceName, podManagementPolicy, volumeClaimTemplates };
}

function validateSpec(spec: StatefulSetSpec, options: PodValidationOptions, skips: Skips): FieldError[] {
  const errors: FieldError[] = [];
  validatePodManagementPolicy(spec.podManagementPolicy ?? '', errors);
  validateUpdateStrategy(spec.updateStrategy, SPEC.child('updateStrategy'), errors);
  validateRetentionPolicy(spec, errors);
  if (!skips.immutable) {
    spec.volumeClaimTemplates?.forEach((claim, i) => {
      validateClaimSpec(claim.spec, SPEC.child('volumeClaimTemplates').index(i).child('spec'), {}, errors);
    });
  }
  errors.push(...validateNonnegativeFields(spec, ['replicas', 'minReadySeconds'], SPEC));
  if (spec.ordinals) errors.push(...validateNonnegativeFields(spec.ordinals, ['start'], SPEC.child('ordinals')));
  if (!skips.immutable && spec.serviceName) {
    for (const message of isDns1123Label(spec.serviceName)) {
      errors.push(invalid(SPEC.child('serviceName'), spec.serviceName, message));
    }
  }
  const selectorPath = SPEC.child('selector');
  validateRequiredSelector(spec.selector, 'statefulset', selectorPath, errors);
  const selector = readSelector(spec.selector, '', selectorPath, errors);
  if (selector) validateTemplate(templateOfPods(spec), selector, options, skips, errors);
  validateRunsForever(spec.template, 'StatefulSet', TEMPLATE, errors);
  return errors;
}

function validatePodManagementPolicy(policy: string, errors: FieldError[]): void {
  const path = SPEC.child('podManagementPolicy');
  if (policy === '') errors.push(required(path, ''));
  else if (policy !== 'OrderedReady' && policy !== 'Parallel') {
    errors.push(invalid(path, namedString(policy), POD_MANAGEMENT));
  }
}

function validateUpdateStrategy(strategy: StatefulSetUpdateStrategy, path: FieldPath, errors: FieldError[]): void {
  const { type = '', rollingUpdate } = strategy;
  const detailsPath = path.child('rollingUpdate');
  switch (type) {
    case '':
      errors.push(required(path, ''));
      break;
    case 'OnDelete':
      if (rollingUpdate) {
        errors.push(invalid(detailsPath, structValue(rollingUpdateStruct(rollingUpdate)), ROLLING_UPDATE_ALONE));
      }
      break;
    case 'RollingUpdate':
      if (rollingUpdate) validateRollingUpdate(rollingUpdate, detailsPath, errors);
      break;
    default: {
      const value = { Type: type, RollingUpdate: rollingUpdate ? rollingUpdateStruct(rollingUpdate) : null };
      errors.push(invalid(path, structValue(value), UPDATE_STRATEGY));
    }
  }
}

function rollingUpdateStruct({ partition = 0, maxUnavailable }: RollingUpdateStatefulSetStrategy): object {
  return { Partition: partition, MaxUnavailable: maxUnavailable ?? null };
}

function structValue(value: object): GoValue {
  return new GoValue(goMarshalInOrder(value));
}

function validateRollingUpdate(
  rollingUpdate: RollingUpdateStatefulSetStrategy,
  path: FieldPath,
  errors: FieldError[],
): void {
  errors.push(...validateNonnegativeFields(rollingUpdate, ['partition'], path));
  const { maxUnavailable } = rollingUpdate;
  if (maxUnavailable === undefined) return;
  const unavailablePath = path.child('maxUnavailable');
  errors.push(...validatePositiveIntOrPercent(maxUnavailable, unavailablePath));
  if (intOrPercentValue(maxUnavailable) === 0) {
    errors.push(invalid(unavailablePath, intOrStringValue(maxUnavailable), NOT_ZERO));
  }
  errors.push(...isNotMoreThan100Percent(maxUnavailable, unavailablePath));
}

function validateRetentionPolicy(
  { persistentVolumeClaimRetentionPolicy }: StatefulSetSpec,
  errors: FieldError[],
): void {
  if (!persistentVolumeClaimRetentionPolicy) return;
  for (const field of ['whenDeleted', 'whenScaled'] as const) {
    const policy = persistentVolumeClaimRetentionPolicy[field] ?? '';
    if (retentionPolicies.includes(policy)) continue;
    const path = SPEC.child('persistentVolumeClaimRetentionPolicy', field);
    errors.push(notSupported(path, namedString(policy), retentionPolicies));
  }
}

/** The template as pods get it: host name and subdomain come from the set, claims from the claim templates. */
function templateOfPods({ template, volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplateSpec {
  const { subdomain, hostname, ...spec } = template.spec;
  if (!subdomain && !hostname && volumeClaimTemplates.length === 0) return template;
  if (volumeClaimTemplates.length === 0) return { ...template, spec };
  const claims = new Map<string, Volume>();
  for (const { metadata } of volumeClaimTemplates) {
    const { name = '' } = metadata;
    claims.set(name, { name, persistentVolumeClaim: { claimName: name } });
  }
  const others = (spec.volumes ?? []).filter(({ name }) => !claims.has(name));
  return { ...template, spec: { ...spec, volumes: [...claims.values(), ...others] } };
}

/** Labels and annotations are looked at twice, as upstream does. */
function validateTemplate(
  template: PodTemplateSpec,
  selector: Selector,
  options: PodValidationOptions,
  skips: Skips,
  errors: FieldError[],
): void {
  validateTemplateLabels(template, selector, TEMPLATE, errors);
  if (!skips.podTemplate) errors.push(...validatePodTemplateSpec(template, TEMPLATE, options));
  const { labels, annotations } = template.metadata;
  const annotationsPath = TEMPLATE.child('annotations');
  errors.push(...validateLabels(labels, TEMPLATE.child('labels')));
  errors.push(...validateAnnotations(annotations, annotationsPath));
  validatePodAnnotations(annotations, template.spec, annotationsPath, options, errors);
}

const counts = [
  'replicas',
  'readyReplicas',
  'currentReplicas',
  'updatedReplicas',
  'availableReplicas',
  'observedGeneration',
  'collisionCount',
] as const satisfies readonly (keyof StatefulSetStatus)[];

export function validateStatefulSetStatus({ status }: StatefulSet, old: StatefulSet): readonly FieldError[] {
  return [
    ...validateNonnegativeFields(status, counts, STATUS),
    ...validateAtMostReplicas(status, ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas']),
    ...validateAvailableAtMostReady(status, MORE_THAN_READY),
    ...validateCollisionCount(status.collisionCount, old.status.collisionCount),
  ];
}
