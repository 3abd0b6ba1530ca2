// Brings pods to the nodes that were chosen for them: reserve, permit, wait for others, for volumes and devices, bind.
// Behaviour: pkg/scheduler/schedule_one.go (assumeAndReserve, bindingCycle, handleBindingCycleError), Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { PersistentVolume } from '../../schema/generated/types/core-v1.ts';
import type { SyncContext } from '../engine/controller.ts';
import { clusterWriter } from './cluster-writer.ts';
import { handleSchedulingFailure } from './failure-handler.ts';
import type { ClusterWriter } from './framework/plugin.ts';
import type { PodInfo } from './framework/pod-info.ts';
import type { Framework } from './framework/runtime.ts';
import { isRejected, isSkip, isSuccess, type Status, statusMessage } from './framework/status.ts';
import { NO_NOMINATION, updatePodStatus } from './pod-status.ts';
import type { QueuedPod } from './queue/queued-pod.ts';
import type { SchedulingResult } from './schedule-one.ts';
import type { SchedulerState } from './scheduler-state.ts';

/** A pod whose node is chosen but whose volumes are still on the way. */
interface Binding {
  readonly queued: QueuedPod;
  readonly node: string;
  readonly result: SchedulingResult;
  readonly framework: Framework;
  /** Claims that the pod mounts, `namespace/name`. */
  readonly claims: readonly string[];
}

export class BindingCycle {
  readonly #scheduler: SchedulerState;
  readonly #waiting = new Map<string, Binding>();
  /** Bindings that wait, by the claims they wait for. */
  readonly #waitingFor = new Map<string, Set<Binding>>();
  /** Bindings whose claims have changed. */
  readonly #stirred = new Set<Binding>();
  /** Pods that were deleted while they waited for volumes, which is still to be told. */
  #gone: PodInfo[] = [];

  constructor(scheduler: SchedulerState) {
    this.#scheduler = scheduler;
    scheduler.waitingPods.listen((uid) => {
      for (const binding of this.#waiting.values()) if (binding.queued.podInfo.uid === uid) this.#stirred.add(binding);
    });
  }

  /** Whether a binding can go on, or has an end to tell of. */
  get hasWork(): boolean {
    return this.#stirred.size > 0 || this.#gone.length > 0;
  }

  isWaiting(podKey: string): boolean {
    return this.#waiting.has(podKey);
  }

  start(node: string, queued: QueuedPod, framework: Framework, result: SchedulingResult, context: SyncContext): void {
    const { podInfo } = queued;
    const { cache, nominator, podGroups, waitingPods, now } = this.#scheduler;
    const binding = { queued, node, result, framework, claims: claimsOf(podInfo) };
    nominator.delete(podInfo.uid);
    cache.addPod(podInfo, node);
    podGroups.assume(podInfo, node);
    const reserved = framework.runReservePlugins(result.state, podInfo, node);
    const permit = reserved ? undefined : framework.runPermitPlugins(result.state, podInfo, node);
    const status = reserved ?? permit?.status;
    const mustWait = permit !== undefined && status?.code === 'Wait';
    if (status && !isSuccess(status) && !mustWait) {
      this.#undo(binding, status, context);
      return;
    }
    if (mustWait) waitingPods.add(podInfo.uid, permit.timeouts, now());
    this.#waiting.set(podInfo.key, binding);
    for (const claim of binding.claims) {
      const bindings = this.#waitingFor.get(claim);
      if (bindings) bindings.add(binding);
      else this.#waitingFor.set(claim, new Set([binding]));
    }
    // Others shall know where the pod is going to be while it or its volumes are on the way.
    if (mustWait || framework.hasPreBindWork(result.state, podInfo, node))
      updatePodStatus(context, podInfo.pod, undefined, { nominatedNodeName: node });
    // Pods that waited for this one are on their way before it.
    this.continueStirred(context);
    this.#continue(binding, context);
  }

  /** A claim or the volume for it has changed: whoever waits for it looks again. */
  stir(resource: string, object: KubeObject): void {
    if (this.#waitingFor.size === 0) return;
    const { namespace, name } =
      resource === 'persistentvolumes' ? ((object as PersistentVolume).spec?.claimRef ?? {}) : object.metadata; // volumes carry volumes
    for (const binding of this.#waitingFor.get(`${namespace}/${name}`) ?? []) this.#stirred.add(binding);
  }

  continueStirred(context: SyncContext): void {
    for (const [uid, status] of this.#scheduler.waitingPods.takeOverdue(context.now))
      for (const binding of [...this.#waiting.values()])
        if (binding.queued.podInfo.uid === uid) this.#undo(binding, status, context);
    for (const pod of this.#gone) context.recorder.event(pod.pod, 'Warning', 'FailedScheduling', goneMessage(pod));
    this.#gone = [];
    const stirred = [...this.#stirred];
    this.#stirred.clear();
    for (const binding of stirred) this.#continue(binding, context);
  }

  /** The pod is gone: its place is free again. False when there was no binding. */
  abandon(podKey: string): boolean {
    const binding = this.#waiting.get(podKey);
    if (!binding) return false;
    if (waitsForVolumes(binding)) this.#gone.push(binding.queued.podInfo);
    this.#unreserve(binding);
    return true;
  }

  #continue(binding: Binding, context: SyncContext): void {
    const { queued, node, result, framework } = binding;
    const { podInfo } = queued;
    if (this.#scheduler.waitingPods.has(podInfo.uid)) return;
    const writer = clusterWriter(context.on(podInfo.pod));
    const prepared = framework.runPreBindPlugins(result.state, podInfo, node, writer);
    if (prepared === 'wait') return;
    if (prepared && !isSuccess(prepared)) {
      this.#undo(binding, prepared, context);
      return;
    }
    const bound = framework.runBindPlugins(podInfo, node, writer);
    if (bound && !isSuccess(bound)) {
      this.#undo(binding, bound, context);
      return;
    }
    this.#stopWaiting(binding);
    context.recorder.event(podInfo.pod, 'Normal', 'Scheduled', `Successfully assigned ${podInfo.key} to ${node}`);
  }

  /** Something on the way to the bind failed: the pod gives its place back and is tried again. */
  #undo(binding: Binding, status: Status, context: SyncContext): void {
    const { queued } = binding;
    this.#unreserve(binding, clusterWriter(context.on(queued.podInfo.pod)));
    this.#scheduler.queue.moveAll({ resource: 'AssignedPod', action: 'Delete' }, queued.podInfo.pod, undefined);
    const rejected = isRejected(status);
    handleSchedulingFailure(this.#scheduler, queued, context, {
      reason: rejected ? 'Unschedulable' : 'SchedulerError',
      message: rejected ? `0/1 nodes are available: 1 ${statusMessage(status)}.` : statusMessage(status),
      nominatingInfo: NO_NOMINATION,
      rejectors: new Set(rejected && status.plugin ? [status.plugin] : []),
    });
  }

  #unreserve(binding: Binding, writer?: ClusterWriter): void {
    const { queued, node, result, framework } = binding;
    const { podInfo } = queued;
    this.#stopWaiting(binding);
    framework.runUnreservePlugins(result.state, podInfo, node, writer);
    this.#scheduler.waitingPods.delete(podInfo.uid);
    this.#scheduler.cache.removePod(podInfo.uid);
    this.#scheduler.podGroups.forget(podInfo);
  }

  #stopWaiting(binding: Binding): void {
    this.#waiting.delete(binding.queued.podInfo.key);
    this.#stirred.delete(binding);
    for (const claim of binding.claims) {
      const bindings = this.#waitingFor.get(claim);
      bindings?.delete(binding);
      if (bindings?.size === 0) this.#waitingFor.delete(claim);
    }
  }
}

/** Whoever waits for volumes looks for its pod as well. */
function waitsForVolumes({ queued: { podInfo }, node, result, framework }: Binding): boolean {
  const plugin = framework.plugins.preBind.find(({ name }) => name === 'VolumeBinding');
  return plugin?.preBindPreFlight !== undefined && !isSkip(plugin.preBindPreFlight(result.state, podInfo, node));
}

function goneMessage({ name }: PodInfo): string {
  return `running PreBind plugin "VolumeBinding": binding volumes: pod does not exist any more: pod "${name}" not found`;
}

/** Claims of volumes and of devices alike: whoever waits for one looks again when one of that name changes. */
function claimsOf({ spec, status, name, namespace }: PodInfo): readonly string[] {
  const ofVolumes = (spec.volumes ?? []).flatMap((volume) => {
    if (volume.persistentVolumeClaim) return [`${namespace}/${volume.persistentVolumeClaim.claimName}`];
    return volume.ephemeral ? [`${namespace}/${name}-${volume.name}`] : [];
  });
  if (!spec.resourceClaims) return ofVolumes;
  const generated = new Map((status.resourceClaimStatuses ?? []).map((entry) => [entry.name, entry.resourceClaimName]));
  const ofDevices = spec.resourceClaims.flatMap((claim) => {
    const claimName = claim.resourceClaimName ?? generated.get(claim.name);
    return claimName === undefined ? [] : [`${namespace}/${claimName}`];
  });
  return [...ofVolumes, ...ofDevices];
}
