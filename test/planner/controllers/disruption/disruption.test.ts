import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { disruptionController } from '../../../../src/planner/controllers/disruption/disruption.ts';
import type { PodDisruptionBudget } from '../../../../src/schema/generated/types/policy-v1.ts';
import { type SmallCluster, smallCluster } from '../../kubelet/small-cluster.ts';

const meta = (name: string) => ({ name, namespace: 'default' });
const budget = (spec: Record<string, unknown>, name = 'b') => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: meta(name),
  spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
  status: {},
});
const replicaSet = (replicas: number) => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: meta('web'),
  spec: { replicas },
});

function withPods(ready: number, unready = 0, replicas?: number): SmallCluster {
  const cluster = smallCluster([disruptionController]);
  cluster.engine;
  if (replicas !== undefined) cluster.create(replicaSet(replicas));
  const uid = cluster.get('replicasets.apps', 'web', 'default')?.metadata.uid;
  const ownerReferences = uid
    ? [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid, controller: true }]
    : [];
  for (let i = 0; i < ready + unready; i++)
    cluster.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...meta(`web-${i}`), labels: { app: 'web' }, ...(uid ? { ownerReferences } : {}) },
      spec: { containers: [] },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: i < ready ? 'True' : 'False' }] },
    } as never);
  return cluster;
}
const statusOf = (cluster: SmallCluster, name = 'b') =>
  cluster.get<PodDisruptionBudget>('poddisruptionbudgets.policy', name, 'default')!.status;

const disruption = suite('disruption controller');

for (const { name, cluster, spec, want } of [
  { name: 'minAvailable by number counts pods', cluster: withPods(3), spec: { minAvailable: 2 }, want: [3, 2, 3, 1] },
  {
    name: 'minAvailable by percent rounds up, over what the controller wants',
    cluster: withPods(4, 1, 5),
    spec: { minAvailable: '70%' },
    want: [5, 4, 4, 0],
  },
  { name: 'maxUnavailable by number', cluster: withPods(5, 0, 5), spec: { maxUnavailable: 1 }, want: [5, 4, 5, 1] },
  {
    name: 'maxUnavailable by percent rounds up',
    cluster: withPods(5, 0, 5),
    spec: { maxUnavailable: '30%' },
    want: [5, 3, 5, 2],
  },
  {
    name: 'pods without a controller do not count for maxUnavailable',
    cluster: withPods(2),
    spec: { maxUnavailable: 1 },
    want: [0, 0, 2, 0],
  },
  { name: 'no pods: nothing may go', cluster: withPods(0), spec: { minAvailable: 0 }, want: [0, 0, 0, 0] },
])
  disruption(name, () => {
    cluster.create(budget(spec) as never);
    cluster.settle();
    const { expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed, conditions } = statusOf(cluster);
    assert.equal([expectedPods, desiredHealthy, currentHealthy, disruptionsAllowed], want);
    assert.is(conditions?.[0]?.reason, disruptionsAllowed > 0 ? 'SufficientPods' : 'InsufficientPods');
  });

disruption('readiness changes the status', () => {
  const cluster = withPods(2);
  cluster.create(budget({ minAvailable: 1 }) as never);
  cluster.settle();
  cluster.change(
    'pods',
    'web-0',
    { status: { conditions: [{ type: 'Ready', status: 'False' }] } },
    'default',
    'status',
  );
  cluster.settle();
  assert.equal([statusOf(cluster).currentHealthy, statusOf(cluster).disruptionsAllowed], [1, 0]);
});

disruption('an evicted pod that stays counts as healthy again after two minutes', () => {
  const cluster = withPods(2);
  cluster.create(budget({ minAvailable: 1 }) as never);
  cluster.settle();
  const disruptedPods = { 'web-0': new Date(cluster.clock.now).toISOString().replace('.000', '') };
  cluster.change(
    'poddisruptionbudgets.policy',
    'b',
    { status: { ...statusOf(cluster), disruptedPods } },
    'default',
    'status',
  );
  cluster.engine.advance(60_000);
  assert.is(statusOf(cluster).currentHealthy, 1);
  cluster.engine.advance(61_000);
  assert.equal([statusOf(cluster).currentHealthy, statusOf(cluster).disruptedPods], [2, undefined]);
  assert.ok(cluster.events().some((text) => text.includes('NotDeleted')));
});

disruption('two budgets over one pod: both are kept, the pod says so', () => {
  const cluster = withPods(1);
  cluster.create(budget({ minAvailable: 1 }, 'a') as never, budget({ minAvailable: 0 }, 'b') as never);
  cluster.change('pods', 'web-0', { metadata: { labels: { x: 'y' } } }, 'default');
  cluster.settle();
  assert.equal([statusOf(cluster, 'a').currentHealthy, statusOf(cluster, 'b').currentHealthy], [1, 1]);
  assert.ok(
    cluster
      .events()
      .some((text) =>
        text.includes('Pod "default"/"web-0" matches multiple PodDisruptionBudgets.  Chose "a" arbitrarily.'),
      ),
  );
});

disruption('a pod of a controller that cannot be scaled fails the budget', () => {
  const cluster = smallCluster([disruptionController]);
  cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: meta('owner') });
  const ownerReferences = [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'owner',
      uid: cluster.get('configmaps', 'owner', 'default')!.metadata.uid!,
      controller: true,
    },
  ];
  cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...meta('p'), labels: { app: 'web' }, ownerReferences },
    spec: { containers: [] },
  } as never);
  cluster.create(budget({ maxUnavailable: 1 }) as never);
  cluster.settle();
  const [condition] = statusOf(cluster).conditions ?? [];
  assert.equal(
    [condition?.reason, condition?.message],
    ['SyncFailed', 'configmaps does not implement the scale subresource'],
  );
});
disruption('a pod of two budgets is an event with every write, its last one too', () => {
  const cluster = withPods(1);
  cluster.create(budget({ minAvailable: 1 }, 'a'), budget({ maxUnavailable: 1 }, 'b'));
  cluster.settle();
  const contests = () => cluster.events().filter((text) => text.includes('MultiplePodDisruptionBudgets'));
  assert.equal(contests(), []);
  cluster.user.delete('pods', { namespace: 'default', name: 'web-0' }, { gracePeriodSeconds: 0 });
  cluster.settle();
  assert.equal(contests(), [
    'Pod web-0 Warning MultiplePodDisruptionBudgets: Pod "default"/"web-0" matches multiple PodDisruptionBudgets.  Chose "a" arbitrarily.',
  ]);
});

disruption.run();
