// How workloads get from their old pods to their new ones, wave by wave, and where they stall.
// A wave of a Deployment is what deployment-controller wants of its ReplicaSets; of a StatefulSet or DaemonSet, each pod that goes or comes.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { refOf } from '../../../apimachinery/object.ts';
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import { DEPLOYMENT_REVISION } from '../../../apimachinery/well-known/annotations.ts';
import { LABEL_CONTROLLER_REVISION_HASH, LABEL_POD_TEMPLATE_HASH } from '../../../apimachinery/well-known/labels.ts';
import type { ResourceName, Store, StoreEvent } from '../../../apiserver/store/store.ts';
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { type History, secondOf } from '../history.ts';
import type { PendingPod, Rollout, RolloutStep } from '../plan.ts';
import { stateOf } from './timeline.ts';

interface Workload {
  readonly object: KubeObject;
  readonly wanted: number;
  /** Whether a pod, or what makes pods, is of the template that is wanted now. */
  isNew(object: KubeObject): boolean;
  /** Whether waves are told by ReplicaSets. */
  readonly hasSets: boolean;
}

/** What is counted while the writes are replayed. */
interface Count {
  readonly workload: Workload;
  /** Pods wanted by each ReplicaSet, or one for each pod, by name. */
  readonly parts: Map<string, { readonly isNew: boolean; readonly pods: number }>;
  readonly ready: Set<string>;
  readonly steps: RolloutStep[];
  readyBefore: number;
  readyAtLeast: number;
  hadOld: boolean;
}

export function rolloutsOf(
  store: Store,
  history: History,
  startedAt: number,
  pending: readonly PendingPod[],
): Rollout[] {
  const owners = new Owners(store, history);
  const counts = new Map<string, Count>();
  // What has no old pods to begin with rolls nothing out: there is no need to replay it.
  for (const [uid, firsts] of firstVersions(history, owners)) {
    const count = startOf(owners.workload(uid)!, store, owners, firsts, uid);
    if (count.hadOld) counts.set(uid, count);
  }
  if (counts.size === 0) return [];
  for (const write of history.writes) {
    const uid = isPart(write.resource) ? owners.workloadOf(write.object) : undefined;
    const count = uid === undefined ? undefined : counts.get(uid);
    if (count) replay(count, write, startedAt);
  }
  return [...counts.values()]
    .filter(({ steps }) => steps.length > 1)
    .map((count) => rolloutOf(count, store, owners, pending))
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
}

function nameOf({ object: { kind, namespace, name } }: Rollout): string {
  return `${kind} ${namespace}/${name}`;
}

interface First {
  readonly resource: ResourceName;
  readonly previous: KubeObject | undefined;
}

type Firsts = ReadonlyMap<string | undefined, First>;

/** What was written of each workload that may have old pods, as it was before, by uid. */
function firstVersions(history: History, owners: Owners): ReadonlyMap<string, Firsts> {
  const found = new Map<string, Map<string | undefined, First>>();
  const note = (resource: ResourceName, wanted: (uid: string) => boolean): void => {
    for (const { writes } of history.of(resource)) {
      let references: unknown = NONE;
      let uid: string | undefined;
      for (const { object, previous } of writes) {
        // Owners change far less often than their parts.
        if (object.metadata.ownerReferences !== references) {
          references = object.metadata.ownerReferences;
          uid = owners.workloadOf(object);
          if (uid !== undefined && !wanted(uid)) uid = undefined;
        }
        if (uid === undefined) continue;
        let firsts = found.get(uid);
        if (!firsts) found.set(uid, (firsts = new Map()));
        if (!firsts.has(object.metadata.uid)) firsts.set(object.metadata.uid, { resource, previous });
      }
    }
  };
  note('replicasets.apps', () => true);
  // Waves of a Deployment are told by its ReplicaSets: where none of them was there before, neither was an old pod.
  const rolling = new Set([...found].flatMap(([uid, firsts]) => (owners.hadSets(uid, firsts) ? [uid] : [])));
  for (const uid of found.keys()) if (!rolling.has(uid)) found.delete(uid);
  note('pods', (uid) => rolling.has(uid) || !owners.workload(uid)!.hasSets);
  return found;
}

/** Stands for the owners of nothing. */
const NONE = Symbol('none');

function isPart(resource: ResourceName): resource is 'pods' | 'replicasets.apps' {
  return resource === 'pods' || resource === 'replicasets.apps';
}

/** The state before the first write. */
function startOf(workload: Workload, store: Store, owners: Owners, firsts: Firsts, uid: string): Count {
  const count: Count = {
    workload,
    parts: new Map(),
    ready: new Set(),
    steps: [],
    readyBefore: 0,
    readyAtLeast: 0,
    hadOld: false,
  };
  for (const resource of ['replicasets.apps', 'pods'] as const) {
    for (const object of owners.partsOf(resource, store, uid))
      if (!firsts.has(object.metadata.uid)) enter(count, resource, object);
    for (const first of firsts.values())
      if (first.resource === resource && first.previous) enter(count, resource, first.previous);
  }
  count.hadOld = [...count.parts.values()].some(({ pods, isNew }) => pods > 0 && !isNew);
  count.readyBefore = count.ready.size;
  count.readyAtLeast = count.ready.size;
  note(count, 0);
  return count;
}

function enter({ workload, parts, ready }: Count, resource: ResourceName, object: KubeObject): void {
  const { name = '', deletionTimestamp } = object.metadata;
  const isNew = workload.isNew(object);
  if (resource === 'replicasets.apps') {
    if (workload.hasSets) parts.set(name, { isNew, pods: (object as ReplicaSet).spec.replicas ?? 1 });
    return;
  }
  const state = stateOf(object as Pod);
  if (state === 'ready') ready.add(name);
  else ready.delete(name);
  if (workload.hasSets) return;
  if (deletionTimestamp === undefined && state !== 'ended') parts.set(name, { isNew, pods: 1 });
  else parts.delete(name);
}

function replay(count: Count, write: StoreEvent, startedAt: number): void {
  const { resource, type, object } = write;
  if (!isPart(resource)) return;
  if (type === 'DELETED') {
    count.parts.delete(object.metadata.name ?? '');
    count.ready.delete(object.metadata.name ?? '');
  } else enter(count, resource, object);
  count.readyAtLeast = Math.min(count.readyAtLeast, count.ready.size);
  note(count, secondOf(write, startedAt));
}

/** A new step where the numbers of old and new pods differ; else the last one learns how many are ready. */
function note({ parts, ready, steps }: Count, at: number): void {
  let [old, fresh] = [0, 0];
  for (const { isNew, pods } of parts.values()) {
    if (isNew) fresh += pods;
    else old += pods;
  }
  const last = steps.at(-1);
  if (last?.old === old && last.new === fresh) steps[steps.length - 1] = { ...last, ready: ready.size };
  else steps.push({ at, old, new: fresh, ready: ready.size });
}

function rolloutOf(
  { workload, steps, ready, readyBefore, readyAtLeast }: Count,
  store: Store,
  owners: Owners,
  pending: readonly PendingPod[],
): Rollout {
  const { object, wanted } = workload;
  const last = steps.at(-1)!;
  const complete = last.old === 0 && last.new >= wanted && ready.size >= wanted;
  const stalledOn = complete ? undefined : whyStalled(workload, store, owners, pending);
  return {
    object: refOf(object),
    wanted,
    steps,
    readyAtLeast,
    unavailableAtMost: Math.max(0, Math.min(readyBefore, wanted) - readyAtLeast),
    complete,
    ...(stalledOn === undefined ? {} : { stalledOn }),
  };
}

function whyStalled(
  { object, isNew }: Workload,
  store: Store,
  owners: Owners,
  pending: readonly PendingPod[],
): string | undefined {
  const uid = object.metadata.uid ?? '';
  const pods = owners.partsOf('pods', store, uid) as Pod[];
  const names = new Set(pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const waiting = pending.find(({ pod }) => names.has(`${pod.namespace}/${pod.name}`));
  if (waiting) return `Pod ${waiting.pod.namespace}/${waiting.pod.name}: ${waiting.message}`;
  const failure = [object, ...owners.partsOf('replicasets.apps', store, uid)]
    .flatMap((each) => (each as Deployment).status?.conditions ?? [])
    .find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (failure) return failure.message ?? failure.reason ?? '';
  if ((object as Deployment).spec.paused) return 'the rollout is paused';
  const unready = pods.find((pod) => isNew(pod) && stateOf(pod) !== 'ready');
  return unready && `Pod ${unready.metadata.namespace}/${unready.metadata.name} does not become ready`;
}

/** Who owns what: pods by way of their ReplicaSets, also those that are gone by now. */
class Owners {
  readonly #store: Store;
  readonly #workloads = new Map<string, () => Workload>();
  readonly #described = new Map<string, Workload>();
  /** Uid of a Deployment by uid of its ReplicaSet. */
  readonly #deployments = new Map<string, string>();

  constructor(store: Store, history: History) {
    this.#store = store;
    const note = (object: KubeObject): void => {
      const owner = controllerOf(object);
      if (owner?.kind === 'Deployment') this.#deployments.set(object.metadata.uid ?? '', owner.uid);
    };
    for (const object of store.list('replicasets.apps')) note(object);
    for (const { object } of history.writesOf('replicasets.apps')) note(object);
    for (const [resource, describe] of Object.entries(WORKLOADS))
      for (const object of store.list(resource))
        this.#workloads.set(object.metadata.uid ?? '', () => describe(object, store));
  }

  workload(uid: string): Workload | undefined {
    let workload = this.#described.get(uid);
    if (!workload && (workload = this.#workloads.get(uid)?.())) this.#described.set(uid, workload);
    return workload;
  }

  /** Uid of the workload that a pod or a ReplicaSet belongs to. */
  workloadOf(object: KubeObject): string | undefined {
    const owner = controllerOf(object);
    if (!owner) return undefined;
    const uid = owner.kind === 'ReplicaSet' ? this.#deployments.get(owner.uid) : owner.uid;
    return uid !== undefined && this.#workloads.has(uid) ? uid : undefined;
  }

  /** Whether ReplicaSets were there before the first writes. */
  hadSets(uid: string, firsts: Firsts): boolean {
    for (const { previous } of firsts.values()) if (previous) return true;
    return this.partsOf('replicasets.apps', this.#store, uid).some(({ metadata }) => !firsts.has(metadata.uid));
  }

  partsOf(resource: 'pods' | 'replicasets.apps', store: Store, uid: string): readonly KubeObject[] {
    const direct = store.listByIndex(resource, 'owner', uid);
    if (resource === 'replicasets.apps') return direct;
    const sets = store.listByIndex('replicasets.apps', 'owner', uid);
    return [...direct, ...sets.flatMap(({ metadata }) => store.listByIndex('pods', 'owner', metadata.uid ?? ''))];
  }
}

const WORKLOADS: Readonly<Record<ResourceName, (object: KubeObject, store: Store) => Workload>> = {
  'deployments.apps': (object, store) => {
    const { metadata, spec } = object as Deployment;
    const revision = metadata.annotations?.[DEPLOYMENT_REVISION];
    const set = store
      .listByIndex('replicasets.apps', 'owner', metadata.uid ?? '')
      .find((each) => each.metadata.annotations?.[DEPLOYMENT_REVISION] === revision);
    const hash = set?.metadata.labels?.[LABEL_POD_TEMPLATE_HASH];
    return {
      object,
      wanted: spec.replicas ?? 1,
      hasSets: true,
      isNew: (part) => part.metadata.labels?.[LABEL_POD_TEMPLATE_HASH] === hash,
    };
  },
  'statefulsets.apps': (object) => {
    const { spec, status } = object as StatefulSet;
    return {
      object,
      wanted: spec.replicas ?? 1,
      hasSets: false,
      isNew: (part) => part.metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH] === status?.updateRevision,
    };
  },
  'daemonsets.apps': (object, store) => {
    const { metadata, status } = object as DaemonSet;
    const revisions = store.listByIndex('controllerrevisions.apps', 'owner', metadata.uid ?? '');
    const newest = revisions.reduce<KubeObject | undefined>(
      (best, each) => (best === undefined || revisionOf(each) > revisionOf(best) ? each : best),
      undefined,
    );
    return {
      object,
      wanted: status?.desiredNumberScheduled ?? 0,
      hasSets: false,
      isNew: (part) =>
        part.metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH] ===
        newest?.metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH],
    };
  },
};

function revisionOf(object: KubeObject): number {
  return (object as { readonly revision?: number }).revision ?? 0;
}
