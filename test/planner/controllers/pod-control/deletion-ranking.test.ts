import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatTime } from '../../../../src/apimachinery/time/time.ts';
import {
  compareActivePods,
  deletionCost,
  podsToDelete,
  rankedByRelatedPods,
} from '../../../../src/planner/controllers/pod-control/deletion-ranking.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import { START } from './cluster.ts';

interface Traits {
  readonly node?: string;
  readonly phase?: string;
  readonly readyFor?: number;
  readonly age?: number;
  readonly cost?: string;
  readonly restarts?: number;
  readonly uid?: string;
}

function pod(
  name: string,
  { node = 'n1', phase = 'Running', readyFor = 60, age = 60, cost, restarts, uid = name }: Traits,
): Pod {
  const ready = { type: 'Ready', status: 'True', lastTransitionTime: formatTime(START - readyFor * 1000) };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      uid,
      creationTimestamp: formatTime(START - age * 1000),
      ...(cost === undefined ? {} : { annotations: { 'controller.kubernetes.io/pod-deletion-cost': cost } }),
    },
    spec: node === '' ? {} : { nodeName: node },
    status: {
      phase,
      conditions: readyFor < 0 ? [] : [ready],
      ...(restarts === undefined
        ? {}
        : {
            containerStatuses: [
              { name: 'c', restartCount: restarts, ready: true, image: '', imageID: '', state: {}, lastState: {} },
            ],
          }),
    },
  };
}

const ranking = suite('deletion ranking');
for (const { name, first, next } of [
  { name: 'without a node before with one', first: pod('z', { node: '' }), next: pod('a', { phase: 'Pending' }) },
  { name: 'pending before running', first: pod('z', { phase: 'Pending' }), next: pod('a', { readyFor: -1 }) },
  { name: 'not ready before ready', first: pod('z', { readyFor: -1 }), next: pod('a', { cost: '-5' }) },
  { name: 'cheap before dear', first: pod('z', { cost: '-5' }), next: pod('a', {}) },
  { name: 'shortly ready before long ready', first: pod('z', { readyFor: 10 }), next: pod('a', { readyFor: 100 }) },
  {
    name: 'by uid within a power of two of the age',
    first: pod('z', { readyFor: 39, uid: '1' }),
    next: pod('a', { readyFor: 40, uid: '2' }),
  },
  { name: 'often restarted before seldom', first: pod('z', { restarts: 3 }), next: pod('a', { restarts: 1 }) },
  { name: 'young before old', first: pod('z', { readyFor: -1, age: 10 }), next: pod('a', { readyFor: -1, age: 100 }) },
]) {
  ranking(name, () => {
    const order = rankedByRelatedPods([], START);
    assert.equal(
      [next, first].sort(order).map(({ metadata }) => metadata.name),
      [first, next].map(({ metadata }) => metadata.name),
    );
  });
}

ranking('on the node with more related pods first', () => {
  const [a, b, c] = [pod('a', {}), pod('b', { node: 'n2' }), pod('c', { node: 'n2' })];
  const doomed = podsToDelete([a, b, c], 1, () => rankedByRelatedPods([a, b, c], START));
  assert.equal(doomed, [b]);
});

ranking('of Jobs: ages are compared exactly', () => {
  const order = [pod('a', { readyFor: 40 }), pod('b', { readyFor: 39 })].sort(compareActivePods);
  assert.equal(
    order.map(({ metadata }) => metadata.name),
    ['b', 'a'],
  );
});

ranking('reads deletion costs as int32', () => {
  const costs = ['10', '-10', '0', '007', '+1', '2147483648', 'x', ''];
  assert.equal(
    costs.map((cost) => deletionCost(pod('a', { cost }))),
    [10, -10, 0, 0, 0, 0, 0, 0],
  );
});

ranking.run();
