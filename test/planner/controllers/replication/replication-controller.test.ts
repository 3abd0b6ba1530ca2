import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReplicationController } from '../../../../src/schema/generated/types/core-v1.ts';
import { TestCluster, template } from '../pod-control/cluster.ts';

const replication = suite('replication-controller');

replication('keeps the replicas of a selector that its labels gave it, without counting terminating pods', () => {
  const cluster = new TestCluster();
  const spec = { replicas: 2, template: template('web') };
  cluster.create({ apiVersion: 'v1', kind: 'ReplicationController', metadata: { name: 'web' }, spec });
  cluster.settle();
  assert.equal(cluster.get<ReplicationController>('replicationcontrollers', 'web').status, {
    replicas: 2,
    fullyLabeledReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
    observedGeneration: 1,
  });
  cluster.change('replicationcontrollers', 'web', { spec: { replicas: 0 } });
  cluster.settle();
  assert.is(cluster.list('pods').length, 0);
  assert.equal(cluster.events('ReplicationController'), [
    'Normal SuccessfulCreate Created pod: web-#',
    'Normal SuccessfulDelete Deleted pod: web-#',
  ]);
});

replication.run();
