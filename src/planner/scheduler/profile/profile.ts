// A profile: which plugins are switched on and off, for all extension points or for one, and what is switched on where nothing is said.
// Behaviour: pkg/scheduler/apis/config/v1/default_plugins.go, Kubernetes v1.36.3.
import { DEFAULT_ARGS, type PluginArgs } from './args.ts';
import { EXTENSION_POINTS, type ExtensionPoint } from './extension-points.ts';

export interface PluginSetting {
  readonly name: string;
  readonly weight?: number;
}

export interface PluginSet {
  readonly enabled: readonly PluginSetting[];
  readonly disabled: readonly PluginSetting[];
}

export type PluginSets = { readonly [Point in ExtensionPoint | 'multiPoint']: PluginSet };

export interface Profile {
  readonly schedulerName: string;
  /** Share of nodes to find feasible before scoring; undefined: the scheduler's own setting. */
  readonly percentageOfNodesToScore?: number;
  readonly plugins: PluginSets;
  readonly args: PluginArgs;
}

/** In the order in which they run. */
const DEFAULT_MULTI_POINT: readonly PluginSetting[] = [
  { name: 'SchedulingGates' },
  { name: 'PrioritySort' },
  { name: 'NodeUnschedulable' },
  { name: 'NodeName' },
  { name: 'TaintToleration', weight: 3 },
  { name: 'NodeAffinity', weight: 2 },
  { name: 'NodePorts' },
  { name: 'NodeResourcesFit', weight: 1 },
  { name: 'VolumeRestrictions' },
  { name: 'NodeVolumeLimits' },
  { name: 'VolumeBinding' },
  { name: 'VolumeZone' },
  { name: 'PodTopologySpread', weight: 2 },
  { name: 'InterPodAffinity', weight: 2 },
  { name: 'DynamicResources', weight: 2 },
  { name: 'DefaultPreemption' },
  { name: 'NodeResourcesBalancedAllocation', weight: 1 },
  { name: 'ImageLocality', weight: 1 },
  { name: 'DefaultBinder' },
  { name: 'NodeDeclaredFeatures' },
];

const NOTHING: PluginSet = { enabled: [], disabled: [] };

const NO_PLUGIN_SETS = Object.fromEntries(
  [...EXTENSION_POINTS, 'multiPoint'].map((point) => [point, NOTHING]),
) as PluginSets; // every point of the type is in the list

export const DEFAULT_PROFILE: Profile = {
  schedulerName: 'default-scheduler',
  plugins: { ...NO_PLUGIN_SETS, multiPoint: { enabled: DEFAULT_MULTI_POINT, disabled: [] } },
  args: DEFAULT_ARGS,
};

/** Plugins that come last, with gates that are off by default. */
const GATED_MULTI_POINT: readonly PluginSetting[] = [
  { name: 'GangScheduling' },
  { name: 'TopologyPlacementGenerator' },
  { name: 'PodGroupPodsCount', weight: 1 },
];

/** The gates of plugins; the others are always there. */
const GATE_OF: Readonly<Record<string, string>> = {
  DynamicResources: 'DynamicResourceAllocation',
  GangScheduling: 'GangScheduling',
  NodeDeclaredFeatures: 'NodeDeclaredFeatures',
  PodGroupPodsCount: 'TopologyAwareWorkloadScheduling',
  TopologyPlacementGenerator: 'TopologyAwareWorkloadScheduling',
};

/** The plugin sets that apply when a configuration names none. */
export function defaultPluginSets(isFeatureEnabled: (name: string) => boolean): PluginSets {
  const enabled = [...DEFAULT_MULTI_POINT, ...GATED_MULTI_POINT].filter(({ name }) => {
    const gate = GATE_OF[name];
    return gate === undefined || isFeatureEnabled(gate);
  });
  return { ...NO_PLUGIN_SETS, multiPoint: { enabled, disabled: [] } };
}
