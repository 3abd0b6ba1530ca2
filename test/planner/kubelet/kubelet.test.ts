import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ControllerFactory } from '../../../src/planner/engine/controller.ts';
import { nodeKubelet, podKubelet } from '../../../src/planner/kubelet/kubelet.ts';
import type { Node, Pod } from '../../../src/schema/generated/types/core-v1.ts';
import { firstNodeScheduler, type SmallCluster, smallCluster } from './small-cluster.ts';

const node = (name: string, annotations: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, annotations },
  spec: { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] },
  status: { addresses: [{ type: 'InternalIP', address: '192.168.10.11' }] },
});
const pod = (name: string, extra: Record<string, unknown> = {}, annotations: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', annotations },
  spec: { containers: [{ name: 'app', image: 'app:1' }], ...extra },
});
const all = [firstNodeScheduler, nodeKubelet, podKubelet];

const nodes = suite('kubelet: nodes');

nodes('a node that answers becomes Ready with five conditions', () => {
  const cluster = smallCluster(all);
  cluster.create(node('n1'));
  cluster.settle();
  const { conditions = [] } = cluster.get<Node>('nodes', 'n1')!.status;
  assert.equal(
    conditions.map(({ type, status }) => `${type}=${status}`),
    ['Ready=True', 'MemoryPressure=False', 'DiskPressure=False', 'PIDPressure=False', 'NetworkUnavailable=False'],
  );
});

nodes('a node that does not respond posts nothing until the annotation goes', () => {
  const cluster = smallCluster(all);
  cluster.create(node('n1', { 'kubeplan.dev/outcome': 'not-responding' }));
  cluster.settle();
  assert.is(cluster.get<Node>('nodes', 'n1')!.status.conditions, undefined);
  cluster.change('nodes', 'n1', { metadata: { annotations: { 'kubeplan.dev/outcome': null } } });
  cluster.settle();
  assert.is(cluster.get<Node>('nodes', 'n1')!.status.conditions?.[0]?.status, 'True');
});

nodes('a node found not Ready stays so: nobody knows what is wrong with it', () => {
  const broken = { ...node('n1'), status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
  const cluster = smallCluster(all, {}, [broken]);
  cluster.settle();
  assert.equal(cluster.get<Node>('nodes', 'n1')!.status.conditions, [{ type: 'Ready', status: 'Unknown' }]);
});
nodes.run();

const pods = suite('kubelet: pods');

function podStatus(given: ReturnType<typeof pod>) {
  const cluster = smallCluster(all);
  cluster.create(node('n1'), given);
  cluster.settle();
  return cluster.get<Pod>('pods', given.metadata.name, 'default')!.status;
}
const conditionsOf = ({ conditions = [] }: Pod['status']) =>
  Object.fromEntries(conditions.map(({ type, status, reason }) => [type, reason ? `${status} ${reason}` : status]));

pods('a bound pod gets addresses, runs and is ready', () => {
  const status = podStatus(pod('web'));
  assert.is(status.phase, 'Running');
  assert.equal([status.hostIP, status.podIP], ['192.168.10.11', '10.244.1.2']);
  assert.equal(conditionsOf(status), { Initialized: 'True', Ready: 'True', ContainersReady: 'True' });
  assert.is(status.containerStatuses?.[0]?.state.running !== undefined, true);
});

pods('a pod in the host network has the address of its node', () => {
  assert.is(podStatus(pod('web', { hostNetwork: true })).podIP, '192.168.10.11');
});

pods('init containers have completed, sidecars run', () => {
  const status = podStatus(
    pod('web', { initContainers: [{ name: 'setup' }, { name: 'proxy', restartPolicy: 'Always' }] }),
  );
  assert.equal(
    status.initContainerStatuses?.map(({ name, state, started }) => [name, Object.keys(state)[0], started]),
    [
      ['setup', 'terminated', false],
      ['proxy', 'running', true],
    ],
  );
});

for (const { outcome, phase, ready } of [
  { outcome: 'never-ready', phase: 'Running', ready: 'False ContainersNotReady' },
  { outcome: 'fail', phase: 'Failed', ready: 'False PodFailed' },
  { outcome: 'pending', phase: 'Pending', ready: undefined },
  { outcome: 'running', phase: 'Running', ready: 'True' },
])
  pods(`outcome ${outcome}: phase ${phase}`, () => {
    const status = podStatus(pod('web', {}, { 'kubeplan.dev/outcome': outcome }));
    assert.is(status.phase, phase);
    assert.is(conditionsOf(status)['Ready'], ready);
  });

const ofJob = (name: string, annotations: Record<string, string> = {}) => {
  const given = pod(name, { restartPolicy: 'Never' }, annotations);
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name: 'j', uid: 'u', controller: true }];
  return { ...given, metadata: { ...given.metadata, ownerReferences } };
};

pods('the pod of a Job succeeds', () => {
  const status = podStatus(ofJob('j-1'));
  assert.is(status.phase, 'Succeeded');
  assert.is(status.containerStatuses?.[0]?.state.terminated?.exitCode, 0);
});

pods('an index that fails was ready before, so its condition has no message', () => {
  const index = { 'batch.kubernetes.io/job-completion-index': '2', 'kubeplan.dev/fail-indexes': '1,2' };
  const status = podStatus(ofJob('j-2', { ...index, 'kubeplan.dev/exit-code': '42' }));
  assert.is(status.phase, 'Failed');
  assert.is(status.containerStatuses?.[0]?.state.terminated?.exitCode, 42);
  assert.is(status.conditions?.find(({ type }) => type === 'Ready')?.message, undefined);
});

pods('a deleted pod goes at once and its address is free again', () => {
  const cluster = smallCluster(all);
  cluster.create(node('n1'), pod('a'), pod('b'));
  cluster.settle();
  cluster.user.delete('pods', { namespace: 'default', name: 'a' });
  cluster.settle();
  cluster.create(pod('c'));
  cluster.settle();
  assert.equal(
    cluster.list<Pod>('pods').map(({ metadata, status }) => `${metadata.name} ${status.podIP}`),
    ['b 10.244.1.3', 'c 10.244.1.2'],
  );
});

const onNode = (name: string, nodeName: string) => ({ ...pod(name), spec: { ...pod(name).spec, nodeName } });
const bare = (name: string, podCIDR?: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  spec: podCIDR ? { podCIDR, podCIDRs: [podCIDR] } : {},
});
const addressesIn = (cluster: SmallCluster) =>
  cluster.list<Pod>('pods').map(({ metadata, status }) => `${metadata.name} ${status.podIP}`);

pods('pods on a deleted node give the addresses of a shared network back while they are still there', () => {
  const cluster = smallCluster([podKubelet]);
  cluster.create(bare('n1'), bare('n2'), onNode('a', 'n1'), onNode('b', 'n2'));
  cluster.settle();
  assert.equal(addressesIn(cluster), ['a 10.0.0.2', 'b 10.0.0.3']);
  cluster.user.delete('nodes', { name: 'n1' });
  cluster.settle();
  cluster.create(onNode('c', 'n2'));
  cluster.settle();
  assert.equal(addressesIn(cluster), ['a 10.0.0.2', 'b 10.0.0.3', 'c 10.0.0.2']);
  cluster.user.delete('pods', { namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 });
  cluster.settle();
  cluster.create(onNode('d', 'n2'));
  cluster.settle();
  assert.equal(addressesIn(cluster), ['b 10.0.0.3', 'c 10.0.0.2', 'd 10.0.0.4']);
});

pods('described pods on a deleted node do so as well', () => {
  const status = { phase: 'Running', podIP: '10.0.0.2', podIPs: [{ ip: '10.0.0.2' }] };
  const described = { ...onNode('a', 'n1'), status };
  const cluster = smallCluster([podKubelet], {}, [bare('n1'), bare('n2'), described] as never);
  cluster.create(onNode('b', 'n2'));
  cluster.settle();
  cluster.user.delete('nodes', { name: 'n1' });
  cluster.settle();
  cluster.create(onNode('c', 'n2'));
  cluster.settle();
  assert.equal(addressesIn(cluster), ['a 10.0.0.2', 'b 10.0.0.3', 'c 10.0.0.2']);
});

pods('pods of a node whose network went with it give back nothing of the shared one', () => {
  const cluster = smallCluster([podKubelet]);
  cluster.create(bare('n1', '10.0.0.0/24'), bare('n2'), onNode('a', 'n1'), onNode('b', 'n2'));
  cluster.settle();
  assert.equal(addressesIn(cluster), ['a 10.0.0.2', 'b 10.0.0.2']);
  cluster.user.delete('nodes', { name: 'n1' });
  cluster.settle();
  cluster.user.delete('pods', { namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 });
  cluster.settle();
  cluster.create(onNode('c', 'n2'));
  cluster.settle();
  assert.equal(addressesIn(cluster), ['b 10.0.0.2', 'c 10.0.0.3']);
});

pods('a node that comes back under its name: the addresses of pods that stayed are theirs until they go', () => {
  const cluster = smallCluster([podKubelet]);
  cluster.create(bare('n1', '10.1.0.0/24'), onNode('a', 'n1'));
  cluster.settle();
  cluster.user.delete('nodes', { name: 'n1' });
  cluster.create(bare('n1', '10.1.0.0/24'));
  cluster.settle();
  cluster.create(onNode('b', 'n1'));
  cluster.settle();
  assert.equal(addressesIn(cluster), ['a 10.1.0.2', 'b 10.1.0.3']);
  cluster.user.delete('pods', { namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 });
  cluster.settle();
  cluster.create(onNode('c', 'n1'));
  cluster.settle();
  assert.equal(addressesIn(cluster), ['b 10.1.0.3', 'c 10.1.0.2']);
});

const CLAIMING = { name: 'c', namespace: 'default' };
const claiming = (name: string) => ({
  ...pod(name),
  spec: { ...pod(name).spec, resourceClaims: [{ name: 'c', resourceClaimName: 'c' }] },
});

pods('a pod whose claim is not reserved for it does not start before it is', () => {
  const cluster = smallCluster(all);
  cluster.create(node('n1'), claiming('a'));
  cluster.settle();
  assert.is(cluster.get<Pod>('pods', 'a', 'default')?.status.podIP, undefined);
  const claim = { apiVersion: 'resource.k8s.io/v1', kind: 'ResourceClaim', metadata: CLAIMING, spec: { devices: {} } };
  cluster.create(claim);
  cluster.settle();
  assert.is(cluster.get<Pod>('pods', 'a', 'default')?.status.podIP, undefined);
  const { uid } = cluster.get<Pod>('pods', 'a', 'default')!.metadata;
  const status = { reservedFor: [{ resource: 'pods', name: 'a', uid }] };
  cluster.change('resourceclaims.resource.k8s.io', 'c', { status }, 'default', 'status');
  cluster.settle();
  assert.is(cluster.get<Pod>('pods', 'a', 'default')?.status.phase, 'Running');
  assert.equal(
    cluster.events().filter((event) => event.includes('Dynamic')),
    [
      'Pod a Warning FailedPrepareDynamicResources: Failed to prepare dynamic resources: prepare dynamic resources: fetch ResourceClaim c: resourceclaims.resource.k8s.io "c" not found',
    ],
  );
});

pods('a finalizer keeps a deleted pod', () => {
  const held = pod('a');
  const cluster = smallCluster(all);
  cluster.create(node('n1'), { ...held, metadata: { ...held.metadata, finalizers: ['example.com/hold'] } });
  cluster.settle();
  cluster.user.delete('pods', { namespace: 'default', name: 'a' });
  cluster.settle();
  assert.is(cluster.get<Pod>('pods', 'a', 'default')?.metadata.deletionGracePeriodSeconds, 0);
});

pods('times pass as described: pulled and started, then ready', () => {
  const timed: ControllerFactory = (options) =>
    podKubelet({
      ...options,
      kubelet: { timings: { imagePull: 3000, initContainer: 0, start: 1000, readiness: 5000, run: 0, termination: 0 } },
    });
  const cluster = smallCluster([firstNodeScheduler, nodeKubelet, timed]);
  cluster.create(node('n1'), pod('web'));
  const at = (seconds: number) => {
    cluster.engine.advance(seconds * 1000);
    const { status } = cluster.get<Pod>('pods', 'web', 'default')!;
    return [status.phase, conditionsOf(status)['Ready']];
  };
  assert.equal(at(1), ['Pending', undefined]);
  assert.equal(at(4), ['Running', 'False ContainersNotReady']);
  assert.equal(at(5), ['Running', 'True']);
});
pods.run();
