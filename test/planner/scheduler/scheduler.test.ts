import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { schedulerFactory } from '../../../src/planner/scheduler/scheduler.ts';
import type { Pod } from '../../../src/schema/generated/types/core-v1.ts';
import { type SmallCluster, smallCluster } from '../kubelet/small-cluster.ts';
import { makeNode, makePod } from './builders.ts';
import { claim, storageClass } from './storage-objects.ts';

const nodeOf = (cluster: SmallCluster, name: string): string | undefined => podOf(cluster, name)?.spec.nodeName;
const podOf = (cluster: SmallCluster, name: string): Pod | undefined => cluster.get<Pod>('pods', name, 'default');
const conditionOf = (cluster: SmallCluster, name: string) =>
  podOf(cluster, name)?.status?.conditions?.find(({ type }) => type === 'PodScheduled');
const withoutUid = (pod: Pod): Pod => {
  const { uid: _uid, ...metadata } = pod.metadata;
  return { ...pod, metadata };
};
const pod = (name: string, cpu = '100m') => makePod(name).requests({ cpu });
const make = (...pods: readonly ReturnType<typeof pod>[]): readonly Pod[] =>
  pods.map((builder) => withoutUid(builder.build()));

const scheduling = suite('scheduler');

scheduling('binds a pod to the emptier node and says so', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').build(), makeNode('b').build(), ...make(pod('there', '2').on('a'), pod('p')));
  cluster.settle();
  assert.is(nodeOf(cluster, 'p'), 'b');
  assert.equal(cluster.events(), ['Pod p Normal Scheduled: Successfully assigned default/p to b']);
});

scheduling('tells in the condition why no node takes a pod, and binds it once a node comes that does', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').build(), ...make(pod('big', '8')));
  cluster.settle();
  const message =
    '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
  const { status, reason, message: actual } = conditionOf(cluster, 'big')!;
  assert.equal({ status, reason, message: actual }, { status: 'False', reason: 'Unschedulable', message });
  assert.equal(cluster.events(), [`Pod big Warning FailedScheduling: ${message}`]);
  cluster.create(makeNode('b').allocatable({ cpu: '16' }).build());
  cluster.settle();
  assert.is(nodeOf(cluster, 'big'), 'b');
});

scheduling('without nodes waits, and goes on with the first node', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(...make(pod('p')));
  cluster.settle();
  assert.is(conditionOf(cluster, 'p')?.message, 'no nodes available to schedule pods');
  cluster.create(makeNode('a').build());
  cluster.settle();
  assert.is(nodeOf(cluster, 'p'), 'a');
});

scheduling('evicts the less important pod, nominates the node and takes its place', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').build(), ...make(pod('low', '3').on('a').priority(1)));
  cluster.settle();
  cluster.create(...make(pod('high', '3').priority(100)));
  cluster.settle();
  assert.is(podOf(cluster, 'high')?.status?.nominatedNodeName, 'a');
  const low = podOf(cluster, 'low')!;
  assert.ok(low.metadata.deletionTimestamp);
  const disruption = low.status?.conditions?.find(({ type }) => type === 'DisruptionTarget');
  assert.is(disruption?.reason, 'PreemptionByScheduler');
  assert.is(disruption?.message, 'default-scheduler: preempting to accommodate a higher priority pod');
  cluster.user.delete('pods', { namespace: 'default', name: 'low' }, { gracePeriodSeconds: 0 });
  cluster.settle();
  assert.is(nodeOf(cluster, 'high'), 'a');
  assert.ok(cluster.events().some((event) => /^Pod low Normal Preempted: Preempted by pod .+ on node a$/.test(event)));
});

scheduling('a pod for one node that finds its victims still there names what its nominated node lacked', () => {
  const cluster = smallCluster([schedulerFactory]);
  const small = pod('small').on('a').priority(200);
  cluster.create(makeNode('a').build(), makeNode('b').build(), ...make(pod('low', '3').on('a').priority(1), small));
  cluster.settle();
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: ['a'] }];
  const required = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields }] } };
  const affinity = { affinity: { nodeAffinity: required } };
  cluster.create(...make(pod('high', '3').priority(100).spec(affinity)));
  cluster.settle();
  cluster.user.delete('pods', { namespace: 'default', name: 'small' }, { gracePeriodSeconds: 0 });
  cluster.settle();
  const lacks = `0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s)`;
  assert.equal(
    cluster.events().filter((event) => event.includes('Pod high')),
    [
      `Pod high Warning FailedScheduling: ${lacks} [NodeAffinity].`,
      `Pod high Warning FailedScheduling: ${lacks} [NodeAffinity NodeResourcesFit]. no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.`,
    ],
  );
});

scheduling('leaves a gated pod alone until its gates are gone', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').build(), ...make(pod('p').spec({ schedulingGates: [{ name: 'x' }] })));
  cluster.settle();
  assert.is(nodeOf(cluster, 'p'), undefined);
  assert.equal(cluster.events(), []);
  cluster.change('pods', 'p', { spec: { schedulingGates: null } }, 'default');
  cluster.settle();
  assert.is(nodeOf(cluster, 'p'), 'a');
});

scheduling('a finished pod gives its place to the next', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').build(), ...make(pod('first', '3'), pod('second', '3')));
  cluster.settle();
  assert.is(nodeOf(cluster, 'first'), 'a');
  assert.is(nodeOf(cluster, 'second'), undefined);
  cluster.change('pods', 'first', { status: { phase: 'Succeeded' } }, 'default', 'status');
  cluster.settle();
  assert.is(nodeOf(cluster, 'second'), 'a');
});

scheduling('takes the more important pod first', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').build(), ...make(pod('low', '3').priority(1), pod('high', '3').priority(2)));
  cluster.settle();
  assert.is(nodeOf(cluster, 'high'), 'a');
  assert.is(nodeOf(cluster, 'low'), undefined);
});

scheduling('pods of other schedulers are none of its business', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').build(), ...make(pod('p').spec({ schedulerName: 'mine' })));
  cluster.settle();
  assert.is(nodeOf(cluster, 'p'), undefined);
  assert.equal(cluster.events(), []);
});

scheduling('an uncordoned node takes the pods that waited', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').unschedulable().build(), ...make(pod('p')));
  cluster.settle();
  assert.is(nodeOf(cluster, 'p'), undefined);
  cluster.change('nodes', 'a', { spec: { unschedulable: null } });
  cluster.settle();
  assert.is(nodeOf(cluster, 'p'), 'a');
});

scheduling('where the victims are on their way out already, whoever waits for the node keeps its promise', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').build(), ...make(pod('low', '3').on('a').priority(1)));
  cluster.settle();
  for (const [name, priority] of [
    ['middle', 10],
    ['high', 100],
  ] as const) {
    cluster.create(...make(pod(name, '3').priority(priority)));
    cluster.settle();
    assert.is(podOf(cluster, name)?.status?.nominatedNodeName, 'a');
  }
  assert.is(podOf(cluster, 'middle')?.status?.nominatedNodeName, 'a');
  assert.is(cluster.events().filter((event) => event.includes('Preempted by')).length, 1);
});

scheduling('a new node that nobody has made ready yet is tried by the pods that it may help', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').build(), ...make(pod('big', '8')));
  cluster.settle();
  const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
  cluster.create(makeNode('b').allocatable({ cpu: '16' }).taints(notReady).build());
  cluster.settle();
  assert.match(conditionOf(cluster, 'big')?.message ?? '', '1 Insufficient cpu, 1 node(s) had untolerated taint(s)');
  cluster.change('nodes', 'b', { spec: { taints: null } });
  cluster.settle();
  assert.is(nodeOf(cluster, 'big'), 'b');
});

scheduling('a pod that is deleted while it waits for its volume fails, as whoever waits finds it gone', () => {
  const cluster = smallCluster([schedulerFactory]);
  const { uid: _uid, ...metadata } = claim('c', { storageClassName: 'later' }).metadata;
  const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }];
  cluster.create(
    makeNode('a').build(),
    storageClass('later'),
    { ...claim('c', { storageClassName: 'later' }), metadata },
    ...make(pod('p').spec({ volumes })),
  );
  cluster.settle();
  assert.is(podOf(cluster, 'p')?.status?.nominatedNodeName, 'a');
  cluster.user.delete('pods', { namespace: 'default', name: 'p' }, { gracePeriodSeconds: 0 });
  cluster.settle();
  assert.equal(
    cluster.events().filter((event) => event.startsWith('Pod p')),
    [
      'Pod p Warning FailedScheduling: running PreBind plugin "VolumeBinding": binding volumes: pod does not exist any more: pod "p" not found',
    ],
  );
});

const attempts = (cluster: SmallCluster): number =>
  cluster.events().filter((event) => event.includes('FailedScheduling')).length;

scheduling('a pod that waits for room is tried again when taints of a node change, and not for its labels', () => {
  const cluster = smallCluster([schedulerFactory]);
  cluster.create(makeNode('a').build(), ...make(pod('big', '8')));
  cluster.settle();
  assert.is(attempts(cluster), 1);
  cluster.change('nodes', 'a', { metadata: { labels: { disk: 'ssd' } } });
  cluster.settle();
  assert.is(attempts(cluster), 1);
  cluster.change('nodes', 'a', { spec: { taints: [{ key: 'old', effect: 'NoSchedule' }] } });
  cluster.settle();
  assert.is(attempts(cluster), 2);
});

scheduling('a pod with terms that cannot be read is tried again with every node that comes', () => {
  const values = (text: string) => [{ matchExpressions: [{ key: 'gen', operator: 'Gt', values: [text] }] }];
  const required = (nodeSelectorTerms: readonly object[]) => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  });
  const triesWith = (text: string): number => {
    const cluster = smallCluster([schedulerFactory]);
    cluster.create(makeNode('a').build(), ...make(pod('p').spec(required(values(text)))));
    cluster.settle();
    cluster.create(makeNode('b').build());
    cluster.settle();
    return attempts(cluster);
  };
  assert.is(triesWith('3'), 1);
  assert.is(triesWith('three'), 2);
});

scheduling.run();
