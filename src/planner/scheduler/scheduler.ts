// Gives pods their nodes: the kube-scheduler as a component of the engine, one pod a look.
// Behaviour: pkg/scheduler/{scheduler,schedule_one,eventhandlers}.go, framework/preemption/executor.go, Kubernetes v1.36.3.

import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { formatTime } from '../../apimachinery/time.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { Client } from '../../apiserver/server.ts';
import type { StoreEvent } from '../../apiserver/store/store.ts';
import type { Node, PersistentVolume, Pod, PodCondition, PodStatus } from '../../schema/generated/types/core-v1.ts';
import type {
  Controller,
  ControllerFactory,
  ControllerOptions,
  SyncContext,
  SyncResult,
  Watch,
} from '../engine/controller.ts';
import { ClusterCache } from './cache/cluster-cache.ts';
import { Nominator } from './cache/nominator.ts';
import { FastPath } from './fast/fast-path.ts';
import {
  type ActionName,
  type EventResource,
  nodeSchedulingPropertiesChange,
  podSchedulingPropertiesChange,
} from './framework/events.ts';
import type { ClusterLister, ClusterWriter, NominatingInfo, WriteOutcome } from './framework/plugin.ts';
import { PodInfo } from './framework/pod-info.ts';
import { Framework } from './framework/runtime.ts';
import { isRejected, isSuccess, type Status, statusMessage } from './framework/status.ts';
import { defaultConfiguration, type SchedulerConfiguration } from './profile/configuration.ts';
import { makePlugins } from './profile/profile.ts';
import type { QueuedPod } from './queue/queued-pod.ts';
import { SchedulingQueue } from './queue/scheduling-queue.ts';
import { type NodeSearch, type SchedulingResult, schedulePod } from './schedule-one.ts';

/** The only key: there is always one thing to do next. */
const SCHEDULE: readonly string[] = ['schedule'];
const NOTHING: readonly string[] = [];

/** Resources besides pods and nodes whose changes may let a pod in. */
const WATCHED: Readonly<Record<string, EventResource>> = {
  persistentvolumes: 'PersistentVolume',
  persistentvolumeclaims: 'PersistentVolumeClaim',
  'csidrivers.storage.k8s.io': 'CSIDriver',
  'csinodes.storage.k8s.io': 'CSINode',
  'csistoragecapacities.storage.k8s.io': 'CSIStorageCapacity',
  'storageclasses.storage.k8s.io': 'StorageClass',
  'volumeattachments.storage.k8s.io': 'VolumeAttachment',
  'deviceclasses.resource.k8s.io': 'DeviceClass',
  'resourceclaims.resource.k8s.io': 'ResourceClaim',
  'resourceslices.resource.k8s.io': 'ResourceSlice',
};

const ACTION: Readonly<Record<StoreEvent['type'], ActionName>> = {
  ADDED: 'Add',
  MODIFIED: 'Update',
  DELETED: 'Delete',
};

/** Longest text of an event. */
const NOTE_LENGTH_LIMIT = 1024;

/** The options of every component, and the described scheduler's configuration where there is one. */
interface SchedulerOptions extends ControllerOptions {
  readonly scheduler?: SchedulerConfiguration;
}

export const schedulerFactory: ControllerFactory = (options: SchedulerOptions) =>
  new Scheduler(options.scheduler ?? defaultConfiguration(options.isFeatureEnabled), options);

/** The scheduler as a KubeSchedulerConfiguration has it. */
export function schedulerFactoryFor(configuration: SchedulerConfiguration): ControllerFactory {
  return (options) => new Scheduler(configuration, options);
}

/** A pod whose node is chosen but whose volumes are still on the way. */
interface Binding {
  readonly queued: QueuedPod;
  readonly node: string;
  readonly result: SchedulingResult;
  readonly framework: Framework;
  /** Claims that the pod mounts, `namespace/name`. */
  readonly claims: readonly string[];
}

interface ProfileRun {
  readonly framework: Framework;
  readonly search: NodeSearch;
  readonly fast: FastPath;
}

class Scheduler implements Controller {
  readonly name = 'default-scheduler';
  readonly watches: readonly Watch[];
  readonly #cache = new ClusterCache();
  readonly #nominator = new Nominator();
  readonly #frameworks = new Map<string, ProfileRun>();
  readonly #queue: SchedulingQueue;
  readonly #waiting = new Map<string, Binding>();
  /** Bindings that wait, by the claims they wait for. */
  readonly #waitingFor = new Map<string, Set<Binding>>();
  /** Bindings whose claims have changed. */
  readonly #stirred = new Set<Binding>();
  #reader: ClusterReader | undefined;
  #now = 0;

  constructor(configuration: SchedulerConfiguration, { isFeatureEnabled }: ControllerOptions) {
    const objects: ClusterLister = {
      get: (resource, namespace, name) => this.#reader?.get(resource, namespace, name),
      list: (resource, namespace) => this.#reader?.list(resource, namespace) ?? [],
    };
    for (const profile of configuration.profiles) {
      const framework = new Framework({
        profileName: profile.schedulerName,
        snapshot: this.#cache,
        objects,
        nominator: this.#nominator,
        now: () => this.#now,
        isFeatureEnabled,
        plugins: (handle) => makePlugins(profile, handle),
      });
      const percentageOfNodesToScore = profile.percentageOfNodesToScore ?? configuration.percentageOfNodesToScore;
      this.#frameworks.set(profile.schedulerName, {
        framework,
        search: { percentageOfNodesToScore, nextStartNodeIndex: 0 },
        fast: new FastPath(framework, profile, this.#cache, this.#nominator),
      });
    }
    this.#queue = new SchedulingQueue({
      frameworkOf: (pod) => this.#frameworkOf(pod),
      nominator: this.#nominator,
      now: () => this.#now,
      initialBackoff: configuration.podInitialBackoffSeconds * 1000,
      maxBackoff: configuration.podMaxBackoffSeconds * 1000,
    });
    this.#queue.register([...this.#frameworks.values()].flatMap(({ framework }) => framework.plugins.all));
    const watch = (resource: string, take: (event: StoreEvent) => void): Watch => ({
      resource,
      keys: (event, reader) => {
        this.#reader = reader;
        this.#now = Math.max(this.#now, event.at);
        take(event);
        return this.#hasWork ? SCHEDULE : NOTHING;
      },
    });
    this.watches = [
      watch('pods', (event) => this.#takePod(event)),
      watch('nodes', (event) => this.#takeNode(event)),
      ...REMEMBERED.map((resource) =>
        watch(resource, (event) => {
          if (isRemembered(event)) for (const { fast } of this.#frameworks.values()) fast.forgetClasses();
        }),
      ),
      ...Object.entries(WATCHED).map(([resource, kind]) =>
        watch(resource, ({ type, object, previous }) => {
          const [before, after] = type === 'DELETED' ? [object, undefined] : [previous, object];
          this.#stir(resource, object);
          this.#queue.moveAll({ resource: kind, action: ACTION[type] }, before, after);
        }),
      ),
    ];
  }

  sync(_key: string, context: SyncContext): SyncResult | undefined {
    this.#reader = context.reader;
    this.#now = context.now;
    const stirred = [...this.#stirred];
    this.#stirred.clear();
    for (const binding of stirred) this.#continueBinding(binding, context);
    const queued = this.#queue.pop();
    if (queued) this.#scheduleOne(queued, context);
    if (this.#queue.hasNext) return { requeueAfter: 0 };
    const next = this.#queue.nextTimer();
    // Nothing that the scheduler waits for by the clock changes anything by itself.
    return next === undefined ? undefined : { requeueAfter: Math.max(next - context.now, 0), routine: true };
  }

  get #hasWork(): boolean {
    return this.#queue.hasNext || this.#stirred.size > 0;
  }

  #frameworkOf(pod: PodInfo): Framework | undefined {
    return this.#frameworks.get(pod.spec.schedulerName ?? 'default-scheduler')?.framework;
  }

  // ---- what happens in the cluster

  #takeNode({ type, object, previous }: StoreEvent): void {
    const node = object as Node; // events of nodes carry nodes
    if (type === 'DELETED') {
      this.#queue.moveAll({ resource: 'Node', action: 'Delete' }, node, undefined);
      this.#cache.removeNode(node.metadata.name ?? '');
      return;
    }
    const before = previous as Node | undefined;
    if (before && isSameNode(node, before)) {
      // Heartbeats change nothing that anybody here looks at.
      return;
    }
    this.#cache.setNode(node);
    if (!before) this.#queue.moveAll({ resource: 'Node', action: 'Add' }, undefined, node);
    else for (const event of nodeSchedulingPropertiesChange(node, before)) this.#queue.moveAll(event, before, node);
  }

  /** Pods that have come to an end are as good as deleted. */
  #takePod({ type, object, previous }: StoreEvent): void {
    const pod = type === 'DELETED' || isTerminal(object) ? undefined : (object as Pod); // events of pods carry pods
    const old = type === 'DELETED' ? object : previous;
    const before = old === undefined || isTerminal(old) ? undefined : (old as Pod);
    if (!pod) {
      if (before) this.#deletePod(before);
    } else if (!before) this.#addPod(pod);
    else this.#updatePod(pod, before);
  }

  #addPod(pod: Pod): void {
    const info = new PodInfo(pod);
    if (pod.spec.nodeName) this.#addAssignedPod(info, pod.spec.nodeName);
    else if (this.#frameworkOf(info)) this.#queue.add(info);
  }

  #addAssignedPod(info: PodInfo, nodeName: string): void {
    this.#cache.confirmPod(info, nodeName);
    this.#queue.moveAll({ resource: 'AssignedPod', action: 'Add' }, undefined, info.pod);
  }

  #updatePod(pod: Pod, before: Pod): void {
    const info = new PodInfo(pod);
    if (before.spec.nodeName) {
      this.#cache.updatePod(info, pod.spec.nodeName ?? '');
      for (const event of podSchedulingPropertiesChange(pod, before)) this.#queue.moveAll(event, before, pod);
    } else if (pod.spec.nodeName) {
      this.#addAssignedPod(info, pod.spec.nodeName);
      this.#queue.delete(info.key);
    } else if (this.#frameworkOf(info) && !this.#waiting.has(info.key)) {
      this.#queue.update(info, before, podSchedulingPropertiesChange(pod, before));
      const nominated = before.status?.nominatedNodeName;
      if (nominated && nominated !== pod.status?.nominatedNodeName) this.#freeNomination(before);
    }
  }

  #deletePod(pod: Pod): void {
    const info = new PodInfo(pod);
    if (pod.spec.nodeName) {
      this.#cache.removePod(info.uid);
      this.#queue.moveAll({ resource: 'AssignedPod', action: 'Delete' }, pod, undefined);
      return;
    }
    this.#queue.delete(info.key);
    const binding = this.#waiting.get(info.key);
    if (binding) {
      this.#unreserve(binding);
      this.#queue.moveAll({ resource: 'AssignedPod', action: 'Delete' }, pod, undefined);
    } else if (pod.status?.nominatedNodeName) this.#freeNomination(pod);
  }

  /** Room that was kept for a pod is free again for those that could not take it from the pod. */
  #freeNomination(pod: Pod): void {
    const { priority } = new PodInfo(pod);
    this.#queue.moveAll(
      { resource: 'AssignedPod', action: 'Delete' },
      pod,
      undefined,
      (other) => other.priority <= priority,
    );
  }

  // ---- one pod

  #scheduleOne(queued: QueuedPod, context: SyncContext): void {
    const { podInfo } = queued;
    const entry = this.#frameworks.get(podInfo.spec.schedulerName ?? 'default-scheduler');
    if (!entry) {
      this.#queue.delete(podInfo.key);
      return;
    }
    if (podInfo.isTerminating) {
      context.recorder.event(podInfo.pod, 'Warning', 'FailedScheduling', `skip schedule deleting pod: ${podInfo.key}`);
      this.#queue.delete(podInfo.key);
      return;
    }
    const { framework, search, fast } = entry;
    const result = fast.schedule(podInfo, search.percentageOfNodesToScore) ?? schedulePod(framework, podInfo, search);
    const { outcome } = result;
    switch (outcome.kind) {
      case 'scheduled':
        this.#bindTo(outcome.node, queued, framework, result, context);
        break;
      case 'unschedulable': {
        const { nominatingInfo, victims = [], freed } = outcome;
        if (freed) context.on(podInfo.pod).updateStatus('resourceclaims.resource.k8s.io', freed);
        if (nominatingInfo?.nominatedNodeName) this.#evict(victims, podInfo, nominatingInfo.nominatedNodeName, context);
        const { unschedulablePlugins, pendingPlugins } = result.diagnosis;
        this.#fail(
          queued,
          outcome.message,
          'Unschedulable',
          context,
          nominatingInfo,
          unschedulablePlugins,
          pendingPlugins,
        );
        break;
      }
      case 'no-nodes':
        this.#fail(queued, outcome.message, 'Unschedulable', context, NO_NOMINATION);
        break;
      case 'error':
        this.#fail(queued, outcome.message, 'SchedulerError', context, NO_NOMINATION);
        break;
    }
  }

  #bindTo(node: string, queued: QueuedPod, framework: Framework, result: SchedulingResult, context: SyncContext): void {
    const { podInfo } = queued;
    const binding = { queued, node, result, framework, claims: claimsOf(podInfo) };
    this.#nominator.delete(podInfo.uid);
    this.#cache.addPod(podInfo, node);
    const status =
      framework.runReservePlugins(result.state, podInfo, node) ??
      framework.runPermitPlugins(result.state, podInfo, node);
    if (status && !isSuccess(status)) {
      this.#undo(binding, status, context);
      return;
    }
    this.#waiting.set(podInfo.key, binding);
    for (const claim of binding.claims) {
      const bindings = this.#waitingFor.get(claim);
      if (bindings) bindings.add(binding);
      else this.#waitingFor.set(claim, new Set([binding]));
    }
    // Others shall know where the pod is going to be while its volumes are on the way.
    if (framework.hasPreBindWork(result.state, podInfo, node))
      updatePodStatus(context, podInfo.pod, undefined, { nominatedNodeName: node });
    this.#continueBinding(binding, context);
  }

  #continueBinding(binding: Binding, context: SyncContext): void {
    const { queued, node, result, framework } = binding;
    const { podInfo } = queued;
    const writer = writerOf(context.on(podInfo.pod));
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
    this.#unreserve(binding);
    const rejectors = new Set(isRejected(status) && status.plugin ? [status.plugin] : []);
    const { pod } = queued.podInfo;
    this.#queue.moveAll({ resource: 'AssignedPod', action: 'Delete' }, pod, undefined);
    const message = isRejected(status) ? `0/1 nodes are available: 1 ${statusMessage(status)}.` : statusMessage(status);
    this.#fail(
      queued,
      message,
      isRejected(status) ? 'Unschedulable' : 'SchedulerError',
      context,
      NO_NOMINATION,
      rejectors,
    );
  }

  #unreserve(binding: Binding): void {
    const { queued, node, result, framework } = binding;
    const { podInfo } = queued;
    this.#stopWaiting(binding);
    framework.runUnreservePlugins(result.state, podInfo, node);
    this.#cache.removePod(podInfo.uid);
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

  /** A claim or the volume for it has changed: whoever waits for it looks again. */
  #stir(resource: string, object: KubeObject): void {
    if (this.#waitingFor.size === 0) return;
    const { namespace, name } =
      resource === 'persistentvolumes' ? ((object as PersistentVolume).spec?.claimRef ?? {}) : object.metadata; // volumes carry volumes
    for (const binding of this.#waitingFor.get(`${namespace}/${name}`) ?? []) this.#stirred.add(binding);
  }

  #fail(
    queued: QueuedPod,
    message: string,
    reason: 'Unschedulable' | 'SchedulerError',
    context: SyncContext,
    nominatingInfo: NominatingInfo | undefined,
    rejectors: ReadonlySet<string> = NO_PLUGINS,
    pending: ReadonlySet<string> = NO_PLUGINS,
  ): void {
    const { podInfo } = queued;
    this.#queue.addUnschedulable(queued, rejectors, pending);
    this.#nominator.add(podInfo, nominatingInfo);
    context.recorder.event(podInfo.pod, 'Warning', 'FailedScheduling', truncateMessage(message));
    const condition = { type: 'PodScheduled', status: 'False', reason, message };
    updatePodStatus(context, podInfo.pod, condition, nominatingInfo);
  }

  // ---- preemption

  #evict(victims: readonly PodInfo[], preemptor: PodInfo, node: string, context: SyncContext): void {
    for (const other of this.#nominator.nominatedPodsForNode(node))
      if (other.priority < preemptor.priority) updatePodStatus(context, other.pod, undefined, NO_NOMINATION);
    const message = `${preemptor.spec.schedulerName ?? 'default-scheduler'}: preempting to accommodate a higher priority pod`;
    const condition = { type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message };
    for (const victim of victims) {
      if (victim.isTerminating) continue;
      updatePodStatus(context, victim.pod, condition, undefined);
      const { name, namespace } = victim;
      const answer = context.on(preemptor.pod).delete('pods', { namespace, name });
      if (answer.ok)
        context.recorder.event(victim.pod, 'Normal', 'Preempted', `Preempted by pod ${preemptor.uid} on node ${node}`);
    }
  }
}

/** Resources that the fast path takes something from once for all pods of a kind. */
const REMEMBERED: readonly string[] = [
  'deviceclasses.resource.k8s.io',
  'namespaces',
  'replicasets.apps',
  'replicationcontrollers',
  'services',
  'statefulsets.apps',
];

/** Labels and selectors are all that is taken. */
function isRemembered({ type, object, previous }: StoreEvent): boolean {
  if (type !== 'MODIFIED' || !previous) return true;
  const selectorOf = (subject: KubeObject): unknown =>
    (subject as { readonly spec?: { readonly selector?: unknown; readonly extendedResourceName?: unknown } }).spec;
  const [now, before] = [selectorOf(object), selectorOf(previous)];
  return now !== before && !semanticDeepEqual(now, before)
    ? true
    : !semanticDeepEqual(object.metadata.labels, previous.metadata.labels);
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

const NO_NOMINATION: NominatingInfo = { nominatedNodeName: '' };
const NO_PLUGINS: ReadonlySet<string> = new Set();

function isTerminal(object: KubeObject): boolean {
  const phase = (object as Pod).status?.phase; // events of pods carry pods
  return phase === 'Succeeded' || phase === 'Failed';
}

/** Whether nothing that plugins look at has changed; parts that did not change are the same objects. */
function isSameNode(node: Node, before: Node): boolean {
  return (
    node.spec === before.spec &&
    node.metadata.labels === before.metadata.labels &&
    node.metadata.annotations === before.metadata.annotations &&
    node.status === before.status
  );
}

function truncateMessage(message: string): string {
  return message.length <= NOTE_LENGTH_LIMIT ? message : `${message.slice(0, NOTE_LENGTH_LIMIT - 4)} ...`;
}

/** Writes a condition and a nomination if they say something new. */
function updatePodStatus(
  context: SyncContext,
  pod: Pod,
  condition: Pick<PodCondition, 'type' | 'status' | 'reason' | 'message'> | undefined,
  nominatingInfo: NominatingInfo | undefined,
): void {
  const { namespace, name = '', uid } = pod.metadata;
  const current = context.reader.get<Pod>('pods', namespace, name);
  if (!current || current.metadata.uid !== uid || (current.spec.nodeName && condition?.type === 'PodScheduled')) return;
  let status = current.status ?? NO_STATUS;
  if (condition)
    status = withCondition(status, { ...condition, observedGeneration: current.metadata.generation ?? 0 }, context.now);
  const nominated = nominatingInfo?.nominatedNodeName;
  if (nominated !== undefined && nominated !== (status.nominatedNodeName ?? '')) {
    const { nominatedNodeName: _before, ...rest } = status;
    status = nominated === '' ? rest : { ...rest, nominatedNodeName: nominated };
  }
  if (status !== (current.status ?? NO_STATUS)) context.on(pod).updateStatus('pods', { ...current, status });
}

const NO_STATUS: PodStatus = {};

/** The same status when the condition is there already, whatever generation it was observed at. */
function withCondition(status: PodStatus, condition: PodCondition, now: number): PodStatus {
  const conditions = status.conditions ?? [];
  const before = conditions.find(({ type }) => type === condition.type);
  if (
    before &&
    before.status === condition.status &&
    before.reason === condition.reason &&
    before.message === condition.message
  )
    return status;
  const lastTransitionTime = (before?.status === condition.status && before.lastTransitionTime) || formatTime(now);
  const next = { ...condition, lastTransitionTime };
  return {
    ...status,
    conditions: before ? conditions.map((item) => (item === before ? next : item)) : [...conditions, next],
  };
}

function writerOf(client: Client): ClusterWriter {
  const outcome = <T extends KubeObject>(answer: ReturnType<Client['update']>): WriteOutcome<T> =>
    // The server answers with an object of the resource that was written.
    answer.ok
      ? { ok: true, object: answer.object as unknown as T }
      : { ok: false, message: answer.status.message ?? '' };
  return {
    bind: ({ name, namespace, uid }, nodeName) =>
      outcome(
        client.create<KubeObject>(
          'pods',
          {
            apiVersion: 'v1',
            kind: 'Binding',
            metadata: { name, namespace, uid },
            target: { kind: 'Node', name: nodeName },
          } as KubeObject,
          'binding',
        ),
      ),
    create: (resource, object) => outcome(client.create(resource, object)),
    update: (resource, object) => outcome(client.update(resource, object)),
    updateStatus: (resource, object) => outcome(client.updateStatus(resource, object)),
  };
}
