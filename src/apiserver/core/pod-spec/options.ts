// Which older or gated forms the validation of a pod spec lets pass, worked out from the gates and from the object that is replaced.
// Behaviour: pkg/api/pod/util.go (GetValidationOptionsFromPodSpecAndMeta), Kubernetes v1.36.3.
import type { PodSpec, PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../schema/generated/types/meta-v1.ts';
import type { FeatureGates } from '../../resource.ts';

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
}

export function podValidationOptions(
  _spec: PodSpec | undefined,
  _oldSpec: PodSpec | undefined,
  _oldMeta: ObjectMeta | undefined,
  features: FeatureGates,
): PodValidationOptions {
  const on = (name: string) => features.isEnabled(name);
  return {
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
  };
}

export function podTemplateValidationOptions(
  template: PodTemplateSpec | undefined,
  oldTemplate: PodTemplateSpec | undefined,
  features: FeatureGates,
): PodValidationOptions {
  return podValidationOptions(template?.spec, oldTemplate?.spec, oldTemplate?.metadata, features);
}
