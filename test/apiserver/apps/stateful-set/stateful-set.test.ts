import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StatefulSet } from '../../../../src/schema/generated/types/apps-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const statefulSets = suite('StatefulSet');

function statefulSet(spec: Json, fields: Json = {}): Document {
  const template = { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'c', image: 'db:1' }] } };
  const whole = { serviceName: 'db', selector: { matchLabels: { app: 'db' } }, template, ...spec };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db' }, spec: whole, ...fields };
}

function claim(name: string, storage = '1Gi'): Json {
  return { metadata: { name }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } } };
}

statefulSets('order, rolling update and kept claims are the default', () => {
  const { object } = new TestServer().create(statefulSet({ volumeClaimTemplates: [claim('data')] }));
  const { spec } = object as unknown as StatefulSet;
  assert.is(spec.podManagementPolicy, 'OrderedReady');
  assert.equal(spec.updateStrategy, { type: 'RollingUpdate', rollingUpdate: { partition: 0 } });
  assert.equal(spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: 'Retain', whenScaled: 'Retain' });
  const [template] = spec.volumeClaimTemplates ?? [];
  assert.is(template?.kind, 'PersistentVolumeClaim');
  assert.is(template?.spec.volumeMode, 'Filesystem');
  assert.is(template?.status.phase, 'Pending');
});

for (const { name, spec, causes } of [
  {
    name: 'OnDelete takes no settings of a rolling update',
    spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } },
    causes: [
      'spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy \'RollingUpdate\'',
    ],
  },
  {
    name: 'pods are named in turn or all at once',
    spec: { podManagementPolicy: 'Random' },
    causes: ["spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'"],
  },
  {
    name: 'ordinals start at zero or above',
    spec: { ordinals: { start: -1 } },
    causes: ['spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0'],
  },
]) {
  statefulSets(name, () => assert.equal(new TestServer().create(statefulSet(spec)).causes, causes));
}

statefulSets('replicas, template, strategy and the like may change, the claims may not', () => {
  const server = new TestServer();
  server.create(statefulSet({ volumeClaimTemplates: [claim('data')] }));
  const changes = { replicas: 3, minReadySeconds: 5, updateStrategy: { type: 'OnDelete' }, ordinals: { start: 1 } };
  assert.is(
    server.update(statefulSet({ volumeClaimTemplates: [claim('data')], ...changes })).object.metadata.generation,
    2,
  );
  const { causes } = server.update(statefulSet({ volumeClaimTemplates: [claim('data', '2Gi')] }));
  assert.is(causes.length, 1);
  assert.match(causes[0]!, /^spec: Forbidden: updates to statefulset spec for fields other than /);
});

statefulSets('a write of the status leaves the spec alone and must count well', () => {
  const server = new TestServer();
  server.create(statefulSet({}));
  const write = (status: Json) => server.update(statefulSet({ replicas: 9 }, { status }), { subresource: 'status' });
  const { object } = write({ replicas: 2, readyReplicas: 1, currentRevision: 'db-1' });
  assert.is((object as unknown as StatefulSet).spec.replicas, 1);
  assert.equal(write({ replicas: 2, updatedReplicas: 3 }).causes, [
    'status.updatedReplicas: Invalid value: 3: cannot be greater than status.replicas',
  ]);
});

statefulSets.run();
