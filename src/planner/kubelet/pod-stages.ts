// How bound pods live: they get addresses, their containers start, become ready, end as told, and go when asked to.
// Behaviour: pkg/kubelet/kubelet_pods.go and pkg/kubelet/status/generate.go, Kubernetes v1.36.3, for what is written;
// Differs: containers do what the pod's annotations say, not what their images would do.
import { formatTime } from '../../apimachinery/time.ts';
import type { Container, ContainerStatus, Node, Pod, PodCondition } from '../../schema/generated/types/core-v1.ts';
import type { Rejection } from './admission.ts';
import {
  backOffMessage,
  backOffOf,
  type Crash,
  crashedStatuses,
  crashOf,
  isBackingOff,
  restartedStatuses,
} from './crashes.ts';
import type { ImageFailure, ImagePulls } from './images.ts';
import { exitCodeOf, podOutcome, startsUnready } from './outcome.ts';
import { probesTake } from './probes.ts';
import { type KubeletSettings, type PodTimings, timingsOf } from './settings.ts';
import type { Stage } from './stages.ts';

export interface PodWorld {
  readonly now: number;
  readonly settings: KubeletSettings;
  /** The pod's node; absent when it does not exist. */
  readonly node: Node | undefined;
  readonly isNodeSilent: boolean;
  /** Addresses for the pod in its node's pod network, one a family. */
  takeAddresses(pod: Pod): readonly string[];
  /** Why the node does not take a pod beside those it runs. */
  whyNotAdmitted(pod: Pod): Rejection | undefined;
}

const acts = ({ isNodeSilent, settings }: PodWorld): boolean => !isNodeSilent || !settings.freezePodsOnSilentNodes;

/** Of pods that are to start or to go. */
const otherStages: readonly Stage<Pod, PodWorld>[] = [
  {
    name: 'pod-gone',
    matches: (pod, world) => pod.metadata.deletionTimestamp !== undefined && acts(world),
    delay: (pod, { settings }) =>
      Math.min(timingsOf(pod, settings).termination, (pod.metadata.deletionGracePeriodSeconds ?? 0) * 1000),
    next: () => ({ remove: true }),
  },
  {
    name: 'pod-reject',
    matches: (pod, world) =>
      world.settings.rejectsMisfits &&
      acts(world) &&
      isUnstarted(pod) &&
      !pod.status.startTime &&
      !wasScheduled(pod) &&
      world.whyNotAdmitted(pod) !== undefined,
    next: (pod, world) => {
      const { reason, message } = world.whyNotAdmitted(pod)!;
      return { write: rejected(pod, { reason, message }, world.now), event: { type: 'Warning', reason, message } };
    },
  },
  {
    name: 'pod-image-missing',
    matches: (pod, world) => acts(world) && isUnstarted(pod) && pullsOf(pod, world).failures.length > 0,
    next: (pod, world) => {
      const { failures } = pullsOf(pod, world);
      if (isWaitingFor(pod, failures)) return { idle: true };
      return {
        write: { ...pod, status: { ...pod.status, ...creating(pod, world, failures) } },
        event: { type: 'Warning', reason: 'Failed', message: `Error: ${failures[0]!.reason}` },
      };
    },
  },
  {
    name: 'pod-pull',
    matches: (pod, world) =>
      world.node !== undefined &&
      acts(world) &&
      isUnstarted(pod) &&
      !pod.status.startTime &&
      startDelay(pod, world) > 0,
    next: (pod, world) => ({ write: { ...pod, status: { ...pod.status, ...creating(pod, world) } } }),
  },
  {
    name: 'pod-start',
    matches: (pod, world) => world.node !== undefined && acts(world) && isUnstarted(pod),
    delay: (pod, world) => startDelay(pod, world),
    next: (pod, world) => {
      const addresses = world.takeAddresses(pod);
      return addresses.length === 0 ? { blocked: true } : { write: started(pod, addresses, world) };
    },
  },
];

const runningStages: readonly Stage<Pod, PodWorld>[] = [
  {
    name: 'pod-ready',
    matches: (pod, { settings }) =>
      isRunning(pod) &&
      !staysUnready(pod, settings) &&
      readinessDelay(pod, settings) > 0 &&
      reasonOf(pod, 'Ready') === CONTAINERS_NOT_READY,
    delay: (pod, { settings }) => readinessDelay(pod, settings),
    next: (pod, { now }) => ({ write: { ...pod, status: { ...pod.status, ...running(pod, true, now) } } }),
  },
  {
    name: 'container-restart',
    matches: (pod, { settings }) => isRunning(pod) && isBackingOff(pod) && crashOf(pod, settings) !== undefined,
    delay: (pod) => backOffOf(pod),
    isRoutine: () => true,
    next: (pod, { now }) => ({
      write: { ...pod, status: { ...pod.status, containerStatuses: restartedStatuses(pod, now) } },
    }),
  },
  {
    name: 'container-crash',
    matches: (pod, { settings }) =>
      isRunning(pod) && restartsContainers(pod) && !isBackingOff(pod) && crashOf(pod, settings) !== undefined,
    delay: (pod, { settings }) => timingsOf(pod, settings).run,
    isRoutine: (pod) => backOffOf(pod) > 0,
    next: (pod, { now, settings }) => {
      const containerStatuses = crashedStatuses(pod, crashOf(pod, settings)!, now);
      const write = { ...pod, status: { ...pod.status, containerStatuses } };
      const message = backOffMessage(pod, containerStatuses[0]?.name ?? '');
      return backOffOf(pod) > 0 ? { write, event: { type: 'Warning', reason: 'BackOff', message } } : { write };
    },
  },
  {
    name: 'pod-succeed',
    matches: (pod, { settings }) =>
      isRunning(pod) && podOutcome(pod) === 'succeed' && crashOf(pod, settings) === undefined,
    delay: (pod, { settings }) => timingsOf(pod, settings).run,
    next: (pod, { now }) => ({ write: succeeded(pod, now) }),
  },
  {
    name: 'pod-fail',
    matches: (pod, { settings }) =>
      isRunning(pod) &&
      (podOutcome(pod) === 'fail' || (!restartsContainers(pod) && crashOf(pod, settings) !== undefined)),
    delay: (pod, { settings }) => timingsOf(pod, settings).run,
    next: (pod, { now, settings }) => ({ write: failed(pod, crashOf(pod, settings), now) }),
  },
];

export const podStages: readonly Stage<Pod, PodWorld>[] = [...otherStages, ...runningStages];

const CONTAINERS_NOT_READY = 'ContainersNotReady';

function isUnstarted(pod: Pod): boolean {
  return !pod.status.podIP && (pod.status.phase ?? 'Pending') === 'Pending' && podOutcome(pod) !== 'pending';
}

/** A running pod that nobody here has anything to do with until it is written to: no stage of running pods looks at the node. */
export function isAtRest(pod: Pod, settings: KubeletSettings): boolean {
  if (!isRunning(pod)) return false;
  // Nothing is said of most pods: they do not end, and have become ready unless they say otherwise.
  if (!pod.metadata.annotations && !settings.usageOf && (pod.spec.restartPolicy ?? 'Always') === 'Always')
    if (reasonOf(pod, 'Ready') !== CONTAINERS_NOT_READY) return true;
  const anywhere: PodWorld = { ...NOWHERE, settings };
  for (const stage of runningStages) if (stage.matches(pod, anywhere)) return false;
  return true;
}

const NOWHERE: Omit<PodWorld, 'settings'> = {
  now: 0,
  node: undefined,
  isNodeSilent: false,
  takeAddresses: () => [],
  whyNotAdmitted: () => undefined,
};

function isRunning(pod: Pod): boolean {
  return pod.status.phase === 'Running' && pod.metadata.deletionTimestamp === undefined;
}

function startDelay(pod: Pod, world: PodWorld): number {
  const { imagePull, initContainer, start }: PodTimings = timingsOf(pod, world.settings);
  let initContainers = 0;
  for (const container of pod.spec.initContainers ?? NO_CONTAINERS) if (!isSidecar(container)) initContainers += 1;
  return imagePull + pullsOf(pod, world).takes + initContainers * initContainer + start;
}

const NO_CONTAINERS: readonly Container[] = [];
const NO_CONDITIONS: readonly PodCondition[] = [];
const NO_PULLS: ImagePulls = { takes: 0, failures: [] };

function pullsOf(pod: Pod, { node, settings }: PodWorld): ImagePulls {
  return (node && settings.imagesOf?.(pod, node)) ?? NO_PULLS;
}

function isWaitingFor({ status }: Pod, failures: readonly ImageFailure[]): boolean {
  const all = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return failures.every(({ container, reason }) =>
    all.some(({ name, state }) => name === container && state.waiting?.reason === reason),
  );
}

function readinessDelay(pod: Pod, settings: KubeletSettings): number {
  return timingsOf(pod, settings).readiness + (settings.probesTakeTime ? probesTake(pod) : 0);
}

function staysUnready(pod: Pod, settings: KubeletSettings): boolean {
  return startsUnready(pod) || crashOf(pod, settings) !== undefined;
}

function restartsContainers({ spec }: Pod): boolean {
  return spec.restartPolicy !== 'Never';
}

/** The scheduler chose the node, and looked at the same things as the kubelet would. */
function wasScheduled({ status }: Pod): boolean {
  return status.conditions?.some(({ type, status: value }) => type === 'PodScheduled' && value === 'True') ?? false;
}

function rejected(pod: Pod, { reason, message }: Rejection, now: number): Pod {
  const startTime = formatTime(now);
  return {
    ...pod,
    status: { ...pod.status, phase: 'Failed', reason, message: `Pod was rejected: ${message}`, startTime },
  };
}

/** An init container that keeps running next to the regular ones. */
export function isSidecar(container: Container): boolean {
  return container.restartPolicy === 'Always';
}

function reasonOf({ status: { conditions = NO_CONDITIONS } }: Pod, type: string): string | undefined {
  for (const condition of conditions) if (condition.type === type) return condition.reason;
  return undefined;
}

/** Status of a bound pod whose containers do not run yet. */
function creating(pod: Pod, { now, node }: PodWorld, failures: readonly ImageFailure[] = []): Partial<Pod['status']> {
  const hasInit = (pod.spec.initContainers ?? []).length > 0;
  const waiting = (container: Container, reason: string): ContainerStatus => {
    const failure = failures.find((one) => one.container === container.name);
    return {
      ...statusOf(container),
      ready: false,
      started: false,
      state: { waiting: failure ? { reason: failure.reason, message: failure.message } : { reason } },
    };
  };
  return {
    phase: 'Pending',
    startTime: formatTime(now),
    ...hostAddresses(node),
    containerStatuses: (pod.spec.containers ?? []).map((c) =>
      waiting(c, hasInit ? 'PodInitializing' : 'ContainerCreating'),
    ),
    ...(hasInit ? { initContainerStatuses: pod.spec.initContainers!.map((c) => waiting(c, 'PodInitializing')) } : {}),
  };
}

function started(pod: Pod, addresses: readonly string[], world: PodWorld): Pod {
  const { now, settings, node } = world;
  const isReady = !staysUnready(pod, settings) && readinessDelay(pod, settings) === 0;
  const time = formatTime(now);
  const { initContainers } = pod.spec;
  const { conditions, containerStatuses } = running(pod, isReady, now);
  const { hostIP, hostIPs } = hostAddresses(node);
  const podIP = addresses[0]!;
  const podIPs = addresses.map((ip) => ({ ip }));
  const phase = 'Running';
  const startTime = pod.status.startTime ?? time;
  // Keys that are set by name make for cheaper objects than those that are spread in.
  if (!initContainers?.length && conditions && containerStatuses && hostIP !== undefined && hostIPs) {
    const status: Pod['status'] = {
      ...pod.status,
      conditions,
      containerStatuses,
      hostIP,
      hostIPs,
      podIP,
      podIPs,
      phase,
      startTime,
    };
    return { ...pod, status };
  }
  return {
    ...pod,
    status: {
      ...pod.status,
      ...(conditions ? { conditions } : {}),
      ...(containerStatuses ? { containerStatuses } : {}),
      ...(initContainers?.length
        ? { initContainerStatuses: initContainers.map((container) => initStatus(container, time)) }
        : {}),
      ...hostAddresses(node),
      podIP,
      podIPs,
      phase,
      startTime,
    },
  };
}

/** What was said last of pods with this status that run. */
interface Said {
  readonly containers: readonly Container[];
  readonly isReady: boolean;
  readonly now: number;
  readonly status: Partial<Pod['status']>;
}

/** Pods of a template share their status until it says that they run, and what it says then is shared again. */
const said = new WeakMap<Pod['status'], Said>();

/** Conditions and container statuses of a pod whose containers run. */
function running(pod: Pod, isReady: boolean, now: number): Partial<Pod['status']> {
  const { readinessGates, containers = NO_CONTAINERS } = pod.spec;
  if (readinessGates?.length) return newRunning(pod, isReady, now);
  const last = said.get(pod.status);
  if (last && last.now === now && last.isReady === isReady && looksTheSame(last.containers, containers))
    return last.status;
  const status = newRunning(pod, isReady, now);
  said.set(pod.status, { containers, isReady, now, status });
  return status;
}

/** Whether `newRunning` sees the same in these containers. */
function looksTheSame(a: readonly Container[], b: readonly Container[]): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every(({ name, image }, i) => name === b[i]!.name && image === b[i]!.image);
}

function newRunning(pod: Pod, isReady: boolean, now: number): Partial<Pod['status']> {
  const time = formatTime(now);
  const containers = pod.spec.containers ?? [];
  const unready = isReady
    ? {}
    : {
        reason: CONTAINERS_NOT_READY,
        message: `containers with unready status: [${containers.map((c) => c.name).join(' ')}]`,
      };
  const readiness = isReady ? 'True' : 'False';
  const gates = (pod.spec.readinessGates ?? []).map(({ conditionType }) => ({ type: conditionType, status: 'True' }));
  return {
    conditions: withConditions(
      pod.status.conditions,
      [
        { type: 'Initialized', status: 'True' },
        { type: 'Ready', status: readiness, ...unready },
        { type: 'ContainersReady', status: readiness, ...unready },
        ...gates,
      ],
      time,
    ),
    containerStatuses: containers.map((container) => ({
      ...statusOf(container),
      ready: isReady,
      started: true,
      state: { running: { startedAt: time } },
    })),
  };
}

function succeeded(pod: Pod, now: number): Pod {
  const reason = 'PodCompleted';
  return ended(pod, now, 'Succeeded', 0, 'Completed', [
    { type: 'Initialized', status: 'True', reason },
    { type: 'Ready', status: 'False', reason },
    { type: 'ContainersReady', status: 'False', reason },
  ]);
}

function failed(pod: Pod, crash: Crash | undefined, now: number): Pod {
  // A message about unready containers, once there, stays: only the reason is replaced.
  const keptMessage = (type: string) => {
    const message = pod.status.conditions?.find((condition) => condition.type === type)?.message;
    return message ? { message } : {};
  };
  return ended(pod, now, 'Failed', crash?.exitCode ?? exitCodeOf(pod), crash?.reason ?? 'Error', [
    { type: 'Initialized', status: 'True' },
    { type: 'Ready', status: 'False', reason: 'PodFailed', ...keptMessage('Ready') },
    { type: 'ContainersReady', status: 'False', reason: 'PodFailed', ...keptMessage('ContainersReady') },
  ]);
}

function ended(
  pod: Pod,
  now: number,
  phase: string,
  exitCode: number,
  reason: string,
  conditions: readonly PodCondition[],
): Pod {
  const time = formatTime(now);
  return {
    ...pod,
    status: {
      ...pod.status,
      phase,
      conditions: withConditions(pod.status.conditions, conditions, time),
      containerStatuses: (pod.spec.containers ?? []).map((container) => {
        const startedAt = pod.status.containerStatuses?.find(({ name }) => name === container.name)?.state.running
          ?.startedAt;
        return {
          ...statusOf(container),
          ready: false,
          started: false,
          state: { terminated: { exitCode, reason, startedAt: startedAt ?? time, finishedAt: time } },
        };
      }),
    },
  };
}

function initStatus(container: Container, time: string): ContainerStatus {
  if (isSidecar(container))
    return { ...statusOf(container), ready: true, started: true, state: { running: { startedAt: time } } };
  return {
    ...statusOf(container),
    ready: true,
    started: false,
    state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: time, finishedAt: time } },
  };
}

function statusOf({ name, image = '' }: Container): ContainerStatus {
  return { name, image, imageID: '', ready: false, restartCount: 0, state: {}, lastState: {} };
}

/** What its pods say of a node, by the addresses that it reports. */
const hosts = new WeakMap<object, Partial<Pod['status']>>();
const NO_HOST: Partial<Pod['status']> = {};

function hostAddresses(node: Node | undefined): Partial<Pod['status']> {
  const reported = node?.status?.addresses;
  if (!reported) return NO_HOST;
  let host = hosts.get(reported);
  if (!host) {
    const addresses = nodeAddresses(node);
    host = addresses.length === 0 ? NO_HOST : { hostIP: addresses[0]!, hostIPs: addresses.map((ip) => ({ ip })) };
    hosts.set(reported, host);
  }
  return host;
}

/** The node's own addresses as pods see them: internal ones, else external ones. */
export function nodeAddresses(node: Node | undefined): readonly string[] {
  const all = node?.status?.addresses ?? [];
  for (const wanted of ['InternalIP', 'ExternalIP']) {
    const found = all.filter(({ type }) => type === wanted).map(({ address }) => address);
    if (found.length > 0) return found;
  }
  return [];
}

/** The list with these conditions set; a transition time moves only with the status. */
function withConditions(
  before: readonly PodCondition[] | undefined,
  set: readonly PodCondition[],
  time: string,
): readonly PodCondition[] {
  const list = [...(before ?? [])];
  for (const condition of set) {
    const at = list.findIndex(({ type }) => type === condition.type);
    const old = list[at];
    const since = old?.status === condition.status ? (old.lastTransitionTime ?? time) : time;
    const next = { ...condition, lastTransitionTime: since };
    if (at < 0) list.push(next);
    else list[at] = next;
  }
  return list;
}
