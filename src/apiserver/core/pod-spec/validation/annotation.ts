// Whether the annotations with a meaning for pods make sense, and agree with the fields that have replaced them.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePodSpecificAnnotations, validateSeccompAnnotationsAndFields,
// validateAppArmorAnnotationsAndFieldsMatchOnCreate), Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid } from '../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../apimachinery/field-path.ts';
import { parseGoInt } from '../../../../apimachinery/go/int.ts';
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import {
  APP_ARMOR_CONTAINER_PREFIX,
  CONFIG_MIRROR,
  POD_DELETION_COST,
  SECCOMP_CONTAINER_PREFIX,
  SECCOMP_POD,
} from '../../../../apimachinery/well-known/annotations.ts';
import type {
  AppArmorProfile,
  PodSpec,
  SeccompProfile,
  Toleration,
} from '../../../../schema/generated/types/core-v1.ts';
import { containerPath, someContainer, visitContainers } from '../visit-containers.ts';
import type { PodValidationOptions } from './options.ts';
import { validateTolerations } from './placement/toleration.ts';
import { validateLocalDescendingPath } from './volumes/path.ts';

const TOLERATIONS = 'scheduler.alpha.kubernetes.io/tolerations';

const RUNTIME_DEFAULT = 'runtime/default';
const DOCKER_DEFAULT = 'docker/default';
const UNCONFINED = 'unconfined';
const LOCALHOST_PREFIX = 'localhost/';

const MIRROR_NEEDS_NODE = 'must set spec.nodeName if mirror pod annotation is set';
const DELETION_COST_FORM = 'must be a 32bit integer';
const SECCOMP_FORM = 'must be a valid seccomp profile';
const SECCOMP_DIFFERS = {
  type: 'seccomp type in annotation and field must match',
  profile: 'seccomp profile in annotation and field must match',
};
const APP_ARMOR_DIFFERS = {
  type: 'apparmor type in annotation and field must match',
  profile: 'apparmor profile in annotation and field must match',
};
const NO_SUCH_CONTAINER = 'container not found';

type AnnotationOptions = Pick<
  PodValidationOptions,
  'allowInvalidPodDeletionCost' | 'allowTaintTolerationComparisonOperators'
>;
type Annotations = Readonly<Record<string, string>> | undefined;

export function validatePodAnnotations(
  annotations: Annotations,
  spec: PodSpec,
  path: FieldPath,
  options: AnnotationOptions,
  errors: FieldError[],
): void {
  if (!annotations) return;
  const mirror = annotations[CONFIG_MIRROR];
  if (mirror !== undefined && !spec.nodeName) errors.push(invalid(path.key(CONFIG_MIRROR), mirror, MIRROR_NEEDS_NODE));
  const tolerations = annotations[TOLERATIONS];
  if (tolerations) validateAnnotatedTolerations(tolerations, path, options, errors);
  const cost = annotations[POD_DELETION_COST];
  if (cost !== undefined && !options.allowInvalidPodDeletionCost && !isDeletionCost(cost)) {
    errors.push(invalid(path.key(POD_DELETION_COST), cost, DELETION_COST_FORM));
  }
  validateSeccompAnnotations(annotations, path, errors);
  for (const key in annotations) {
    if (key.startsWith(APP_ARMOR_CONTAINER_PREFIX)) {
      validateAppArmorAnnotation(key, annotations[key] ?? '', spec, path, errors);
    }
  }
}

/** Whether an annotation says a pod's deletion cost: an int32 without a plus or leading zeros. */
function isDeletionCost(text: string): boolean {
  return (/^[-1-9]/.test(text) || text === '0') && parseGoInt(text, 32, 'ParseInt').ok;
}

export function hasInvalidDeletionCost(annotations: Annotations): boolean {
  const cost = annotations?.[POD_DELETION_COST];
  return cost !== undefined && !isDeletionCost(cost);
}

function validateAnnotatedTolerations(
  text: string,
  path: FieldPath,
  options: AnnotationOptions,
  errors: FieldError[],
): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Differs: Go's decoder words the syntax error in its own way.
    errors.push(invalid(path, TOLERATIONS, 'invalid character in JSON'));
    return;
  }
  // The annotation is decoded into the internal type, which matches names without regard to case.
  if (!Array.isArray(parsed)) return;
  const list = parsed.map((item) => lowerFirstKeys(item));
  if (list.length > 0) validateTolerations(list, path.child(TOLERATIONS), options, errors);
}

function lowerFirstKeys(value: unknown): Toleration {
  const entries = Object.entries(value ?? {}).map(([key, item]) => [
    TOLERATION_FIELDS.get(key.toLowerCase()) ?? key,
    item,
  ]);
  // Fields of other types would have failed to decode.
  return Object.fromEntries(entries) as Toleration;
}

const TOLERATION_FIELDS = new Map(
  ['key', 'operator', 'value', 'effect', 'tolerationSeconds'].map((name) => [name.toLowerCase(), name]),
);

function validateSeccompAnnotations(
  annotations: Readonly<Record<string, string>>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const pod = annotations[SECCOMP_POD];
  if (pod !== undefined) validateSeccompProfile(pod, path.child(SECCOMP_POD), errors);
  for (const key in annotations) {
    if (key.startsWith(SECCOMP_CONTAINER_PREFIX)) {
      validateSeccompProfile(annotations[key] ?? '', path.child(key), errors);
    }
  }
}

function validateSeccompProfile(profile: string, path: FieldPath, errors: FieldError[]): void {
  if (profile === RUNTIME_DEFAULT || profile === DOCKER_DEFAULT || profile === UNCONFINED) return;
  if (profile.startsWith(LOCALHOST_PREFIX)) {
    validateLocalDescendingPath(profile.slice(LOCALHOST_PREFIX.length), path, errors);
  } else errors.push(invalid(path, profile, SECCOMP_FORM));
}

function validateAppArmorAnnotation(
  key: string,
  profile: string,
  spec: PodSpec,
  path: FieldPath,
  errors: FieldError[],
): void {
  const name = key.slice(APP_ARMOR_CONTAINER_PREFIX.length);
  if (!someContainer(spec, (container) => container.name === name)) {
    errors.push(invalid(path.key(key), name, NO_SUCH_CONTAINER));
  }
  const isValid =
    profile === '' || profile === RUNTIME_DEFAULT || profile === UNCONFINED || profile.startsWith(LOCALHOST_PREFIX);
  if (!isValid) {
    errors.push(invalid(path.key(key), profile, `invalid AppArmor profile name: ${goQuote(profile)}`));
  }
}

/** The field that an AppArmor annotation stands for; nothing when it cannot be understood. */
export function appArmorFieldOf(annotation: string): AppArmorProfile | undefined {
  if (annotation === UNCONFINED) return { type: 'Unconfined' };
  if (annotation === RUNTIME_DEFAULT) return { type: 'RuntimeDefault' };
  if (!annotation.startsWith(LOCALHOST_PREFIX) || annotation === LOCALHOST_PREFIX) return undefined;
  return { type: 'Localhost', localhostProfile: annotation.slice(LOCALHOST_PREFIX.length) };
}

export function validateSeccompAnnotationsMatch(
  annotations: Annotations,
  spec: PodSpec,
  specPath: FieldPath,
  errors: FieldError[],
): void {
  if (!annotations) return;
  const match = (annotation: string | undefined, profile: SeccompProfile | undefined, ownerPath: FieldPath) => {
    if (annotation === undefined || !profile) return;
    const path = ownerPath.child('securityContext', 'seccompProfile');
    const expected = profile.type === 'RuntimeDefault' && annotation === DOCKER_DEFAULT ? RUNTIME_DEFAULT : annotation;
    matchProfile(expected, profile, path, SECCOMP_DIFFERS, errors);
  };
  match(annotations[SECCOMP_POD], spec.securityContext?.seccompProfile, specPath);
  visitContainers(spec, ({ name, securityContext }, list, i) => {
    const annotation = annotations[SECCOMP_CONTAINER_PREFIX + name];
    if (annotation === undefined) return;
    match(annotation, securityContext?.seccompProfile, containerPath(specPath, list, i));
  });
}

export function validateAppArmorAnnotationsMatch(
  annotations: Annotations,
  spec: PodSpec,
  specPath: FieldPath,
  errors: FieldError[],
): void {
  if (!annotations || spec.os?.name === 'windows') return;
  visitContainers(spec, ({ name, securityContext }, list, i) => {
    const annotation = annotations[APP_ARMOR_CONTAINER_PREFIX + name];
    const profile = securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
    if (annotation === undefined || !profile) return;
    const path = containerPath(specPath, list, i).child('securityContext', 'appArmorProfile');
    matchProfile(annotation, profile, path, APP_ARMOR_DIFFERS, errors);
  });
}

/** Seccomp and AppArmor profiles have the same form, in fields and in annotations. */
function matchProfile(
  annotation: string,
  { type, localhostProfile }: SeccompProfile | AppArmorProfile,
  path: FieldPath,
  differs: typeof SECCOMP_DIFFERS,
  errors: FieldError[],
): void {
  const sameType =
    (type === 'Unconfined' && annotation === UNCONFINED) ||
    (type === 'RuntimeDefault' && annotation === RUNTIME_DEFAULT) ||
    (type === 'Localhost' && annotation.startsWith(LOCALHOST_PREFIX));
  // Another type than these three is told elsewhere.
  const isKnown = type === 'Unconfined' || type === 'RuntimeDefault' || type === 'Localhost';
  if (!sameType && isKnown) errors.push(forbidden(path.child('type'), differs.type));
  else if (type === 'Localhost' && annotation.slice(LOCALHOST_PREFIX.length) !== localhostProfile) {
    errors.push(forbidden(path.child('localhostProfile'), differs.profile));
  }
}
