// Volumes, claims, classes and drivers for scheduler tests.
import type { KubeObject } from '../../../src/apimachinery/object.ts';

type Json = Readonly<Record<string, unknown>>;

export const DRIVER = 'csi.example.com';

function objectOf(object: Json): KubeObject {
  return object as unknown as KubeObject; // written by hand in the shape that is stored
}

export function storageClass(name: string, rest: Json = {}): KubeObject {
  return objectOf({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: DRIVER,
    volumeBindingMode: 'WaitForFirstConsumer',
    ...rest,
  });
}

/** A claim; with `volumeName` it is bound. */
export function claim(name: string, spec: Json = {}, metadata: Json = {}): KubeObject {
  const isBound = spec['volumeName'] !== undefined;
  return objectOf({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace: 'default',
      uid: `uid-${name}`,
      ...(isBound ? { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } } : {}),
      ...metadata,
    },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } }, ...spec },
    status: { phase: isBound ? 'Bound' : 'Pending' },
  });
}

export function volume(name: string, spec: Json = {}, labels: Readonly<Record<string, string>> = {}): KubeObject {
  return objectOf({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, labels },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '10Gi' },
      csi: { driver: DRIVER, volumeHandle: name },
      ...spec,
    },
    status: { phase: spec['claimRef'] === undefined ? 'Available' : 'Bound' },
  });
}
