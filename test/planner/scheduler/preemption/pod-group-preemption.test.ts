// Which groups of pods go for another group. The answers are those of kube-scheduler v1.36.3 with `WorkloadAwarePreemption`.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ClusterCache } from '../../../../src/planner/scheduler/cache/cluster-cache.ts';
import { ObjectSet } from '../../../../src/planner/scheduler/explain/object-set.ts';
import { unschedulable } from '../../../../src/planner/scheduler/framework/status.ts';
import { findGroupVictims } from '../../../../src/planner/scheduler/preemption/pod-group-preemption.ts';
import type { PodGroup } from '../../../../src/schema/generated/types/scheduling-v1alpha2.ts';
import { makeNode, makePod } from '../builders.ts';

const groups = suite('victims of pod groups');

function makeGroup(name: string, priority: number): PodGroup {
  const spec = { schedulingPolicy: { basic: {} }, priority, disruptionMode: 'PodGroup' };
  const metadata = { name, namespace: 'default', uid: `uid-${name}` };
  return { apiVersion: 'scheduling.k8s.io/v1alpha2', kind: 'PodGroup', metadata, spec, status: {} } as PodGroup; // as stored
}

type Started = readonly [node: string, minute: number];

/** By group the pods on nodes a and b with the minutes at which they started; room is needed for two pods. */
const CASES: readonly (readonly [string, Readonly<Record<string, readonly Started[]>>, readonly string[]])[] = [
  [
    'of two groups the one goes whose pod on the first node started later, whenever the others did',
    {
      x: [
        ['a', 5],
        ['b', 0],
      ],
      y: [
        ['a', 2],
        ['b', 3],
      ],
    },
    ['x-0', 'x-1'],
  ],
  [
    'of two groups the smaller one goes',
    {
      x: [
        ['a', 0],
        ['b', 0],
      ],
      y: [
        ['a', 5],
        ['b', 6],
        ['b', 7],
      ],
    },
    ['x-0', 'x-1'],
  ],
];

for (const [situation, running, want] of CASES)
  groups(situation, () => {
    const cache = new ClusterCache();
    for (const name of ['a', 'b']) cache.setNode(makeNode(name).build());
    for (const [podGroupName, pods] of Object.entries(running))
      pods.forEach(([node, minute], i) => {
        const status = { startTime: `2026-01-01T10:0${minute}:00Z` };
        const pod = makePod(`${podGroupName}-${i}`)
          .priority(1)
          .spec({ schedulingGroup: { podGroupName } })
          .status(status);
        cache.addPod(pod.on(node).info(), node);
      });
    const all = Object.values(running).flat().length;
    const count = (): number => cache.list().reduce((sum, { pods }) => sum + pods.length, 0);
    const victims = findGroupVictims({
      cache,
      objects: new ObjectSet(Object.keys(running).map((name) => makeGroup(name, 1))),
      group: makeGroup('g', 10),
      members: [makePod('p').info()],
      now: Date.UTC(2026, 0, 2),
      tryGroup: () => (count() <= all - 2 ? undefined : unschedulable('no room')),
    });
    assert.equal('code' in victims ? victims : victims.map(({ name }) => name), want);
    assert.is(count(), all);
  });

groups.run();
