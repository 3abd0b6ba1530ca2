// Random volumes, claims, classes, limits of drivers and disruption budgets, from a seed.
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import type { Volume } from '../../../src/schema/generated/types/core-v1.ts';
import type { Random } from './random-cluster.ts';
import type { Node } from './random-types.ts';

interface RandomVolumes {
  readonly objects: readonly KubeObject[];
  /** The volumes of the pod of this step. */
  podVolumes(step: number): readonly Volume[];
}

const DRIVER = 'csi.example.com';
const ZONE = 'topology.kubernetes.io/zone';

export function randomVolumes(r: Random, nodes: readonly Node[], count: number): RandomVolumes {
  const objects: object[] = [
    storageClass('wait', { provisioner: DRIVER, volumeBindingMode: 'WaitForFirstConsumer' }),
    storageClass('local', { provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' }),
    storageClass('zonal', {
      provisioner: DRIVER,
      volumeBindingMode: 'WaitForFirstConsumer',
      allowedTopologies: [{ matchLabelExpressions: [{ key: ZONE, values: ['z1', 'z2'] }] }],
    }),
  ];
  for (const { metadata } of nodes)
    if (r.chance(0.6))
      objects.push({
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSINode',
        metadata: { name: metadata.name },
        spec: { drivers: [{ name: DRIVER, nodeID: metadata.name, allocatable: { count: r.int(0, 3) } }] },
      });
  for (let i = 0; i < count; i++) objects.push(...claimWithVolume(r, i));
  for (const app of ['web', 'db'])
    if (r.chance(0.5))
      objects.push({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: app, namespace: 'default' },
        spec: { selector: { matchLabels: { app } } },
        status: { disruptionsAllowed: r.int(0, 2) },
      });
  return {
    objects: objects as readonly KubeObject[],
    podVolumes(step) {
      if (r.chance(0.1)) return [{ name: 'ebs', awsElasticBlockStore: { volumeID: r.pick(['vol-1', 'vol-2']) } }];
      const own = { name: 'own', persistentVolumeClaim: { claimName: `claim-${step}` } };
      const shared = { name: 'shared', persistentVolumeClaim: { claimName: `claim-${r.int(0, 3)}` } };
      return r.chance(0.2) ? [own, shared] : [own];
    },
  };
}

function storageClass(name: string, rest: object): object {
  return { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name }, ...rest };
}

/** A claim in both namespaces that pods live in, bound or waiting for its first consumer. */
function claimWithVolume(r: Random, i: number): readonly object[] {
  return ['default', 'prod'].flatMap((namespace) => {
    const name = `claim-${i}`;
    const volumeName = `${namespace}-${name}`;
    const kind = r.pick(['bound', 'bound', 'zoned', 'affine', 'wait', 'local', 'zonal', 'missing']);
    const accessModes = [r.pick(['ReadWriteOnce', 'ReadWriteMany', 'ReadWriteOncePod'])];
    const size = { requests: { storage: `${r.int(1, 5)}Gi` } };
    const isBound = kind === 'bound' || kind === 'zoned' || kind === 'affine';
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace,
        uid: `pvc-${volumeName}`,
        ...(isBound ? { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } } : {}),
      },
      spec: { accessModes, resources: size, ...(isBound ? { volumeName } : { storageClassName: kind }) },
      status: { phase: isBound ? 'Bound' : 'Pending' },
    };
    const affinity = {
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: 'In', values: [r.pick(['z1', 'z2'])] }] }],
      },
    };
    const volume = {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volumeName, ...(kind === 'zoned' ? { labels: { [ZONE]: r.pick(['z1', 'z2', 'z3']) } } : {}) },
      spec: {
        accessModes,
        capacity: { storage: '4Gi' },
        ...(r.chance(0.8)
          ? { csi: { driver: DRIVER, volumeHandle: volumeName } }
          : { nfs: { server: 's', path: '/' } }),
        ...(isBound ? { claimRef: { namespace, name, uid: `pvc-${volumeName}` } } : { storageClassName: 'local' }),
        ...(kind === 'affine' || (kind === 'local' && r.chance(0.7)) ? { nodeAffinity: affinity } : {}),
      },
      status: { phase: isBound ? 'Bound' : 'Available' },
    };
    return isBound || kind === 'local' ? [claim, volume] : [claim];
  });
}
