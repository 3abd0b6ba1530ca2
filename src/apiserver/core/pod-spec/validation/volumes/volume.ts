// Whether the volumes of a pod are well formed: one source each, complete, names unique.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateVolumes, validateVolumeSource), Kubernetes v1.36.3.
import { duplicate, type FieldError, forbidden, invalid, required } from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import { goQuote } from '../../../../../apimachinery/go/quote.ts';
import { byteLength } from '../../../../../apimachinery/go/utf8.ts';
import { mustParseQuantity } from '../../../../../apimachinery/quantity/quantity.ts';
import { isDns1123Label, isDns1123Subdomain } from '../../../../../apimachinery/validation/names.ts';
import type { Volume } from '../../../../../schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../../../schema/generated/types/meta-v1.ts';
import { validatePullPolicy } from '../containers/container.ts';
import { validateRequiredName } from '../name.ts';
import type { PodValidationOptions } from '../options.ts';
import { validateProjected } from './projected-volume.ts';
import { validateClaimTemplate } from './volume-claim-template.ts';
import type { Volumes } from './volume-mount.ts';
import { type SourceName, validateDownwardApi, volumeSourceChecks } from './volume-source.ts';

const ONE_TYPE = 'may not specify more than 1 volume type';
const A_TYPE = 'must specify a volume type';
const SIZE_LIMIT = 'SizeLimit field must be a valid resource quantity';
const CREATED_CLAIM = 'must not reference a PVC that gets created for an ephemeral volume';
const INITIATOR_LENGTH =
  'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';
const MAX_INITIATOR_LENGTH = 64;

/** In the order in which upstream asks for them; two names in messages are not those of the fields. */
const SOURCES: readonly SourceName[] = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
];
const NAME_WHEN_SECOND: { readonly [S in SourceName]?: string } = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };
const NAME_WHEN_WRONG: { readonly [S in SourceName]?: string } = { gcePersistentDisk: 'persistentDisk' };

/** Adds what is wrong to `errors` and answers with the volumes that are right, by name. */
export function validateVolumes(
  volumes: readonly Volume[],
  metadata: ObjectMeta | undefined,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): Volumes {
  const valid = new Map<string, Volume>();
  // Claims that will be made for ephemeral volumes are named after the pod.
  const podName = metadata?.name ?? '';
  const createdClaims = new Set<string>();
  if (podName !== '') {
    for (const { name, ephemeral } of volumes) if (ephemeral) createdClaims.add(`${podName}-${name}`);
  }
  volumes.forEach((volume, i) => {
    const entryPath = path.index(i);
    const before = errors.length;
    validateSource(volume, podName, entryPath, options, errors);
    validateRequiredName(isDns1123Label, volume.name, entryPath, 'name', errors);
    if (valid.has(volume.name)) errors.push(duplicate(entryPath.child('name'), volume.name));
    if (errors.length === before) valid.set(volume.name, volume);
    const claimName = volume.persistentVolumeClaim?.claimName;
    if (claimName !== undefined && createdClaims.has(claimName)) {
      errors.push(invalid(entryPath.child('persistentVolumeClaim', 'claimName'), claimName, CREATED_CLAIM));
    }
  });
  return valid;
}

function validateSource(
  volume: Volume,
  podName: string,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  let first: SourceName | undefined;
  for (const name of SOURCES) {
    if (!volume[name]) continue;
    if (first === undefined) {
      first = name;
      validateOnlySource(name, volume, path, options, errors);
      if (name === 'ephemeral') validateMadeClaimName(volume, podName, path, errors);
    } else errors.push(forbidden(path.child(NAME_WHEN_SECOND[name] ?? name), ONE_TYPE));
    if (name === 'iscsi') validateInitiator(volume, path, errors);
  }
  if (first === undefined) errors.push(required(path, A_TYPE));
}

function validateOnlySource(
  name: SourceName,
  volume: Volume,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const { emptyDir, downwardAPI, projected, ephemeral, image } = volume;
  const sourcePath = path.child(NAME_WHEN_WRONG[name] ?? name);
  if (emptyDir) {
    const limit = emptyDir.sizeLimit;
    if (limit !== undefined && mustParseQuantity(limit).sign() < 0) {
      errors.push(forbidden(sourcePath.child('sizeLimit'), SIZE_LIMIT));
    }
  } else if (name === 'downwardAPI' && downwardAPI) validateDownwardApi(downwardAPI, sourcePath, errors);
  else if (name === 'projected' && projected) validateProjected(projected, sourcePath, options, errors);
  else if (name === 'ephemeral' && ephemeral) {
    const template = ephemeral.volumeClaimTemplate;
    if (!template) errors.push(required(sourcePath.child('volumeClaimTemplate'), ''));
    else validateClaimTemplate(template, sourcePath.child('volumeClaimTemplate'), errors);
  } else if (name === 'image' && image) {
    if (options.resourceIsPod && !image.reference) errors.push(required(sourcePath.child('reference'), ''));
    validatePullPolicy(image.pullPolicy, sourcePath, 'pullPolicy', errors);
  } else {
    // Each check stands under the name of the source that it takes.
    const check = volumeSourceChecks[name] as ((source: unknown, at: FieldPath, to: FieldError[]) => void) | undefined;
    check?.(volume[name], sourcePath, errors);
  }
}

/** The claim that will be made for an ephemeral volume takes its name from both. */
function validateMadeClaimName({ name }: Volume, podName: string, path: FieldPath, errors: FieldError[]): void {
  if (podName === '' || name === '') return;
  const claimName = `${podName}-${name}`;
  for (const message of isDns1123Subdomain(claimName)) {
    errors.push(invalid(path.child('name'), name, `PVC name ${goQuote(claimName)}: ${message}`));
  }
}

function validateInitiator({ name, iscsi }: Volume, path: FieldPath, errors: FieldError[]): void {
  if (iscsi?.initiatorName === undefined) return;
  if (byteLength(`${name}:${iscsi.targetPortal}`) > MAX_INITIATOR_LENGTH) {
    errors.push(invalid(path.child('name'), name, INITIATOR_LENGTH));
  }
}
