import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { endpointController } from '../../../../src/planner/controllers/endpoint/endpoint.ts';
import { endpointSliceController } from '../../../../src/planner/controllers/endpointslice/endpointslice.ts';
import type { Endpoints } from '../../../../src/schema/generated/types/core-v1.ts';
import type { EndpointSlice } from '../../../../src/schema/generated/types/discovery-v1.ts';
import { type SmallCluster, smallCluster } from '../../kubelet/small-cluster.ts';

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'a' } },
};
const service = (spec: Record<string, unknown> = {}, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', labels },
  spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }], ...spec },
});
let count = 0;
const pod = (
  name: string,
  {
    ready = true,
    ports = [] as readonly unknown[],
    labels = { app: 'web' },
    phase = 'Running',
    ...spec
  }: Record<string, unknown> & { ready?: boolean; ports?: readonly unknown[]; phase?: string } = {},
) => {
  const ip = `10.0.${Math.floor(++count / 250)}.${(count % 250) + 1}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: labels as Record<string, string> },
    spec: { nodeName: 'n1', containers: [{ name: 'app', ports }], ...spec },
    status: { phase, podIP: ip, podIPs: [{ ip }], conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
  };
};
const slices = (cluster: SmallCluster) => cluster.list<EndpointSlice>('endpointslices.discovery.k8s.io');
const members = (slice: EndpointSlice | undefined) =>
  slice?.endpoints?.map(({ targetRef }) => targetRef?.name ?? '').sort();
const both = [endpointController, endpointSliceController];

const endpoints = suite('endpoint and endpointslice controllers');

endpoints('ready, unready and finished pods', () => {
  const cluster = smallCluster(both);
  cluster.create(
    node,
    service(),
    pod('a'),
    pod('b', { ready: false }),
    pod('c', { phase: 'Succeeded' }),
    pod('d', { labels: { app: 'x' } }),
  );
  cluster.settle();
  const [slice] = slices(cluster);
  assert.equal(
    slice?.endpoints?.map(({ targetRef, conditions, zone }) => [
      targetRef?.name,
      conditions.ready,
      conditions.serving,
      zone,
    ]),
    [
      ['a', true, true, 'a'],
      ['b', false, false, 'a'],
    ],
  );
  assert.equal(slice?.ports, [{ name: '', protocol: 'TCP', port: 8080 }]);
  const [subset] = cluster.get<Endpoints>('endpoints', 'web', 'default')!.subsets ?? [];
  assert.equal(
    [
      subset?.addresses?.map(({ targetRef }) => targetRef?.name),
      subset?.notReadyAddresses?.map(({ targetRef }) => targetRef?.name),
    ],
    [['a'], ['b']],
  );
});

endpoints('published not ready addresses are ready', () => {
  const cluster = smallCluster(both);
  cluster.create(node, service({ publishNotReadyAddresses: true }), pod('a', { ready: false }));
  cluster.settle();
  assert.is(slices(cluster)[0]?.endpoints?.[0]?.conditions.ready, true);
});

endpoints('a named target port that differs makes a slice each', () => {
  const cluster = smallCluster(both);
  cluster.create(node, service({ ports: [{ port: 80, targetPort: 'http', protocol: 'TCP' }] }));
  cluster.create(pod('a', { ports: [{ name: 'http', containerPort: 1, protocol: 'TCP' }] }));
  cluster.create(pod('b', { ports: [{ name: 'http', containerPort: 2, protocol: 'TCP' }] }), pod('c'));
  cluster.settle();
  assert.equal(
    slices(cluster)
      .map((slice) => [slice.ports?.map(({ port }) => port), members(slice)])
      .sort(),
    [
      [[1], ['a']],
      [[2], ['b']],
      [[], ['c']],
    ].sort(),
  );
});

endpoints('without pods a placeholder stays; the slice keeps its name when pods come', () => {
  const cluster = smallCluster(both);
  cluster.create(node, service());
  cluster.settle();
  const before = slices(cluster)[0];
  assert.equal(before?.endpoints, []);
  cluster.create(pod('a'));
  cluster.settle();
  assert.equal([slices(cluster).length, slices(cluster)[0]?.metadata.name], [1, before?.metadata.name]);
});

endpoints('labels follow the Service; reserved ones stay', () => {
  const cluster = smallCluster(both);
  cluster.create(node, service({ clusterIP: 'None' }, { team: 'x' }), pod('a'));
  cluster.settle();
  assert.equal(slices(cluster)[0]?.metadata.labels, {
    team: 'x',
    'service.kubernetes.io/headless': '',
    'kubernetes.io/service-name': 'web',
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
  });
});

endpoints('a hundred endpoints fill a slice; the rest goes into another', () => {
  const cluster = smallCluster(both);
  cluster.create(node, service(), ...Array.from({ length: 101 }, (_, i) => pod(`p${i}`)));
  cluster.settle();
  assert.equal(
    slices(cluster)
      .map(({ endpoints: list }) => list?.length)
      .sort(),
    [1, 100],
  );
});

endpoints('a pod that leaves the selector leaves both', () => {
  const cluster = smallCluster(both);
  cluster.create(node, service(), pod('a'), pod('b'));
  cluster.settle();
  cluster.change('pods', 'a', { metadata: { labels: { app: 'other' } } }, 'default');
  cluster.settle();
  assert.equal(members(slices(cluster)[0]), ['b']);
  assert.equal(cluster.get<Endpoints>('endpoints', 'web', 'default')!.subsets?.[0]?.addresses?.length, 1);
});

endpoints('a slice that somebody deletes comes back', () => {
  const cluster = smallCluster(both);
  cluster.create(node, service(), pod('a'));
  cluster.settle();
  cluster.user.delete('endpointslices.discovery.k8s.io', {
    namespace: 'default',
    name: slices(cluster)[0]!.metadata.name!,
  });
  cluster.settle();
  assert.equal(members(slices(cluster)[0]), ['a']);
});

for (const { name, spec } of [
  { name: 'a Service without a selector', spec: { selector: null } },
  { name: 'an ExternalName', spec: { type: 'ExternalName' } },
])
  endpoints(`${name} gets nothing`, () => {
    const cluster = smallCluster(both);
    cluster.create(node, service(spec), pod('a'));
    cluster.settle();
    assert.equal([slices(cluster).length, cluster.list('endpoints').length], [0, 0]);
  });
endpoints.run();
