// Keeps a pod off nodes without room for what it asks for, and scores the room that is left.
// Behaviour: pkg/scheduler/framework/plugins/noderesources/fit.go, Kubernetes v1.36.3.
import type { Node, Pod } from '../../../../schema/generated/types/core-v1.ts';
import type { DeviceClass } from '../../../../schema/generated/types/resource-v1.ts';
import { stateKey } from '../../framework/cycle-state.ts';
import type { ClusterEventWithHint } from '../../framework/events.ts';
import { add, type Int64, larger, subtract } from '../../framework/int64.ts';
import { NodeInfo } from '../../framework/node-info.ts';
import type {
  FilterPlugin,
  Handle,
  PlacementScorePlugin,
  PreFilterPlugin,
  PreScorePlugin,
  ScorePlugin,
} from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { podRequests } from '../../framework/pod-requests.ts';
import { isExtendedResourceName, isScalarResourceName, type Resource, resourceOf } from '../../framework/resource.ts';
import type { Status } from '../../framework/status.ts';
import { classOfExtendedResource, DEVICE_CLASS_PREFIX } from '../dynamic-resources/devices/device-class-resolver.ts';
import { type DeviceTotals, deviceTotals } from '../dynamic-resources/devices/device-totals.ts';
import { nodeAmounts, nodeScorer, type ScoringStrategy, scoredRequests } from './scoring-strategy.ts';

export interface NodeResourcesFitArgs {
  readonly ignoredResources?: readonly string[];
  readonly ignoredResourceGroups?: readonly string[];
  readonly scoringStrategy: ScoringStrategy;
}

const TOO_MANY_PODS = 'Too many pods';
const insufficient = (resource: string): string => `Insufficient ${resource}`;

interface FitState {
  readonly request: Resource;
  /** Scalar resources that a device class provides where the node has no such resource of its own. */
  readonly delegated: ReadonlySet<string>;
}

interface ScoreState {
  readonly asked: readonly Int64[];
  /** Where some of the resources come from device classes. */
  readonly devices: DeviceTotals | undefined;
}

const preFilterState = stateKey<FitState>('PreFilterNodeResourcesFit');
const preScoreState = stateKey<ScoreState>('PreScoreNodeResourcesFit');

export function makeNodeResourcesFit(
  args: NodeResourcesFitArgs,
  handle: Pick<Handle, 'objects' | 'pendingAllocations' | 'isFeatureEnabled'>,
) {
  const { objects } = handle;
  const { scoringStrategy } = args;
  const { resources } = scoringStrategy;
  const scoreOf = nodeScorer(scoringStrategy);
  /** Placements are compared by how full they get, whatever nodes are compared by. */
  const packingOf = nodeScorer({ type: 'MostAllocated', resources });
  const isIgnored = ignoredResourcesOf(args);
  const stateOf = (pod: PodInfo): FitState => {
    const request = podResourceRequest(pod);
    const delegated = new Set<string>();
    for (const name of request.scalars?.keys() ?? []) if (classOfExtendedResource(objects, name)) delegated.add(name);
    return { request, delegated };
  };
  const scoreStateOf = (pod: PodInfo): ScoreState => ({
    asked: scoredRequests(pod, resources, false),
    devices: deviceTotals(handle, resources),
  });
  return {
    name: 'NodeResourcesFit',
    eventsToRegister: eventsToRegister(stateOf),
    preFilter(state, pod) {
      state.write(preFilterState, stateOf(pod));
      return undefined;
    },
    filter(state, pod, nodeInfo) {
      const { request, delegated } = state.read(preFilterState) ?? stateOf(pod);
      return fitStatus(request, nodeInfo, isIgnored, delegated);
    },
    preScore(state, pod) {
      state.write(preScoreState, scoreStateOf(pod));
      return undefined;
    },
    score(state, pod, nodeInfo) {
      const { asked, devices } = state.read(preScoreState) ?? scoreStateOf(pod);
      const { requested, allocatable } = nodeAmounts(nodeInfo, resources, asked, false, devices);
      return scoreOf(requested, allocatable);
    },
    scorePlacement(_group, { placement, assignments }) {
      const requested = resources.map((): Int64 => 0);
      const allocatable = resources.map((): Int64 => 0);
      for (const pod of assignments)
        scoredRequests(pod, resources, false).forEach((amount, i) => {
          requested[i] = add(requested[i]!, amount);
        });
      for (const node of placement.nodes) {
        const ofNode = nodeAmounts(node, resources, requested, false);
        for (const i of resources.keys()) {
          allocatable[i] = add(allocatable[i]!, ofNode.allocatable[i]!);
          requested[i] = add(requested[i]!, ofNode.allocated[i]!);
        }
      }
      return Number(packingOf(requested, allocatable));
    },
  } satisfies PreFilterPlugin & FilterPlugin & PreScorePlugin & ScorePlugin & PlacementScorePlugin;
}

/** The incoming pod runs nowhere yet, so only its spec counts. A sum that wraps around below zero asks for nothing. */
export function podResourceRequest(pod: PodInfo): Resource {
  const request = resourceOf(podRequests(pod.pod));
  request.milliCPU = larger(request.milliCPU, 0);
  request.memory = larger(request.memory, 0);
  request.ephemeralStorage = larger(request.ephemeralStorage, 0);
  for (const [name, amount] of request.scalars ?? []) if (amount < 0) request.scalars?.set(name, 0);
  return request;
}

const NEVER = (): boolean => false;
const NONE: ReadonlySet<string> = new Set();

/** What of a node decides whether it has room: its own amounts, and how many pods take how much of them. */
export interface NodeRoom {
  readonly allocatable: Resource;
  readonly requested: Resource;
  readonly pods: { readonly length: number };
}

/** The extended resources that the plugin is told to leave out of account. */
export function ignoredResourcesOf({
  ignoredResources = [],
  ignoredResourceGroups = [],
}: Pick<NodeResourcesFitArgs, 'ignoredResources' | 'ignoredResourceGroups'>): (name: string) => boolean {
  return (name) =>
    isExtendedResourceName(name) &&
    (ignoredResources.includes(name) || ignoredResourceGroups.includes(name.split('/')[0] ?? ''));
}

/** All that is lacking, in upstream's order; unresolvable when the empty node would be too small as well. */
export function fitStatus(
  request: Resource,
  { allocatable, requested, pods }: NodeRoom,
  isIgnored: (name: string) => boolean = NEVER,
  delegated: ReadonlySet<string> = NONE,
): Status | undefined {
  const lacks = new Lacks();
  if (pods.length + 1 > allocatable.allowedPodNumber) lacks.note(TOO_MANY_PODS, false);
  const { milliCPU, memory, ephemeralStorage, scalars } = request;
  if (milliCPU > 0 && milliCPU > subtract(allocatable.milliCPU, requested.milliCPU))
    lacks.note(insufficient('cpu'), milliCPU > allocatable.milliCPU);
  if (memory > 0 && memory > subtract(allocatable.memory, requested.memory))
    lacks.note(insufficient('memory'), memory > allocatable.memory);
  if (ephemeralStorage > 0 && ephemeralStorage > subtract(allocatable.ephemeralStorage, requested.ephemeralStorage))
    lacks.note(insufficient('ephemeral-storage'), ephemeralStorage > allocatable.ephemeralStorage);
  if (scalars)
    // Upstream walks a map here; by name is as good as any order.
    for (const name of [...scalars.keys()].sort()) {
      const amount = scalars.get(name) ?? 0;
      const capacity = allocatable.scalars?.get(name) ?? 0;
      if (amount === 0 || isIgnored(name) || (capacity <= 0 && delegated.has(name))) continue;
      if (amount > subtract(capacity, requested.scalars?.get(name) ?? 0))
        lacks.note(insufficient(name), amount > capacity);
    }
  return lacks.status();
}

/** What a node has too little of. */
class Lacks {
  #reasons: string[] | undefined;
  #isUnresolvable = false;

  /** `isTooSmall`: the empty node would have too little of it. */
  note(reason: string, isTooSmall: boolean): void {
    (this.#reasons ??= []).push(reason);
    this.#isUnresolvable ||= isTooSmall;
  }

  status(): Status | undefined {
    if (this.#reasons === undefined) return undefined;
    return sharedStatus(this.#isUnresolvable ? 'UnschedulableAndUnresolvable' : 'Unschedulable', this.#reasons);
  }
}

/** There are few different ones, each for many nodes. */
const STATUSES = { Unschedulable: new Map<string, Status>(), UnschedulableAndUnresolvable: new Map<string, Status>() };

function sharedStatus(code: keyof typeof STATUSES, reasons: readonly string[]): Status {
  const key = reasons.length === 1 ? reasons[0]! : reasons.join('\n');
  let status = STATUSES[code].get(key);
  if (!status) STATUSES[code].set(key, (status = { code, reasons }));
  return status;
}

function eventsToRegister(stateOf: (pod: PodInfo) => FitState): readonly ClusterEventWithHint[] {
  return [
    {
      resource: 'Pod',
      actions: ['Delete', 'UpdatePodScaleDown'],
      hint: (pod, previous, object) => {
        const [before, after] = [previous as Pod, object as Pod | undefined]; // events of pods carry pods
        if (!after) return Boolean(before.spec.nodeName || before.status?.nominatedNodeName);
        return (
          after.metadata.uid === pod.metadata.uid ||
          (Boolean(after.spec.nodeName) && freesWhatIsAsked(pod, before, after))
        );
      },
    },
    {
      resource: 'Node',
      actions: ['Add', 'UpdateNodeAllocatable'],
      hint: (pod, previous, object) => {
        const { request, delegated } = stateOf(pod);
        const after = emptyNode(object as Node); // events of nodes carry nodes
        if (fitStatus(request, after, NEVER, delegated)) return false;
        return previous === undefined || hasMore(request, emptyNode(previous as Node), after, delegated);
      },
    },
    {
      resource: 'DeviceClass',
      actions: ['Add', 'Update'],
      hint: (pod, previous, object) => {
        const [before, after] = [previous as DeviceClass | undefined, object as DeviceClass]; // events of classes carry classes
        const requests = podRequests(pod.pod);
        const extended = after.spec.extendedResourceName;
        if (before) {
          if (before.spec.extendedResourceName === extended) return false;
        } else if (requests.has(`${DEVICE_CLASS_PREFIX}${after.metadata.name}`)) return true;
        return extended !== undefined && requests.has(extended);
      },
    },
  ];
}

function emptyNode(node: Node): NodeInfo {
  const info = new NodeInfo(node.metadata.name ?? '');
  info.setNode(node);
  return info;
}

function hasMore(
  { milliCPU, memory, ephemeralStorage, scalars }: Resource,
  { allocatable: before }: NodeInfo,
  { allocatable: after }: NodeInfo,
  delegated: ReadonlySet<string>,
): boolean {
  if (after.allowedPodNumber > before.allowedPodNumber) return true;
  if (milliCPU > 0 && after.milliCPU > before.milliCPU) return true;
  if (memory > 0 && after.memory > before.memory) return true;
  if (ephemeralStorage > 0 && after.ephemeralStorage > before.ephemeralStorage) return true;
  for (const [name, amount] of scalars ?? []) {
    if (amount === 0) continue;
    const capacity = after.scalars?.get(name) ?? 0;
    if (capacity > (before.scalars?.get(name) ?? 0) || (capacity <= 0 && delegated.has(name))) return true;
  }
  return false;
}

function freesWhatIsAsked(pod: PodInfo, before: Pod, after: Pod): boolean {
  const options = { useStatusResources: true };
  const [was, is] = [resourceOf(podRequests(before, options)), resourceOf(podRequests(after, options))];
  for (const [name, quantity] of podRequests(pod.pod, options)) {
    if (quantity.isZero()) continue;
    if (name === 'cpu') {
      if (was.milliCPU > is.milliCPU) return true;
    } else if (name === 'memory') {
      if (was.memory > is.memory) return true;
    } else if (name === 'ephemeral-storage') {
      if (was.ephemeralStorage > is.ephemeralStorage) return true;
    } else if (isScalarResourceName(name) && (was.scalars?.get(name) ?? 0) > (is.scalars?.get(name) ?? 0)) return true;
  }
  return false;
}
