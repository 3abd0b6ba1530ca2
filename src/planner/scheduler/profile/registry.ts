// Every plugin that kube-scheduler has built in, by name.
// Behaviour: pkg/scheduler/framework/plugins/registry.go, Kubernetes v1.36.3.
import type { AnyPlugin, Handle } from '../framework/plugin.ts';
import { defaultBinder } from '../plugins/default-binder/default-binder.ts';
import { makeDefaultPreemption } from '../plugins/default-preemption/default-preemption.ts';
import { makeDynamicResources } from '../plugins/dynamic-resources/dynamic-resources.ts';
import { makeGangScheduling } from '../plugins/gang-scheduling/gang-scheduling.ts';
import { makeImageLocality } from '../plugins/image-locality/image-locality.ts';
import { makeInterPodAffinity } from '../plugins/inter-pod-affinity/inter-pod-affinity.ts';
import { makeNodeAffinity } from '../plugins/node-affinity/node-affinity.ts';
import { nodeDeclaredFeatures } from '../plugins/node-declared-features/node-declared-features.ts';
import { nodeName } from '../plugins/node-name/node-name.ts';
import { nodePorts } from '../plugins/node-ports/node-ports.ts';
import { makeNodeResourcesBalancedAllocation } from '../plugins/node-resources-balanced-allocation/node-resources-balanced-allocation.ts';
import { makeNodeResourcesFit } from '../plugins/node-resources-fit/node-resources-fit.ts';
import { nodeUnschedulable } from '../plugins/node-unschedulable/node-unschedulable.ts';
import { makeNodeVolumeLimits } from '../plugins/node-volume-limits/node-volume-limits.ts';
import { makePodGroupPodsCount } from '../plugins/pod-group-pods-count/pod-group-pods-count.ts';
import { makePodTopologySpread } from '../plugins/pod-topology-spread/pod-topology-spread.ts';
import { prioritySort } from '../plugins/priority-sort/priority-sort.ts';
import { schedulingGates } from '../plugins/scheduling-gates/scheduling-gates.ts';
import { taintToleration } from '../plugins/taint-toleration/taint-toleration.ts';
import { makeTopologyPlacementGenerator } from '../plugins/topology-placement-generator/topology-placement-generator.ts';
import { makeVolumeBinding } from '../plugins/volume-binding/volume-binding.ts';
import { makeVolumeRestrictions } from '../plugins/volume-restrictions/volume-restrictions.ts';
import { makeVolumeZone } from '../plugins/volume-zone/volume-zone.ts';
import type { PluginArgs } from './args.ts';

export const REGISTRY: Readonly<Record<string, (args: PluginArgs, handle: Handle) => AnyPlugin>> = {
  DefaultBinder: () => defaultBinder,
  DefaultPreemption: (args, handle) => makeDefaultPreemption(args.DefaultPreemption, handle),
  DynamicResources: (_args, handle) => makeDynamicResources(handle),
  GangScheduling: (_args, handle) => makeGangScheduling(handle),
  ImageLocality: (_args, handle) => makeImageLocality(handle),
  InterPodAffinity: (args, handle) => makeInterPodAffinity(args.InterPodAffinity, handle),
  NodeAffinity: (args) => makeNodeAffinity(args.NodeAffinity),
  NodeDeclaredFeatures: () => nodeDeclaredFeatures,
  NodeName: () => nodeName,
  NodePorts: () => nodePorts,
  NodeResourcesBalancedAllocation: (args, handle) =>
    makeNodeResourcesBalancedAllocation(args.NodeResourcesBalancedAllocation, handle),
  NodeResourcesFit: (args, handle) => makeNodeResourcesFit(args.NodeResourcesFit, handle),
  NodeUnschedulable: () => nodeUnschedulable,
  NodeVolumeLimits: (_args, handle) => makeNodeVolumeLimits(handle),
  PodGroupPodsCount: (_args, handle) => makePodGroupPodsCount(handle),
  PodTopologySpread: (args, handle) => makePodTopologySpread(args.PodTopologySpread, handle),
  PrioritySort: () => prioritySort,
  SchedulingGates: () => schedulingGates,
  TaintToleration: () => taintToleration,
  TopologyPlacementGenerator: (_args, handle) => makeTopologyPlacementGenerator(handle),
  VolumeBinding: (_args, handle) => makeVolumeBinding(handle),
  VolumeRestrictions: (_args, handle) => makeVolumeRestrictions(handle),
  VolumeZone: (_args, handle) => makeVolumeZone(handle),
};
