// Which Kubernetes a simulation is: minor version and feature gates.
// Behaviour: pkg/features/kube_features.go (defaults by version), Kubernetes v1.36.3.
import type { FeatureGates } from '../apiserver/resource.ts';
import type { KubernetesVersion } from '../schema/layout.ts';

export interface KubernetesOptions {
  readonly version: KubernetesVersion;
  /** Gates set by hand; the others have the version's default. */
  readonly featureGates: Readonly<Record<string, boolean>>;
  /** Command-line flags of the control plane's components, by name without dashes. */
  readonly flags: Readonly<Record<string, string>>;
}

/** Gates that are off by default in 1.36 and that something here asks for; every other gate counts as on. */
const OFF: ReadonlySet<string> = new Set([
  'ChangeContainerStatusOnKubeletRestart',
  'ClusterTrustBundle',
  'ClusterTrustBundleProjection',
  'ContainerStopSignals',
  'CrossNamespaceVolumeDataSource',
  'DRADeviceTaintRules',
  'DRAListTypeAttributes',
  'DRANodeAllocatableResources',
  'DRAWorkloadResourceClaims',
  'EventedPLEG',
  'GangScheduling',
  'GenericWorkload',
  'HPAScaleToZero',
  'MaxUnavailableStatefulSet',
  'PodCertificateRequest',
  'ReduceDefaultCrashLoopBackOffDecay',
  'SchedulerAsyncAPICalls',
  'StorageCapacityScoring',
  'StorageVersionMigrator',
  'TaintTolerationComparisonOperators',
  'TopologyAwareWorkloadScheduling',
  'VolumeLimitScaling',
  'WorkloadAwarePreemption',
  'WorkloadWithJob',
]);

export function featureGates({ featureGates }: Pick<KubernetesOptions, 'featureGates'>): FeatureGates {
  return { isEnabled: (name) => featureGates[name] ?? !OFF.has(name) };
}
