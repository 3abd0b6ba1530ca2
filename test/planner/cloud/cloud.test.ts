import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CloudOptions, DescribedCloud } from '../../../src/planner/cloud/description.ts';
import { cloudNodeController } from '../../../src/planner/cloud/node-controller.ts';
import { cloudNodeLifecycleController } from '../../../src/planner/cloud/node-lifecycle.ts';
import { routeController } from '../../../src/planner/cloud/route-controller.ts';
import { serviceController } from '../../../src/planner/cloud/service-controller.ts';
import { volumeDeleter } from '../../../src/planner/cloud/volume-deleter.ts';
import { volumeProvisioner } from '../../../src/planner/cloud/volume-provisioner.ts';
import { persistentVolumeClaimBinder } from '../../../src/planner/controllers/persistentvolume/claim-binder.ts';
import { persistentVolumeBinder } from '../../../src/planner/controllers/persistentvolume/volume-binder.ts';
import type { ControllerFactory } from '../../../src/planner/engine/controller.ts';
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Service,
} from '../../../src/schema/generated/types/core-v1.ts';
import { smallCluster } from '../kubelet/small-cluster.ts';

const clusterIn = (cloud: DescribedCloud, factories: readonly ControllerFactory<CloudOptions>[]) =>
  smallCluster(factories.map((make) => (options) => make({ ...options, cloud })));
const UNINITIALIZED = { key: 'node.cloudprovider.kubernetes.io/uninitialized', effect: 'NoSchedule', value: 'true' };
const node = (extra: Record<string, unknown> = {}, ready = 'True') => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', labels: {} as Record<string, string> },
  spec: extra,
  status: {
    conditions: [{ type: 'Ready', status: ready }],
    addresses: [{ type: 'Hostname', address: 'n1' }],
  },
});
const service = (spec: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default' },
  spec: { type: 'LoadBalancer', ports: [{ port: 80, protocol: 'TCP' }], ...spec },
  status: { loadBalancer: {} },
});

const cloud = suite('cloud');

cloud('a new node gets what its machine says, then loses the taint', () => {
  const cluster = clusterIn(
    {
      name: 'example',
      instances: {
        n1: {
          instanceType: 'm5.large',
          zone: 'a',
          region: 'r',
          addresses: [{ type: 'InternalIP', address: '10.0.0.7' }],
        },
      },
    },
    [cloudNodeController],
  );
  cluster.create(node({ taints: [UNINITIALIZED] }));
  cluster.settle();
  const { metadata, spec, status } = cluster.get<Node>('nodes', 'n1')!;
  assert.equal([spec.providerID, spec.taints], ['example://n1', undefined]);
  assert.equal(metadata.labels, {
    'failure-domain.beta.kubernetes.io/zone': 'a',
    'topology.kubernetes.io/zone': 'a',
    'failure-domain.beta.kubernetes.io/region': 'r',
    'topology.kubernetes.io/region': 'r',
    'beta.kubernetes.io/instance-type': 'm5.large',
    'node.kubernetes.io/instance-type': 'm5.large',
  });
  assert.equal(
    status.addresses?.map(({ address }) => address),
    ['10.0.0.7', 'n1'],
  );
  assert.equal(cluster.events(), ['Node n1 Normal Synced: Node synced successfully']);
});

cloud('a node without a machine waits', () => {
  const cluster = clusterIn({ instances: {} }, [cloudNodeController]);
  cluster.create(node({ taints: [UNINITIALIZED] }));
  cluster.settle();
  assert.equal(cluster.get<Node>('nodes', 'n1')!.spec.taints?.length, 1);
});

for (const { name, state, ready, taints, isThere } of [
  {
    name: 'a machine that is gone takes its node along',
    state: 'missing' as const,
    ready: 'Unknown',
    taints: 0,
    isThere: false,
  },
  { name: 'not while the node is Ready', state: 'missing' as const, ready: 'True', taints: 0, isThere: true },
  {
    name: 'a machine that is shut down marks its node',
    state: 'shutdown' as const,
    ready: 'False',
    taints: 1,
    isThere: true,
  },
])
  cloud(name, () => {
    const cluster = clusterIn({ instances: { n1: { state } } }, [cloudNodeLifecycleController]);
    cluster.create(node({}, ready));
    cluster.settle();
    const found = cluster.get<Node>('nodes', 'n1');
    assert.equal([found !== undefined, found?.spec.taints?.length ?? 0], [isThere, taints]);
  });

cloud('a load balancer comes, keeps its Service until it is gone, and gives its address back', () => {
  const cluster = clusterIn({ loadBalancers: { network: '203.0.113.0/24' } }, [serviceController]);
  cluster.create(node(), service());
  cluster.settle();
  const { metadata, status } = cluster.get<Service>('services', 'web', 'default')!;
  assert.equal(metadata.finalizers, ['service.kubernetes.io/load-balancer-cleanup']);
  assert.equal(status.loadBalancer?.ingress?.[0]?.ip, '203.0.113.2');
  cluster.user.delete('services', { namespace: 'default', name: 'web' });
  cluster.settle();
  assert.is(cluster.get('services', 'web', 'default'), undefined);
  assert.equal(
    cluster.events().map((line) => line.split(' ')[3]),
    ['EnsuringLoadBalancer:', 'EnsuredLoadBalancer:', 'DeletingLoadBalancer:', 'DeletedLoadBalancer:'],
  );
});

cloud('a Service that stops wanting a load balancer loses it', () => {
  const cluster = clusterIn({ loadBalancers: { domain: 'lb.example' } }, [serviceController]);
  cluster.create(node(), service());
  cluster.settle();
  assert.equal(
    cluster.get<Service>('services', 'web', 'default')!.status.loadBalancer?.ingress?.[0]?.hostname,
    'web.default.lb.example',
  );
  cluster.change('services', 'web', { spec: { type: 'ClusterIP' } }, 'default');
  cluster.settle();
  const { metadata, status } = cluster.get<Service>('services', 'web', 'default')!;
  assert.equal([metadata.finalizers ?? [], status.loadBalancer?.ingress ?? []], [[], []]);
});

cloud('load balancers of another class are left alone', () => {
  const cluster = clusterIn({ loadBalancers: { domain: 'lb.example' } }, [serviceController]);
  cluster.create(service({ loadBalancerClass: 'example.com/other' }));
  cluster.settle();
  assert.equal(cluster.events(), []);
});

for (const { routes, expected } of [
  { routes: true, expected: ['False', 'RouteCreated'] },
  { routes: false, expected: ['True', 'NoRouteCreated'] },
])
  cloud(`routes ${routes ? 'made' : 'not made'}: NetworkUnavailable ${expected.join(' ')}`, () => {
    const cluster = clusterIn({ routes }, [routeController]);
    cluster.create(node({ podCIDRs: ['10.244.0.0/24'] }));
    cluster.settle();
    const condition = cluster
      .get<Node>('nodes', 'n1')!
      .status.conditions?.find(({ type }) => type === 'NetworkUnavailable');
    assert.equal([condition?.status, condition?.reason], expected);
  });

cloud('a described provisioner makes a volume, and deletes it with its claim', () => {
  const cluster = clusterIn({ volumeProvisioners: ['ebs.csi.aws.com'] }, [
    persistentVolumeBinder,
    persistentVolumeClaimBinder,
    volumeProvisioner,
    volumeDeleter,
  ]);
  cluster.create(
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'gp3' },
      provisioner: 'ebs.csi.aws.com',
      reclaimPolicy: 'Delete',
      volumeBindingMode: 'Immediate',
    } as never,
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'gp3', resources: { requests: { storage: '1Gi' } } },
      status: { phase: 'Pending' },
    } as never,
  );
  cluster.settle();
  const claim = cluster.get<PersistentVolumeClaim>('persistentvolumeclaims', 'data', 'default')!;
  assert.equal([claim.status.phase, claim.spec.volumeName], ['Bound', `pvc-${claim.metadata.uid}`]);
  const [volume] = cluster.list<PersistentVolume>('persistentvolumes');
  assert.equal([volume?.status.phase, volume?.spec.csi?.driver], ['Bound', 'ebs.csi.aws.com']);
  cluster.user.delete('persistentvolumeclaims', { namespace: 'default', name: 'data' });
  cluster.settle();
  assert.equal(cluster.list('persistentvolumes'), []);
});
cloud.run();
