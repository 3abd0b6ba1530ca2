// Containers that end again and again: how they look between their runs, and how long the kubelet waits.
// Behaviour: pkg/kubelet/kuberuntime/kuberuntime_manager.go (doBackOff), pkg/kubelet/kubelet.go (back-off times), Kubernetes v1.36.3.
// Differs: all containers of the pod end at once.
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { Container, ContainerStatus, Pod } from '../../../schema/generated/types/core-v1.ts';
import { exitCodeOf, OUTCOME } from '../outcome.ts';
import type { KubeletSettings } from '../settings.ts';

const CRASH_LOOP = 'CrashLoopBackOff';
const INITIAL_BACK_OFF = 10_000;
const MAX_BACK_OFF = 300_000;
const KILLED = 137;

export interface Crash {
  readonly exitCode: number;
  readonly reason: 'Error' | 'OOMKilled';
}

/** How the pod's containers end, if they are said to crash or use more memory than they may. */
export function crashOf(pod: Pod, settings: KubeletSettings): Crash | undefined {
  const said = pod.metadata.annotations?.[OUTCOME];
  if (said === 'crash-loop' || (said === 'fail' && settings.restartsFailed && isKeptAlive(pod)))
    return { exitCode: exitCodeOf(pod), reason: 'Error' };
  if (!settings.usageOf) return undefined;
  return (pod.spec.containers ?? []).some((container) => isOverLimit(pod, container, settings))
    ? { exitCode: KILLED, reason: 'OOMKilled' }
    : undefined;
}

/** Its node restarts the containers, so the pod itself never fails: a workload would put a new one in its place without end. */
function isKeptAlive(pod: Pod): boolean {
  return (pod.spec.restartPolicy ?? 'Always') === 'Always' && controllerOf(pod) !== undefined;
}

function isOverLimit(pod: Pod, { name, resources }: Container, { usageOf }: KubeletSettings): boolean {
  const limit = resources?.limits?.['memory'];
  const used = usageOf?.(pod)?.[name]?.memory;
  return limit !== undefined && used !== undefined && used > mustParseQuantity(String(limit)).value();
}

export function isBackingOff({ status }: Pod): boolean {
  return status.containerStatuses?.some(({ state }) => state.waiting?.reason === CRASH_LOOP) ?? false;
}

/** The pause before the next run: none after the first run, then 10 s, doubling to five minutes. */
export function backOffOf({ status }: Pod): number {
  const restarts = Math.max(0, ...(status.containerStatuses ?? []).map(({ restartCount }) => restartCount ?? 0));
  return restarts === 0 ? 0 : Math.min(INITIAL_BACK_OFF * 2 ** (restarts - 1), MAX_BACK_OFF);
}

/** `10s`, `5m0s`. */
export function backOffText(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

export function backOffMessage(pod: Pod, container: string): string {
  const { name, namespace, uid } = pod.metadata;
  return `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`;
}

/** Statuses of the containers after they ended: waiting, or running again when there is no pause. */
export function crashedStatuses(pod: Pod, { exitCode, reason }: Crash, now: number): readonly ContainerStatus[] {
  const time = formatTime(now);
  const pause = backOffOf(pod);
  const { name: podName, namespace, uid } = pod.metadata;
  return (pod.status.containerStatuses ?? []).map((status) => {
    const startedAt = status.state.running?.startedAt ?? time;
    const lastState = { terminated: { exitCode, reason, startedAt, finishedAt: time } };
    if (pause === 0)
      return {
        ...status,
        lastState,
        restartCount: (status.restartCount ?? 0) + 1,
        state: { running: { startedAt: time } },
      };
    const message = `back-off ${backOffText(pause)} restarting failed container=${status.name} pod=${podName}_${namespace}(${uid})`;
    return { ...status, lastState, ready: false, started: false, state: { waiting: { reason: CRASH_LOOP, message } } };
  });
}

export function restartedStatuses(pod: Pod, now: number): readonly ContainerStatus[] {
  return (pod.status.containerStatuses ?? []).map((status) => ({
    ...status,
    restartCount: (status.restartCount ?? 0) + 1,
    started: true,
    state: { running: { startedAt: formatTime(now) } },
  }));
}
