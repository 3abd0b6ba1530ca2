import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ControllerRevision, StatefulSet } from '../../../../src/schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import { type Draft, outcome, TestCluster, workload } from '../pod-control/cluster.ts';

const SETS = 'statefulsets.apps';

function stateful(spec: Readonly<Record<string, unknown>> = {}): Draft {
  return workload('StatefulSet', 'db', { serviceName: 'db', replicas: 3, ...spec });
}

function started(spec: Readonly<Record<string, unknown>> = {}): TestCluster {
  const cluster = new TestCluster();
  cluster.create(stateful(spec));
  cluster.settle();
  return cluster;
}

function roll(cluster: TestCluster, image: string, annotations: object = {}): void {
  const containers = [{ name: 'app', image }];
  cluster.change(SETS, 'db', { spec: { template: { metadata: { annotations }, spec: { containers } } } });
  cluster.settle();
}

const set = (cluster: TestCluster): StatefulSet => cluster.get<StatefulSet>(SETS, 'db');
const images = (cluster: TestCluster): readonly string[] =>
  cluster.list<Pod>('pods').map(({ metadata, spec }) => `${metadata.name} ${spec.containers?.[0]?.image}`);

const pods = suite('statefulset-controller');

pods('creates one pod after the other, each with its name, index and revision', () => {
  const cluster = started();
  assert.equal(cluster.names('pods'), ['db-0', 'db-1', 'db-2']);
  const { metadata, spec } = cluster.get<Pod>('pods', 'db-1');
  assert.equal(metadata.labels, {
    app: 'db',
    'apps.kubernetes.io/pod-index': '1',
    'controller-revision-hash': set(cluster).status.currentRevision,
    'statefulset.kubernetes.io/pod-name': 'db-1',
  });
  assert.equal([spec.hostname, spec.subdomain], ['db-1', 'db']);
  assert.equal(cluster.events('StatefulSet'), [
    'Normal SuccessfulCreate Create Pod db-0 in StatefulSet db successful',
    'Normal SuccessfulCreate Create Pod db-1 in StatefulSet db successful',
    'Normal SuccessfulCreate Create Pod db-2 in StatefulSet db successful',
  ]);
});

pods('waits for a pod that is not ready, unless it may go on in parallel', () => {
  const template = {
    metadata: { labels: { app: 'db' }, annotations: outcome('never-ready') },
    spec: { containers: [{ name: 'app', image: 'app:1' }] },
  };
  assert.equal(started({ template }).names('pods'), ['db-0']);
  assert.equal(started({ template, podManagementPolicy: 'Parallel' }).names('pods'), ['db-0', 'db-1', 'db-2']);
});

pods('counts from the start ordinal', () => {
  assert.equal(started({ ordinals: { start: 5 }, replicas: 2 }).names('pods'), ['db-5', 'db-6']);
});

pods('scales down from the highest ordinal and lets go of a broken pod only when it is condemned', () => {
  const cluster = started();
  cluster.change(SETS, 'db', { spec: { replicas: 1 } });
  cluster.settle();
  assert.equal(cluster.names('pods'), ['db-0']);
  const deletions = cluster.events('StatefulSet').filter((text) => text.includes('SuccessfulDelete'));
  assert.equal(deletions, [
    'Normal SuccessfulDelete Delete Pod db-2 in StatefulSet db successful',
    'Normal SuccessfulDelete Delete Pod db-1 in StatefulSet db successful',
  ]);
});

pods('replaces outdated pods down to the partition', () => {
  const cluster = started({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
  roll(cluster, 'app:2');
  assert.equal(images(cluster), ['db-0 registry.example/app:1', 'db-1 registry.example/app:1', 'db-2 app:2']);
  const { status } = set(cluster);
  assert.equal([status.currentReplicas, status.updatedReplicas], [2, 1]);
  // A pod below the partition comes back as it was.
  cluster.delete('pods', 'db-0');
  cluster.settle();
  assert.is(images(cluster)[0], 'db-0 registry.example/app:1');
  cluster.change(SETS, 'db', { spec: { updateStrategy: { rollingUpdate: { partition: 0 } } } });
  cluster.settle();
  assert.equal(images(cluster), ['db-0 app:2', 'db-1 app:2', 'db-2 app:2']);
  assert.is(set(cluster).status.currentRevision, set(cluster).status.updateRevision);
});

pods('stops an update at the first pod that does not become ready', () => {
  const cluster = started();
  roll(cluster, 'app:2', outcome('never-ready'));
  assert.equal(images(cluster), ['db-0 registry.example/app:1', 'db-1 registry.example/app:1', 'db-2 app:2']);
});

pods('replaces nothing by itself when updates wait for deletions', () => {
  const cluster = started({ updateStrategy: { type: 'OnDelete' }, replicas: 2 });
  roll(cluster, 'app:2');
  cluster.delete('pods', 'db-0');
  cluster.settle();
  assert.equal(images(cluster), ['db-0 app:2', 'db-1 registry.example/app:1']);
});

pods('gives an old template its revision back under a new number', () => {
  const cluster = started({ replicas: 1 });
  const first = set(cluster).status.currentRevision;
  roll(cluster, 'app:2');
  roll(cluster, 'registry.example/app:1');
  assert.is(set(cluster).status.updateRevision, first);
  assert.is(cluster.get<ControllerRevision>('controllerrevisions.apps', first ?? '').revision, 3);
});

pods('keeps as many old revisions as the limit says', () => {
  const cluster = started({ replicas: 1, revisionHistoryLimit: 1 });
  for (const image of ['app:2', 'app:3', 'app:4']) roll(cluster, image);
  const numbers = cluster.list<ControllerRevision>('controllerrevisions.apps').map(({ revision }) => revision);
  assert.equal(numbers.sort(), [3, 4]);
});
pods.run();
