// Which older or gated forms the validation of a pod spec lets pass, worked out from the gates and from the object that is replaced.
// Behaviour: pkg/api/pod/util.go (GetValidationOptionsFromPodSpecAndMeta), Kubernetes v1.36.3.
import type { FieldError } from '../../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../../apimachinery/field-path.ts';
import { mustParseQuantity } from '../../../../apimachinery/quantity/quantity.ts';
import { isEnvVarName, isRelaxedEnvVarName, isValidLabelValue } from '../../../../apimachinery/validation/names.ts';
import type { Pod, PodAffinityTerm, PodSpec, PodTemplateSpec } from '../../../../schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../../schema/generated/types/meta-v1.ts';
import { validateLabelSelector } from '../../../../selectors/label-selector-validation.ts';
import type { FeatureGates } from '../../../resource.ts';
import type { ResourceList } from '../aggregate-resources.ts';
import {
  restartAllContainersInUse,
  restartRulesInUse,
  seLinuxChangePolicyInUse,
  sleepActionInUse,
  usesFileKeyRef,
} from '../fields-in-use.ts';
import { isHugePageResourceName, isHugePageValueDivisible } from '../resource-names.ts';
import { isRestartableInitContainer, someContainer, visitContainers } from '../visit-containers.ts';
import { hasInvalidDeletionCost } from './annotation.ts';
import {
  validateMatchLabelKeys,
  validatePodAffinityTermSelectors,
  validateUnmergedMatchLabelKeys,
} from './placement/affinity.ts';
import { hostSysctlError } from './security-context.ts';
import { isLocalNonReservedPath } from './volumes/path.ts';

/** Fields as upstream's PodValidationOptions; Job and others change some of them after podTemplateValidationOptions. */
export interface PodValidationOptions {
  readonly allowInvalidPodDeletionCost: boolean;
  readonly allowInvalidLabelValueInSelector: boolean;
  readonly allowIndivisibleHugePagesValues: boolean;
  readonly allowInvalidTopologySpreadConstraintLabelSelector: boolean;
  readonly allowNonLocalProjectedTokenPath: boolean;
  readonly allowNamespacedSysctlsForHostNetAndHostIPC: boolean;
  readonly resourceIsPod: boolean;
  readonly allowRelaxedEnvironmentVariableValidation: boolean;
  readonly allowRelaxedDNSSearchValidation: boolean;
  readonly allowPodLifecycleSleepActionZeroValue: boolean;
  readonly allowOnlyRecursiveSELinuxChangePolicy: boolean;
  readonly podLevelResourcesEnabled: boolean;
  readonly inPlacePodLevelResourcesVerticalScalingEnabled: boolean;
  readonly allowSidecarResizePolicy: boolean;
  readonly allowInvalidLabelValueInRequiredNodeAffinity: boolean;
  readonly allowMatchLabelKeysInPodTopologySpread: boolean;
  readonly allowMatchLabelKeysInPodTopologySpreadSelectorMerge: boolean;
  readonly oldPodViolatesMatchLabelKeysValidation: boolean;
  readonly oldPodViolatesLegacyMatchLabelKeysValidation: boolean;
  readonly allowEnvFilesValidation: boolean;
  readonly allowContainerRestartPolicyRules: boolean;
  readonly allowExistingRestartContainerForNonSidecarInitContainer: boolean;
  readonly allowUserNamespacesWithVolumeDevices: boolean;
  readonly allowTaintTolerationComparisonOperators: boolean;
  readonly allowUserNamespacesHostNetworkSupport: boolean;
  readonly allowRestartAllContainers: boolean;
  readonly allowImageVolumeWithDigest: boolean;
  /** The gate StrictIPCIDRValidation, which upstream asks where it checks an address. */
  readonly strictIpValidation: boolean;
}

/** The gates of a server do not change while it runs. */
const byGates = new WeakMap<FeatureGates, PodValidationOptions>();

function optionsByGates(features: FeatureGates): PodValidationOptions {
  const known = byGates.get(features);
  if (known) return known;
  const on = (name: string) => features.isEnabled(name);
  const options: PodValidationOptions = {
    allowInvalidPodDeletionCost: !on('PodDeletionCost'),
    allowInvalidLabelValueInSelector: false,
    allowIndivisibleHugePagesValues: false,
    allowInvalidTopologySpreadConstraintLabelSelector: false,
    allowNonLocalProjectedTokenPath: false,
    allowNamespacedSysctlsForHostNetAndHostIPC: false,
    resourceIsPod: false,
    allowRelaxedEnvironmentVariableValidation: on('RelaxedEnvironmentVariableValidation'),
    allowRelaxedDNSSearchValidation: on('RelaxedDNSSearchValidation'),
    allowPodLifecycleSleepActionZeroValue: on('PodLifecycleSleepActionAllowZero'),
    allowOnlyRecursiveSELinuxChangePolicy: !on('SELinuxMount'),
    podLevelResourcesEnabled: on('PodLevelResources'),
    inPlacePodLevelResourcesVerticalScalingEnabled: on('InPlacePodLevelResourcesVerticalScaling'),
    allowSidecarResizePolicy: on('InPlacePodVerticalScaling'),
    allowInvalidLabelValueInRequiredNodeAffinity: false,
    allowMatchLabelKeysInPodTopologySpread: on('MatchLabelKeysInPodTopologySpread'),
    allowMatchLabelKeysInPodTopologySpreadSelectorMerge: on('MatchLabelKeysInPodTopologySpreadSelectorMerge'),
    oldPodViolatesMatchLabelKeysValidation: false,
    oldPodViolatesLegacyMatchLabelKeysValidation: false,
    allowEnvFilesValidation: on('EnvFiles'),
    allowContainerRestartPolicyRules: on('ContainerRestartRules'),
    allowExistingRestartContainerForNonSidecarInitContainer: false,
    allowUserNamespacesWithVolumeDevices: false,
    allowTaintTolerationComparisonOperators: on('TaintTolerationComparisonOperators'),
    allowUserNamespacesHostNetworkSupport: on('UserNamespacesHostNetworkSupport'),
    allowRestartAllContainers: on('RestartAllContainersOnContainerExits'),
    allowImageVolumeWithDigest: on('ImageVolumeWithDigest'),
    strictIpValidation: on('StrictIPCIDRValidation'),
  };
  byGates.set(features, options);
  return options;
}

/** Without an old object the gates alone decide. */
export function podValidationOptions(
  spec: PodSpec | undefined,
  old: PodSpec | undefined,
  oldMeta: ObjectMeta | undefined,
  features: FeatureGates,
): PodValidationOptions {
  const gates = optionsByGates(features);
  if (!old) return gates;
  const keysAreMerged = gates.allowMatchLabelKeysInPodTopologySpreadSelectorMerge;
  const keysAreKnown = gates.allowMatchLabelKeysInPodTopologySpread;
  return {
    ...gates,
    allowInvalidPodDeletionCost: gates.allowInvalidPodDeletionCost || hasInvalidDeletionCost(oldMeta?.annotations),
    allowInvalidLabelValueInSelector: hasInvalidAffinitySelector(old),
    allowIndivisibleHugePagesValues: usesIndivisibleHugePages(old),
    allowInvalidTopologySpreadConstraintLabelSelector: hasInvalidSpreadSelector(old),
    allowNonLocalProjectedTokenPath: hasNonLocalTokenPath(old),
    allowNamespacedSysctlsForHostNetAndHostIPC: hasHostSysctl(old),
    allowRelaxedEnvironmentVariableValidation:
      gates.allowRelaxedEnvironmentVariableValidation || keepsRelaxedVariable(spec, old),
    allowRelaxedDNSSearchValidation: gates.allowRelaxedDNSSearchValidation || hasRelaxedSearch(old),
    allowPodLifecycleSleepActionZeroValue:
      gates.allowPodLifecycleSleepActionZeroValue || sleepActionInUse(old, (seconds) => seconds === 0),
    allowOnlyRecursiveSELinuxChangePolicy:
      gates.allowOnlyRecursiveSELinuxChangePolicy && !seLinuxChangePolicyInUse(old),
    allowSidecarResizePolicy: gates.allowSidecarResizePolicy || hasSidecarResizePolicy(old),
    allowInvalidLabelValueInRequiredNodeAffinity: hasInvalidNodeAffinityValue(old),
    oldPodViolatesMatchLabelKeysValidation: keysAreKnown && keysAreMerged && violatesMatchLabelKeys(old, true),
    oldPodViolatesLegacyMatchLabelKeysValidation: keysAreKnown && !keysAreMerged && violatesMatchLabelKeys(old, false),
    allowEnvFilesValidation: gates.allowEnvFilesValidation || usesFileKeyRef(old),
    allowContainerRestartPolicyRules: gates.allowContainerRestartPolicyRules || restartRulesInUse(old),
    allowExistingRestartContainerForNonSidecarInitContainer: restartsInitContainerOnResize(old),
    allowUserNamespacesWithVolumeDevices: hasUserNamespaceWithDevices(old),
    allowTaintTolerationComparisonOperators: gates.allowTaintTolerationComparisonOperators || comparesTaints(old),
    allowUserNamespacesHostNetworkSupport:
      gates.allowUserNamespacesHostNetworkSupport || (old.hostUsers === false && old.hostNetwork === true),
    allowRestartAllContainers: gates.allowRestartAllContainers || restartAllContainersInUse(old),
  };
}

/** Those that the validation of a pod's status asks for; finding the others out takes longer than the validation. */
export type PodStatusOptions = Pick<
  PodValidationOptions,
  | 'strictIpValidation'
  | 'allowInvalidPodDeletionCost'
  | 'allowTaintTolerationComparisonOperators'
  | 'allowContainerRestartPolicyRules'
  | 'allowRestartAllContainers'
  | 'allowImageVolumeWithDigest'
>;

export function podStatusOptions(old: Pod, features: FeatureGates): PodStatusOptions {
  const gates = optionsByGates(features);
  const { spec, metadata } = old;
  return {
    strictIpValidation: gates.strictIpValidation,
    allowInvalidPodDeletionCost: gates.allowInvalidPodDeletionCost || hasInvalidDeletionCost(metadata.annotations),
    allowTaintTolerationComparisonOperators: gates.allowTaintTolerationComparisonOperators || comparesTaints(spec),
    allowContainerRestartPolicyRules: gates.allowContainerRestartPolicyRules || restartRulesInUse(spec),
    allowRestartAllContainers: gates.allowRestartAllContainers || restartAllContainersInUse(spec),
    allowImageVolumeWithDigest: gates.allowImageVolumeWithDigest,
  };
}

export function podTemplateValidationOptions(
  template: PodTemplateSpec | undefined,
  oldTemplate: PodTemplateSpec | undefined,
  features: FeatureGates,
): PodValidationOptions {
  return podValidationOptions(template?.spec, oldTemplate?.spec, oldTemplate?.metadata, features);
}

/** Whether something is wrong matters here, not where. */
const SOMEWHERE = FieldPath.of('spec');

function affinityTerms({ affinity }: PodSpec): readonly PodAffinityTerm[] {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((terms) => [
    ...(terms?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
}

function hasInvalidAffinitySelector(spec: PodSpec): boolean {
  return affinityTerms(spec).some((term) => validatePodAffinityTermSelectors(term, false, SOMEWHERE).length > 0);
}

function hasInvalidNodeAffinityValue({ affinity }: PodSpec): boolean {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return terms.some(({ matchExpressions = [] }) =>
    matchExpressions.some(({ values = [] }) => values.some((value) => isValidLabelValue(value).length > 0)),
  );
}

function usesIndivisibleHugePages(spec: PodSpec): boolean {
  const isIndivisible = (list: ResourceList | undefined) => {
    for (const name in list) {
      if (!isHugePageResourceName(name)) continue;
      if (!isHugePageValueDivisible(name, mustParseQuantity(list[name] ?? '0'))) return true;
    }
    return false;
  };
  return (
    someContainer(spec, ({ resources }) => isIndivisible(resources.limits) || isIndivisible(resources.requests)) ||
    isIndivisible(spec.overhead)
  );
}

function hasInvalidSpreadSelector({ topologySpreadConstraints = [] }: PodSpec): boolean {
  return topologySpreadConstraints.some(
    ({ labelSelector }) => validateLabelSelector(labelSelector, {}, SOMEWHERE).length > 0,
  );
}

function violatesMatchLabelKeys({ topologySpreadConstraints = [] }: PodSpec, merged: boolean): boolean {
  return topologySpreadConstraints.some(({ matchLabelKeys = [], labelSelector }) => {
    const errors: FieldError[] = [];
    if (merged) validateMatchLabelKeys(matchLabelKeys, [], labelSelector, SOMEWHERE, errors);
    else validateUnmergedMatchLabelKeys(matchLabelKeys, labelSelector, SOMEWHERE, errors);
    return errors.length > 0;
  });
}

function hasNonLocalTokenPath({ volumes = [] }: PodSpec): boolean {
  return volumes.some(({ projected }) =>
    projected?.sources?.some(
      ({ serviceAccountToken }) => serviceAccountToken && !isLocalNonReservedPath(serviceAccountToken.path),
    ),
  );
}

function hasHostSysctl(spec: PodSpec): boolean {
  const sysctls = spec.securityContext?.sysctls ?? [];
  return sysctls.some(({ name }) => hostSysctlError(name, spec) !== undefined);
}

/** A name that only the relaxed rule allows may stay where it was. */
function keepsRelaxedVariable(spec: PodSpec | undefined, old: PodSpec): boolean {
  if (!spec) return false;
  const oldNames = environmentNames(old);
  return [...environmentNames(spec)].some(
    (name) => oldNames.has(name) && isEnvVarName(name).length > 0 && isRelaxedEnvVarName(name).length === 0,
  );
}

function environmentNames(spec: PodSpec): ReadonlySet<string> {
  const names = new Set<string>();
  visitContainers(spec, ({ env, envFrom }) => {
    for (const { name } of env ?? []) names.add(name);
    for (const { prefix = '' } of envFrom ?? []) names.add(prefix);
  });
  return names;
}

function hasRelaxedSearch({ dnsConfig }: PodSpec): boolean {
  return dnsConfig?.searches?.some((search) => search === '.' || search.includes('_')) ?? false;
}

function hasSidecarResizePolicy({ initContainers = [] }: PodSpec): boolean {
  return initContainers.some(
    (container) => isRestartableInitContainer(container) && (container.resizePolicy?.length ?? 0) > 0,
  );
}

function restartsInitContainerOnResize({ initContainers = [] }: PodSpec): boolean {
  return initContainers.some(
    (container) =>
      !isRestartableInitContainer(container) &&
      container.resizePolicy?.some(({ restartPolicy }) => restartPolicy === 'RestartContainer'),
  );
}

function hasUserNamespaceWithDevices(spec: PodSpec): boolean {
  return spec.hostUsers === false && someContainer(spec, ({ volumeDevices }) => (volumeDevices?.length ?? 0) > 0);
}

function comparesTaints({ tolerations = [] }: PodSpec): boolean {
  return tolerations.some(({ operator }) => operator === 'Lt' || operator === 'Gt');
}
