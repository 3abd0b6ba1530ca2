// Whether a source of a volume has what it needs, source by source.
// Behaviour: pkg/apis/core/validation/validation.go (validateHostPathVolumeSource … validateCSIVolumeSource), Kubernetes v1.36.3.
import {
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
  tooLong,
} from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import { byteLength } from '../../../../../apimachinery/go/utf8.ts';
import {
  inclusiveRangeError,
  isDns1123Label,
  isDns1123Subdomain,
} from '../../../../../apimachinery/validation/names.ts';
import type {
  AzureDiskVolumeSource,
  DownwardAPIVolumeFile,
  DownwardAPIVolumeSource,
  FCVolumeSource,
  FlockerVolumeSource,
  ISCSIVolumeSource,
  KeyToPath,
  LocalObjectReference,
  QuobyteVolumeSource,
  Volume,
} from '../../../../../schema/generated/types/core-v1.ts';
import { validateObjectFieldSelector, validateResourceFieldSelector, volumeFieldPaths } from '../containers/env.ts';
import { pushInvalid, validateName, validateRequiredName } from '../name.ts';
import {
  validateFileMode,
  validateLocalDescendingPath,
  validateLocalNonReservedPath,
  validatePathNoBacksteps,
} from './path.ts';

export type Sources = Required<Omit<Volume, 'name'>>;
export type SourceName = keyof Sources;

const ABSOLUTE_PATH = 'must be an absolute path';
const IQN_START = 'must be valid format starting with iqn, eui, or naa';
const IQN_FORMAT = 'must be valid format';
const FC_ONE_OF = 'must specify either targetWWNs or wwids, but not both';
const FC_BOTH = 'targetWWNs and wwids can not be specified simultaneously';
const FC_LUN = 'lun is required if targetWWNs is specified';
const FLOCKER_ONE_OF = 'one of datasetName and datasetUUID is required';
const FLOCKER_BOTH = 'datasetName and datasetUUID can not be specified simultaneously';
const FLOCKER_SLASH = "must not contain '/'";
const QUOBYTE_REGISTRY = 'must be a host:port pair or multiple pairs separated by commas';
const QUOBYTE_TENANT = 'must be a UUID and may not exceed a length of 64 characters';
const RESERVED_OPTION = 'kubernetes.io and k8s.io namespaces are reserved';
const ONE_REFERENCE = 'one of fieldRef and resourceFieldRef is required';
const BOTH_REFERENCES = 'fieldRef and resourceFieldRef can not be specified simultaneously';
const MANAGED_DISK_URI =
  '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const BLOB_DISK_URI = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';
const LUN_RANGE = inclusiveRangeError(0, 255);
const PARTITION_RANGE = inclusiveRangeError(1, 255);
const MAX_DRIVER_NAME_LENGTH = 63;

const iqn = /iqn\.\d{4}-\d{2}\.([0-9A-Za-z\-.]+)(:[^,;*&$|\t\n\f\r ]+)$/;
const eui = /^eui.[0-9A-Za-z]{16}$/u;
const naa = /^naa.[0-9A-Za-z]{32}$/u;

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];
const azureCachingModes = ['None', 'ReadOnly', 'ReadWrite'];
const azureDiskKinds = ['Dedicated', 'Managed', 'Shared'];

type SourceCheck<S extends SourceName> = (source: Sources[S], path: FieldPath, errors: FieldError[]) => void;

/** Sources not named here are checked where they need more than themselves (volume.ts). */
export const volumeSourceChecks: { readonly [S in SourceName]?: SourceCheck<S> } = {
  hostPath({ path: hostPath, type }, path, errors) {
    if (!hostPath) {
      errors.push(required(path.child('path'), ''));
      return;
    }
    validatePathNoBacksteps(hostPath, path.child('path'), errors);
    if (type !== undefined && !hostPathTypes.includes(type)) {
      errors.push(notSupported(path.child('type'), namedString(type), hostPathTypes));
    }
  },
  gitRepo({ repository, directory = '' }, path, errors) {
    requireText(repository, path, 'repository', errors);
    validateLocalDescendingPath(directory, path.child('directory'), errors);
  },
  gcePersistentDisk({ pdName, partition = 0 }, path, errors) {
    requireText(pdName, path, 'pdName', errors);
    validatePartition(partition, path, errors);
  },
  awsElasticBlockStore({ volumeID, partition = 0 }, path, errors) {
    requireText(volumeID, path, 'volumeID', errors);
    validatePartition(partition, path, errors);
  },
  secret({ secretName, defaultMode, items }, path, errors) {
    requireText(secretName, path, 'secretName', errors);
    validateFileMode(defaultMode, path, 'defaultMode', errors);
    validateItems(items, path, errors);
  },
  configMap({ name, defaultMode, items }, path, errors) {
    requireText(name, path, 'name', errors);
    validateFileMode(defaultMode, path, 'defaultMode', errors);
    validateItems(items, path, errors);
  },
  nfs({ server, path: nfsPath }, path, errors) {
    requireText(server, path, 'server', errors);
    requireText(nfsPath, path, 'path', errors);
    if (!nfsPath.startsWith('/')) errors.push(invalid(path.child('path'), nfsPath, ABSOLUTE_PATH));
  },
  iscsi: validateIscsi,
  glusterfs(source, path, errors) {
    requireText(source.endpoints, path, 'endpoints', errors);
    requireText(source.path, path, 'path', errors);
  },
  flocker: validateFlocker,
  persistentVolumeClaim({ claimName }, path, errors) {
    requireText(claimName, path, 'claimName', errors);
  },
  rbd({ monitors, image }, path, errors) {
    if (!monitors?.length) errors.push(required(path.child('monitors'), ''));
    requireText(image, path, 'image', errors);
  },
  cinder({ volumeID, secretRef }, path, errors) {
    requireText(volumeID, path, 'volumeID', errors);
    validateSecretRef(secretRef, path, errors);
  },
  cephfs({ monitors }, path, errors) {
    if (!monitors?.length) errors.push(required(path.child('monitors'), ''));
  },
  quobyte: validateQuobyte,
  fc: validateFc,
  flexVolume({ driver, options }, path, errors) {
    requireText(driver, path, 'driver', errors);
    for (const key in options) {
      const slash = key.indexOf('/');
      const namespace = `.${(slash < 0 ? key : key.slice(0, slash)).toLowerCase()}`;
      if (namespace.endsWith('.kubernetes.io') || namespace.endsWith('.k8s.io')) {
        errors.push(invalid(path.child('options').key(key), key, RESERVED_OPTION));
      }
    }
  },
  azureFile({ secretName, shareName }, path, errors) {
    requireText(secretName, path, 'secretName', errors);
    requireText(shareName, path, 'shareName', errors);
  },
  vsphereVolume({ volumePath }, path, errors) {
    requireText(volumePath, path, 'volumePath', errors);
  },
  photonPersistentDisk({ pdID }, path, errors) {
    requireText(pdID, path, 'pdID', errors);
  },
  portworxVolume({ volumeID }, path, errors) {
    requireText(volumeID, path, 'volumeID', errors);
  },
  azureDisk: validateAzureDisk,
  storageos({ volumeName, volumeNamespace, secretRef }, path, errors) {
    validateRequiredName(isDns1123Label, volumeName, path, 'volumeName', errors);
    if (volumeNamespace) validateName(isDns1123Label, volumeNamespace, path, 'volumeNamespace', errors);
    validateSecretRef(secretRef, path, errors);
  },
  scaleIO({ gateway, system, volumeName }, path, errors) {
    requireText(gateway, path, 'gateway', errors);
    requireText(system, path, 'system', errors);
    requireText(volumeName, path, 'volumeName', errors);
  },
  csi({ driver, nodePublishSecretRef }, path, errors) {
    validateCsiDriverName(driver, path.child('driver'), errors);
    if (!nodePublishSecretRef) return;
    const { name } = nodePublishSecretRef;
    if (!name) errors.push(required(path.child('nodePublishSecretRef', 'name'), ''));
    else validateName(isDns1123Subdomain, name, path, 'name', errors);
  },
};

export function requireText(text: string | undefined, path: FieldPath, child: string, errors: FieldError[]): void {
  if (!text) errors.push(required(path.child(child), ''));
}

function validatePartition(partition: number, path: FieldPath, errors: FieldError[]): void {
  if (partition < 0 || partition > 255) errors.push(invalid(path.child('partition'), partition, PARTITION_RANGE));
}

function validateSecretRef(reference: LocalObjectReference | undefined, path: FieldPath, errors: FieldError[]): void {
  if (reference && !reference.name) errors.push(required(path.child('secretRef', 'name'), ''));
}

function validateItems(items: readonly KeyToPath[] | undefined, path: FieldPath, errors: FieldError[]): void {
  items?.forEach((item, i) => {
    validateKeyToPath(item, path.child('items').index(i), errors);
  });
}

export function validateKeyToPath({ key, path: file, mode }: KeyToPath, path: FieldPath, errors: FieldError[]): void {
  requireText(key, path, 'key', errors);
  requireText(file, path, 'path', errors);
  validateLocalNonReservedPath(file, path.child('path'), errors);
  validateFileMode(mode, path, 'mode', errors);
}

function validateIscsi(source: ISCSIVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const { targetPortal, lun, initiatorName } = source;
  requireText(targetPortal, path, 'targetPortal', errors);
  requireText(source.iqn, path, 'iqn', errors);
  if (source.iqn) pushInvalid(iqnErrors(source.iqn), path.child('iqn'), source.iqn, errors);
  if (lun < 0 || lun > 255) errors.push(invalid(path.child('lun'), lun, LUN_RANGE));
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) {
    errors.push(required(path.child('secretRef'), ''));
  }
  if (initiatorName === undefined) return;
  pushInvalid(iqnErrors(initiatorName), path.child('initiatorname'), initiatorName, errors);
}

function iqnErrors(name: string): readonly string[] {
  const form = name.startsWith('iqn') ? iqn : name.startsWith('eui') ? eui : name.startsWith('naa') ? naa : undefined;
  if (form === undefined) return [IQN_START];
  return form.test(name) ? [] : [IQN_FORMAT];
}

function validateFc({ targetWWNs = [], wwids = [], lun }: FCVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const namesPath = path.child('targetWWNs');
  if (targetWWNs.length === 0) {
    if (wwids.length === 0) errors.push(required(namesPath, FC_ONE_OF));
    return;
  }
  if (wwids.length > 0) errors.push(invalid(namesPath, targetWWNs, FC_BOTH));
  if (lun === undefined) errors.push(required(path.child('lun'), FC_LUN));
  else if (lun < 0 || lun > 255) errors.push(invalid(path.child('lun'), lun, LUN_RANGE));
}

function validateFlocker(source: FlockerVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const { datasetName = '', datasetUUID = '' } = source;
  if (datasetName === '' && datasetUUID === '') errors.push(required(path, FLOCKER_ONE_OF));
  if (datasetName !== '' && datasetUUID !== '') errors.push(invalid(path, 'resource', FLOCKER_BOTH));
  if (datasetName.includes('/')) errors.push(invalid(path.child('datasetName'), datasetName, FLOCKER_SLASH));
}

function validateQuobyte(source: QuobyteVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const { registry, volume, tenant = '' } = source;
  if (!registry) errors.push(required(path.child('registry'), QUOBYTE_REGISTRY));
  else if (byteLength(tenant) >= 65) errors.push(required(path.child('tenant'), QUOBYTE_TENANT));
  else {
    for (const pair of registry.split(',')) {
      if (!isHostPort(pair)) errors.push(invalid(path.child('registry'), registry, QUOBYTE_REGISTRY));
    }
  }
  requireText(volume, path, 'volume', errors);
}

/** net.SplitHostPort: the last colon splits; an address with colons stands in brackets. */
function isHostPort(text: string): boolean {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return false;
  if (!text.startsWith('[')) {
    const host = text.slice(0, colon);
    return !host.includes(':') && !/[[\]]/.test(text);
  }
  const end = text.indexOf(']');
  return end >= 0 && end + 1 === colon && !text.slice(1).includes('[') && !text.slice(end + 1).includes(']');
}

function validateAzureDisk(source: AzureDiskVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const { diskName, diskURI, cachingMode, kind } = source;
  requireText(diskName, path, 'diskName', errors);
  requireText(diskURI, path, 'diskURI', errors);
  if (cachingMode !== undefined && !azureCachingModes.includes(cachingMode)) {
    errors.push(notSupported(path.child('cachingMode'), namedString(cachingMode), azureCachingModes));
  }
  if (kind === undefined) return;
  if (!azureDiskKinds.includes(kind)) {
    errors.push(notSupported(path.child('kind'), namedString(kind), azureDiskKinds));
  }
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/')) {
    errors.push(notSupported(path.child('diskURI'), diskURI, [MANAGED_DISK_URI]));
  }
  if (kind !== 'Managed' && !diskURI.startsWith('https://')) {
    errors.push(notSupported(path.child('diskURI'), diskURI, [BLOB_DISK_URI]));
  }
}

/** ValidateCSIDriverName, which CSIDriver, StorageClass and others use too. */
export function validateCsiDriverName(name: string, path: FieldPath, errors: FieldError[]): void {
  if (!name) {
    errors.push(required(path, ''));
    return;
  }
  if (byteLength(name) > MAX_DRIVER_NAME_LENGTH) errors.push(tooLong(path, MAX_DRIVER_NAME_LENGTH));
  pushInvalid(isDns1123Subdomain(name.toLowerCase()), path, name, errors);
}

export function validateDownwardApi(
  { defaultMode, items }: DownwardAPIVolumeSource,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateFileMode(defaultMode, path, 'defaultMode', errors);
  // Upstream's paths name the source, not the item.
  for (const file of items ?? []) validateDownwardFile(file, path, errors);
}

export function validateDownwardFile(file: DownwardAPIVolumeFile, path: FieldPath, errors: FieldError[]): void {
  const { fieldRef, resourceFieldRef } = file;
  requireText(file.path, path, 'path', errors);
  validateLocalNonReservedPath(file.path, path.child('path'), errors);
  if (fieldRef) {
    validateObjectFieldSelector(fieldRef, volumeFieldPaths, path.child('fieldRef'), errors);
    if (resourceFieldRef) errors.push(invalid(path, 'resource', BOTH_REFERENCES));
  } else if (resourceFieldRef) {
    validateResourceFieldSelector(resourceFieldRef, path.child('resourceFieldRef'), true, errors);
  } else errors.push(required(path, ONE_REFERENCE));
  validateFileMode(file.mode, path, 'mode', errors);
}
