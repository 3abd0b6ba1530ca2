import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PersistentVolume } from '../../../../src/schema/generated/types/core-v1.ts';
import { type Document, type Json, NOW, TestServer } from '../../test-server.ts';

const volumes = suite('PersistentVolume');

const nfs = { server: '10.0.0.2', path: '/x' };

function volume(spec: Json, metadata: Json = {}): Document {
  const basis = { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv', ...metadata },
    spec: { ...basis, ...spec },
  };
}

for (const { name, spec, metadata, causes } of [
  { name: 'a source is required', spec: {}, causes: ['spec: Required value: must specify a volume type'] },
  {
    name: 'only one source is allowed',
    spec: { nfs, csi: { driver: 'd', volumeHandle: 'v' } },
    causes: ['spec.csi: Forbidden: may not specify more than 1 volume type'],
  },
  {
    name: 'a local volume says on which node it is',
    spec: { local: { path: '/mnt' } },
    causes: ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
  },
  {
    name: 'a secret of a driver is named with its namespace',
    spec: { csi: { driver: 'd', volumeHandle: 'v', nodePublishSecretRef: { name: 's' } } },
    causes: ['spec.csi.nodePublishSecretRef.namespace: Required value'],
  },
  {
    name: 'a capacity is storage and nothing else',
    spec: { nfs, capacity: { storage: '0', cpu: '1' } },
    causes: [
      'spec.capacity: Unsupported value: {"cpu":"1","storage":"0"}: supported values: "storage"',
      'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
    ],
  },
  {
    name: 'the root of a node is not recycled',
    spec: { hostPath: { path: '/./' }, persistentVolumeReclaimPolicy: 'Recycle' },
    causes: [`spec.persistentVolumeReclaimPolicy: Forbidden: may not be 'recycle' for a hostPath mount of '/'`],
  },
  {
    name: 'an annotation of mount options needs a source that has them',
    spec: { hostPath: { path: '/x' } },
    metadata: { annotations: { 'volume.beta.kubernetes.io/mount-options': 'hard' } },
    causes: [
      'metadata.annotations.volume.beta.kubernetes.io/mount-options: Forbidden: may not specify mount options for this volume type',
    ],
  },
]) {
  volumes(name, () => assert.equal(new TestServer().create(volume(spec, metadata)).causes, causes));
}

volumes('a new one is pending since now, retained and a file system', () => {
  const { spec, status } = new TestServer().create(volume({ nfs })).object as unknown as PersistentVolume;
  assert.is(spec.persistentVolumeReclaimPolicy, 'Retain');
  assert.is(spec.volumeMode, 'Filesystem');
  assert.equal(status, { phase: 'Pending', lastPhaseTransitionTime: '2026-01-01T00:00:00Z' });
});

volumes('a phase that changes notes when', () => {
  const server = new TestServer();
  const { object } = server.create(volume({ nfs }));
  server.world.clock.now = NOW + 5000;
  const answer = server.update({ ...object, status: { phase: 'Available' } } as unknown as Document, {
    subresource: 'status',
  });
  const { status } = answer.object as unknown as PersistentVolume;
  assert.equal(status, { phase: 'Available', lastPhaseTransitionTime: '2026-01-01T00:00:05Z' });
});

volumes('the source does not change, and the answer shows how it would', () => {
  const server = new TestServer();
  server.create(volume({ nfs }));
  const [cause = ''] = server.update(volume({ nfs: { ...nfs, path: '/y' } })).causes;
  assert.match(
    cause,
    /^spec\.persistentvolumesource: Forbidden: spec\.persistentvolumesource is immutable after creation\n@@/,
  );
  assert.match(cause, '-  "Path": "/x",\n+  "Path": "/y",\n');
});

volumes('node affinity changes from beta labels to stable ones only', () => {
  const affinity = (key: string) => ({
    nfs,
    nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'Exists' }] }] } },
  });
  const server = new TestServer();
  server.create(volume(affinity('failure-domain.beta.kubernetes.io/zone')));
  assert.is(server.update(volume(affinity('topology.kubernetes.io/zone'))).code, 200);
  assert.equal(server.update(volume(affinity('other'))).causes, [
    'nodeAffinity: Invalid value: {"Required":{"NodeSelectorTerms":[{"MatchExpressions":[{"Key":"other","Operator":"Exists","Values":null}],"MatchFields":null}]}}: field is immutable, except for updating from beta label to GA',
  ]);
});

volumes.run();
