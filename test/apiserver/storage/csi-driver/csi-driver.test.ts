import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CSIDriver } from '../../../../src/schema/generated/types/storage-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const drivers = suite('CSIDriver');

function driver(spec: Json, name = 'd.example.com'): Document {
  return { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name }, spec };
}

drivers('a driver attaches persistent volumes and tells nothing more', () => {
  const { spec } = new TestServer().create(driver({})).object as unknown as CSIDriver;
  assert.is(spec.attachRequired, true);
  assert.is(spec.podInfoOnMount, false);
  assert.is(spec.storageCapacity, false);
  assert.is(spec.fsGroupPolicy, 'ReadWriteOnceWithFSType');
  assert.equal(spec.volumeLifecycleModes, ['Persistent']);
});

for (const { name, spec, causes } of [
  {
    name: 'owners of files have three rules',
    spec: { fsGroupPolicy: 'All' },
    causes: [
      'spec.fsGroupPolicy: Unsupported value: "All": supported values: "File", "None", "ReadWriteOnceWithFSType"',
    ],
  },
  {
    name: 'tokens live ten minutes at least',
    spec: { tokenRequests: [{ audience: 'a', expirationSeconds: 5 }] },
    causes: [
      'spec.tokenRequests[0].expirationSeconds: Invalid value: 5: may not specify a duration less than 10 minutes',
    ],
  },
  {
    name: 'an audience gets one token',
    spec: { tokenRequests: [{ audience: 'a' }, { audience: 'a' }] },
    causes: ['spec.tokenRequests[1].audience: Duplicate value: "a"'],
  },
]) {
  drivers(name, () => assert.equal(new TestServer().create(driver(spec)).causes, causes));
}

drivers('whether it attaches may not change, whether it tells its capacity may', () => {
  const server = new TestServer();
  const { metadata } = server.create(driver({})).object;
  const change = (spec: Json) => server.update({ ...driver(spec), metadata: { ...metadata } });
  assert.equal(change({ attachRequired: false }).causes, [
    'spec.attachedRequired: Invalid value: false: field is immutable',
  ]);
  assert.is(change({ storageCapacity: true }).code, 200);
});

drivers.run();
