// Who makes and deletes volumes: the few plugins that controllers still have, CSI drivers that took over, or somebody outside.
// Behaviour: cmd/kube-controller-manager/app/plugins.go, pkg/volume/{plugins,hostpath/host_path}.go, csi-translation-lib/translate.go, Kubernetes v1.36.3.
import { EXTERNAL_PROVISIONER } from '../../apimachinery/well-known/finalizers.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';
import type { StorageClass } from '../../schema/generated/types/storage-v1.ts';

export const ANN_STORAGE_PROVISIONER_BETA = 'volume.beta.kubernetes.io/storage-provisioner';
export const ANN_PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
export const ANN_MIGRATED_TO = 'pv.kubernetes.io/migrated-to';
export const IN_TREE_FINALIZER = 'kubernetes.io/pv-controller';
const ANN_CREATED_BY = 'kubernetes.io/createdby';
const IN_TREE_PREFIX = 'kubernetes.io/';
const HOST_PATH = 'kubernetes.io/host-path';
const NFS = 'kubernetes.io/nfs';

/** Plugins that used to be built in, and the drivers that provision in their place. */
const MIGRATED: Readonly<Record<string, string>> = {
  'kubernetes.io/aws-ebs': 'ebs.csi.aws.com',
  'kubernetes.io/gce-pd': 'pd.csi.storage.gke.io',
  'kubernetes.io/azure-disk': 'disk.csi.azure.com',
  'kubernetes.io/azure-file': 'file.csi.azure.com',
  'kubernetes.io/cinder': 'cinder.csi.openstack.org',
  'kubernetes.io/vsphere-volume': 'csi.vsphere.vmware.com',
  'kubernetes.io/portworx-volume': 'pxd.portworx.com',
};

export function driverOf(plugin: string): string | undefined {
  return MIGRATED[plugin];
}

/** The driver that stands for a provisioner: the one that took over from an old plugin, or itself. */
export function driverNameOf(provisioner: string): string {
  return driverOf(provisioner) ?? provisioner;
}

/** Who is to make a claim's volume: a plugin here, somebody outside under this name, or nobody. */
type Provisioner =
  | { readonly kind: 'plugin'; readonly name: string }
  | { readonly kind: 'external'; readonly name: string }
  | { readonly kind: 'none'; readonly error: string };

export function provisionerOf({ provisioner }: StorageClass): Provisioner {
  const driver = driverOf(provisioner);
  if (driver !== undefined) return { kind: 'external', name: driver };
  if (provisioner === HOST_PATH) return { kind: 'plugin', name: HOST_PATH };
  if (!provisioner.startsWith(IN_TREE_PREFIX)) return { kind: 'external', name: provisioner };
  return { kind: 'none', error: errorForName(provisioner, 'provisionable') };
}

function errorForName(plugin: string, ability: string): string {
  return plugin === NFS ? `no ${ability} volume plugin matched` : `no volume plugin matched name: ${plugin}`;
}

/** Who is to delete a volume. */
export function deleterOf({ metadata, spec }: PersistentVolume): Provisioner {
  const { [ANN_PROVISIONED_BY]: by, [ANN_MIGRATED_TO]: migratedTo } = metadata.annotations ?? {};
  if (by) {
    if (by === HOST_PATH) return { kind: 'plugin', name: HOST_PATH };
    if (!by.startsWith(IN_TREE_PREFIX)) return { kind: 'external', name: by };
    return { kind: 'none', error: errorForName(by, 'deletable') };
  }
  if (migratedTo !== undefined) return { kind: 'external', name: migratedTo };
  if (spec.csi) return { kind: 'external', name: spec.csi.driver };
  if (spec.hostPath) return { kind: 'plugin', name: HOST_PATH };
  const why = spec.nfs ? 'no deletable volume plugin matched' : 'no volume plugin matched';
  return { kind: 'none', error: `error getting deleter volume plugin for volume "${metadata.name}": ${why}` };
}

export function isRecyclable({ spec }: PersistentVolume): boolean {
  return spec.hostPath !== undefined || spec.nfs !== undefined;
}

/** Why the host path plugin does not delete the volume. */
export function whyNotDeleted({ spec }: PersistentVolume): string | undefined {
  const path = spec.hostPath?.path ?? '';
  return /\/tmp\/.+/.test(path) ? undefined : `host_path deleter only supports /tmp/.+ but received provided ${path}`;
}

/** The volume that the host path plugin makes, before it is bound. */
export function hostPathVolume(
  claim: PersistentVolumeClaim,
  { reclaimPolicy = 'Delete' }: StorageClass,
  name: string,
): PersistentVolume {
  const { accessModes, resources } = claim.spec;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, annotations: { [ANN_CREATED_BY]: 'hostpath-dynamic-provisioner' } },
    spec: {
      persistentVolumeReclaimPolicy: reclaimPolicy,
      accessModes: accessModes && accessModes.length > 0 ? accessModes : ['ReadWriteOnce'],
      capacity: { storage: resources.requests?.['storage'] ?? '0' },
      // The real one is a fresh UUID, which the claim's is as well.
      hostPath: { path: `/tmp/hostpath_pv/${claim.metadata.uid}` },
    },
    status: {},
  };
}

/** The finalizers that keep a volume until its plugin has deleted what is behind it; undefined when they are so already. */
export function withDeletionFinalizers({ metadata, spec }: PersistentVolume): readonly string[] | undefined {
  const by = metadata.annotations?.[ANN_PROVISIONED_BY];
  const before = metadata.finalizers ?? [];
  if (by === undefined) return undefined;
  const without = before.filter((finalizer) => finalizer !== IN_TREE_FINALIZER);
  if (driverOf(by) !== undefined) return without.length < before.length ? without : undefined;
  if (!by.startsWith(IN_TREE_PREFIX)) return undefined;
  const isDeleted = spec.persistentVolumeReclaimPolicy === 'Delete';
  const kept = isDeleted ? (before.includes(IN_TREE_FINALIZER) ? before : [...before, IN_TREE_FINALIZER]) : without;
  const after = kept.filter((finalizer) => finalizer !== EXTERNAL_PROVISIONER);
  return after.length === before.length && after.every((finalizer, i) => finalizer === before[i]) ? undefined : after;
}

/** Annotations that say which driver took over from the provisioner; undefined when they say so already. */
export function withMigration(
  annotations: Readonly<Record<string, string>> | undefined,
  provisionerKeys: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const provisioner = provisionerKeys.map((key) => annotations?.[key]).find((name) => name !== undefined);
  if (provisioner === undefined) return undefined;
  const { [ANN_MIGRATED_TO]: before, ...rest } = annotations ?? {};
  const driver = driverOf(provisioner);
  if (driver !== undefined) return before === driver ? undefined : { ...rest, [ANN_MIGRATED_TO]: driver };
  return before ? rest : undefined;
}
