// Whether an update of a pod changes only what may change, and what an update of its ephemeral containers may do.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePodUpdate, ValidatePodEphemeralContainersUpdate), Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid, namedString, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { MAX_INT32 } from '../../../apimachinery/go/integer-limits.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { inclusiveRangeError } from '../../../apimachinery/validation/names.ts';
import { APP_ARMOR_CONTAINER_PREFIX, CONFIG_MIRROR } from '../../../apimachinery/well-known/annotations.ts';
import { withoutGivenEmpty } from '../../../schema/decode/given-empty.ts';
import type {
  Affinity,
  Container,
  EphemeralContainer,
  NodeAffinity,
  NodeSelectorTerm,
  Pod,
  PodSpec,
  Toleration,
} from '../../../schema/generated/types/core-v1.ts';
import { structListValue, structValue } from '../pod-spec/internal-value.ts';
import { validatePodAnnotations } from '../pod-spec/validation/annotation.ts';
import { hasOuterSpace } from '../pod-spec/validation/name.ts';
import type { PodValidationOptions } from '../pod-spec/validation/options.ts';
import { validateTolerations } from '../pod-spec/validation/placement/toleration.ts';
import { ephemeralContainerDiff, podSpecDiff } from './internal-diff.ts';
import { equalSpecs, equalValues } from './spec-equality.ts';
import { ANNOTATIONS, SPEC, validatePodMetadataAndSpec } from './validation.ts';

const NO_CONTAINER_CHANGES = 'pod updates may not add or remove containers';
const IMAGE_SPACE = 'must not have leading or trailing whitespace';
const DEADLINE_GREW = 'must be less than or equal to previous value';
const DEADLINE_REMOVED = 'must not update from a positive integer to nil value';
const TOLERATION_CHANGED = 'existing toleration can not be modified except its tolerationSeconds';
const SELECTOR_ADDITIONS = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)';
const TERM_COUNT = 'no additions/deletions to non-empty NodeSelectorTerms list are allowed';
const TERM_ADDITIONS = 'only additions are allowed (no mutations or deletions)';
const APP_ARMOR_CHANGED = 'may not remove or update AppArmor annotations';
const APP_ARMOR_ADDED = 'may not add AppArmor annotations';
const MIRROR_CHANGED = 'may not remove or update mirror pod annotation';
const MIRROR_ADDED = 'may not add mirror pod annotation';
const STATIC_POD = 'static pods do not support ephemeral containers';

const updatableFields = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

export function validatePodUpdate(pod: Pod, old: Pod, options: PodValidationOptions): FieldError[] {
  const errors = validatePodMetadataAndSpec(pod, options);
  validateAnnotationUpdates(pod, old, options, errors);
  for (const list of ['containers', 'initContainers'] as const) {
    if (!validateContainerUpdates(pod.spec[list] ?? [], old.spec[list] ?? [], SPEC.child(list), errors)) return errors;
  }
  if (!validateDeadline(pod.spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds, errors)) return errors;
  validateOnlyAddedTolerations(pod.spec.tolerations ?? [], old.spec.tolerations ?? [], options, errors);
  validateOnlyDeletedGates(pod.spec, old.spec, errors);
  if (equalSpecs(pod.spec, old.spec)) return errors;

  let munged = withoutAllowedChanges(pod.spec, old.spec);
  if (old.spec.schedulingGates?.length) munged = withoutGatedChanges(munged, old.spec, errors);
  if (!equalSpecs(munged, old.spec)) {
    const diff = podSpecDiff(old.spec, munged);
    errors.push(forbidden(SPEC, `pod updates may not change fields other than ${updatableFields}\n${diff}`));
  }
  return errors;
}

export function validateAnnotationUpdates(
  { metadata, spec }: Pod,
  { metadata: old }: Pod,
  options: Parameters<typeof validatePodAnnotations>[3],
  errors: FieldError[],
): void {
  const next = metadata.annotations ?? {};
  const before = old.annotations ?? {};
  for (const key in before) {
    if (next[key] === before[key]) continue;
    if (key.startsWith(APP_ARMOR_CONTAINER_PREFIX)) errors.push(forbidden(ANNOTATIONS.key(key), APP_ARMOR_CHANGED));
    if (key === CONFIG_MIRROR) errors.push(forbidden(ANNOTATIONS.key(key), MIRROR_CHANGED));
  }
  for (const key in next) {
    if (before[key] !== undefined) continue;
    if (key.startsWith(APP_ARMOR_CONTAINER_PREFIX)) errors.push(forbidden(ANNOTATIONS.key(key), APP_ARMOR_ADDED));
    if (key === CONFIG_MIRROR) errors.push(forbidden(ANNOTATIONS.key(key), MIRROR_ADDED));
  }
  validatePodAnnotations(metadata.annotations, spec, ANNOTATIONS, options, errors);
}

/** Whether the validation goes on. */
function validateContainerUpdates(
  containers: readonly Container[],
  old: readonly Container[],
  path: FieldPath,
  errors: FieldError[],
): boolean {
  if (containers.length !== old.length) {
    errors.push(forbidden(path, NO_CONTAINER_CHANGES));
    return false;
  }
  containers.forEach(({ image = '' }, i) => {
    const imagePath = path.index(i).child('image');
    if (image === '') errors.push(required(imagePath, ''));
    if (hasOuterSpace(image)) errors.push(invalid(imagePath, image, IMAGE_SPACE));
  });
  return true;
}

/** A deadline may be set, and may come closer. */
function validateDeadline(deadline: number | undefined, old: number | undefined, errors: FieldError[]): boolean {
  const path = SPEC.child('activeDeadlineSeconds');
  if (deadline === undefined) {
    if (old !== undefined) errors.push(invalid(path, namedString(undefined), DEADLINE_REMOVED));
    return true;
  }
  if (deadline < 0 || deadline > MAX_INT32) errors.push(invalid(path, deadline, inclusiveRangeError(0, MAX_INT32)));
  else if (old !== undefined && old < deadline) errors.push(invalid(path, deadline, DEADLINE_GREW));
  else return true;
  return false;
}

function validateOnlyAddedTolerations(
  tolerations: readonly Toleration[],
  old: readonly Toleration[],
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const path = SPEC.child('tolerations');
  if (!old.every((before) => tolerations.some((after) => isSameButSeconds(before, after)))) {
    errors.push(forbidden(path, TOLERATION_CHANGED));
    return;
  }
  validateTolerations(tolerations, path, options, errors);
}

function isSameButSeconds(a: Toleration, b: Toleration): boolean {
  return (['key', 'operator', 'value', 'effect'] as const).every((field) => (a[field] ?? '') === (b[field] ?? ''));
}

function validateOnlyDeletedGates(
  { schedulingGates = [] }: PodSpec,
  { schedulingGates: old = [] }: PodSpec,
  errors: FieldError[],
): void {
  const added = new Map(schedulingGates.map(({ name }, i) => [name, i]));
  for (const { name } of old) added.delete(name);
  for (const [gate, i] of added) {
    const path = SPEC.child('schedulingGates').index(i).child('name');
    errors.push(forbidden(path, `only deletion is allowed, but found new scheduling gate '${gate}'`));
  }
}

/** The new spec with the old one's values in every field that may change. */
function withoutAllowedChanges(spec: PodSpec, old: PodSpec): PodSpec {
  const { activeDeadlineSeconds: _1, schedulingGates: _2, tolerations: _3, ...rest } = spec;
  const withOldImages = (containers: readonly Container[] | undefined, before: readonly Container[] | undefined) =>
    containers?.map((container, i): Container => {
      const { image: _, ...other } = container;
      const image = before?.[i]?.image;
      return image === undefined ? other : { ...other, image };
    });
  const containers = withOldImages(spec.containers, old.containers);
  const initContainers = withOldImages(spec.initContainers, old.initContainers);
  const oldGrace = old.terminationGracePeriodSeconds;
  return {
    ...withoutGivenEmpty(rest, ['initContainers', 'schedulingGates', 'tolerations']),
    ...(containers ? { containers } : {}),
    ...(initContainers ? { initContainers } : {}),
    ...(old.activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds: old.activeDeadlineSeconds }),
    ...(old.schedulingGates ? { schedulingGates: old.schedulingGates } : {}),
    ...(old.tolerations ? { tolerations: old.tolerations } : {}),
    ...(oldGrace !== undefined && oldGrace < 0 && spec.terminationGracePeriodSeconds === 1
      ? { terminationGracePeriodSeconds: oldGrace }
      : {}),
  };
}

/** While a pod is gated, where it may go can still be narrowed down. */
function withoutGatedChanges(munged: PodSpec, old: PodSpec, errors: FieldError[]): PodSpec {
  let next = munged;
  if (!equalValues(munged.nodeSelector ?? {}, old.nodeSelector ?? {})) {
    const selector = munged.nodeSelector ?? {};
    const isKept = Object.entries(old.nodeSelector ?? {}).every(([key, value]) => selector[key] === value);
    if (!isKept) {
      const shown = munged.nodeSelector ?? namedString(undefined);
      errors.push(invalid(SPEC.child('nodeSelector'), shown, SELECTOR_ADDITIONS));
    }
    next = replaced(next, 'nodeSelector', old.nodeSelector);
  }
  const nodeAffinity = munged.affinity?.nodeAffinity;
  const oldNodeAffinity = old.affinity?.nodeAffinity;
  if (equalValues(nodeAffinity, oldNodeAffinity)) return next;
  validateNodeAffinityMutation(nodeAffinity, oldNodeAffinity, errors);
  return replaced(next, 'affinity', withNodeAffinity(munged.affinity, old.affinity, oldNodeAffinity));
}

function withNodeAffinity(
  affinity: Affinity | undefined,
  old: Affinity | undefined,
  nodeAffinity: NodeAffinity | undefined,
): Affinity | undefined {
  if (!affinity) return nodeAffinity && { nodeAffinity };
  if (!old && !affinity.podAffinity && !affinity.podAntiAffinity) return undefined;
  return replaced(affinity, 'nodeAffinity', nodeAffinity);
}

function replaced<T extends object, K extends keyof T>(object: T, key: K, value: T[K] | undefined): T {
  const { [key]: _, ...rest } = object;
  // The field is optional wherever it is replaced.
  return (value === undefined ? rest : { ...rest, [key]: value }) as T;
}

function validateNodeAffinityMutation(
  next: NodeAffinity | undefined,
  old: NodeAffinity | undefined,
  errors: FieldError[],
): void {
  const oldTerms = old?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (oldTerms.length === 0) return;
  const required = next?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = required?.nodeSelectorTerms ?? [];
  const path = SPEC.child('affinity', 'nodeAffinity', 'requiredDuringSchedulingIgnoredDuringExecution');
  const termsPath = path.child('nodeSelectorTerms');
  if (terms.length !== oldTerms.length) {
    const shown = required?.nodeSelectorTerms ? structListValue('NodeSelectorTerm', terms) : namedString(undefined);
    errors.push(invalid(termsPath, shown, TERM_COUNT));
    return;
  }
  terms.forEach((term, i) => {
    if (hasOnlyAdditions(term, oldTerms[i] ?? {})) return;
    errors.push(invalid(termsPath.index(i), structValue('NodeSelectorTerm', term), TERM_ADDITIONS));
  });
}

function hasOnlyAdditions(next: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const lists = ['matchExpressions', 'matchFields'] as const;
  // A term without requirements matches nothing; one with some would.
  if (lists.every((list) => !old[list]?.length)) return lists.every((list) => !next[list]?.length);
  return lists.every((list) => {
    const before = old[list] ?? [];
    return equalValues(next[list]?.slice(0, before.length) ?? [], before);
  });
}

export function validateEphemeralContainersUpdate(pod: Pod, old: Pod, options: PodValidationOptions): FieldError[] {
  const errors = validatePodMetadataAndSpec(pod, options);
  validateAnnotationUpdates(pod, old, options, errors);
  if (old.metadata.annotations?.[CONFIG_MIRROR] !== undefined) return [forbidden(FieldPath.of(''), STATIC_POD)];
  const path = SPEC.child('ephemeralContainers');
  const byName = new Map<string, EphemeralContainer>();
  for (const container of pod.spec.ephemeralContainers ?? []) byName.set(container.name, container);
  for (const before of old.spec.ephemeralContainers ?? []) {
    const subject = `existing ephemeral containers ${goQuote(before.name)}`;
    const after = byName.get(before.name);
    if (!after) errors.push(forbidden(path, `${subject} may not be removed\n`));
    else if (!equalValues(before, after)) {
      errors.push(forbidden(path, `${subject} may not be changed\n${ephemeralContainerDiff(before, after)}`));
    }
  }
  return errors;
}
