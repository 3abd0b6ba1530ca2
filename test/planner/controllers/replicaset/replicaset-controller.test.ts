import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReplicaSet } from '../../../../src/schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import { outcome, TestCluster, template, workload } from '../pod-control/cluster.ts';

const SETS = 'replicasets.apps';

const replicas = suite('replicaset-controller');

replicas('creates what is missing and counts it in the status', () => {
  const cluster = new TestCluster();
  cluster.create(workload('ReplicaSet', 'web', { replicas: 3 }));
  cluster.settle();
  const { status } = cluster.get<ReplicaSet>(SETS, 'web');
  assert.equal(status, {
    replicas: 3,
    fullyLabeledReplicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    observedGeneration: 1,
    terminatingReplicas: 0,
  });
  assert.equal(cluster.events('ReplicaSet'), ['Normal SuccessfulCreate Created pod: web-#']);
});

replicas('deletes the pods that are not ready first when it shrinks', () => {
  const cluster = new TestCluster();
  const bare = { ...template('web', { annotations: outcome('never-ready') }), apiVersion: 'v1', kind: 'Pod' };
  cluster.create(workload('ReplicaSet', 'web', { replicas: 3 }));
  cluster.settle();
  // An orphan that matches is taken in, and then there is one too many.
  cluster.create({ ...bare, metadata: { ...bare.metadata, name: 'stray' } });
  cluster.settle();
  assert.not.ok(cluster.names('pods').includes('stray'));
  assert.is(cluster.list('pods').length, 3);
});

replicas('counts pods as available after minReadySeconds', () => {
  const cluster = new TestCluster();
  cluster.create(workload('ReplicaSet', 'web', { replicas: 2, minReadySeconds: 30 }));
  cluster.settle();
  assert.is(cluster.get<ReplicaSet>(SETS, 'web').status.availableReplicas, undefined);
  cluster.pass(30);
  assert.is(cluster.get<ReplicaSet>(SETS, 'web').status.availableReplicas, 2);
});

replicas('lets go of a pod whose labels no longer match and replaces it', () => {
  const cluster = new TestCluster();
  cluster.create(workload('ReplicaSet', 'web', { replicas: 2 }));
  cluster.settle();
  const [freed = ''] = cluster.names('pods');
  cluster.change('pods', freed, { metadata: { labels: { app: 'other' } } });
  cluster.settle();
  assert.is(cluster.get<Pod>('pods', freed).metadata.ownerReferences, undefined);
  assert.is(cluster.get<ReplicaSet>(SETS, 'web').status.replicas, 2);
  assert.is(cluster.list('pods').length, 3);
});

replicas('takes in orphans left behind by a predecessor', () => {
  const cluster = new TestCluster();
  cluster.create(
    workload('ReplicaSet', 'old', {
      replicas: 2,
      selector: { matchLabels: { app: 'web' } },
      template: template('web'),
    }),
  );
  cluster.settle();
  const before = cluster.names('pods');
  cluster.delete(SETS, 'old', 'Orphan');
  cluster.settle();
  cluster.create(workload('ReplicaSet', 'web', { replicas: 2 }));
  cluster.settle();
  assert.equal(cluster.names('pods'), before);
  const owners = cluster.list<Pod>('pods').map(({ metadata }) => metadata.ownerReferences?.map(({ name }) => name));
  assert.equal(owners, [['web'], ['web']]);
});

replicas('says why pods cannot be created, and stops saying so when they can', () => {
  const cluster = new TestCluster();
  const refused = template('web', { priorityClassName: 'missing' });
  cluster.create(workload('ReplicaSet', 'web', { replicas: 3, template: refused }));
  cluster.settle();
  const [condition] = cluster.get<ReplicaSet>(SETS, 'web').status.conditions ?? [];
  assert.equal([condition?.type, condition?.status, condition?.reason], ['ReplicaFailure', 'True', 'FailedCreate']);
  assert.match(condition?.message ?? '', 'is forbidden: no PriorityClass with name missing was found');
  // Slow start: each try ends with its first request.
  const [event = ''] = cluster.events('ReplicaSet');
  assert.match(event, 'Warning FailedCreate Error creating: pods "web-');
  cluster.change(SETS, 'web', { spec: { template: { spec: { priorityClassName: null } } } });
  cluster.settle();
  assert.is(cluster.get<ReplicaSet>(SETS, 'web').status.conditions, undefined);
  assert.is(cluster.list('pods').length, 3);
});

replicas.run();
