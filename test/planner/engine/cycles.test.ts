import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import type { StoreEvent } from '../../../src/apiserver/store/store.ts';
import { type Cycle, CycleWatch } from '../../../src/planner/engine/cycles.ts';

const CAUSE = { who: 'maker', object: { resource: 'owners', namespace: 'default', name: 'web' } };
const isOver = (object: KubeObject) => (object as unknown as { phase?: string }).phase === 'Failed';

function child(uid: string, fields: object = {}): KubeObject {
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Owner', name: 'web', uid: 'owner', controller: true }];
  return {
    apiVersion: 'v1',
    kind: 'Child',
    metadata: { name: uid, namespace: 'default', uid, ownerReferences },
    ...fields,
  };
}

function event(type: StoreEvent['type'], object: KubeObject, previous?: KubeObject): StoreEvent {
  return { type, object, resource: 'children', revision: 1, at: 0, cause: CAUSE, ...(previous ? { previous } : {}) };
}

/** The first cycle that these events close, and after how many. */
function firstOf(events: readonly StoreEvent[]): { readonly after: number; readonly cycle: Cycle } | undefined {
  const watch = new CycleWatch(isOver);
  for (const [index, each] of events.entries()) {
    const cycle = watch.observe(each);
    if (cycle) return { after: index + 1, cycle };
  }
  return undefined;
}

const uids = (count: number, from = 0): readonly string[] => Array.from({ length: count }, (_, i) => `c${from + i}`);
const made = (uid: string) => event('ADDED', child(uid));
const failed = (uid: string) => event('MODIFIED', child(uid, { phase: 'Failed' }), child(uid));
const gone = (uid: string) => event('DELETED', child(uid));
const sized = (...sizes: readonly number[]) =>
  sizes.map((replicas, i) =>
    event('MODIFIED', child('c', { spec: { replicas } }), child('c', { spec: { replicas: sizes[i - 1] } })),
  );

const cycles = suite('cycles');

cycles('children that fail and are made anew close one', () => {
  const found = firstOf(uids(100).flatMap((uid) => [made(uid), failed(uid)]));
  assert.is(found?.cycle.kind, 'recreates');
  assert.is(found?.cycle.who, 'maker');
  assert.equal(found?.cycle.object, CAUSE.object);
});

cycles('children that are deleted and made anew close one', () => {
  assert.is(firstOf(uids(100).flatMap((uid) => [made(uid), gone(uid)]))?.cycle.kind, 'recreates');
});

cycles('many children that live, and surplus that goes, close none', () => {
  assert.is(firstOf([...uids(1000).map(made), ...uids(900).map(gone)]), undefined);
});

cycles('replacing what was there before the run is repair', () => {
  assert.is(firstOf(uids(1000).flatMap((uid) => [gone(`old-${uid}`), made(uid)])), undefined);
});

cycles('a fifth of many children that are replaced once is repair', () => {
  const events = [...uids(500).map(made), ...uids(100).map(gone), ...uids(100, 500).map(made)];
  assert.is(firstOf(events), undefined);
});

cycles('a value that is set back and forth closes one', () => {
  const found = firstOf(sized(...Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 3 : 5))));
  assert.is(found?.cycle.kind, 'reverses');
  assert.equal(found?.cycle.target, { resource: 'children', key: 'default/c' });
});

cycles('a value that climbs, and comes down again, closes none', () => {
  const climb = Array.from({ length: 50 }, (_, i) => i);
  assert.is(firstOf(sized(...climb, ...climb.slice(40).toReversed())), undefined);
});

cycles.run();
