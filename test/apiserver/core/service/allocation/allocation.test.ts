import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Service } from '../../../../../src/schema/generated/types/core-v1.ts';
import { type Document, type Json, TestServer, type Verdict } from '../../../test-server.ts';

const allocation = suite('Service allocation');

function service(name: string, spec: Json = {}): Document {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } };
}

function specOf({ object }: Verdict): Service['spec'] {
  return (object as unknown as Service).spec;
}

allocation('a service gets the lowest free address of the upper band and its family', () => {
  const server = new TestServer();
  const first = specOf(server.create(service('a', { selector: { app: 'a' } })));
  assert.is(first.clusterIP, '10.96.1.1');
  assert.equal(first.clusterIPs, ['10.96.1.1']);
  assert.equal(first.ipFamilies, ['IPv4']);
  assert.is(first.ipFamilyPolicy, 'SingleStack');
  assert.is(specOf(server.create(service('b'))).clusterIP, '10.96.1.2');
});

allocation('an address that a deleted service held is given again', () => {
  const server = new TestServer();
  for (const name of ['a', 'b', 'c']) server.create(service(name));
  server.delete('v1', 'Service', 'b', 'default');
  assert.is(specOf(server.create(service('d'))).clusterIP, '10.96.1.2');
  assert.is(specOf(server.create(service('e'))).clusterIP, '10.96.1.4');
});

allocation('an address that was asked for is taken and not given to another', () => {
  const server = new TestServer();
  assert.is(specOf(server.create(service('a', { clusterIP: '10.96.1.1' }))).clusterIP, '10.96.1.1');
  assert.is(specOf(server.create(service('b'))).clusterIP, '10.96.1.2');
  assert.equal(server.create(service('c', { clusterIP: '10.96.1.1' })).causes, [
    'spec.clusterIPs: Invalid value: ["10.96.1.1"]: failed to allocate IP 10.96.1.1: provided IP is already allocated',
  ]);
  assert.equal(server.create(service('d', { clusterIP: '10.200.0.1' })).causes, [
    'spec.clusterIPs: Invalid value: ["10.200.0.1"]: failed to allocate IP 10.200.0.1: the provided network does not match the current range',
  ]);
});

allocation('a dry run looks at the range only', () => {
  const server = new TestServer();
  assert.is(server.create(service('a', { clusterIP: '10.96.0.1' }), { dryRun: true }).code, 201);
  assert.equal(server.create(service('a', { clusterIP: '10.200.0.1' }), { dryRun: true }).causes, [
    'spec.clusterIPs: Invalid value: ["10.200.0.1"]: failed to allocate IP 10.200.0.1: the provided IP (10.200.0.1) is not in the valid range. The range of valid IPs is 10.96.0.0/16',
  ]);
});

allocation('ports of one number share a node port, others get the next one', () => {
  const server = new TestServer();
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53 },
    { name: 'metrics', port: 9153 },
  ];
  const spec = specOf(server.create(service('dns', { type: 'NodePort', ports })));
  assert.equal(
    spec.ports?.map(({ nodePort }) => nodePort),
    [30086, 30086, 30087],
  );
});

for (const { name, spec, causes, code = 422, message } of [
  {
    name: 'a node port of another service is refused',
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30100 }] },
    causes: ['spec.ports[0].nodePort: Invalid value: 30100: provided port is already allocated'],
  },
  {
    name: 'a node port outside of the range is refused',
    spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] },
    causes: [
      'spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767',
    ],
  },
  {
    name: 'a health check port of another service is an internal error',
    spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 30100 },
    causes: [': failed to allocate requested HealthCheck NodePort 30100: provided port is already allocated'],
    code: 500,
    message:
      'Internal error occurred: failed to allocate requested HealthCheck NodePort 30100: provided port is already allocated',
  },
  {
    name: 'two families are refused by a cluster of one',
    spec: { ipFamilyPolicy: 'RequireDualStack' },
    causes: [
      'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
    ],
  },
]) {
  allocation(name, () => {
    const server = new TestServer();
    server.create(service('taken', { type: 'NodePort', ports: [{ port: 80, nodePort: 30100 }] }));
    const verdict = server.create(service('a', spec));
    assert.is(verdict.code, code);
    assert.equal(verdict.causes, causes);
    if (message !== undefined) assert.is(verdict.message, message);
  });
}

allocation('a headless service without selector is taken to have both families', () => {
  const spec = specOf(new TestServer().create(service('a', { clusterIP: 'None' })));
  assert.is(spec.ipFamilyPolicy, 'RequireDualStack');
  assert.equal(spec.ipFamilies, ['IPv4', 'IPv6']);
});

allocation('an update without the allocated values keeps them', () => {
  const server = new TestServer();
  const before = specOf(server.create(service('a', { type: 'NodePort' })));
  const after = specOf(server.update(service('a', { type: 'NodePort', selector: { app: 'a' } })));
  assert.is(after.clusterIP, before.clusterIP);
  assert.is(after.ports?.[0]?.nodePort, before.ports?.[0]?.nodePort);
});

allocation('a change to ExternalName releases address and node port', () => {
  const server = new TestServer();
  server.create(service('a', { type: 'NodePort' }));
  const spec = specOf(server.update(service('a', { type: 'ExternalName', externalName: 'example.com' })));
  assert.is(spec.clusterIP, undefined);
  assert.is(spec.ipFamilies, undefined);
  const next = specOf(server.create(service('b', { type: 'NodePort' })));
  assert.is(next.clusterIP, '10.96.1.1');
  assert.is(next.ports?.[0]?.nodePort, 30086);
});

allocation('a change from NodePort to ClusterIP clears the node ports', () => {
  const server = new TestServer();
  const before = specOf(server.create(service('a', { type: 'NodePort' })));
  const after = specOf(server.update(service('a', { ...before, type: 'ClusterIP' })));
  assert.is(after.ports?.[0]?.nodePort, undefined);
  assert.is(after.externalTrafficPolicy, undefined);
});

allocation('addresses come from the ready ServiceCIDRs of the cluster', () => {
  const server = new TestServer();
  const write = { cause: { who: 'test' }, at: 0 };
  const cidrs = 'servicecidrs.networking.k8s.io';
  for (const [name, cidr, status] of [
    ['full', '10.97.0.0/30', 'True'],
    ['later', '10.98.0.0/28', 'False'],
  ] as const) {
    const object = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'ServiceCIDR',
      metadata: { name },
      spec: { cidrs: [cidr] },
      status: { conditions: [{ type: 'Ready', status }] },
    };
    server.world.store.create(cidrs, object, write);
  }
  server.world.store.delete(cidrs, undefined, 'kubernetes', undefined, write);
  assert.is(specOf(server.create(service('a'))).clusterIP, '10.97.0.1');
  assert.is(specOf(server.create(service('b'))).clusterIP, '10.97.0.2');
  const verdict = server.create(service('c'));
  assert.is(verdict.code, 500);
  assert.is(verdict.message, 'Internal error occurred: failed to allocate a serviceIP for Service "c": range is full');
});

allocation.run();
