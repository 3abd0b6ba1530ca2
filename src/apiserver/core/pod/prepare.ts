// What the API server writes into a new pod by itself: status, generation, and selectors and profiles that the pod only hints at.
// Behaviour: pkg/registry/core/pod/strategy.go (PrepareForCreate), Kubernetes v1.36.3.
import type { FieldError } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import { APP_ARMOR_CONTAINER_PREFIX } from '../../../apimachinery/well-known/annotations.ts';
import type {
  Affinity,
  Pod,
  PodAffinity,
  PodAffinityTerm,
  PodSpec,
  PodStatus,
} from '../../../schema/generated/types/core-v1.ts';
import type { LabelSelector } from '../../../selectors/label-selector.ts';
import type { FeatureGates, StrategyContext } from '../../resource.ts';
import { dropDisabledSpecFields } from '../pod-spec/disabled-fields.ts';
import { appArmorFieldOf } from '../pod-spec/validation/annotation.ts';
import { validateAppArmorProfileField } from '../pod-spec/validation/security-context.ts';
import { type AnyContainer, mapContainers } from '../pod-spec/visit-containers.ts';
import { isSameProfile } from '../pod-spec/warnings.ts';
import { podQosClass } from './qos.ts';

const GATED_MESSAGE = 'Scheduling is blocked due to non-empty scheduling gates';
const APP_ARMOR_ANNOTATION = 'deprecated since v1.30; use the "appArmorProfile" field instead';

type Labels = Readonly<Record<string, string>>;

interface PreparedPod {
  readonly pod: Pod;
  /** Said of annotations that have just become fields. */
  readonly warnings: readonly string[];
}

export function preparePod(pod: Pod, { features, now }: Pick<StrategyContext, 'features' | 'now'>): PreparedPod {
  const labels = pod.metadata.labels ?? {};
  let spec = dropDisabledSpecFields(pod.spec, undefined, features);
  spec = withMergedAffinity(spec, labels, features);
  spec = withMergedSpreadConstraints(spec, labels, features);
  const warnings: string[] = [];
  spec = withAppArmorFields(spec, pod.metadata.annotations ?? {}, warnings);
  return {
    pod: { ...pod, metadata: { ...pod.metadata, generation: 1 }, spec, status: newStatus(pod, now) },
    warnings,
  };
}

function newStatus(pod: Pod, now: number): PodStatus {
  const status: PodStatus = { phase: 'Pending', qosClass: podQosClass(pod) };
  if (!pod.spec.schedulingGates?.length) return status;
  const condition = {
    type: 'PodScheduled',
    status: 'False',
    lastTransitionTime: formatTime(now),
    reason: 'SchedulingGated',
    message: GATED_MESSAGE,
  };
  return { ...status, conditions: [condition] };
}

/** Keys whose values are known only now become requirements, so that later changes of labels do not move the pod's peers. */
function withMergedAffinity(spec: PodSpec, labels: Labels, features: FeatureGates): PodSpec {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  if ((!podAffinity && !podAntiAffinity) || !features.isEnabled('MatchLabelKeysInPodAffinity')) return spec;
  const affinity: Affinity = {
    ...spec.affinity,
    ...(podAffinity ? { podAffinity: withMergedTerms(podAffinity, labels) } : {}),
    ...(podAntiAffinity ? { podAntiAffinity: withMergedTerms(podAntiAffinity, labels) } : {}),
  };
  return { ...spec, affinity };
}

function withMergedTerms(affinity: PodAffinity, labels: Labels): PodAffinity {
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution;
  const merge = (term: PodAffinityTerm): PodAffinityTerm => {
    const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
    if (!labelSelector || matchLabelKeys.length + mismatchLabelKeys.length === 0) return term;
    const matched = withRequirements(labelSelector, matchLabelKeys, 'In', labels);
    return { ...term, labelSelector: withRequirements(matched, mismatchLabelKeys, 'NotIn', labels) };
  };
  return {
    ...(required ? { requiredDuringSchedulingIgnoredDuringExecution: required.map(merge) } : {}),
    ...(preferred
      ? {
          preferredDuringSchedulingIgnoredDuringExecution: preferred.map((weighted) => ({
            ...weighted,
            podAffinityTerm: merge(weighted.podAffinityTerm),
          })),
        }
      : {}),
  };
}

function withMergedSpreadConstraints(spec: PodSpec, labels: Labels, features: FeatureGates): PodSpec {
  const constraints = spec.topologySpreadConstraints;
  if (!constraints?.some(({ matchLabelKeys }) => matchLabelKeys?.length)) return spec;
  if (!features.isEnabled('MatchLabelKeysInPodTopologySpread')) return spec;
  if (!features.isEnabled('MatchLabelKeysInPodTopologySpreadSelectorMerge')) return spec;
  return {
    ...spec,
    topologySpreadConstraints: constraints.map((constraint) => {
      const { labelSelector, matchLabelKeys = [] } = constraint;
      if (!labelSelector) return constraint;
      return { ...constraint, labelSelector: withRequirements(labelSelector, matchLabelKeys, 'In', labels) };
    }),
  };
}

function withRequirements(
  selector: LabelSelector,
  keys: readonly string[],
  operator: 'In' | 'NotIn',
  labels: Labels,
): LabelSelector {
  const added = keys.flatMap((key) => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });
  return added.length === 0
    ? selector
    : { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...added] };
}

/** Annotations from before AppArmor had fields become fields. */
function withAppArmorFields(spec: PodSpec, annotations: Labels, warnings: string[]): PodSpec {
  if (spec.os?.name === 'windows') return spec;
  if (!Object.keys(annotations).some((key) => key.startsWith(APP_ARMOR_CONTAINER_PREFIX))) return spec;
  const podProfile = spec.securityContext?.appArmorProfile;
  return mapContainers(spec, <C extends AnyContainer>(container: C): C => {
    const key = APP_ARMOR_CONTAINER_PREFIX + container.name;
    const annotation = annotations[key];
    if (annotation === undefined || container.securityContext?.appArmorProfile) return container;
    const profile = appArmorFieldOf(annotation);
    const errors: FieldError[] = [];
    validateAppArmorProfileField(profile, FieldPath.of('spec'), errors);
    const isValid = profile !== undefined && errors.length === 0;
    if (isValid && isSameProfile(podProfile, profile)) return container;
    warnings.push(`${FieldPath.of('metadata', 'annotations').key(key)}: ${APP_ARMOR_ANNOTATION}`);
    if (!isValid) return container;
    return { ...container, securityContext: { ...container.securityContext, appArmorProfile: profile } };
  });
}
