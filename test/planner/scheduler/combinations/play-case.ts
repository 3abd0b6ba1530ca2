// Plays a recorded case: the pods one after the other, in the order of the queue, each seen by those after it.
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import { defaultPod } from '../../../../src/apiserver/core/pod/defaults.ts';
import { decodeInto } from '../../../../src/apiserver/decode.ts';
import { featureGates } from '../../../../src/planner/kubernetes-options.ts';
import { type Decision, decidePod } from '../../../../src/planner/scheduler/explain/decision.ts';
import { StaticCluster } from '../../../../src/planner/scheduler/explain/static-cluster.ts';
import { FastPath } from '../../../../src/planner/scheduler/fast/fast-path.ts';
import {
  type ClusterEvent,
  eventMatches,
  nodeSchedulingPropertiesChange,
  podSchedulingPropertiesChange,
  wakingEvents,
} from '../../../../src/planner/scheduler/framework/events.ts';
import { PodInfo } from '../../../../src/planner/scheduler/framework/pod-info.ts';
import { Framework } from '../../../../src/planner/scheduler/framework/runtime.ts';
import { isSuccess, statusMessage } from '../../../../src/planner/scheduler/framework/status.ts';
import {
  defaultConfiguration,
  type SchedulerConfiguration,
} from '../../../../src/planner/scheduler/profile/configuration.ts';
import { decodeSchedulerConfiguration } from '../../../../src/planner/scheduler/profile/decode-configuration.ts';
import { makePlugins } from '../../../../src/planner/scheduler/profile/make-plugins.ts';
import { schedulePod, searchOfAllNodes } from '../../../../src/planner/scheduler/schedule-one.ts';
import type { Node, Pod } from '../../../../src/schema/generated/types/core-v1.ts';

export interface RecordedCase {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly pending: readonly Pod[];
  readonly config?: unknown;
  /** What happens afterwards, to see whom it wakes. */
  readonly events?: readonly { readonly old?: KubeObject; readonly new?: KubeObject }[];
  readonly expect: readonly RecordedPod[];
}

interface RecordedPod {
  readonly pod: string;
  readonly gated?: string;
  readonly preFilter?: string;
  readonly message?: string;
  readonly best?: readonly string[];
  readonly nominated?: string;
  readonly victims?: readonly string[];
  /** By node: scores by plugin, or status, plugin and reasons. */
  readonly nodes?: readonly (readonly [string, Readonly<Record<string, number>> | string])[];
  /** Plugins that rejected the pod. */
  readonly rejectors?: readonly string[];
  /** Event by event, what it is taken for and the rejectors that it may have satisfied. */
  readonly wakes?: readonly (readonly string[])[];
}

interface Run {
  readonly framework: Framework;
  readonly fast: FastPath;
}

const GATES = featureGates({ version: '1.36', featureGates: {} });
const isEnabled = (name: string): boolean => GATES.isEnabled(name);
const NOW = Date.parse('2026-01-01T00:00:00Z');
const POD = { resource: { group: '', kind: 'Pod' }, version: 'v1' };

/** What became of the pods, and where the fast path said something else than the plain one. */
export function play({ objects, pending, config, events = [] }: RecordedCase): {
  readonly pods: readonly RecordedPod[];
  readonly contradictions: readonly string[];
} {
  const { profiles } = configurationOf(config);
  const cluster = new StaticCluster(
    objects.map((object, i) => (object.kind === 'Pod' ? asStored(object as Pod, `bound-${i}`) : object)),
    { profile: profiles[0]!, now: NOW, isFeatureEnabled: isEnabled },
  );
  const runs = new Map(
    profiles.map((profile): [string, Run] => {
      const { framework: first } = cluster;
      const framework = new Framework(first.handle, (handle) => makePlugins(profile, handle));
      return [
        profile.schedulerName,
        { framework, fast: new FastPath(framework, profile, cluster.cache, cluster.nominator) },
      ];
    }),
  );
  const queue = pending.map((pod, timestamp) => ({
    podInfo: new PodInfo(asStored(pod, `pending-${timestamp}`)),
    timestamp,
  }));
  for (const { podInfo } of queue) {
    cluster.objects.set(podInfo.pod);
    if (podInfo.status.nominatedNodeName) cluster.nominator.add(podInfo);
  }
  const { less } = cluster.framework.plugins.queueSort;
  queue.sort((a, b) => (less(a, b) ? -1 : less(b, a) ? 1 : 0));
  const contradictions: string[] = [];
  const tried = queue.flatMap(({ podInfo }) => {
    const run = runs.get(podInfo.spec.schedulerName ?? '');
    if (!run) return [];
    const rejectors = rejectorsOf(run, podInfo, contradictions);
    const decision = decidePod(run.framework, podInfo);
    const answer = { ...describe(decision), ...carryOut(cluster, run, podInfo, decision) };
    return [{ podInfo, run, answer, rejectors: decision.gated === undefined ? rejectors : [] }];
  });
  // Whom an event wakes is asked when all pods have been tried.
  const pods = tried.map(({ podInfo, run, answer, rejectors }) => {
    if (rejectors.length === 0) return answer;
    const wakes = events.map((event) => wakesOf(podInfo, run.framework, rejectors, event));
    return { ...answer, rejectors, ...(events.length > 0 ? { wakes } : {}) };
  });
  return { pods, contradictions };
}

function configurationOf(config: unknown): SchedulerConfiguration {
  if (config === undefined) return defaultConfiguration(isEnabled);
  const decoded = decodeSchedulerConfiguration(config, isEnabled);
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.configuration;
}

/** As the API server would have stored it. */
function asStored(pod: Pod, uid: string): Pod {
  const named = { ...pod, metadata: { uid, ...pod.metadata } };
  const decoded = decodeInto({ value: named }, POD, '1.36', { strict: false });
  if (!decoded.ok) throw new Error(`${pod.metadata.name}: ${decoded.error}`);
  return defaultPod(decoded.object as Pod, GATES); // it was decoded as one
}

function rejectorsOf({ framework, fast }: Run, pod: PodInfo, contradictions: string[]): readonly string[] {
  const plain = schedulePod(framework, pod, searchOfAllNodes(), { alwaysScore: true });
  const quick = fast.schedule(pod, 100);
  const textOf = ({ outcome }: NonNullable<typeof quick>): string =>
    JSON.stringify(outcome, (key, value) =>
      key === 'victims' ? (value as PodInfo[]).map((victim) => victim.key) : value,
    );
  if (quick && textOf(quick) !== textOf(plain))
    contradictions.push(`${pod.key}: ${textOf(quick)} instead of ${textOf(plain)}`);
  if (plain.outcome.kind !== 'unschedulable') return [];
  return [...plain.diagnosis.unschedulablePlugins].sort();
}

function describe({
  pod,
  gated,
  preFilter,
  message,
  hasFailed,
  best,
  nominated,
  victims,
  nodes,
}: Decision): RecordedPod {
  return {
    pod,
    ...(gated ? { gated } : {}),
    ...(preFilter ? { preFilter } : {}),
    ...(message ? { message } : {}),
    ...(best.length > 0 ? { best } : {}),
    ...(nominated ? { nominated, victims: leaving(victims).map(({ key }) => key) } : {}),
    ...(nodes.length > 0 && !hasFailed
      ? {
          nodes: nodes.map(({ node, status, plugin, reasons = [], scores = [] }) => [
            node,
            status === 'Success'
              ? Object.fromEntries(
                  scores.filter(({ score }) => score !== 0).map((entry) => [entry.plugin, entry.score]),
                )
              : `${status} ${plugin}: ${reasons.join(', ')}`,
          ]),
        }
      : {}),
  };
}

/** Victims that are not on their way out already. */
function leaving(victims: readonly PodInfo[] = []): readonly PodInfo[] {
  return victims.filter(({ isTerminating }) => !isTerminating).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The pod takes its place, or that of its victims. */
function carryOut(
  cluster: StaticCluster,
  { framework }: Run,
  pod: PodInfo,
  { node, nominated, victims, state }: Decision,
): { readonly message?: string } {
  for (const victim of leaving(victims)) cluster.evict(victim);
  const bound = node ?? nominated;
  if (bound === undefined) return {};
  if (node !== undefined) {
    const status = framework.runReservePlugins(state, pod, node);
    if (!isSuccess(status)) return { message: statusMessage(status) };
  }
  cluster.nominator.delete(pod.uid);
  cluster.place(pod, bound);
  return {};
}

function wakesOf(
  waiting: PodInfo,
  framework: Framework,
  rejectors: readonly string[],
  { old, new: after }: NonNullable<RecordedCase['events']>[number],
): readonly string[] {
  const [before, now] = [stored(old), stored(after)];
  const about = (now ?? before)!;
  const isOwn = about.kind === 'Pod' && before && now && !(now as Pod).spec.nodeName;
  if (isOwn && now.metadata.uid !== waiting.uid) return [];
  const pod = isOwn ? new PodInfo(now as Pod) : waiting;
  return eventsOf(before, now)
    .map((event) => {
      const woken = new Set<string>();
      for (const { name, eventsToRegister = [] } of framework.plugins.all)
        for (const registered of wakingEvents(eventsToRegister))
          if (rejectors.includes(name) && eventMatches(registered, event))
            if (!registered.hint || registered.hint(pod, before, now)) woken.add(name);
      return `${event.resource}${event.action}: [${[...woken].sort().join(' ')}]`;
    })
    .sort();
}

function stored(object: KubeObject | undefined): KubeObject | undefined {
  return object?.kind === 'Pod' ? asStored(object as Pod, object.metadata.uid ?? '') : object;
}

function eventsOf(before: KubeObject | undefined, now: KubeObject | undefined): readonly ClusterEvent[] {
  const { kind } = (now ?? before)!;
  if (before && now) {
    if (kind === 'Pod') return podSchedulingPropertiesChange(now as Pod, before as Pod);
    if (kind === 'Node') return nodeSchedulingPropertiesChange(now as Node, before as Node);
  }
  const resource = kind === 'Pod' ? 'AssignedPod' : (kind as ClusterEvent['resource']); // the cases hold no other kinds
  return [{ resource, action: before ? (now ? 'Update' : 'Delete') : 'Add' }];
}
