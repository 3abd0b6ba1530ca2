// How bound pods live: they get addresses, their containers start, become ready, end as told, and go when asked to.
// Behaviour: pkg/kubelet/kubelet.go and pkg/kubelet/kuberuntime/kuberuntime_manager.go, Kubernetes v1.36.3, as far as the API shows it.
// Differs: containers do what the pod's annotations say, not what their images would do.
import { isRestartableInitContainer } from '../../../apiserver/core/pod-spec/visit-containers.ts';
import type { Container, Pod, PodCondition } from '../../../schema/generated/types/core-v1.ts';
import { podOutcome, startsUnready } from '../outcome.ts';
import { type KubeletSettings, type PodTimings, timingsOf } from '../settings.ts';
import type { Stage } from '../stages.ts';
import { backOffMessage, backOffOf, crashedStatuses, crashOf, isBackingOff, restartedStatuses } from './crashes.ts';
import type { ImageFailure, ImagePulls } from './images.ts';
import { CONTAINERS_NOT_READY, creating, failed, rejected, running, started, succeeded } from './pod-status.ts';
import { NOWHERE, type PodWorld } from './pod-world.ts';
import { probesTake } from './probes.ts';

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
    name: 'pod-devices-missing',
    matches: (pod, world) =>
      world.node !== undefined && acts(world) && isUnstarted(pod) && world.whyNotPrepared(pod) !== undefined,
    next: (pod, world) => {
      // The kubelet says it again and again.
      if (pod.status.startTime) return { idle: true };
      const message = `Failed to prepare dynamic resources: prepare dynamic resources: ${world.whyNotPrepared(pod)}`;
      return {
        write: { ...pod, status: { ...pod.status, ...creating(pod, world) } },
        event: { type: 'Warning', reason: 'FailedPrepareDynamicResources', message },
      };
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
      if (addresses.length === 0) return { blocked: true };
      const { settings } = world;
      const isReady = !staysUnready(pod, settings) && readinessDelay(pod, settings) === 0;
      return { write: started(pod, addresses, isReady, world) };
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

function isRunning(pod: Pod): boolean {
  return pod.status.phase === 'Running' && pod.metadata.deletionTimestamp === undefined;
}

function startDelay(pod: Pod, world: PodWorld): number {
  const { imagePull, initContainer, start }: PodTimings = timingsOf(pod, world.settings);
  let initContainers = 0;
  for (const container of pod.spec.initContainers ?? NO_CONTAINERS)
    if (!isRestartableInitContainer(container)) initContainers += 1;
  return imagePull + pullsOf(pod, world).takes + initContainers * initContainer + start;
}

const NO_CONTAINERS: readonly Container[] = [];
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

const NO_CONDITIONS: readonly PodCondition[] = [];

function reasonOf({ status: { conditions = NO_CONDITIONS } }: Pod, type: string): string | undefined {
  for (const condition of conditions) if (condition.type === type) return condition.reason;
  return undefined;
}
