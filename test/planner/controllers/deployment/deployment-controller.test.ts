import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Deployment, ReplicaSet } from '../../../../src/schema/generated/types/apps-v1.ts';
import { outcome, TestCluster, template, workload } from '../pod-control/cluster.ts';

const DEPLOYMENTS = 'deployments.apps';
const SETS = 'replicasets.apps';
const REVISION = 'deployment.kubernetes.io/revision';

function deployed(spec: Readonly<Record<string, unknown>> = {}): TestCluster {
  const cluster = new TestCluster();
  cluster.create(workload('Deployment', 'web', spec));
  cluster.settle();
  return cluster;
}

function roll(cluster: TestCluster, image: string, annotations: object = {}): void {
  const containers = [{ name: 'app', image }];
  cluster.change(DEPLOYMENTS, 'web', { spec: { template: { metadata: { annotations }, spec: { containers } } } });
  cluster.settle();
}

const deployment = (cluster: TestCluster): Deployment => cluster.get<Deployment>(DEPLOYMENTS, 'web');
const sets = (cluster: TestCluster): readonly ReplicaSet[] =>
  cluster
    .list<ReplicaSet>(SETS)
    .toSorted((a, b) => Number(a.metadata.annotations?.[REVISION]) - Number(b.metadata.annotations?.[REVISION]));
/** Replicas of the ReplicaSets by revision. */
const sizes = (cluster: TestCluster): readonly (number | undefined)[] => sets(cluster).map(({ spec }) => spec.replicas);
const condition = (cluster: TestCluster, type: string): string => {
  const found = deployment(cluster).status.conditions?.find((candidate) => candidate.type === type);
  return found ? `${found.status} ${found.reason}: ${found.message}` : '';
};
/** `up 0-1`, `down 3-2`: the steps of the last rollout. */
const steps = (cluster: TestCluster): readonly string[] =>
  cluster
    .events('Deployment')
    .map((text) => /Scaled (up|down) replica set \S+ from (\d+) to (\d+)/.exec(text))
    .filter((match) => match !== null)
    .map(([, direction, from, to]) => `${direction} ${from}-${to}`);

const rollout = suite('deployment-controller');

rollout('creates a ReplicaSet with hash, annotations and selector of its own', () => {
  const cluster = deployed({ replicas: 3 });
  const [set] = sets(cluster);
  const hash = set?.metadata.labels?.['pod-template-hash'];
  assert.is(set?.metadata.name, `web-${hash}`);
  assert.equal(set?.metadata.annotations, {
    'deployment.kubernetes.io/desired-replicas': '3',
    'deployment.kubernetes.io/max-replicas': '4',
    'deployment.kubernetes.io/revision': '1',
  });
  assert.equal(set?.spec.selector, { matchLabels: { app: 'web', 'pod-template-hash': hash } });
  assert.equal(cluster.events('Deployment'), [
    `Normal ScalingReplicaSet Scaled up replica set web-${hash} from 0 to 3`,
  ]);
  assert.is(condition(cluster, 'Available'), 'True MinimumReplicasAvailable: Deployment has minimum availability.');
  assert.is(
    condition(cluster, 'Progressing'),
    `True NewReplicaSetAvailable: ReplicaSet "web-${hash}" has successfully progressed.`,
  );
});

rollout('rolls one pod at a time when a quarter of three may be missing or extra', () => {
  const cluster = deployed({ replicas: 3 });
  roll(cluster, 'app:2');
  assert.equal(sizes(cluster), [0, 3]);
  assert.equal(steps(cluster), ['up 0-3', 'up 0-1', 'down 3-2', 'up 1-2', 'down 2-1', 'up 2-3', 'down 1-0']);
  assert.is(deployment(cluster).metadata.annotations?.[REVISION], '2');
});

rollout('takes each step of a healthy rollout when the pod of the step before it is ready', () => {
  const cluster = deployed({ replicas: 4 });
  roll(cluster, 'app:2');
  assert.equal(steps(cluster).slice(1), [
    'up 0-1',
    'down 4-3',
    'up 1-2',
    'down 3-2',
    'up 2-3',
    'down 2-1',
    'up 3-4',
    'down 1-0',
  ]);
});

rollout('stops where new pods never become ready, and says so at the deadline', () => {
  const cluster = deployed({ replicas: 4, progressDeadlineSeconds: 60 });
  roll(cluster, 'app:2', outcome('never-ready'));
  assert.equal(sizes(cluster), [3, 2]);
  assert.match(condition(cluster, 'Progressing'), 'True ReplicaSetUpdated: ReplicaSet');
  cluster.pass(62);
  assert.match(condition(cluster, 'Progressing'), 'False ProgressDeadlineExceeded: ReplicaSet');
  assert.match(condition(cluster, 'Progressing'), 'has timed out progressing.');
});

rollout('spreads more replicas over the ReplicaSets of a stuck rollout in proportion', () => {
  const cluster = deployed({ replicas: 4 });
  roll(cluster, 'app:2', outcome('never-ready'));
  cluster.change(DEPLOYMENTS, 'web', { spec: { replicas: 10 } });
  cluster.settle();
  assert.equal(sizes(cluster), [8, 5]);
});

rollout('goes back to an older ReplicaSet under a new revision and keeps the old one in mind', () => {
  const cluster = deployed({ replicas: 2 });
  roll(cluster, 'app:2');
  roll(cluster, 'registry.example/app:1');
  assert.equal(sizes(cluster), [0, 2]);
  const annotations = sets(cluster).map(({ metadata }) => metadata.annotations);
  assert.equal(
    annotations.map((a) => [a?.[REVISION], a?.['deployment.kubernetes.io/revision-history']]),
    [
      ['2', undefined],
      ['3', '1'],
    ],
  );
});

rollout('rolls back at the request of the old annotation', () => {
  const cluster = deployed({ replicas: 2 });
  roll(cluster, 'app:2');
  cluster.change(DEPLOYMENTS, 'web', { metadata: { annotations: { 'deprecated.deployment.rollback.to': '0' } } });
  cluster.settle();
  assert.is(deployment(cluster).spec.template.spec.containers?.[0]?.image, 'registry.example/app:1');
  assert.is(deployment(cluster).metadata.annotations?.['deprecated.deployment.rollback.to'], undefined);
  assert.ok(
    cluster.events('Deployment').includes('Normal DeploymentRollback Rolled back deployment "web" to revision 1'),
  );
});

rollout('only scales while it is paused', () => {
  const cluster = deployed({ replicas: 2, paused: true });
  assert.equal(sizes(cluster), []);
  assert.is(condition(cluster, 'Progressing'), 'Unknown DeploymentPaused: Deployment is paused');
  cluster.change(DEPLOYMENTS, 'web', { spec: { paused: null } });
  cluster.settle();
  assert.equal(sizes(cluster), [2]);
  cluster.change(DEPLOYMENTS, 'web', { spec: { paused: true, replicas: 5 } });
  roll(cluster, 'app:2');
  assert.equal(sizes(cluster), [5]);
});

rollout('recreates: all old pods go before the first new one comes', () => {
  const cluster = deployed({ replicas: 3, strategy: { type: 'Recreate' } });
  roll(cluster, 'app:2');
  assert.equal(steps(cluster), ['up 0-3', 'down 3-0', 'up 0-3']);
  assert.equal(sizes(cluster), [0, 3]);
});

rollout('keeps as many old revisions as the limit says', () => {
  const cluster = deployed({ replicas: 1, revisionHistoryLimit: 1 });
  for (const image of ['app:2', 'app:3', 'app:4']) roll(cluster, image);
  assert.equal(
    sets(cluster).map(({ metadata }) => metadata.annotations?.[REVISION]),
    ['3', '4'],
  );
});

rollout('avoids a name that another ReplicaSet has', () => {
  const cluster = deployed({ replicas: 1 });
  const [first] = sets(cluster);
  cluster.delete(DEPLOYMENTS, 'web');
  cluster.settle();
  const foreign = template('other');
  const selector = { matchLabels: { app: 'other' } };
  cluster.create({ ...workload('ReplicaSet', first?.metadata.name ?? '', { selector, template: foreign }) });
  cluster.create(workload('Deployment', 'web'));
  cluster.settle();
  assert.is(deployment(cluster).status.collisionCount, 1);
  assert.is(deployment(cluster).status.availableReplicas, 1);
});

rollout('reports a ReplicaSet that cannot create its pods', () => {
  const cluster = deployed({ template: template('web', { priorityClassName: 'missing' }) });
  assert.match(condition(cluster, 'ReplicaFailure'), 'True FailedCreate: pods "web-');
});

rollout.run();
