import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { endpointSliceController } from '../../../../src/planner/controllers/endpointslice/endpointslice.ts';
import { endpointSliceMirroringController } from '../../../../src/planner/controllers/endpointslice-mirroring/endpointslice-mirroring.ts';
import type { EndpointSlice } from '../../../../src/schema/generated/types/discovery-v1.ts';
import { type SmallCluster, smallCluster } from '../../kubelet/small-cluster.ts';

const node = (name: string, zone: string, cpu = '4') => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels: { 'topology.kubernetes.io/zone': zone } },
  status: { allocatable: { cpu }, conditions: [{ type: 'Ready', status: 'True' }] },
});
const pod = (name: string, nodeName: string, ready = true) => {
  const ip = `10.0.0.${name.charCodeAt(0)}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: 'web' } },
    spec: { nodeName, containers: [{ name: 'app' }] },
    status: {
      phase: 'Running',
      podIP: ip,
      podIPs: [{ ip }],
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  };
};
const service = (spec: Record<string, unknown>, annotations: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web', namespace: 'default', annotations },
  spec: { ports: [{ port: 80, targetPort: 8080, protocol: 'TCP' }], ...spec },
});
const slices = (cluster: SmallCluster) => cluster.list<EndpointSlice>('endpointslices.discovery.k8s.io');
const hintsOf = (cluster: SmallCluster) =>
  Object.fromEntries(
    slices(cluster).flatMap(({ endpoints = [] }) =>
      endpoints.map(({ targetRef, hints }) => [
        targetRef?.name ?? '',
        [...(hints?.forZones ?? []), ...(hints?.forNodes ?? [])].map(({ name }) => name).join(),
      ]),
    ),
  );
const selector = { app: 'web' };
const AUTO = { 'service.kubernetes.io/topology-mode': 'Auto' };

const hints = suite('hints of endpoint slices');

for (const { name, spec, annotations = {}, pods, expected } of [
  { name: 'no wish: no hints', spec: {}, pods: [pod('a', 'n1')], expected: { a: '' } },
  {
    name: 'PreferClose: each ready endpoint for its own zone',
    spec: { trafficDistribution: 'PreferClose' },
    pods: [pod('a', 'n1'), pod('b', 'n2'), pod('c', 'n2', false)],
    expected: { a: 'z1', b: 'z2', c: '' },
  },
  {
    name: 'PreferSameNode: zone and node',
    spec: { trafficDistribution: 'PreferSameNode' },
    pods: [pod('a', 'n1')],
    expected: { a: 'z1,n1' },
  },
  {
    name: 'Auto with an endpoint per zone: its own zone',
    spec: {},
    annotations: AUTO,
    pods: [pod('a', 'n1'), pod('b', 'n2')],
    expected: { a: 'z1', b: 'z2' },
  },
  {
    name: 'Auto with all endpoints in one of two equal zones: half of them for the other',
    spec: {},
    annotations: AUTO,
    pods: [pod('a', 'n1'), pod('b', 'n1'), pod('c', 'n1'), pod('d', 'n1')],
    expected: { a: 'z2', b: 'z2', c: 'z1', d: 'z1' },
  },
  {
    name: 'Auto with fewer endpoints than zones: none',
    spec: {},
    annotations: AUTO,
    pods: [pod('a', 'n1')],
    expected: { a: '' },
  },
])
  hints(name, () => {
    const cluster = smallCluster([endpointSliceController]);
    cluster.create(node('n1', 'z1'), node('n2', 'z2'), service({ selector, ...spec }, annotations), ...pods);
    cluster.settle();
    assert.equal(hintsOf(cluster), expected);
  });

hints('hints go with the wish for them', () => {
  const cluster = smallCluster([endpointSliceController]);
  cluster.create(node('n1', 'z1'), node('n2', 'z2'), service({ selector }, AUTO), pod('a', 'n1'), pod('b', 'n2'));
  cluster.settle();
  cluster.change('services', 'web', { metadata: { annotations: null } }, 'default');
  cluster.settle();
  assert.equal(hintsOf(cluster), { a: '', b: '' });
});

const mirroring = suite('mirrored endpoint slices');
const endpoints = (labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: { name: 'web', namespace: 'default', labels },
  subsets: [
    {
      addresses: [{ ip: '203.0.113.1' }, { ip: '2001:db8::1' }],
      notReadyAddresses: [{ ip: '203.0.113.2' }],
      ports: [{ port: 80, protocol: 'TCP' }],
    },
  ],
});

for (const { name, objects, expected } of [
  {
    name: 'one slice for each family',
    objects: [service({}), endpoints()],
    expected: ['IPv4 203.0.113.1 true, 203.0.113.2 false', 'IPv6 2001:db8::1 true'],
  },
  { name: 'not for a Service with a selector', objects: [service({ selector }), endpoints()], expected: [] },
  { name: 'not without a Service', objects: [endpoints()], expected: [] },
  {
    name: 'not when told to skip them',
    objects: [service({}), endpoints({ 'endpointslice.kubernetes.io/skip-mirror': 'true' })],
    expected: [],
  },
])
  mirroring(name, () => {
    const cluster = smallCluster([endpointSliceMirroringController]);
    cluster.create(...objects);
    cluster.settle();
    const text = slices(cluster).map(
      (slice) =>
        `${slice.addressType} ${(slice.endpoints ?? []).map(({ addresses, conditions }) => `${addresses?.[0]} ${conditions.ready}`).join(', ')}`,
    );
    assert.equal(text.sort(), expected);
  });

mirroring('a changed address is changed in its slice', () => {
  const cluster = smallCluster([endpointSliceMirroringController]);
  cluster.create(service({}), endpoints());
  cluster.settle();
  const before = slices(cluster).map(({ metadata }) => metadata.name);
  cluster.change(
    'endpoints',
    'web',
    { subsets: [{ addresses: [{ ip: '203.0.113.9' }], ports: [{ port: 80, protocol: 'TCP' }] }] },
    'default',
  );
  cluster.settle();
  const after = slices(cluster);
  assert.equal(
    after.map(({ endpoints: list }) => list?.[0]?.addresses?.[0]),
    ['203.0.113.9'],
  );
  assert.ok(before.includes(after[0]?.metadata.name));
});

hints.run();
mirroring.run();
