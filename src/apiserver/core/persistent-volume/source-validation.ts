// Whether the source of a PersistentVolume has what it needs: as for a pod's volumes, but secrets are named with their namespace.
// Behaviour: pkg/apis/core/validation/validation.go (validateISCSIPersistentVolumeSource and others), Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid, required } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { inclusiveRangeError, isDns1123Label, isDns1123Subdomain } from '../../../apimachinery/validation/names.ts';
import type {
  AzureFilePersistentVolumeSource,
  CinderPersistentVolumeSource,
  CSIPersistentVolumeSource,
  GlusterfsPersistentVolumeSource,
  ISCSIPersistentVolumeSource,
  LocalVolumeSource,
  PersistentVolumeSpec,
  SecretReference,
  StorageOSPersistentVolumeSource,
} from '../../../schema/generated/types/core-v1.ts';
import { validateName, validateRequiredName } from '../pod-spec/validation/name.ts';
import { validatePathNoBacksteps } from '../pod-spec/validation/volumes/path.ts';
import {
  requireText,
  type SourceName,
  type Sources,
  validateCsiDriverName,
  volumeSourceChecks,
} from '../pod-spec/validation/volumes/volume-source.ts';

const MORE_THAN_ONE = 'may not specify more than 1 volume type';
const NO_SOURCE = 'must specify a volume type';
const LOCAL_NEEDS_AFFINITY = 'Local volume requires node affinity';
const IQN_FORMAT = 'must be valid format';
const PORTAL_TOO_LONG =
  'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
const NOT_A_NAMESPACE = 'if the endpointnamespace is set, it must be a valid namespace name';
const LUN_RANGE = inclusiveRangeError(0, 255);
const MAX_PORTAL_LENGTH = 64;

const iqn = /iqn\.\d{4}-\d{2}\.([0-9A-Za-z\-.]+)(:[^,;*&$|\t\n\f\r ]+)$/;
const eui = /^eui.[0-9A-Za-z]{16}$/u;
const naa = /^naa.[0-9A-Za-z]{32}$/u;

type Check<S extends keyof PersistentVolumeSpec> = (
  source: NonNullable<PersistentVolumeSpec[S]>,
  path: FieldPath,
  errors: FieldError[],
  volumeName: string,
) => void;

/** In upstream's order, each with the name that errors give it where that is another one. */
const sources = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const;

export type VolumeSourceName = (typeof sources)[number];

const checks: { readonly [S in VolumeSourceName]?: Check<S> } = {
  glusterfs: validateGlusterfs,
  iscsi: validateIscsi,
  cinder: validateCinder,
  azureFile: validateAzureFile,
  local: validateLocal,
  storageos: validateStorageOs,
  csi: validateCsi,
};

/** What errors call a source, inside and as one too many. */
const namesInside: { readonly [S in VolumeSourceName]?: string } = { gcePersistentDisk: 'persistentDisk' };
const namesAsSurplus: { readonly [S in VolumeSourceName]?: string } = { cephfs: 'cephFS' };

/** A part of the spec: only the sources. */
export function sourcesOf(spec: PersistentVolumeSpec): Readonly<Record<string, unknown>> {
  return Object.fromEntries(sources.flatMap((name) => (spec[name] === undefined ? [] : [[name, spec[name]]])));
}

export function validateSources(
  spec: PersistentVolumeSpec,
  volumeName: string,
  path: FieldPath,
  errors: FieldError[],
): void {
  let count = 0;
  for (const name of sources) {
    const source = spec[name];
    if (source === undefined) continue;
    // Upstream forgets to look at the others for this one.
    if (count > 0 && name !== 'flexVolume') {
      errors.push(forbidden(path.child(namesAsSurplus[name] ?? name), MORE_THAN_ONE));
      continue;
    }
    count++;
    validateSource(name, spec, volumeName, path.child(namesInside[name] ?? name), errors);
    if (name === 'local' && !spec.nodeAffinity) errors.push(required(path.child('nodeAffinity'), LOCAL_NEEDS_AFFINITY));
  }
  if (count === 0) errors.push(required(path, NO_SOURCE));
}

function validateSource<S extends VolumeSourceName>(
  name: S,
  spec: PersistentVolumeSpec,
  volumeName: string,
  path: FieldPath,
  errors: FieldError[],
): void {
  const source = spec[name];
  if (source === undefined) return;
  const own = checks[name];
  // Each check takes the source of its own name; of those shared with pods the sources differ in their secret's type only.
  if (own) (own as Check<S>)(source as NonNullable<PersistentVolumeSpec[S]>, path, errors, volumeName);
  else volumeSourceChecks[name as SourceName]?.(source as unknown as Sources[SourceName] & never, path, errors);
}

function validateGlusterfs(source: GlusterfsPersistentVolumeSource, path: FieldPath, errors: FieldError[]): void {
  requireText(source.endpoints, path, 'endpoints', errors);
  requireText(source.path, path, 'path', errors);
  const { endpointsNamespace } = source;
  if (endpointsNamespace === '') errors.push(invalid(path.child('endpointsNamespace'), '', NOT_A_NAMESPACE));
  else if (endpointsNamespace) validateName(isDns1123Label, endpointsNamespace, path, 'endpointsNamespace', errors);
}

function validateIscsi(
  source: ISCSIPersistentVolumeSource,
  path: FieldPath,
  errors: FieldError[],
  volumeName: string,
): void {
  const { targetPortal, lun, secretRef, initiatorName } = source;
  requireText(targetPortal, path, 'targetPortal', errors);
  if (initiatorName !== undefined && byteLength(`${volumeName}:${targetPortal}`) > MAX_PORTAL_LENGTH) {
    errors.push(invalid(path.child('targetportal'), targetPortal, PORTAL_TOO_LONG));
  }
  requireText(source.iqn, path, 'iqn', errors);
  if (source.iqn && !isInitiator(source.iqn)) errors.push(invalid(path.child('iqn'), source.iqn, IQN_FORMAT));
  if (lun < 0 || lun > 255) errors.push(invalid(path.child('lun'), lun, LUN_RANGE));
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !secretRef)
    errors.push(required(path.child('secretRef'), ''));
  if (secretRef) requireText(secretRef.name, path.child('secretRef'), 'name', errors);
  if (initiatorName !== undefined && !isInitiator(initiatorName)) {
    errors.push(invalid(path.child('initiatorname'), initiatorName, IQN_FORMAT));
  }
}

function isInitiator(name: string): boolean {
  const form = name.startsWith('iqn') ? iqn : name.startsWith('eui') ? eui : naa;
  return form.test(name);
}

function validateSecretName(reference: SecretReference | undefined, path: FieldPath, errors: FieldError[]): void {
  if (!reference) return;
  requireText(reference.name, path.child('secretRef'), 'name', errors);
  requireText(reference.namespace, path.child('secretRef'), 'namespace', errors);
}

function validateCinder(
  { volumeID, secretRef }: CinderPersistentVolumeSource,
  path: FieldPath,
  errors: FieldError[],
): void {
  requireText(volumeID, path, 'volumeID', errors);
  validateSecretName(secretRef, path, errors);
}

function validateAzureFile(source: AzureFilePersistentVolumeSource, path: FieldPath, errors: FieldError[]): void {
  requireText(source.secretName, path, 'secretName', errors);
  requireText(source.shareName, path, 'shareName', errors);
  if (source.secretNamespace !== undefined) requireText(source.secretNamespace, path, 'secretNamespace', errors);
}

function validateLocal({ path: localPath }: LocalVolumeSource, path: FieldPath, errors: FieldError[]): void {
  if (localPath) validatePathNoBacksteps(localPath, path.child('path'), errors);
  else errors.push(required(path.child('path'), ''));
}

function validateStorageOs(source: StorageOSPersistentVolumeSource, path: FieldPath, errors: FieldError[]): void {
  const { volumeName, volumeNamespace, secretRef } = source;
  validateRequiredName(isDns1123Label, volumeName, path, 'volumeName', errors);
  if (volumeNamespace) validateName(isDns1123Label, volumeNamespace, path, 'volumeNamespace', errors);
  validateSecretName(secretRef, path, errors);
}

function validateCsi(source: CSIPersistentVolumeSource, path: FieldPath, errors: FieldError[]): void {
  validateCsiDriverName(source.driver, path.child('driver'), errors);
  requireText(source.volumeHandle, path, 'volumeHandle', errors);
  for (const name of SECRETS) {
    const reference = source[name];
    if (!reference) continue;
    const secretPath = path.child(name);
    validateRequiredName(isDns1123Subdomain, reference.name, secretPath, 'name', errors);
    validateRequiredName(isDns1123Label, reference.namespace, secretPath, 'namespace', errors);
  }
}

/** Upstream does not look at nodeStageSecretRef. */
const SECRETS = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const;
