import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ResourceClaim } from '../../../../src/schema/generated/types/resource-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const claims = suite('ResourceClaim');

const GPU = { name: 'gpu', exactly: { deviceClassName: 'gpu.example.com' } };

function claim(devices: Json, fields: Json = {}): Document {
  return {
    apiVersion: 'resource.k8s.io/v1',
    kind: 'ResourceClaim',
    metadata: { name: 'c' },
    spec: { devices },
    ...fields,
  };
}

claims('a request is for one device', () => {
  const { spec } = new TestServer().create(claim({ requests: [GPU] })).object as unknown as ResourceClaim;
  assert.equal(spec.devices?.requests, [
    { name: 'gpu', exactly: { deviceClassName: 'gpu.example.com', allocationMode: 'ExactCount', count: 1 } },
  ]);
});

for (const { name, devices, causes } of [
  {
    name: 'a request is exact or a list of choices',
    devices: { requests: [{ name: 'gpu' }] },
    causes: ['spec.devices.requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required'],
  },
  {
    name: 'requests have different names',
    devices: { requests: [GPU, GPU] },
    causes: ['spec.devices.requests[1]: Duplicate value: "gpu"'],
  },
  {
    name: 'constraints are about requests of the claim',
    devices: { requests: [GPU], constraints: [{ requests: ['nic'], matchAttribute: 'example.com/numa' }] },
    causes: [
      'spec.devices.constraints[0].requests[0]: Invalid value: "nic": must be the name of a request in the claim or the name of a request and a subrequest separated by \'/\'',
    ],
  },
  {
    name: 'all devices are not counted',
    devices: { requests: [{ name: 'gpu', exactly: { ...GPU.exactly, allocationMode: 'All', count: 2 } }] },
    causes: [
      "spec.devices.requests[0].exactly.count: Invalid value: 2: must not be specified when allocationMode is 'All'",
    ],
  },
]) {
  claims(name, () => assert.equal(new TestServer().create(claim(devices)).causes, causes));
}

claims('the spec may not change', () => {
  const server = new TestServer();
  server.create(claim({ requests: [GPU] }));
  const other = { ...GPU, exactly: { deviceClassName: 'nic.example.com' } };
  assert.match(
    server.update(claim({ requests: [other] })).causes.join(),
    /^spec: Invalid value: .*: field is immutable$/,
  );
});

claims('only an allocated claim is reserved', () => {
  const server = new TestServer();
  server.create(claim({ requests: [GPU] }));
  const status = { reservedFor: [{ resource: 'pods', name: 'p', uid: 'u' }] };
  assert.equal(server.update(claim({ requests: [GPU] }, { status }), { subresource: 'status' }).causes, [
    'status.reservedFor: Forbidden: may not be specified when `allocated` is not set',
  ]);
});

claims.run();
