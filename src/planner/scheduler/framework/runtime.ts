// Runs the plugins of one profile at their extension points, in the profile's order.
// Behaviour: pkg/scheduler/framework/runtime/framework.go, Kubernetes v1.36.3.
import type { ResourceClaim } from '../../../schema/generated/types/resource-v1.ts';
import type { CycleState } from './cycle-state.ts';
import type { NodeVerdicts } from './fit-error.ts';
import type { NodeInfo } from './node-info.ts';
import type { PendingAllocations } from './pending-allocations.ts';
import {
  type AnyPlugin,
  type BindPlugin,
  type ClusterLister,
  type ClusterWriter,
  type FilterPlugin,
  type Handle,
  MAX_NODE_SCORE,
  type NodeScore,
  type NominatingInfo,
  type PermitPlugin,
  type Placement,
  type PlacementGeneratePlugin,
  type PlacementScorePlugin,
  type PlacementTrial,
  type PodGroupLister,
  type PodGroupRef,
  type PodNominator,
  type PostFilterPlugin,
  type PreBindOutcome,
  type PreBindPlugin,
  type PreEnqueuePlugin,
  type PreFilterPlugin,
  type PreScorePlugin,
  type QueueSortPlugin,
  type ReservePlugin,
  type ScorePlugin,
  type SharedLister,
} from './plugin.ts';
import type { PodInfo } from './pod-info.ts';
import {
  errorStatus,
  isRejected,
  isSkip,
  isSuccess,
  type MaybeStatus,
  type Status,
  statusMessage,
  unschedulable,
  unschedulableAndUnresolvable,
  withPlugin,
} from './status.ts';
import type { WaitingPods } from './waiting-pods.ts';

/** The plugins of a profile at each extension point, already made. */
export interface ProfilePlugins {
  readonly preEnqueue: readonly PreEnqueuePlugin[];
  readonly queueSort: QueueSortPlugin;
  readonly preFilter: readonly PreFilterPlugin[];
  readonly filter: readonly FilterPlugin[];
  readonly postFilter: readonly PostFilterPlugin[];
  readonly preScore: readonly PreScorePlugin[];
  readonly score: readonly { readonly plugin: ScorePlugin; readonly weight: number }[];
  readonly reserve: readonly ReservePlugin[];
  readonly permit: readonly PermitPlugin[];
  readonly preBind: readonly PreBindPlugin[];
  readonly bind: readonly BindPlugin[];
  /** At most one is asked. */
  readonly placementGenerate: readonly PlacementGeneratePlugin[];
  readonly placementScore: readonly { readonly plugin: PlacementScorePlugin; readonly weight: number }[];
  /** Every plugin of the profile once, for the events they register. */
  readonly all: readonly AnyPlugin[];
}

export interface FrameworkOptions {
  readonly profileName: string;
  readonly snapshot: SharedLister;
  readonly objects: ClusterLister;
  readonly nominator: PodNominator;
  readonly now: () => number;
  readonly isFeatureEnabled: (name: string) => boolean;
  readonly podGroups: PodGroupLister;
  readonly waitingPods: WaitingPods;
  readonly activate: (pods: readonly PodInfo[]) => void;
  /** Shared by all profiles. */
  readonly pendingAllocations: PendingAllocations;
  readonly plugins: (handle: Handle) => ProfilePlugins;
}

export interface PreFilterOutcome {
  /** Only these nodes need to be looked at; absent: all. */
  readonly nodeNames: ReadonlySet<string> | undefined;
  readonly status: MaybeStatus;
  /** Plugins that narrowed the nodes down. */
  readonly pluginsWithNodes: ReadonlySet<string>;
}

export interface PluginScore {
  readonly plugin: string;
  /** Normalized and multiplied by the plugin's weight. */
  readonly score: number;
}

export interface NodePluginScores {
  readonly name: string;
  readonly scores: readonly PluginScore[];
  readonly total: number;
}

export type ScoreOutcome =
  | { readonly ok: true; readonly nodes: readonly NodePluginScores[] }
  | { readonly ok: false; readonly status: Status };

export class Framework implements Handle {
  readonly profileName: string;
  readonly snapshot: SharedLister;
  readonly objects: ClusterLister;
  readonly nominator: PodNominator;
  readonly now: () => number;
  readonly isFeatureEnabled: (name: string) => boolean;
  readonly podGroups: PodGroupLister;
  readonly waitingPods: WaitingPods;
  readonly activate: (pods: readonly PodInfo[]) => void;
  readonly pendingAllocations: PendingAllocations;
  readonly plugins: ProfilePlugins;

  constructor(options: FrameworkOptions) {
    this.profileName = options.profileName;
    this.snapshot = options.snapshot;
    this.objects = options.objects;
    this.nominator = options.nominator;
    this.now = options.now;
    this.isFeatureEnabled = options.isFeatureEnabled;
    this.podGroups = options.podGroups;
    this.waitingPods = options.waitingPods;
    this.activate = options.activate;
    this.pendingAllocations = options.pendingAllocations;
    this.plugins = options.plugins(this);
  }

  runPreEnqueuePlugins(pod: PodInfo): MaybeStatus {
    for (const plugin of this.plugins.preEnqueue) {
      const status = plugin.preEnqueue(pod);
      if (status && !isSuccess(status)) return withPlugin(status, plugin.name);
    }
    return undefined;
  }

  runPreFilterPlugins(state: CycleState, pod: PodInfo): PreFilterOutcome {
    const nodes = this.snapshot.list();
    const skipped = new Set<string>();
    const pluginsWithNodes = new Set<string>();
    let nodeNames: ReadonlySet<string> | undefined;
    let rejected: Status | undefined;
    state.skipFilterPlugins = skipped;
    for (const plugin of this.plugins.preFilter) {
      const result = plugin.preFilter(state, pod, nodes);
      const status = result?.status;
      if (isSkip(status)) {
        skipped.add(plugin.name);
        continue;
      }
      if (status && !isSuccess(status)) {
        if (status.code === 'UnschedulableAndUnresolvable')
          return { nodeNames: undefined, status: withPlugin(status, plugin.name), pluginsWithNodes: new Set() };
        if (status.code === 'Unschedulable') {
          // Others may still say that it cannot be resolved.
          rejected = withPlugin(status, plugin.name);
          continue;
        }
        const message = `running PreFilter plugin "${plugin.name}": ${statusMessage(status)}`;
        return {
          nodeNames: undefined,
          status: withPlugin(errorStatus(message), plugin.name),
          pluginsWithNodes: new Set(),
        };
      }
      if (result?.nodeNames === undefined) continue;
      pluginsWithNodes.add(plugin.name);
      nodeNames = intersect(nodeNames, result.nodeNames);
      if (nodeNames.size === 0) {
        const names = [...pluginsWithNodes].sort();
        const message =
          names.length === 1
            ? `node(s) didn't satisfy plugin ${names[0]}`
            : `node(s) didn't satisfy plugin(s) [${names.join(' ')}] simultaneously`;
        return { nodeNames, status: unschedulableAndUnresolvable(message), pluginsWithNodes };
      }
    }
    return { nodeNames, status: rejected, pluginsWithNodes };
  }

  runPreFilterExtensionAddPod(state: CycleState, pod: PodInfo, added: PodInfo, nodeInfo: NodeInfo): MaybeStatus {
    for (const plugin of this.plugins.preFilter) {
      if (!plugin.addPod || state.skipFilterPlugins.has(plugin.name)) continue;
      const status = plugin.addPod(state, pod, added, nodeInfo);
      if (!isSuccess(status))
        return errorStatus(`running AddPod on PreFilter plugin "${plugin.name}": ${statusMessage(status)}`);
    }
    return undefined;
  }

  runPreFilterExtensionRemovePod(state: CycleState, pod: PodInfo, removed: PodInfo, nodeInfo: NodeInfo): MaybeStatus {
    for (const plugin of this.plugins.preFilter) {
      if (!plugin.removePod || state.skipFilterPlugins.has(plugin.name)) continue;
      const status = plugin.removePod(state, pod, removed, nodeInfo);
      if (!isSuccess(status))
        return errorStatus(`running RemovePod on PreFilter plugin "${plugin.name}": ${statusMessage(status)}`);
    }
    return undefined;
  }

  /** The first plugin that rejects the pod ends the node. */
  runFilterPlugins(state: CycleState, pod: PodInfo, nodeInfo: NodeInfo): MaybeStatus {
    for (const plugin of this.plugins.filter) {
      if (state.skipFilterPlugins.has(plugin.name)) continue;
      const status = plugin.filter(state, pod, nodeInfo);
      if (status === undefined || isSuccess(status)) continue;
      if (isRejected(status)) return withPlugin(status, plugin.name);
      return withPlugin(errorStatus(`running "${plugin.name}" filter plugin: ${statusMessage(status)}`), plugin.name);
    }
    return undefined;
  }

  /**
   * Pods nominated to the node with at least this pod's priority are counted as if they ran there, and since they may
   * end up elsewhere the pod must fit without them as well.
   */
  runFilterPluginsWithNominatedPods(state: CycleState, pod: PodInfo, nodeInfo: NodeInfo): MaybeStatus {
    const nominated = this.nominator.nominatedPodsForNode(nodeInfo.name);
    if (nominated.length > 0) {
      const others = nominated.filter(({ priority, uid }) => priority >= pod.priority && uid !== pod.uid);
      if (others.length > 0) {
        const stateWith = state.clone();
        const nodeWith = nodeInfo.clone();
        for (const other of others) {
          nodeWith.addPod(other);
          const status = this.runPreFilterExtensionAddPod(stateWith, pod, other, nodeWith);
          if (!isSuccess(status)) return status;
        }
        const status = this.runFilterPlugins(stateWith, pod, nodeWith);
        if (!isSuccess(status)) return status;
      }
    }
    return this.runFilterPlugins(state, pod, nodeInfo);
  }

  runPostFilterPlugins(state: CycleState, pod: PodInfo, statuses: NodeVerdicts): PostFilterRun {
    let nominatingInfo: NominatingInfo | undefined;
    let freed: ResourceClaim | undefined;
    const reasons: string[] = [];
    for (const plugin of this.plugins.postFilter) {
      const outcome = plugin.postFilter(state, pod, statuses);
      const { status } = outcome;
      freed ??= outcome.freed;
      const withFreed = freed ? { freed } : {};
      if (status === undefined || isSuccess(status)) return { ...outcome, ...withFreed, status: undefined };
      if (status.code === 'UnschedulableAndUnresolvable')
        return { ...outcome, ...withFreed, status: withPlugin(status, plugin.name) };
      if (!isRejected(status)) return { ...withFreed, status: withPlugin(status, plugin.name) };
      if (outcome.nominatingInfo) nominatingInfo = outcome.nominatingInfo;
      reasons.push(...status.reasons);
    }
    return {
      ...(nominatingInfo ? { nominatingInfo } : {}),
      ...(freed ? { freed } : {}),
      status: unschedulable(...reasons),
    };
  }

  runPreScorePlugins(state: CycleState, pod: PodInfo, nodes: readonly NodeInfo[]): MaybeStatus {
    const skipped = new Set<string>();
    state.skipScorePlugins = skipped;
    for (const plugin of this.plugins.preScore) {
      const status = plugin.preScore(state, pod, nodes);
      if (isSkip(status)) skipped.add(plugin.name);
      else if (!isSuccess(status))
        return errorStatus(`running PreScore plugin "${plugin.name}": ${statusMessage(status)}`);
    }
    return undefined;
  }

  runScorePlugins(state: CycleState, pod: PodInfo, nodes: readonly NodeInfo[]): ScoreOutcome {
    const columns: { readonly name: string; readonly weight: number; readonly scores: readonly NodeScore[] }[] = [];
    /** Scores that a number does not hold exactly. */
    const exact = new Map<NodeScore, bigint>();
    for (const { plugin, weight } of this.plugins.score) {
      if (state.skipScorePlugins.has(plugin.name)) continue;
      const scores = nodes.map((node): NodeScore => {
        const score = plugin.score(state, pod, node);
        const entry = { name: node.name, score: Number(score) };
        if (typeof score === 'bigint') exact.set(entry, score);
        return entry;
      });
      const status = plugin.normalizeScore?.(state, pod, scores);
      if (!isSuccess(status))
        return failed(
          `running Normalize on Score plugins: plugin "${plugin.name}" failed with: ${statusMessage(status)}`,
        );
      columns.push({ name: plugin.name, weight, scores });
    }
    for (const i of nodes.keys())
      for (const { name, scores } of columns) {
        const entry = scores[i]!;
        if (entry.score > MAX_NODE_SCORE || entry.score < 0)
          return failed(
            `applying score defaultWeights on Score plugins: plugin "${name}" returns an invalid score ${exact.get(entry) ?? entry.score}, it should in the range of [0, ${MAX_NODE_SCORE}] after normalizing`,
          );
      }
    return {
      ok: true,
      nodes: nodes.map(({ name }, i) => {
        const scores = columns.map((column) => ({
          plugin: column.name,
          score: column.scores[i]!.score * column.weight,
        }));
        return { name, scores, total: scores.reduce((sum, { score }) => sum + score, 0) };
      }),
    };
  }

  runReservePlugins(state: CycleState, pod: PodInfo, nodeName: string): MaybeStatus {
    for (const plugin of this.plugins.reserve) {
      const status = plugin.reserve(state, pod, nodeName);
      if (status === undefined || isSuccess(status)) continue;
      if (isRejected(status)) return withPlugin(status, plugin.name);
      return errorStatus(`running Reserve plugin "${plugin.name}": ${statusMessage(status)}`);
    }
    return undefined;
  }

  /** In reverse order, as what came last may rest on what came first. */
  runUnreservePlugins(state: CycleState, pod: PodInfo, nodeName: string): void {
    for (const plugin of [...this.plugins.reserve].reverse()) plugin.unreserve(state, pod, nodeName);
  }

  runPermitPlugins(state: CycleState, pod: PodInfo, nodeName: string): PermitRun {
    const timeouts = new Map<string, number>();
    let waiting: Status | undefined;
    for (const plugin of this.plugins.permit) {
      const { status, timeout = 0 } = plugin.permit(state, pod, nodeName) ?? {};
      if (status === undefined || isSuccess(status)) continue;
      if (isRejected(status)) return { status: withPlugin(status, plugin.name), timeouts: NO_TIMEOUTS };
      if (status.code !== 'Wait') {
        const message = `running Permit plugin "${plugin.name}": ${statusMessage(status)}`;
        return { status: withPlugin(errorStatus(message), plugin.name), timeouts: NO_TIMEOUTS };
      }
      timeouts.set(plugin.name, Math.min(timeout, MAX_PERMIT_TIMEOUT));
      waiting = status;
    }
    if (!waiting) return { status: undefined, timeouts };
    return { status: { code: 'Wait', reasons: [...waiting.reasons, SOMEBODY_WAITS] }, timeouts };
  }

  /** The sets of nodes that a group may go to; all nodes where nobody says otherwise. */
  runPlacementGeneratePlugins(group: PodGroupRef): readonly Placement[] | Status {
    const all: Placement = { name: '', nodes: this.snapshot.list() };
    const [plugin] = this.plugins.placementGenerate;
    if (!plugin) return [all];
    const result = plugin.generatePlacements(group, all);
    if ('status' in result) return withPlugin(result.status, plugin.name);
    if (result.placements.length > 0) return result.placements;
    return withPlugin(unschedulable('no feasible placements found'), plugin.name);
  }

  /** The total of each placement, in their order. */
  runPlacementScorePlugins(group: PodGroupRef, trials: readonly PlacementTrial[]): readonly number[] | Status {
    const totals = trials.map(() => 0);
    for (const { plugin, weight } of this.plugins.placementScore) {
      const scores = trials.map((trial) => plugin.scorePlacement(group, trial));
      const status = plugin.normalizePlacementScore?.(scores);
      if (!isSuccess(status))
        return errorStatus(
          `running NormalizePlacementScore on PlacementScore plugins: plugin "${plugin.name}" failed with: ${statusMessage(status)}`,
        );
      scores.forEach((score, i) => {
        totals[i]! += score * weight;
      });
    }
    return totals;
  }

  /** Whether binding the pod takes more than the bind itself. */
  hasPreBindWork(state: CycleState, pod: PodInfo, nodeName: string): boolean {
    return this.plugins.preBind.some(
      (plugin) => plugin.preBindPreFlight && !isSkip(plugin.preBindPreFlight(state, pod, nodeName)),
    );
  }

  runPreBindPlugins(state: CycleState, pod: PodInfo, nodeName: string, writer: ClusterWriter): PreBindOutcome {
    for (const plugin of this.plugins.preBind) {
      const status = plugin.preBind(state, pod, nodeName, writer);
      if (status === 'wait') return 'wait';
      if (status === undefined || isSuccess(status)) continue;
      if (isRejected(status)) return withPlugin(status, plugin.name);
      return errorStatus(`running PreBind plugin "${plugin.name}": ${statusMessage(status)}`);
    }
    return undefined;
  }

  runBindPlugins(pod: PodInfo, nodeName: string, writer: ClusterWriter): MaybeStatus {
    for (const plugin of this.plugins.bind) {
      const status = plugin.bind(pod, nodeName, writer);
      if (isSkip(status)) continue;
      if (isSuccess(status)) return undefined;
      return errorStatus(`running Bind plugin "${plugin.name}": ${statusMessage(status)}`);
    }
    return errorStatus('binding rejected: no bind plugin took the pod');
  }
}

const SOMEBODY_WAITS = 'one or more plugins asked to wait and no plugin rejected pod';
const MAX_PERMIT_TIMEOUT = 15 * 60_000;
const NO_TIMEOUTS: ReadonlyMap<string, number> = new Map();

export interface PermitRun {
  /** `Wait`: the pod keeps its node, but is not bound yet. */
  readonly status: MaybeStatus;
  /** The plugins that it waits for, each with how many milliseconds at most. */
  readonly timeouts: ReadonlyMap<string, number>;
}

export interface PostFilterRun {
  readonly nominatingInfo?: NominatingInfo;
  readonly victims?: readonly PodInfo[];
  readonly freed?: ResourceClaim;
  readonly status: MaybeStatus;
}

function failed(message: string): ScoreOutcome {
  return { ok: false, status: errorStatus(message) };
}

function intersect(a: ReadonlySet<string> | undefined, b: ReadonlySet<string>): ReadonlySet<string> {
  return a === undefined ? b : new Set([...a].filter((name) => b.has(name)));
}
