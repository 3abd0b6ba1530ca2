// Makes a volume for a claim, or asks somebody outside to.
// Behaviour: pkg/controller/volume/persistentvolume/pv_controller.go (provisionClaim…), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { STORAGE_PROVISIONER } from '../../../apimachinery/well-known/annotations.ts';
import type { Node, PersistentVolume, PersistentVolumeClaim } from '../../../schema/generated/types/core-v1.ts';
import type { StorageClass } from '../../../schema/generated/types/storage-v1.ts';
import { PVCS, PVS } from '../../../schema/resource-names.ts';
import type { SyncContext } from '../../engine/controller.ts';
import {
  ANN_BOUND_BY_CONTROLLER,
  ANN_SELECTED_NODE,
  bindVolumeToClaim,
  claimClass,
  STORAGE_CLASSES,
} from '../../storage/claims-and-volumes.ts';
import {
  ANN_PROVISIONED_BY,
  ANN_STORAGE_PROVISIONER_BETA,
  hostPathVolume,
  IN_TREE_FINALIZER,
  provisionerOf,
  withMigration,
} from '../../storage/provisioners.ts';

interface ProvisionContext extends SyncContext {
  readonly flags: Readonly<Record<string, string>>;
}

/** Whether nothing was refused; a failure that only time or people can mend counts as done. */
export function provision(claim: PersistentVolumeClaim, context: ProvisionContext): boolean {
  const { reader, recorder, flags } = context;
  if (flags['enable-dynamic-provisioning'] === 'false') return true;
  const className = claimClass(claim);
  const storageClass = reader.get<StorageClass>(STORAGE_CLASSES, undefined, className);
  const fail = (message: string): boolean => {
    recorder.event(claim, 'Warning', 'ProvisioningFailed', message);
    return true;
  };
  if (!storageClass) return fail(`storageclass.storage.k8s.io "${className}" not found`);
  const provisioner = provisionerOf(storageClass);
  if (provisioner.kind === 'none') return fail(provisioner.error);
  if (provisioner.kind === 'external') {
    const saved = setProvisioner(claim, provisioner.name, context);
    if ('message' in saved) {
      fail(`Error saving claim: ${saved.message}`);
      return false;
    }
    recorder.event(claim, 'Normal', 'ExternalProvisioning', waitingFor(provisioner.name));
    return true;
  }
  return provisionHere(claim, storageClass, provisioner.name, context, fail);
}

function waitingFor(provisioner: string): string {
  return `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
}

/** The claim with its provisioner's name on it. */
function setProvisioner(
  claim: PersistentVolumeClaim,
  name: string,
  { client }: ProvisionContext,
): PersistentVolumeClaim | { readonly message: string } {
  if (claim.metadata.annotations?.[STORAGE_PROVISIONER] === name) return claim;
  const named = {
    ...claim.metadata.annotations,
    [ANN_STORAGE_PROVISIONER_BETA]: name,
    [STORAGE_PROVISIONER]: name,
  };
  const annotations = withMigration(named, [STORAGE_PROVISIONER]) ?? named;
  const answer = client.update(PVCS, { ...claim, metadata: { ...claim.metadata, annotations } });
  return answer.ok ? answer.object : { message: answer.status.message ?? '' };
}

function provisionHere(
  claim: PersistentVolumeClaim,
  storageClass: StorageClass,
  plugin: string,
  context: ProvisionContext,
  fail: (message: string) => boolean,
): boolean {
  const { client, reader, recorder, flags } = context;
  if (claim.spec.dataSource)
    return fail(`plugin "${plugin}" is not a CSI plugin. Only CSI plugin can provision a claim with a datasource`);
  const saved = setProvisioner(claim, storageClass.provisioner, context);
  if ('message' in saved) return false;
  const name = `pvc-${claim.metadata.uid}`;
  if (reader.get(PVS, undefined, name)) return true;
  const { mountOptions = [] } = storageClass;
  if (mountOptions.length > 0)
    return fail(
      `Mount options are not supported by the provisioner but StorageClass "${storageClass.metadata.name}" has mount options [${mountOptions.join(' ')}]`,
    );
  if (flags['enable-hostpath-provisioner'] !== 'true')
    return fail(`Failed to create provisioner: provisioning in volume plugin "${plugin}" is disabled`);
  const nodeName = saved.metadata.annotations?.[ANN_SELECTED_NODE];
  if (nodeName !== undefined && !reader.get<Node>('nodes', undefined, nodeName))
    return fail(`Failed to get target node: node "${nodeName}" not found`);
  if (claim.spec.volumeMode === 'Block') {
    letSchedulerChooseAgain(saved, context);
    return fail(
      `Failed to provision volume with StorageClass "${storageClass.metadata.name}": ${plugin} does not support block volume provisioning`,
    );
  }
  const answer = client.create(PVS, boundTo(saved, hostPathVolume(saved, storageClass, name), plugin));
  if (answer.ok || answer.status.reason === 'AlreadyExists')
    recorder.event(saved, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name} using ${plugin}`);
  else
    fail(
      `Error creating provisioned PV object for claim ${claim.metadata.namespace}/${claim.metadata.name}: ${answer.status.message}. Deleting the volume.`,
    );
  return true;
}

function boundTo(claim: PersistentVolumeClaim, volume: PersistentVolume, plugin: string): PersistentVolume {
  const { volume: bound } = bindVolumeToClaim(volume, claim);
  const isDeleted = bound.spec.persistentVolumeReclaimPolicy === 'Delete';
  return {
    ...bound,
    metadata: {
      ...bound.metadata,
      annotations: { ...bound.metadata.annotations, [ANN_BOUND_BY_CONTROLLER]: 'yes', [ANN_PROVISIONED_BY]: plugin },
      ...(isDeleted ? { finalizers: [IN_TREE_FINALIZER] } : {}),
    },
    spec: { ...bound.spec, storageClassName: claimClass(claim) },
    status: { phase: 'Bound' },
  };
}

/** Without a chosen node the scheduler looks for another one. */
function letSchedulerChooseAgain(claim: PersistentVolumeClaim, { client }: ProvisionContext): void {
  const { [ANN_SELECTED_NODE]: node, ...annotations } = claim.metadata.annotations ?? {};
  if (node === undefined || semanticDeepEqual(annotations, claim.metadata.annotations)) return;
  client.update(PVCS, { ...claim, metadata: { ...claim.metadata, annotations } });
}
