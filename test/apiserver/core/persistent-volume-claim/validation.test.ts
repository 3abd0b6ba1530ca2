import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PersistentVolumeClaim } from '../../../../src/schema/generated/types/core-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const claims = suite('PersistentVolumeClaim');

function claim(spec: Json = {}, status?: Json): Document {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } }, ...spec },
    ...(status ? { status } : {}),
  };
}

const size = (storage: string): Json => ({ resources: { requests: { storage } } });

function bound(server: TestServer, spec: Json = {}): void {
  server.create(claim(spec));
  const status = { phase: 'Bound', capacity: { storage: '5Gi' } };
  server.update(claim(spec, status), { subresource: 'status' });
}

claims('the two fields for a data source are kept in step', () => {
  const dataSource = { kind: 'PersistentVolumeClaim', name: 'x' };
  const { spec } = new TestServer().create(claim({ dataSource })).object as unknown as PersistentVolumeClaim;
  assert.equal(spec.dataSourceRef, dataSource);
});

claims('a data source of an unknown kind is dropped, a reference to it kept', () => {
  const source = { apiGroup: 'example.com', kind: 'Thing', name: 'x' };
  const server = new TestServer();
  const dropped = server.create(claim({ dataSource: source }), { dryRun: true })
    .object as unknown as PersistentVolumeClaim;
  assert.is(dropped.spec.dataSource, undefined);
  const kept = server.create(claim({ dataSourceRef: source })).object as unknown as PersistentVolumeClaim;
  assert.equal(kept.spec.dataSource, source);
});

claims('a volume is named once', () => {
  const server = new TestServer();
  server.create(claim());
  assert.is(server.update(claim({ volumeName: 'pv' })).code, 200);
  assert.match(
    server.update(claim({ volumeName: 'other' })).causes[0] ?? '',
    '- "VolumeName": "pv",\n+ "VolumeName": "other",\n',
  );
});

claims('a bound claim may grow', () => {
  const server = new TestServer();
  bound(server);
  assert.is(server.update(claim(size('20Gi'))).code, 200);
});

claims('a claim that is not bound may not grow', () => {
  const server = new TestServer();
  server.create(claim());
  const [cause = ''] = server.update(claim(size('20Gi'))).causes;
  assert.match(
    cause,
    'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n',
  );
});

claims('a claim shrinks no further than to what it has', () => {
  const server = new TestServer();
  bound(server);
  assert.is(server.update(claim(size('6Gi'))).code, 200);
  assert.equal(server.update(claim(size('5Gi'))).causes, [
    'spec.resources.requests.storage: Forbidden: field can not be less than status.capacity',
  ]);
});

claims('a class may be named later', () => {
  const server = new TestServer();
  server.create(claim());
  assert.is(server.update(claim({ storageClassName: 'fast' })).code, 200);
  assert.is(server.update(claim({ storageClassName: 'slow' })).code, 422);
});

claims('the status knows storage and the states of a resize only', () => {
  const server = new TestServer();
  server.create(claim());
  const status = { phase: 'Pending', allocatedResources: { cpu: '1' }, allocatedResourceStatuses: { storage: 'Done' } };
  assert.equal(server.update(claim({}, status), { subresource: 'status' }).causes, [
    'status.allocatedResourceStatuses: Unsupported value: "storage": supported values: "ControllerResizeInProgress", "ControllerResizeInfeasible", "NodeResizeInProgress", "NodeResizeInfeasible", "NodeResizePending"',
    'status.allocatedResources: Unsupported value: "cpu": supported values: "storage"',
  ]);
});

claims('parts of a byte are told', () => {
  assert.equal(new TestServer().create(claim(size('1500m'))).warnings, [
    'spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
  ]);
});

claims.run();
