// What a KubeSchedulerConfiguration settles, with upstream's defaults.
// Behaviour: pkg/scheduler/apis/config/v1/defaults.go, Kubernetes v1.36.3.
// Differs: without a word about it every node is scored; upstream stops at a share of a large cluster, which depends on where
// its search last ended.
import { DEFAULT_PROFILE, defaultPluginSets, type Profile } from './profile.ts';

export interface SchedulerConfiguration {
  /** 1..100; 0 lets the number of nodes decide, as upstream does by default. */
  readonly percentageOfNodesToScore: number;
  readonly podInitialBackoffSeconds: number;
  readonly podMaxBackoffSeconds: number;
  readonly profiles: readonly Profile[];
}

/** What applies without a configuration; gates decide on some plugins. */
export function defaultConfiguration(isFeatureEnabled: (name: string) => boolean): SchedulerConfiguration {
  return {
    percentageOfNodesToScore: 100,
    podInitialBackoffSeconds: 1,
    podMaxBackoffSeconds: 10,
    profiles: [{ ...DEFAULT_PROFILE, plugins: defaultPluginSets(isFeatureEnabled) }],
  };
}
