import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ephemeralVolumeController } from '../../../../src/planner/controllers/ephemeral-volume/ephemeral-volume.ts';
import type { PersistentVolumeClaim } from '../../../../src/schema/generated/types/core-v1.ts';
import { smallCluster } from '../../kubelet/small-cluster.ts';

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: {
    volumes: [
      {
        name: 'data',
        ephemeral: {
          volumeClaimTemplate: {
            metadata: { labels: { a: 'b' } },
            spec: { accessModes: ['ReadWriteOnce'], resources: {} },
          },
        },
      },
    ],
  },
};

const ephemeral = suite('ephemeral volumes');

ephemeral('a claim named after pod and volume, owned by the pod', () => {
  const cluster = smallCluster([ephemeralVolumeController]);
  cluster.create(pod);
  cluster.settle();
  const { metadata } = cluster.get<PersistentVolumeClaim>('persistentvolumeclaims', 'p-data', 'default')!;
  assert.equal(metadata.labels, { a: 'b' });
  assert.equal(
    metadata.ownerReferences?.map(({ kind, name, controller }) => [kind, name, controller]),
    [['Pod', 'p', true]],
  );
  cluster.user.delete('persistentvolumeclaims', { namespace: 'default', name: 'p-data' });
  cluster.settle();
  assert.ok(cluster.get('persistentvolumeclaims', 'p-data', 'default'));
});

ephemeral("a claim of that name that is not the pod's is not taken", () => {
  const cluster = smallCluster([ephemeralVolumeController]);
  cluster.create(
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'p-data', namespace: 'default' } },
    pod,
  );
  cluster.settle(100);
  assert.equal(cluster.events(), [
    'Pod p Warning FailedBinding: ephemeral volume data: PVC default/p-data was not created for pod default/p (pod is not owner)',
  ]);
});
ephemeral.run();
