// What a plan takes from the writes, against plain versions that replay them one by one.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { Store, type StoreEvent } from '../../../src/apiserver/store/store.ts';
import { CauseFinder } from '../../../src/planner/changes/because.ts';
import { eventsOf } from '../../../src/planner/changes/cluster/events.ts';
import { History } from '../../../src/planner/changes/history.ts';
import type { Eviction, PodMoment } from '../../../src/planner/changes/plan.ts';
import { evictionsOf } from '../../../src/planner/changes/pods/evictions.ts';
import { placementsOf } from '../../../src/planner/changes/pods/placements.ts';
import { stateOf, timelineOf } from '../../../src/planner/changes/pods/timeline.ts';
import type { Event, Pod } from '../../../src/schema/generated/types/core-v1.ts';

const START = Date.UTC(2026, 0, 1);
const name = fc.constantFrom('a', 'b', 'c', 'd');
const node = fc.constantFrom(undefined, 'n1', 'n2');

interface Step {
  readonly kind: 'pods' | 'events' | 'replicasets.apps' | 'delete';
  readonly name: string;
  readonly node: string | undefined;
  readonly phase: string;
  readonly isReady: boolean;
  readonly isDisrupted: boolean;
  readonly victim: string;
  readonly by: 'user' | 'a' | 'b' | 'trigger';
  readonly after: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('pods', 'pods', 'pods', 'events', 'replicasets.apps', 'delete'),
    name,
    node,
    phase: fc.constantFrom('Pending', 'Running', 'Running', 'Succeeded'),
    isReady: fc.boolean(),
    isDisrupted: fc.boolean(),
    victim: name,
    by: fc.constantFrom('user', 'a', 'b', 'trigger'),
    after: fc.nat(3000),
  }),
  { maxLength: 60 },
);

/** The store after these steps, the first of them before the plan begins. */
function written(all: readonly Step[]): { readonly store: Store; readonly since: number } {
  const store = new Store();
  let since = store.revision;
  let at = START;
  all.forEach((step, i) => {
    if (i === Math.floor(all.length / 4)) since = store.revision;
    at += step.after;
    const cause: StoreEvent['cause'] =
      step.by === 'user'
        ? { who: 'user', source: { file: `${step.name}.yaml`, line: 1 } }
        : step.by === 'trigger'
          ? { who: 'x', trigger: Math.max(1, store.revision - (i % 5)) }
          : { who: 'x', object: { resource: 'replicasets.apps', namespace: 'ns', name: step.by } };
    const metadata = { namespace: 'ns', name: step.name, uid: `${step.kind}-${step.name}` };
    if (step.kind === 'delete') {
      for (const resource of ['pods', 'events'])
        if (step.isReady === (resource === 'pods')) store.delete(resource, 'ns', step.name, undefined, { cause, at });
      return;
    }
    const object = objectOf(step, metadata, at);
    const done = store.create(step.kind, object, { cause, at });
    if (!done.ok) store.update(step.kind, object, undefined, { cause, at });
  });
  return { store, since };
}

function objectOf(step: Step, metadata: KubeObject['metadata'], at: number): KubeObject {
  if (step.kind === 'replicasets.apps') return { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata };
  if (step.kind === 'events')
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata,
      involvedObject: { kind: 'Pod', namespace: 'ns', name: step.victim },
      reason: step.isReady ? 'Preempted' : 'Scheduled',
      message: `Preempted by pod pods-${step.name} on node n`,
      lastTimestamp: `${new Date(at).toISOString().slice(0, 19)}Z`,
    } as KubeObject;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: step.node === undefined ? {} : { nodeName: step.node },
    status: {
      phase: step.phase,
      conditions: [
        { type: 'Ready', status: step.isReady ? 'True' : 'False' },
        ...(step.isDisrupted ? [{ type: 'DisruptionTarget', status: 'True', reason: 'R', message: step.name }] : []),
      ],
    },
  } as KubeObject;
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;
const refOf = ({ metadata }: KubeObject) => ({ namespace: metadata.namespace ?? '', name: metadata.name ?? '' });
const secondOf = (at: number): number => Math.max(0, Math.round((at - START) / 1000));

function plainTimeline(writes: readonly StoreEvent[]): PodMoment[] {
  const last = new Map<string, PodMoment>();
  const first: PodMoment[] = [];
  const moments: PodMoment[] = [];
  const momentOf = (object: KubeObject, state: PodMoment['state'], at: number): PodMoment => {
    const { nodeName } = (object as Pod).spec;
    return { at, pod: refOf(object), state, ...(nodeName ? { node: nodeName } : {}) };
  };
  for (const { resource, type, object, previous, at } of writes) {
    if (resource !== 'pods') continue;
    let known = last.get(keyOf(object));
    if (!known && previous) first.push((known = momentOf(previous, stateOf(previous as Pod), -1)));
    const moment = momentOf(object, type === 'DELETED' ? 'gone' : stateOf(object as Pod), secondOf(at));
    last.set(keyOf(object), moment);
    if (known?.state !== moment.state || known.node !== moment.node) moments.push(moment);
  }
  const moved = new Set(moments.map(({ pod }) => pod.name));
  return [...first.filter(({ pod }) => moved.has(pod.name)), ...moments];
}

function plainPlacements(writes: readonly StoreEvent[]) {
  const bound = new Map<string, object>();
  for (const { resource, type, object, previous } of writes) {
    if (resource !== 'pods') continue;
    const { nodeName } = (object as Pod).spec;
    if (type === 'DELETED') bound.delete(keyOf(object));
    else if (nodeName && (previous as Pod | undefined)?.spec.nodeName !== nodeName)
      bound.set(keyOf(object), { pod: refOf(object), node: nodeName });
  }
  return [...bound].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, placement]) => placement);
}

function plainEvictions(writes: readonly StoreEvent[]): Eviction[] {
  const found = new Map<string, Eviction>();
  const pods = new Map<string, Eviction['pod']>();
  for (const { resource, object, at } of writes) {
    if (resource === 'events') {
      const { involvedObject, reason, message = '' } = object as Event;
      const key = `${involvedObject.namespace}/${involvedObject.name}`;
      const eviction = found.get(key);
      const preemptor = pods.get(/^Preempted by pod (\S+)/.exec(message)?.[1] ?? '');
      if (reason === 'Preempted' && eviction && preemptor) found.set(key, { ...eviction, preemptor });
    }
    if (resource !== 'pods') continue;
    const { metadata, spec, status } = object as Pod;
    pods.set(metadata.uid ?? '', refOf(object));
    const condition = status.conditions?.find(({ type }) => type === 'DisruptionTarget');
    if (!condition || found.has(keyOf(object))) continue;
    const { reason = '', message = '' } = condition;
    const place = spec.nodeName ? { node: spec.nodeName } : {};
    found.set(keyOf(object), { pod: refOf(object), ...place, at: secondOf(at), reason, message });
  }
  return [...found].sort(([a, x], [b, y]) => x.at - y.at || (a < b ? -1 : 1)).map(([, eviction]) => eviction);
}

function plainEventNames(writes: readonly StoreEvent[]): string[] {
  const newest = new Map<string, Event>();
  for (const { resource, object, type } of writes) {
    if (resource !== 'events') continue;
    if (type === 'DELETED') newest.delete(keyOf(object));
    else newest.set(keyOf(object), object as Event);
  }
  return [...newest.values()].map(
    ({ message = '', lastTimestamp = '' }) => `${message} ${secondOf(Date.parse(lastTimestamp))}`,
  );
}

/** The chain of causes, walked write by write. */
function plainBecause(store: Store, writes: readonly StoreEvent[], event: StoreEvent): string[] {
  const chain: string[] = [];
  const seen = new Set<string>();
  let at: StoreEvent | undefined = event;
  while (at && chain.length < 12) {
    const before: StoreEvent = at;
    const { source, object, trigger }: StoreEvent['cause'] = before.cause;
    if (source) {
      chain.push(`${source.file}:1`);
      break;
    }
    if (!object) {
      at = trigger === undefined ? undefined : store.event(trigger);
      continue;
    }
    const earlier = writes.filter(
      (write) =>
        write.resource === object.resource &&
        write.object.metadata.name === object.name &&
        write.revision < before.revision,
    );
    at =
      earlier.findLast(({ cause }) => cause.source) ??
      earlier.find(({ cause }) => cause.object && cause.object.name !== object.name);
    if (before.resource === object.resource && before.object.metadata.name === object.name) continue;
    const isKnown =
      store.get(object.resource, 'ns', object.name) ??
      writes.some((write) => write.resource === object.resource && write.object.metadata.name === object.name);
    const described = `${isKnown ? 'ReplicaSet' : object.resource} ns/${object.name}`;
    if (seen.has(described)) break;
    seen.add(described);
    chain.push(described);
  }
  return chain;
}

const history = suite('history of writes');
history('timeline, placements, evictions, events and causes are those of a plain replay', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const { store, since } = written(all);
      const writes = store.events(since);
      assert.ok(writes !== 'expired');
      const filed = History.since(store, since);
      assert.equal(timelineOf(filed, START), plainTimeline(writes));
      assert.equal(placementsOf(filed), plainPlacements(writes));
      assert.equal(evictionsOf(filed, START), plainEvictions(writes));
      assert.equal(
        eventsOf(filed, START).map(({ message, at }) => `${message} ${at}`),
        plainEventNames(writes),
      );
      const causes = new CauseFinder(store, filed);
      for (const write of writes) assert.equal(causes.because(write), plainBecause(store, writes, write));
    }),
    { numRuns: 400 },
  );
});
history.run();
