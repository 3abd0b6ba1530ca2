// What the kubelet writes into a pod's status at each turn of its life.
// Behaviour: pkg/kubelet/kubelet_pods.go and pkg/kubelet/status/generate.go, Kubernetes v1.36.3.
import { formatTime } from '../../../apimachinery/time/time.ts';
import { isRestartableInitContainer } from '../../../apiserver/core/pod-spec/visit-containers.ts';
import type { Container, ContainerStatus, Pod, PodCondition } from '../../../schema/generated/types/core-v1.ts';
import { hostAddresses } from '../nodes/host-addresses.ts';
import { exitCodeOf } from '../outcome.ts';
import type { Rejection } from './admission.ts';
import type { Crash } from './crashes.ts';
import type { ImageFailure } from './images.ts';
import type { PodWorld } from './pod-world.ts';

export const CONTAINERS_NOT_READY = 'ContainersNotReady';

const NO_CONTAINERS: readonly Container[] = [];

/** Its node does not take the pod after all. */
export function rejected(pod: Pod, { reason, message }: Rejection, now: number): Pod {
  const startTime = formatTime(now);
  return {
    ...pod,
    status: { ...pod.status, phase: 'Failed', reason, message: `Pod was rejected: ${message}`, startTime },
  };
}

/** Status of a bound pod whose containers do not run yet. */
export function creating(
  pod: Pod,
  { now, node }: PodWorld,
  failures: readonly ImageFailure[] = [],
): Partial<Pod['status']> {
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

/** A pod whose containers have come up on its node. */
export function started(pod: Pod, addresses: readonly string[], isReady: boolean, { now, node }: PodWorld): Pod {
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
export function running(pod: Pod, isReady: boolean, now: number): Partial<Pod['status']> {
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

export function succeeded(pod: Pod, now: number): Pod {
  const reason = 'PodCompleted';
  return ended(pod, now, { phase: 'Succeeded', exitCode: 0, reason: 'Completed' }, [
    { type: 'Initialized', status: 'True', reason },
    { type: 'Ready', status: 'False', reason },
    { type: 'ContainersReady', status: 'False', reason },
  ]);
}

export function failed(pod: Pod, crash: Crash | undefined, now: number): Pod {
  // A message about unready containers, once there, stays: only the reason is replaced.
  const keptMessage = (type: string) => {
    const message = pod.status.conditions?.find((condition) => condition.type === type)?.message;
    return message ? { message } : {};
  };
  const end = { phase: 'Failed', exitCode: crash?.exitCode ?? exitCodeOf(pod), reason: crash?.reason ?? 'Error' };
  return ended(pod, now, end, [
    { type: 'Initialized', status: 'True' },
    { type: 'Ready', status: 'False', reason: 'PodFailed', ...keptMessage('Ready') },
    { type: 'ContainersReady', status: 'False', reason: 'PodFailed', ...keptMessage('ContainersReady') },
  ]);
}

interface End {
  readonly phase: string;
  /** Of its containers. */
  readonly exitCode: number;
  readonly reason: string;
}

function ended(pod: Pod, now: number, { phase, exitCode, reason }: End, conditions: readonly PodCondition[]): Pod {
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
  if (isRestartableInitContainer(container))
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
