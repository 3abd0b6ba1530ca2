import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { volumeAttacher } from '../../../../src/planner/cloud/volume-attacher.ts';
import { volumeResizer } from '../../../../src/planner/cloud/volume-resizer.ts';
import { attachDetachController } from '../../../../src/planner/controllers/attachdetach/attachdetach.ts';
import { expandController } from '../../../../src/planner/controllers/expand/expand.ts';
import type { PersistentVolumeClaim } from '../../../../src/schema/generated/types/core-v1.ts';
import type { VolumeAttachment } from '../../../../src/schema/generated/types/storage-v1.ts';
import { smallCluster } from '../../kubelet/small-cluster.ts';

const ATTACHMENTS = 'volumeattachments.storage.k8s.io';
const cloud = { volumeProvisioners: ['csi.example.com'] };
const volume = (source: Record<string, unknown> = { csi: { driver: 'csi.example.com', volumeHandle: 'v1' } }) =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'pv' },
    spec: { capacity: { storage: '1Gi' }, claimRef: { namespace: 'default', name: 'data', uid: '' }, ...source },
    status: { phase: 'Bound' },
  }) as never;
const claim = (storage = '1Gi') =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default' },
    spec: { volumeName: 'pv', resources: { requests: { storage } } },
    status: { phase: 'Bound', capacity: { storage: '1Gi' } },
  }) as never;
const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'default' },
  spec: { nodeName: 'n1', volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
  status: { phase: 'Running', containerStatuses: [{ name: 'app', state: { running: {} } }] },
} as never;
const node = (
  annotations: Record<string, string> = { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1', annotations } }) as never;
const driver = (attachRequired: boolean) =>
  ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: 'csi.example.com' },
    spec: { attachRequired },
  }) as never;

const attach = suite('attaching of volumes');

attach('from the first pod on a node to the last', () => {
  const cluster = smallCluster([attachDetachController, (options) => volumeAttacher({ ...options, cloud })]);
  cluster.create(node(), volume(), claim(), pod);
  cluster.settle();
  const [attachment] = cluster.list<VolumeAttachment>(ATTACHMENTS);
  assert.equal(
    [attachment?.spec.attacher, attachment?.spec.nodeName, attachment?.status.attached],
    ['csi.example.com', 'n1', true],
  );
  assert.match(attachment?.metadata.name ?? '', /^csi-[0-9a-f]{64}$/);
  cluster.user.delete('pods', { namespace: 'default', name: 'p' }, { gracePeriodSeconds: 0 });
  cluster.settle();
  assert.equal(cluster.list(ATTACHMENTS), []);
});

for (const { name, source, objects } of [
  { name: 'not what needs no attaching', source: undefined, objects: [node(), driver(false)] },
  { name: 'not what is no CSI volume', source: { hostPath: { path: '/data' } }, objects: [node()] },
  { name: 'not on nodes that attach by themselves', source: undefined, objects: [node({})] },
])
  attach(name, () => {
    const cluster = smallCluster([attachDetachController]);
    cluster.create(...objects, volume(source), claim(), pod);
    cluster.settle();
    assert.equal(cluster.list(ATTACHMENTS), []);
  });

const expand = suite('growing of claims');
const grown = (source?: Record<string, unknown>, isServed = false) => {
  const cluster = smallCluster([
    expandController,
    (options) => volumeResizer(isServed ? { ...options, cloud } : options),
  ]);
  cluster.create(claim());
  const { uid } = cluster.get<PersistentVolumeClaim>('persistentvolumeclaims', 'data', 'default')!.metadata;
  cluster.create(volume(source));
  cluster.change('persistentvolumes', 'pv', { spec: { claimRef: { uid } } });
  cluster.settle();
  cluster.change(
    'persistentvolumeclaims',
    'data',
    { spec: { resources: { requests: { storage: '2Gi' } } } },
    'default',
  );
  cluster.settle();
  return cluster;
};

expand('somebody outside is waited for', () => {
  assert.equal(grown().events(), [
    'PersistentVolumeClaim data Normal ExternalExpanding: waiting for an external controller to expand this PVC',
  ]);
});

expand('the driver that took over is told', () => {
  const cluster = grown({ awsElasticBlockStore: { volumeID: 'vol-1' } });
  const { annotations } = cluster.get<PersistentVolumeClaim>('persistentvolumeclaims', 'data', 'default')!.metadata;
  assert.equal(annotations, { 'volume.kubernetes.io/storage-resizer': 'ebs.csi.aws.com' });
});

expand('a described provisioner grows the volume', () => {
  const { status } = grown(undefined, true).get<PersistentVolumeClaim>('persistentvolumeclaims', 'data', 'default')!;
  assert.equal(status.capacity, { storage: '2Gi' });
});

attach.run();
expand.run();
