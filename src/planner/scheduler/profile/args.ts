// The arguments of plugins with upstream's defaults filled in.
// Behaviour: pkg/scheduler/apis/config/v1/defaults.go, kube-scheduler/config/v1/types_pluginargs.go, Kubernetes v1.36.3.
import type { DefaultPreemptionArgs } from '../plugins/default-preemption/default-preemption.ts';
import type { InterPodAffinityArgs } from '../plugins/inter-pod-affinity/inter-pod-affinity.ts';
import type { NodeAffinityArgs } from '../plugins/node-affinity/node-affinity.ts';
import type { NodeResourcesBalancedAllocationArgs } from '../plugins/node-resources-balanced-allocation/node-resources-balanced-allocation.ts';
import type { NodeResourcesFitArgs } from '../plugins/node-resources-fit/node-resources-fit.ts';
import type { ResourceSpec } from '../plugins/node-resources-fit/scoring-strategy.ts';
import type { PodTopologySpreadArgs } from '../plugins/pod-topology-spread/pod-topology-spread.ts';

interface VolumeBindingArgs {
  readonly bindTimeoutSeconds: number;
}

interface DynamicResourcesArgs {
  readonly bindingTimeout: string;
  readonly filterTimeout: string;
}

export interface PluginArgs {
  readonly DefaultPreemption: DefaultPreemptionArgs;
  readonly InterPodAffinity: InterPodAffinityArgs;
  readonly NodeAffinity: NodeAffinityArgs;
  readonly NodeResourcesBalancedAllocation: NodeResourcesBalancedAllocationArgs;
  readonly NodeResourcesFit: NodeResourcesFitArgs;
  readonly PodTopologySpread: PodTopologySpreadArgs;
  readonly VolumeBinding: VolumeBindingArgs;
  readonly DynamicResources: DynamicResourcesArgs;
}

const CPU_AND_MEMORY: readonly ResourceSpec[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
];

export const DEFAULT_ARGS: PluginArgs = {
  DefaultPreemption: { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 },
  InterPodAffinity: { hardPodAffinityWeight: 1 },
  NodeAffinity: {},
  NodeResourcesBalancedAllocation: { resources: CPU_AND_MEMORY },
  NodeResourcesFit: { scoringStrategy: { type: 'LeastAllocated', resources: CPU_AND_MEMORY } },
  PodTopologySpread: { defaultingType: 'System' },
  VolumeBinding: { bindTimeoutSeconds: 600 },
  DynamicResources: { bindingTimeout: '10m0s', filterTimeout: '10s' },
};

/** A plugin's arguments as given, what is missing filled in. */
export function withDefaults(
  given: Partial<{ readonly [Name in keyof PluginArgs]: Partial<PluginArgs[Name]> }>,
): PluginArgs {
  const { scoringStrategy } = given.NodeResourcesFit ?? {};
  return {
    DefaultPreemption: { ...DEFAULT_ARGS.DefaultPreemption, ...given.DefaultPreemption },
    InterPodAffinity: { ...DEFAULT_ARGS.InterPodAffinity, ...given.InterPodAffinity },
    NodeAffinity: { ...given.NodeAffinity },
    NodeResourcesBalancedAllocation: {
      resources: resourcesOrDefault(given.NodeResourcesBalancedAllocation?.resources),
    },
    NodeResourcesFit: {
      ...given.NodeResourcesFit,
      scoringStrategy: {
        ...(scoringStrategy ?? { type: 'LeastAllocated' }),
        resources: resourcesOrDefault(scoringStrategy?.resources),
      },
    },
    PodTopologySpread: {
      ...given.PodTopologySpread,
      defaultingType: given.PodTopologySpread?.defaultingType || 'System',
    },
    VolumeBinding: { ...DEFAULT_ARGS.VolumeBinding, ...given.VolumeBinding },
    DynamicResources: { ...DEFAULT_ARGS.DynamicResources, ...given.DynamicResources },
  };
}

function resourcesOrDefault(resources: readonly ResourceSpec[] = []): readonly ResourceSpec[] {
  return resources.length === 0 ? CPU_AND_MEMORY : resources.map(({ name, weight }) => ({ name, weight: weight || 1 }));
}
