// How many pods a second the scheduler places, workload by workload of upstream's own benchmark.
// By default nothing but the scheduler runs, on objects in memory; with --server every write goes through the API server.
// usage: npm run bench -- schedule [--server] [NAME...]   NAME: part of a workload's name
// Seconds are of processor time. With KUBEPLAN_SCHEDORACLE kube-scheduler places the first pods too (schedule-rival.ts).
import { setTimeout } from 'node:timers/promises';
import type { KubeObject } from '../../src/apimachinery/object.ts';
import type { ClusterReader } from '../../src/apiserver/cluster-reader.ts';
import { decodeBody } from '../../src/apiserver/decode.ts';
import { loadResources } from '../../src/apiserver/groups.ts';
import { type Client, clientOf } from '../../src/apiserver/server.ts';
import type { StoreEvent } from '../../src/apiserver/store/store.ts';
import type { Controller, SyncContext, Watch } from '../../src/planner/engine/controller.ts';
import { ObjectSet, resourceOf } from '../../src/planner/scheduler/explain/object-set.ts';
import { schedulerFactory } from '../../src/planner/scheduler/scheduler.ts';
import { World } from '../../src/planner/world.ts';
import type { Pod } from '../../src/schema/generated/types/core-v1.ts';
import { compareWithKubernetes, type Rivalry } from './schedule-rival.ts';
import { type PodSet, WORKLOADS, type Workload } from './schedule-workloads.ts';

const START = Date.UTC(2026, 0, 1);
/** Simulated time after which a workload is given up. */
const LONGEST = 600_000;
const PAUSE = 200;

/** A place where pods are created and the scheduler runs until they are placed. */
interface Ground {
  create(object: KubeObject): void;
  delete(object: KubeObject): void;
  /** Lets the scheduler work; true once so many pods have got a node since the last call. */
  runUntilBound(count: number): boolean;
}

async function scheduleAll(args: readonly string[]): Promise<void> {
  const withServer = args.includes('--server');
  const wanted = args.filter((arg) => !arg.startsWith('--')).map((arg) => arg.toLowerCase());
  const makeGround = withServer ? await serverGrounds() : () => new LightGround();
  const isRivalThere = process.env['KUBEPLAN_SCHEDORACLE'] !== undefined;
  const rivalTitle = isRivalThere ? '   kube-scheduler  ours, same 20 pods' : '';
  console.log(
    `workload                          nodes  initial  measured  seconds   pods/s   bar upstream  times${rivalTitle}`,
  );
  for (const make of WORKLOADS) {
    const workload = make();
    if (wanted.length > 0 && !wanted.some((part) => workload.name.toLowerCase().includes(part))) continue;
    const seconds = await run(workload, makeGround());
    const { name, nodes, initial = [], measured, upstream } = workload;
    const before = initial.reduce((sum, { count }) => sum + count, 0);
    const rate = seconds === undefined ? 'not placed' : (measured.count / seconds).toFixed(0);
    console.log(
      `${name.padEnd(32)} ${cell(nodes.length, 6)} ${cell(before, 8)} ${cell(measured.count, 9)} ${cell(seconds?.toFixed(2) ?? '', 8)} ${cell(rate, 8)} ${cell(upstream ?? '', 14)} ${cell(seconds && upstream ? (measured.count / seconds / upstream).toFixed(1) : '', 6)}${rivalText(compareWithKubernetes(workload))}`,
    );
  }
}

function rivalText(rivalry: Rivalry | undefined): string {
  if (!rivalry) return '';
  const { real, ours, isSame } = rivalry;
  return ` ${cell(real.toFixed(0), 16)} ${cell(ours.toFixed(0), 10)} ${isSame ? 'same nodes' : 'OTHER NODES'}`;
}

function cell(value: number | string, width: number): string {
  return String(value).padStart(width);
}

/** Seconds of processor time until all measured pods have a node: it does not depend on what else the machine does. */
async function run(
  { nodes, objects = [], initial = [], measured, churn }: Workload,
  ground: Ground,
): Promise<number | undefined> {
  for (const object of [...nodes, ...objects]) ground.create(object);
  for (const set of initial) {
    createAll(set, ground);
    if (!ground.runUntilBound(set.count)) return undefined;
  }
  // What the engine still compiles in the background is not the work of the measured pods.
  await setTimeout(PAUSE);
  const every = churn?.every ?? measured.count;
  let microseconds = 0;
  for (let first = 0; first < measured.count; first += every) {
    // Making the objects is not the scheduler's work.
    for (const { action, object } of churn?.make(first / every) ?? []) ground[action](object);
    const count = Math.min(every, measured.count - first);
    for (let i = first; i < first + count; i++) for (const object of measured.make(i)) ground.create(object);
    const started = process.cpuUsage();
    if (!ground.runUntilBound(count)) return undefined;
    const { user, system } = process.cpuUsage(started);
    microseconds += user + system;
  }
  return microseconds / 1e6;
}

function createAll({ count, make }: PodSet, ground: Ground): void {
  for (let i = 0; i < count; i++) for (const object of make(i)) ground.create(object);
}

/** Objects in maps: what the scheduler writes comes back to it as it would from a server. */
class LightGround implements Ground {
  readonly #objects = new ObjectSet();
  readonly #scheduler: Controller;
  /** Whom an event of a resource is for, as the engine keeps it. */
  readonly #watches = new Map<string, Watch['keys'][]>();
  readonly #reader: ClusterReader;
  readonly #context: SyncContext;
  #events: StoreEvent[] = [];
  #now = START;
  #revision = 0;
  #bound = 0;

  constructor() {
    this.#scheduler = schedulerFactory({ kubernetesVersion: '1.36', flags: {}, isFeatureEnabled: () => true });
    for (const { resource, keys } of this.#scheduler.watches) {
      const listeners = this.#watches.get(resource);
      if (listeners) listeners.push(keys);
      else this.#watches.set(resource, [keys]);
    }
    const objects = this.#objects;
    // The scheduler gets and lists; it uses no index.
    this.#reader = {
      get: (resource: string, namespace: string | undefined, name: string) => objects.get(resource, namespace, name),
      list: (resource: string, namespace?: string) => objects.list(resource, namespace),
    } as unknown as ClusterReader;
    const ground = this;
    const client = this.#client();
    this.#context = {
      client,
      reader: this.#reader,
      recorder: { event: () => {} },
      get now() {
        return ground.#now;
      },
      on: () => client,
    } as unknown as SyncContext; // nor does it look kinds up
  }

  create(object: KubeObject): void {
    this.#write(object, undefined);
  }

  delete(object: KubeObject): void {
    const { metadata } = object;
    const stored = this.#objects.get(resourceOf(object) ?? '', metadata.namespace, metadata.name ?? '');
    if (!stored) return;
    this.#objects.delete(stored);
    this.#events.push(this.#event('DELETED', stored, undefined));
  }

  runUntilBound(count: number): boolean {
    const end = this.#now + LONGEST;
    this.#hand();
    for (;;) {
      const result = this.#scheduler.sync('schedule', this.#context);
      const hadEvents = this.#hand();
      if (this.#bound >= count) {
        this.#bound -= count;
        return true;
      }
      if (result?.requeueAfter === 0 || hadEvents) continue;
      if (result?.requeueAfter === undefined || this.#now >= end) return false;
      this.#now += result.requeueAfter;
    }
  }

  #client(): Client {
    const answer = (object: KubeObject) => ({ ok: true, object });
    const replace = (object: KubeObject) => {
      const { metadata } = object;
      const before = this.#objects.get(resourceOf(object) ?? '', metadata.namespace, metadata.name ?? '');
      this.#write(object, before);
      return answer(object);
    };
    return {
      create: (_resource: string, object: KubeObject) => {
        const { metadata, target } = object as KubeObject & { readonly target: { readonly name: string } };
        const pod = this.#objects.get<Pod>('pods', metadata.namespace, metadata.name ?? '')!;
        this.#bound += 1;
        const bound = { ...pod, spec: { ...pod.spec, nodeName: target.name } } as Pod;
        this.#write(bound, pod);
        return answer(bound);
      },
      update: (_resource: string, object: KubeObject) => replace(object),
      updateStatus: (_resource: string, object: KubeObject) => replace(object),
      delete: (resource: string, { namespace, name }: { readonly namespace?: string; readonly name: string }) => {
        const stored = this.#objects.get(resource, namespace, name);
        if (stored) {
          this.#objects.delete(stored);
          this.#events.push(this.#event('DELETED', stored, undefined));
        }
        return answer(stored ?? ({} as KubeObject));
      },
    } as unknown as Client; // the requests that the scheduler makes
  }

  #write(object: KubeObject, previous: KubeObject | undefined): void {
    this.#objects.set(object);
    this.#events.push(this.#event(previous ? 'MODIFIED' : 'ADDED', object, previous));
  }

  #event(type: StoreEvent['type'], object: KubeObject, previous: KubeObject | undefined): StoreEvent {
    this.#revision += 1;
    const about = { resource: resourceOf(object) ?? '', object, ...(previous ? { previous } : {}) };
    return { revision: this.#revision, type, ...about, cause: { who: 'bench' }, at: this.#now };
  }

  /** Tells the scheduler what has been written. */
  #hand(): boolean {
    const events = this.#events;
    this.#events = [];
    for (const event of events)
      for (const keys of this.#watches.get(event.resource) ?? NOBODY) keys(event, this.#reader);
    return events.length > 0;
  }
}

const NOBODY: readonly Watch['keys'][] = [];

/** As it arrives in a request. */
function decoded(world: World, object: KubeObject): KubeObject {
  const resource = world.server.options.catalog.byKind(object.apiVersion, object.kind)!;
  const version = object.apiVersion.replace(/^.*\//, '');
  const body = decodeBody({ tree: { value: object }, isYaml: false }, { resource, version }, '1.36', 'Strict');
  if (!body.ok) throw new Error(body.status.message);
  return body.object;
}

async function serverGrounds(): Promise<() => Ground> {
  const resources = await loadResources();
  return () => {
    let bound = 0;
    const world = new World({
      kubernetes: { version: '1.36', featureGates: {}, flags: {} },
      resources,
      admission: [],
      components: [schedulerFactory],
      startAt: START,
      audit: (request, { ok }) => {
        if ('subresource' in request && request.subresource === 'binding' && ok) bound += 1;
      },
    });
    const user = clientOf(world.server, { who: 'user' });
    return {
      create(object) {
        const { uid: _uid, ...metadata } = object.metadata;
        const sent = user.create(resourceOf(object) ?? '', decoded(world, { ...object, metadata }));
        if (!sent.ok) throw new Error(sent.status.message);
        if (!('status' in object) || object.kind === 'Pod' || object.kind === 'Node') return;
        const status = { ...sent.object, status: object.status } as KubeObject;
        const answer = user.updateStatus(resourceOf(object) ?? '', status);
        if (!answer.ok) throw new Error(answer.status.message);
      },
      delete({ kind, apiVersion, metadata }) {
        user.delete(resourceOf({ kind, apiVersion, metadata }) ?? '', {
          namespace: metadata.namespace,
          name: metadata.name ?? '',
        });
      },
      runUntilBound(count) {
        world.engine.run({ horizon: LONGEST, steps: Number.MAX_SAFE_INTEGER, quietFor: 60_000 });
        bound -= count;
        return bound >= 0;
      },
    };
  };
}

await scheduleAll(process.argv.slice(2));
