import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DaemonSet } from '../../../../src/schema/generated/types/apps-v1.ts';
import type { Node, Pod } from '../../../../src/schema/generated/types/core-v1.ts';
import { outcome, TestCluster, template, workload } from '../pod-control/cluster.ts';

const SETS = 'daemonsets.apps';

function started(spec: Readonly<Record<string, unknown>> = {}, nodes = 3): TestCluster {
  const cluster = new TestCluster(nodes);
  cluster.create(workload('DaemonSet', 'agent', spec));
  cluster.settle();
  return cluster;
}

function roll(cluster: TestCluster, image: string, annotations: object = {}): void {
  const containers = [{ name: 'app', image }];
  cluster.change(SETS, 'agent', { spec: { template: { metadata: { annotations }, spec: { containers } } } });
  cluster.settle();
}

function taint(cluster: TestCluster, name: string, effect: string): void {
  const { spec } = cluster.world.server.reader.get<Node>('nodes', undefined, name)!;
  cluster.change('nodes', name, { spec: { taints: [...(spec.taints ?? []), { key: 'k', effect }] } });
  cluster.settle();
}

const status = (cluster: TestCluster) => cluster.get<DaemonSet>(SETS, 'agent').status;
const nodesOf = (cluster: TestCluster): readonly (string | undefined)[] =>
  cluster
    .list<Pod>('pods')
    .map(({ spec }) => spec.nodeName)
    .sort();
const images = (cluster: TestCluster): readonly (string | undefined)[] =>
  cluster
    .list<Pod>('pods')
    .map(({ spec }) => spec.containers?.[0]?.image)
    .sort();

const daemons = suite('daemonset-controller');

daemons('runs one pod on each node, bound for it and tolerant of its troubles', () => {
  const cluster = started();
  assert.equal(nodesOf(cluster), ['n1', 'n2', 'n3']);
  const { metadata, spec } = cluster.list<Pod>('pods')[0]!;
  assert.equal(spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution, {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [spec.nodeName] }] }],
  });
  assert.ok(
    spec.tolerations?.some(({ key, effect }) => key === 'node.kubernetes.io/unschedulable' && effect === 'NoSchedule'),
  );
  assert.is(metadata.labels?.['pod-template-generation'], '1');
  assert.equal(status(cluster), {
    currentNumberScheduled: 3,
    numberMisscheduled: 0,
    desiredNumberScheduled: 3,
    numberReady: 3,
    observedGeneration: 1,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
  });
});

daemons('follows node selectors and node names', () => {
  assert.equal(nodesOf(started({ template: template('agent', { nodeSelector: { name: 'n2' } }) })), ['n2']);
});

daemons('comes to a node that is added', () => {
  const cluster = started({}, 1);
  cluster.create({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'late' },
    status: { capacity: { cpu: '1', memory: '1Gi', pods: '9' } },
  });
  cluster.settle();
  assert.equal(nodesOf(cluster), ['late', 'n1']);
});

daemons('stays on a node that takes no new pods and leaves one that evicts', () => {
  const cluster = started();
  taint(cluster, 'n1', 'NoSchedule');
  assert.equal(nodesOf(cluster), ['n1', 'n2', 'n3']);
  taint(cluster, 'n2', 'NoExecute');
  assert.equal(nodesOf(cluster), ['n1', 'n3']);
  assert.equal([status(cluster).desiredNumberScheduled, status(cluster).numberMisscheduled], [1, 1]);
});

daemons('replaces pods node by node and stops when as many as allowed are not available', () => {
  const cluster = started();
  roll(cluster, 'app:2');
  assert.equal(images(cluster), ['app:2', 'app:2', 'app:2']);
  roll(cluster, 'app:3', outcome('never-ready'));
  assert.equal(images(cluster), ['app:2', 'app:2', 'app:3']);
  assert.is(status(cluster).numberUnavailable, 1);
});

daemons('starts new pods beside old ones when it may surge', () => {
  const rollingUpdate = { maxSurge: 1, maxUnavailable: 0 };
  const cluster = started({ updateStrategy: { type: 'RollingUpdate', rollingUpdate } });
  roll(cluster, 'app:2', outcome('never-ready'));
  assert.equal(images(cluster), [
    'app:2',
    'registry.example/app:1',
    'registry.example/app:1',
    'registry.example/app:1',
  ]);
  assert.is(status(cluster).numberAvailable, 3);
});

daemons('goes on from node to node when new pods have been ready long enough', () => {
  const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  const cluster = started({ updateStrategy, minReadySeconds: 10 });
  cluster.pass(15);
  roll(cluster, 'app:2');
  assert.is(images(cluster).filter((image) => image === 'app:2').length, 1);
  cluster.pass(40);
  assert.equal(images(cluster), ['app:2', 'app:2', 'app:2']);
});

daemons('replaces failed pods after a delay that doubles', () => {
  const cluster = started({ template: template('agent', { annotations: outcome('fail') }) }, 1);
  const failures = (): number => cluster.events('DaemonSet').filter((text) => text.includes('FailedDaemonPod')).length;
  assert.ok(failures() > 0);
  const before = cluster.names('pods');
  cluster.pass(60);
  assert.not.equal(cluster.names('pods'), before);
  assert.is(cluster.list('pods').length, 1);
});
daemons.run();
