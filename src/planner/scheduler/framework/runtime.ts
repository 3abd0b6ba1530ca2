// Runs the plugins of one profile at their extension points, in the profile's order.
// Behaviour: pkg/scheduler/framework/runtime/framework.go, Kubernetes v1.36.3.
import type { CycleState } from './cycle-state.ts';
import type { NodeVerdicts } from './fit-error.ts';
import type { NodeInfo } from './node-info.ts';
import type {
  ClaimChange,
  ClusterWriter,
  Handle,
  NominatingInfo,
  Placement,
  PlacementTrial,
  PodGroupRef,
  PreBindOutcome,
  SchedulerServices,
} from './plugin.ts';
import type { PodInfo } from './pod-info.ts';
import type { ProfilePlugins } from './profile-plugins.ts';
import type { PermitRun, PostFilterRun, PreFilterOutcome, ScoreOutcome } from './run-outcomes.ts';
import { scoreNodes, scorePlacements } from './scoring.ts';
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

export class Framework {
  /** What its plugins hold. */
  readonly handle: Handle;
  readonly plugins: ProfilePlugins;

  constructor(services: SchedulerServices, makePlugins: (handle: Handle) => ProfilePlugins) {
    this.handle = {
      ...services,
      runPreFilterExtensionAddPod: this.runPreFilterExtensionAddPod.bind(this),
      runPreFilterExtensionRemovePod: this.runPreFilterExtensionRemovePod.bind(this),
      runFilterPluginsWithNominatedPods: this.runFilterPluginsWithNominatedPods.bind(this),
    };
    this.plugins = makePlugins(this.handle);
  }

  runPreEnqueuePlugins(pod: PodInfo): MaybeStatus {
    for (const plugin of this.plugins.preEnqueue) {
      const status = plugin.preEnqueue(pod);
      if (status && !isSuccess(status)) return withPlugin(status, plugin.name);
    }
    return undefined;
  }

  runPreFilterPlugins(state: CycleState, pod: PodInfo): PreFilterOutcome {
    const nodes = this.handle.snapshot.list();
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
    const nominated = this.handle.nominator.nominatedPodsForNode(nodeInfo.name);
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
    let claimChange: ClaimChange | undefined;
    const reasons: string[] = [];
    for (const plugin of this.plugins.postFilter) {
      const outcome = plugin.postFilter(state, pod, statuses);
      const { status } = outcome;
      claimChange ??= outcome.claimChange;
      const withChange = claimChange ? { claimChange } : {};
      if (status === undefined || isSuccess(status)) return { ...outcome, ...withChange, status: undefined };
      if (status.code === 'UnschedulableAndUnresolvable')
        return { ...outcome, ...withChange, status: withPlugin(status, plugin.name) };
      if (!isRejected(status)) return { ...withChange, status: withPlugin(status, plugin.name) };
      if (outcome.nominatingInfo) nominatingInfo = outcome.nominatingInfo;
      reasons.push(...status.reasons);
    }
    return {
      ...(nominatingInfo ? { nominatingInfo } : {}),
      ...(claimChange ? { claimChange } : {}),
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
    return scoreNodes(this.plugins.score, state, pod, nodes);
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
  runUnreservePlugins(state: CycleState, pod: PodInfo, nodeName: string, writer?: ClusterWriter): void {
    for (const plugin of [...this.plugins.reserve].reverse()) plugin.unreserve(state, pod, nodeName, writer);
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
    const all: Placement = { name: '', nodes: this.handle.snapshot.list() };
    const [plugin] = this.plugins.placementGenerate;
    if (!plugin) return [all];
    const result = plugin.generatePlacements(group, all);
    if ('status' in result) return withPlugin(result.status, plugin.name);
    if (result.placements.length > 0) return result.placements;
    return withPlugin(unschedulable('no feasible placements found'), plugin.name);
  }

  runPlacementScorePlugins(group: PodGroupRef, trials: readonly PlacementTrial[]): readonly number[] | Status {
    return scorePlacements(this.plugins.placementScore, group, trials);
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

function intersect(a: ReadonlySet<string> | undefined, b: ReadonlySet<string>): ReadonlySet<string> {
  return a === undefined ? b : new Set([...a].filter((name) => b.has(name)));
}
