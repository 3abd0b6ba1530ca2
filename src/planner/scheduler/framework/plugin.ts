// The extension points of the scheduling framework and what plugins are given to work with.
// Behaviour: staging/src/k8s.io/kube-scheduler/framework/interface.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { ResourceClaim } from '../../../schema/generated/types/resource-v1.ts';
import type { CycleState } from './cycle-state.ts';
import type { ClusterEventWithHint } from './events.ts';
import type { NodeVerdicts } from './fit-error.ts';
import type { Int64 } from './int64.ts';
import type { NodeInfo } from './node-info.ts';
import type { PendingAllocations } from './pending-allocations.ts';
import type { PodInfo } from './pod-info.ts';
import type { MaybeStatus, Status } from './status.ts';
import type { WaitingPods } from './waiting-pods.ts';

export const MAX_NODE_SCORE = 100;

export interface Plugin {
  /** Upstream's name, as users write it in a KubeSchedulerConfiguration. */
  readonly name: string;
  /** What may let in a pod that this plugin rejected. */
  readonly eventsToRegister?: readonly ClusterEventWithHint[];
}

export interface PreEnqueuePlugin extends Plugin {
  preEnqueue(pod: PodInfo): MaybeStatus;
}

/** A pod in the queue, as far as its order is concerned. */
interface QueueOrder {
  readonly podInfo: PodInfo;
  readonly timestamp: number;
}

export interface QueueSortPlugin extends Plugin {
  less(a: QueueOrder, b: QueueOrder): boolean;
}

interface PreFilterResult {
  /** Only these nodes need to be looked at; absent: all. */
  readonly nodeNames?: ReadonlySet<string>;
  readonly status?: Status;
}

export interface PreFilterPlugin extends Plugin {
  preFilter(state: CycleState, pod: PodInfo, nodes: readonly NodeInfo[]): PreFilterResult | undefined;
  /** Keep the state right while preemption puts pods on a node and takes them off. */
  addPod?(state: CycleState, pod: PodInfo, added: PodInfo, nodeInfo: NodeInfo): MaybeStatus;
  removePod?(state: CycleState, pod: PodInfo, removed: PodInfo, nodeInfo: NodeInfo): MaybeStatus;
}

export interface FilterPlugin extends Plugin {
  /** After PreFilter: whether every node admits the pod, whatever runs there, so that nobody needs to ask node by node. */
  admitsAnywhere?(state: CycleState, pod: PodInfo): boolean;
  filter(state: CycleState, pod: PodInfo, nodeInfo: NodeInfo): MaybeStatus;
}

/** Absent: leave the nomination as it is; empty name: take it away. */
export interface NominatingInfo {
  readonly nominatedNodeName: string;
}

/** A claim loses its devices, goes, or is not reserved for a consumer (its uid) any more. */
export type ClaimChange =
  | { readonly kind: 'deallocate' | 'delete'; readonly claim: ResourceClaim }
  | { readonly kind: 'unreserve'; readonly claim: ResourceClaim; readonly consumer: string };

export interface PostFilterOutcome {
  readonly nominatingInfo?: NominatingInfo;
  readonly victims?: readonly PodInfo[];
  /** What is to be done to a claim of devices so that the pod may find a place next time. */
  readonly claimChange?: ClaimChange;
  readonly status: MaybeStatus;
}

export interface PostFilterPlugin extends Plugin {
  postFilter(state: CycleState, pod: PodInfo, statuses: NodeVerdicts): PostFilterOutcome;
}

export interface PreScorePlugin extends Plugin {
  preScore(state: CycleState, pod: PodInfo, nodes: readonly NodeInfo[]): MaybeStatus;
}

export interface NodeScore {
  readonly name: string;
  score: number;
}

export interface ScorePlugin extends Plugin {
  /** Why it can score nothing at all. */
  readonly failure?: string;
  /** A plugin that is going to normalize its scores answers with numbers. */
  score(state: CycleState, pod: PodInfo, nodeInfo: NodeInfo): Int64;
  /** Brings the scores of all nodes into 0..100, in place. */
  normalizeScore?(state: CycleState, pod: PodInfo, scores: NodeScore[]): MaybeStatus;
}

export interface ReservePlugin extends Plugin {
  reserve(state: CycleState, pod: PodInfo, nodeName: string): MaybeStatus;
  /** `writer`: takes back what was written on the way to a bind that failed; absent where nothing was. */
  unreserve(state: CycleState, pod: PodInfo, nodeName: string, writer?: ClusterWriter): void;
}

/** With the status `Wait` the pod is held back until the plugin allows it, or for so many milliseconds. */
interface PermitOutcome {
  readonly status: MaybeStatus;
  readonly timeout?: number;
}

export interface PermitPlugin extends Plugin {
  permit(state: CycleState, pod: PodInfo, nodeName: string): PermitOutcome | undefined;
}

export interface PreBindPlugin extends Plugin {
  /** Skip: preBind will have nothing to do. */
  preBindPreFlight?(state: CycleState, pod: PodInfo, nodeName: string): MaybeStatus;
  preBind(state: CycleState, pod: PodInfo, nodeName: string, writer: ClusterWriter): PreBindOutcome;
}

/** `wait`: what was asked for is not there yet, look again when the cluster has changed. */
export type PreBindOutcome = MaybeStatus | 'wait';

export interface BindPlugin extends Plugin {
  bind(pod: PodInfo, nodeName: string, writer: ClusterWriter): MaybeStatus;
}

export interface PodGroupRef {
  readonly namespace: string;
  readonly name: string;
}

/** Nodes among which all pods of a group are to find their places. */
export interface Placement {
  readonly name: string;
  readonly nodes: readonly NodeInfo[];
}

export interface PlacementGeneratePlugin extends Plugin {
  generatePlacements(
    group: PodGroupRef,
    parent: Placement,
  ): { readonly placements: readonly Placement[] } | { readonly status: Status };
}

/** A placement with the pods that would go there. */
export interface PlacementTrial {
  readonly placement: Placement;
  readonly assignments: readonly PodInfo[];
}

export interface PlacementScorePlugin extends Plugin {
  scorePlacement(group: PodGroupRef, trial: PlacementTrial): number;
  /** Brings the scores of all placements into 0..100, in place. */
  normalizePlacementScore?(scores: number[]): MaybeStatus;
}

export type AnyPlugin = Plugin &
  Partial<
    PreEnqueuePlugin &
      QueueSortPlugin &
      PreFilterPlugin &
      FilterPlugin &
      PostFilterPlugin &
      PreScorePlugin &
      ScorePlugin &
      ReservePlugin &
      PermitPlugin &
      PreBindPlugin &
      BindPlugin &
      PlacementGeneratePlugin &
      PlacementScorePlugin
  >;

/** Objects of the cluster other than nodes and pods on nodes. */
export interface ClusterLister {
  get<T extends KubeObject>(resource: string, namespace: string | undefined, name: string): T | undefined;
  list<T extends KubeObject>(resource: string, namespace?: string): readonly T[];
}

export interface WriteOutcome<T extends KubeObject = KubeObject> {
  readonly ok: boolean;
  readonly object?: T;
  readonly message?: string;
}

/** Requests that a bind needs; the engine sends them through the API server. */
export interface ClusterWriter {
  bind(pod: PodInfo, nodeName: string): WriteOutcome;
  update<T extends KubeObject>(resource: string, object: T): WriteOutcome<T>;
  updateStatus<T extends KubeObject>(resource: string, object: T): WriteOutcome<T>;
  create<T extends KubeObject>(resource: string, object: T): WriteOutcome<T>;
  changeClaim(change: ClaimChange): void;
}

/** Nodes with their pods as they are at the start of a cycle. */
export interface SharedLister {
  list(): readonly NodeInfo[];
  get(nodeName: string): NodeInfo | undefined;
  /** The nodes to choose from: all of them, or those of the placement that is being tried. */
  candidates(): readonly NodeInfo[];
  getCandidate(nodeName: string): NodeInfo | undefined;
  havePodsWithAffinityList(): readonly NodeInfo[];
  havePodsWithRequiredAntiAffinityList(): readonly NodeInfo[];
  /** Whether a pod on any node mounts this claim, `namespace/name`. */
  isPvcUsedByPods(key: string): boolean;
}

export interface PodNominator {
  nominatedPodsForNode(nodeName: string): readonly PodInfo[];
}

/** The pods of a pod group, as far as this scheduler is with each. */
export interface PodGroupState {
  readonly allPodsCount: number;
  /** Pods with a node, bound to it or not yet. */
  readonly scheduledPodsCount: number;
  /** The same without those that are only tried out on a node while the whole group is looked at. */
  readonly placedPodsCount: number;
  unscheduledPods(): readonly PodInfo[];
  /** Pods with a node that are not bound yet. */
  assumedPods(): readonly PodInfo[];
  /** Pods (`namespace/name`) with the nodes that they have. */
  scheduledPods(): readonly { readonly key: string; readonly node: string }[];
}

export interface PodGroupLister {
  get(namespace: string, name: string): PodGroupState | undefined;
}

/** What the scheduler offers to the plugins of all its profiles. */
export interface SchedulerServices {
  readonly pendingAllocations: PendingAllocations;
  readonly podGroups: PodGroupLister;
  readonly waitingPods: Pick<WaitingPods, 'allow'>;
  /** Has these pods tried again, whatever rejected them. */
  activate(pods: readonly PodInfo[]): void;
  readonly snapshot: SharedLister;
  readonly objects: ClusterLister;
  readonly nominator: PodNominator;
  /** Simulated time, milliseconds since the epoch. */
  now(): number;
  isFeatureEnabled(name: string): boolean;
}

/** What a plugin may ask for while it is made and later. */
export interface Handle extends SchedulerServices {
  runPreFilterExtensionAddPod(state: CycleState, pod: PodInfo, added: PodInfo, nodeInfo: NodeInfo): MaybeStatus;
  runPreFilterExtensionRemovePod(state: CycleState, pod: PodInfo, removed: PodInfo, nodeInfo: NodeInfo): MaybeStatus;
  runFilterPluginsWithNominatedPods(state: CycleState, pod: PodInfo, nodeInfo: NodeInfo): MaybeStatus;
}
