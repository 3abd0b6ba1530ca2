import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { persistentVolumeClaimBinder } from '../../../../src/planner/controllers/persistentvolume/claim-binder.ts';
import { persistentVolumeBinder } from '../../../../src/planner/controllers/persistentvolume/volume-binder.ts';
import { pvProtectionController } from '../../../../src/planner/controllers/pv-protection/pv-protection.ts';
import { pvcProtectionController } from '../../../../src/planner/controllers/pvc-protection/pvc-protection.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../../../src/schema/generated/types/core-v1.ts';
import { smallCluster } from '../../kubelet/small-cluster.ts';

type Loose = Record<string, unknown>;
const volume = (name: string, size: string, spec: Loose = {}, metadata: Loose = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, ...metadata },
    spec: {
      capacity: { storage: size },
      accessModes: ['ReadWriteOnce'],
      hostPath: { path: `/tmp/${name}` },
      persistentVolumeReclaimPolicy: 'Retain',
      ...spec,
    },
    status: { phase: 'Pending' },
  }) as never;
const claim = (name: string, spec: Loose = {}, size = '1Gi', metadata: Loose = {}) =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default', ...metadata },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: size } },
      storageClassName: '',
      ...spec,
    },
    status: { phase: 'Pending' },
  }) as never;
const storageClass = (name: string, provisioner: string, extra: Loose = {}) =>
  ({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
    ...extra,
  }) as never;
const pod = (name: string, claimName: string, nodeName?: string) =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { ...(nodeName ? { nodeName } : {}), volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] },
    status: { phase: 'Pending' },
  }) as never;
const all = [pvcProtectionController, pvProtectionController, persistentVolumeBinder, persistentVolumeClaimBinder];
const HOST_PATH = { 'enable-hostpath-provisioner': 'true' };

const binding = suite('binding of claims to volumes');

for (const { name, volumes, wanted, expected } of [
  {
    name: 'the smallest that is large enough',
    volumes: [volume('a', '20Gi'), volume('b', '5Gi'), volume('c', '1Gi')],
    wanted: claim('x', {}, '3Gi'),
    expected: 'b',
  },
  { name: 'none that is too small', volumes: [volume('a', '1Gi')], wanted: claim('x', {}, '2Gi'), expected: undefined },
  {
    name: 'none of another class',
    volumes: [volume('a', '1Gi', { storageClassName: 'm' })],
    wanted: claim('x'),
    expected: undefined,
  },
  {
    name: 'none of another mode',
    volumes: [volume('a', '1Gi', { volumeMode: 'Block' })],
    wanted: claim('x'),
    expected: undefined,
  },
  {
    name: 'only what the selector selects',
    volumes: [volume('a', '1Gi'), volume('b', '1Gi', {}, { labels: { tier: 'gold' } })],
    wanted: claim('x', { selector: { matchLabels: { tier: 'gold' } } }),
    expected: 'b',
  },
  {
    name: 'fewer access modes go before more, even if larger',
    volumes: [volume('a', '1Gi', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] }), volume('b', '5Gi')],
    wanted: claim('x'),
    expected: 'b',
  },
  {
    name: 'more access modes do as well',
    volumes: [volume('a', '1Gi', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] })],
    wanted: claim('x'),
    expected: 'a',
  },
  {
    name: 'a volume reserved for the claim goes before a smaller one',
    volumes: [volume('a', '1Gi'), volume('b', '5Gi', { claimRef: { namespace: 'default', name: 'x' } })],
    wanted: claim('x'),
    expected: 'b',
  },
  {
    name: 'none reserved for another',
    volumes: [volume('a', '1Gi', { claimRef: { namespace: 'default', name: 'other' } })],
    wanted: claim('x'),
    expected: undefined,
  },
  {
    name: 'the one that the claim names',
    volumes: [volume('a', '1Gi'), volume('b', '5Gi')],
    wanted: claim('x', { volumeName: 'b' }),
    expected: 'b',
  },
])
  binding(name, () => {
    const cluster = smallCluster(all);
    cluster.create(...volumes);
    cluster.settle();
    cluster.create(wanted);
    cluster.settle();
    const { spec, status } = cluster.get<PersistentVolumeClaim>('persistentvolumeclaims', 'x', 'default')!;
    assert.equal(status.phase === 'Bound' ? spec.volumeName : undefined, expected);
    if (expected) assert.is(cluster.get<PersistentVolume>('persistentvolumes', expected)!.status.phase, 'Bound');
  });

for (const { name, objects, flags = {}, expected } of [
  {
    name: 'no volume and no class',
    objects: [claim('x')],
    expected: 'Normal FailedBinding: no persistent volumes available for this claim and no storage class is set',
  },
  {
    name: 'a class that does not exist',
    objects: [claim('x', { storageClassName: 'm' })],
    expected: 'Warning ProvisioningFailed: storageclass.storage.k8s.io "m" not found',
  },
  {
    name: 'a class without a provisioner',
    objects: [storageClass('m', 'kubernetes.io/no-provisioner'), claim('x', { storageClassName: 'm' })],
    expected: 'Warning ProvisioningFailed: no volume plugin matched name: kubernetes.io/no-provisioner',
  },
  {
    name: 'a class that waits for pods',
    objects: [
      storageClass('m', 'kubernetes.io/no-provisioner', { volumeBindingMode: 'WaitForFirstConsumer' }),
      claim('x', { storageClassName: 'm' }),
    ],
    expected: 'Normal WaitForFirstConsumer: waiting for first consumer to be created before binding',
  },
  {
    name: 'a class that waits for the pods that there are',
    objects: [
      storageClass('m', 'kubernetes.io/no-provisioner', { volumeBindingMode: 'WaitForFirstConsumer' }),
      pod('b', 'x'),
      pod('a', 'x'),
      claim('x', { storageClassName: 'm' }),
    ],
    expected: 'Normal WaitForPodScheduled: waiting for pods a,b to be scheduled',
  },
  {
    name: 'a volume that does not fit',
    objects: [volume('a', '1Gi'), claim('x', { volumeName: 'a' }, '2Gi')],
    expected: 'Warning VolumeMismatch: Cannot bind to requested volume "a": requested PV is too small',
  },
  {
    name: 'host paths that are not allowed',
    objects: [storageClass('h', 'kubernetes.io/host-path'), claim('x', { storageClassName: 'h' })],
    expected:
      'Warning ProvisioningFailed: Failed to create provisioner: provisioning in volume plugin "kubernetes.io/host-path" is disabled',
  },
  {
    name: 'host paths have no raw devices',
    flags: HOST_PATH,
    objects: [storageClass('h', 'kubernetes.io/host-path'), claim('x', { storageClassName: 'h', volumeMode: 'Block' })],
    expected:
      'Warning ProvisioningFailed: Failed to provision volume with StorageClass "h": kubernetes.io/host-path does not support block volume provisioning',
  },
])
  binding(`an unbound claim says why: ${name}`, () => {
    const cluster = smallCluster(all, flags);
    cluster.create(...objects);
    cluster.settle(1000);
    assert.equal(cluster.events()[0], `PersistentVolumeClaim x ${expected}`);
  });

binding('a claim whose pod is made right after it waits for a consumer, and later for that pod', () => {
  const cluster = smallCluster(all);
  cluster.create(storageClass('m', 'kubernetes.io/no-provisioner', { volumeBindingMode: 'WaitForFirstConsumer' }));
  cluster.settle();
  cluster.create(claim('x', { storageClassName: 'm' }), pod('a', 'x'));
  cluster.settle(1000);
  const waits = (): readonly string[] => cluster.events().filter((event) => event.includes('WaitFor'));
  const [first, second] = [
    'PersistentVolumeClaim x Normal WaitForFirstConsumer: waiting for first consumer to be created before binding',
    'PersistentVolumeClaim x Normal WaitForPodScheduled: waiting for pod a to be scheduled',
  ];
  assert.equal(waits(), [first]);
  cluster.engine.advance(15_000);
  assert.equal(waits(), [first, second]);
});

binding('an external provisioner is asked and waited for', () => {
  const cluster = smallCluster(all);
  cluster.create(storageClass('e', 'kubernetes.io/aws-ebs'), claim('x', { storageClassName: 'e' }));
  cluster.settle();
  const { metadata } = cluster.get<PersistentVolumeClaim>('persistentvolumeclaims', 'x', 'default')!;
  assert.equal(metadata.annotations, {
    'volume.beta.kubernetes.io/storage-provisioner': 'ebs.csi.aws.com',
    'volume.kubernetes.io/storage-provisioner': 'ebs.csi.aws.com',
  });
  assert.match(
    cluster.events()[0]!,
    "Normal ExternalProvisioning: Waiting for a volume to be created either by the external provisioner 'ebs.csi.aws.com'",
  );
});

binding('a claim without a class takes the default class and a host path', () => {
  const cluster = smallCluster(all, HOST_PATH);
  cluster.create(
    {
      ...(storageClass('std', 'kubernetes.io/host-path') as Loose),
      metadata: { name: 'std', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    } as never,
    claim('x', { storageClassName: undefined }),
  );
  cluster.settle();
  const { metadata, spec, status } = cluster.get<PersistentVolumeClaim>('persistentvolumeclaims', 'x', 'default')!;
  assert.equal([spec.storageClassName, spec.volumeName, status.phase], ['std', `pvc-${metadata.uid}`, 'Bound']);
  cluster.user.delete('persistentvolumeclaims', { namespace: 'default', name: 'x' });
  cluster.settle();
  assert.equal(cluster.list('persistentvolumes'), []);
});

binding('a volume that comes later is taken at the next look, fifteen seconds after the last', () => {
  const cluster = smallCluster(all);
  const start = cluster.clock.now;
  cluster.create(claim('x'));
  cluster.settle(1000);
  cluster.create(volume('a', '1Gi'));
  cluster.settle();
  assert.is(cluster.get<PersistentVolumeClaim>('persistentvolumeclaims', 'x', 'default')!.status.phase, 'Bound');
  assert.is(cluster.engine.lastChange - start, 15_000);
});

const ending = suite('volumes after their claim');

for (const { name, policy, path = '/tmp/a', expected } of [
  { name: 'Retain: kept, and not given to another', policy: 'Retain', expected: 'Released' },
  { name: 'Recycle: emptied and available', policy: 'Recycle', expected: 'Available' },
  { name: 'Delete: gone', policy: 'Delete', expected: undefined },
  { name: 'Delete of what cannot be deleted: failed', policy: 'Delete', path: '/data', expected: 'Failed' },
])
  ending(name, () => {
    const cluster = smallCluster(all);
    cluster.create(volume('a', '1Gi', { persistentVolumeReclaimPolicy: policy, hostPath: { path } }));
    cluster.settle();
    cluster.create(claim('x'));
    cluster.settle();
    cluster.user.delete('persistentvolumeclaims', { namespace: 'default', name: 'x' });
    cluster.settle();
    assert.is(cluster.get<PersistentVolume>('persistentvolumes', 'a')?.status.phase, expected);
  });

ending('a claim whose volume is deleted is lost', () => {
  const cluster = smallCluster([persistentVolumeBinder, persistentVolumeClaimBinder]);
  cluster.create(volume('a', '1Gi'));
  cluster.settle();
  cluster.create(claim('x'));
  cluster.settle();
  cluster.user.delete('persistentvolumes', { name: 'a' });
  cluster.settle();
  assert.is(cluster.get<PersistentVolumeClaim>('persistentvolumeclaims', 'x', 'default')!.status.phase, 'Lost');
  assert.equal(cluster.events(), [
    'PersistentVolumeClaim x Warning ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!',
  ]);
});

const protection = suite('protection of claims and volumes');

for (const { name, user, isKept } of [
  { name: 'a claim that a placed pod uses is kept until the pod is gone', user: pod('p', 'x', 'n1'), isKept: true },
  { name: 'a pod without a node does not keep it', user: pod('p', 'x'), isKept: false },
])
  protection(name, () => {
    const cluster = smallCluster(all);
    cluster.create(claim('x'), user);
    cluster.settle();
    cluster.user.delete('persistentvolumeclaims', { namespace: 'default', name: 'x' });
    cluster.settle();
    assert.is(cluster.get('persistentvolumeclaims', 'x', 'default') !== undefined, isKept);
    cluster.user.delete('pods', { namespace: 'default', name: 'p' }, { gracePeriodSeconds: 0 });
    cluster.settle();
    assert.is(cluster.get('persistentvolumeclaims', 'x', 'default'), undefined);
  });

protection('a bound volume is kept until its claim is gone', () => {
  const cluster = smallCluster(all);
  cluster.create(volume('a', '1Gi'));
  cluster.settle();
  cluster.create(claim('x'));
  cluster.settle();
  cluster.user.delete('persistentvolumes', { name: 'a' });
  cluster.settle();
  assert.is(cluster.get<PersistentVolume>('persistentvolumes', 'a')?.status.phase, 'Bound');
  cluster.user.delete('persistentvolumeclaims', { namespace: 'default', name: 'x' });
  cluster.settle();
  assert.is(cluster.get('persistentvolumes', 'a'), undefined);
});

binding.run();
ending.run();
protection.run();
