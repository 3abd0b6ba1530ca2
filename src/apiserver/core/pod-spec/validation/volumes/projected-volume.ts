// Whether the sources of a projected volume are complete and write to different files.
// Behaviour: pkg/apis/core/validation/validation.go (validateProjectionSources), Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  invalid,
  notSupported,
  required,
  tooLong,
} from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import { byteLength } from '../../../../../apimachinery/go/utf8.ts';
import { isDomainPrefixedKey } from '../../../../../apimachinery/validation/names.ts';
import { TOTAL_ANNOTATION_SIZE_LIMIT } from '../../../../../apimachinery/validation/object-meta.ts';
import type {
  ClusterTrustBundleProjection,
  KeyToPath,
  PodCertificateProjection,
  ProjectedVolumeSource,
  ServiceAccountTokenProjection,
  VolumeProjection,
} from '../../../../../schema/generated/types/core-v1.ts';
import { labelSelectorValue, validateLabelSelector } from '../../../../../selectors/label-selector-validation.ts';
import { structValue } from '../../internal-value.ts';
import { isClusterTrustBundleName, isKubernetesSignerName, validateSignerName } from '../name.ts';
import type { PodValidationOptions } from '../options.ts';
import { validateFileMode, validateLocalNonReservedPath } from './path.ts';
import { validateDownwardFile, validateKeyToPath } from './volume-source.ts';

const CONFLICTING_PATHS = 'conflicting duplicate paths';
const ONE_TYPE = 'may not specify more than 1 volume type per source';
const TOKEN_TOO_SHORT = 'may not specify a duration less than 10 minutes';
const TOKEN_TOO_LONG = 'may not specify a duration larger than 2^32 seconds';
const NAME_AND_SIGNER = 'only one of name and signerName may be used';
const NAME_OR_SIGNER = 'either name or signerName must be specified';
const BUNDLE_NAME = 'must be a valid object name';
const SIGNER_NAME = 'must be a valid signer name';
const SELECTOR_WITH_NAME = 'labelSelector must be unset if name is specified';
const EXPIRATION_TOO_SHORT = 'if provided, maxExpirationSeconds must be >= 3600';
const A_CERTIFICATE_PATH = 'specify at least one of credentialBundlePath, keyPath, and certificateChainPath';

const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;
const MIN_CERTIFICATE_SECONDS = 3600;
const MAX_CERTIFICATE_SECONDS = 91 * 24 * 3600;
const MAX_KUBERNETES_CERTIFICATE_SECONDS = 24 * 3600;

const keyTypes = ['RSA3072', 'RSA4096', 'ECDSAP256', 'ECDSAP384', 'ECDSAP521', 'ED25519'];

/** What the sources of one volume share: the volume's path, and the files that are taken. */
interface Projection {
  readonly path: FieldPath;
  readonly files: Set<string>;
  readonly errors: FieldError[];
}

export function validateProjected(
  { defaultMode, sources }: ProjectedVolumeSource,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  validateFileMode(defaultMode, path, 'defaultMode', errors);
  const projection: Projection = { path, files: new Set(), errors };
  sources?.forEach((source, i) => {
    validateSource(source, projection, path.child('sources').index(i), options);
  });
}

function validateSource(
  source: VolumeProjection,
  projection: Projection,
  path: FieldPath,
  options: PodValidationOptions,
): void {
  const { errors } = projection;
  const { secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate } = source;
  if (secret) validateKeys(secret, projection, path.child('secret'));
  if (configMap) validateKeys(configMap, projection, path.child('configMap'));
  for (const file of downwardAPI?.items ?? []) {
    validateDownwardFile(file, path.child('downwardAPI'), errors);
    if (file.path) takeFile(file.path, file.path, projection);
  }
  if (serviceAccountToken) validateToken(serviceAccountToken, projection, path.child('serviceAccountToken'), options);
  if (clusterTrustBundle) validateTrustBundle(clusterTrustBundle, projection, path.child('clusterTrustBundle'));
  if (podCertificate) validateCertificate(podCertificate, projection, path.child('podCertificate'));
  const kinds = [secret, configMap, downwardAPI, serviceAccountToken, clusterTrustBundle, podCertificate];
  if (kinds.filter(Boolean).length > 1) errors.push(forbidden(path, ONE_TYPE));
}

function takeFile(file: string, badValue: string, { path, files, errors }: Projection): void {
  if (files.has(file)) errors.push(invalid(path, badValue, CONFLICTING_PATHS));
  else files.add(file);
}

function validateKeys(
  { name = '', items }: { readonly name?: string; readonly items?: readonly KeyToPath[] },
  projection: Projection,
  path: FieldPath,
): void {
  if (name === '') projection.errors.push(required(path.child('name'), ''));
  items?.forEach((item, i) => {
    validateKeyToPath(item, path.child('items').index(i), projection.errors);
    if (item.path) takeFile(item.path, name, projection);
  });
}

function validateToken(
  token: ServiceAccountTokenProjection,
  { path: volumePath, errors }: Projection,
  path: FieldPath,
  options: PodValidationOptions,
): void {
  const seconds = token.expirationSeconds ?? 0;
  const secondsPath = path.child('expirationSeconds');
  if (seconds < MIN_TOKEN_SECONDS) errors.push(invalid(secondsPath, seconds, TOKEN_TOO_SHORT));
  if (seconds > MAX_TOKEN_SECONDS) errors.push(invalid(secondsPath, seconds, TOKEN_TOO_LONG));
  // Upstream's path is the volume's, without the source.
  if (!token.path) errors.push(required(volumePath.child('path'), ''));
  else if (!options.allowNonLocalProjectedTokenPath) {
    validateLocalNonReservedPath(token.path, volumePath.child('path'), errors);
  }
}

function validateTrustBundle(bundle: ClusterTrustBundleProjection, projection: Projection, path: FieldPath): void {
  const { errors } = projection;
  const { name, signerName, labelSelector } = bundle;
  if (name !== undefined && signerName !== undefined) {
    errors.push(invalid(path, structValue('ClusterTrustBundleProjection', bundle), NAME_AND_SIGNER));
  } else if (name !== undefined) {
    const namePath = path.child('name');
    if (name === '') errors.push(required(namePath, BUNDLE_NAME));
    for (const message of isClusterTrustBundleName(name)) {
      errors.push(invalid(namePath, name, `not a valid clustertrustbundlename: ${message}`));
    }
    if (labelSelector) {
      errors.push(invalid(path.child('labelSelector'), labelSelectorValue(labelSelector), SELECTOR_WITH_NAME));
    }
  } else if (signerName !== undefined) {
    if (signerName === '') errors.push(required(path.child('signerName'), SIGNER_NAME));
    validateSignerName(signerName, path.child('signerName'), errors);
    errors.push(...validateLabelSelector(labelSelector, {}, path.child('labelSelector')));
  } else errors.push(required(path, NAME_OR_SIGNER));
  if (!bundle.path) errors.push(required(path.child('path'), ''));
  validateLocalNonReservedPath(bundle.path, path.child('path'), errors);
  takeFile(bundle.path, bundle.path, projection);
}

const CERTIFICATE_FILES = ['credentialBundlePath', 'keyPath', 'certificateChainPath'] as const;

function validateCertificate(certificate: PodCertificateProjection, projection: Projection, path: FieldPath): void {
  const { errors } = projection;
  const { signerName = '', keyType = '', maxExpirationSeconds: seconds, userAnnotations } = certificate;
  validateSignerName(signerName, path.child('signerName'), errors);
  if (userAnnotations) validateUserAnnotations(userAnnotations, path.child('userAnnotations'), errors);
  if (!keyTypes.includes(keyType)) errors.push(notSupported(path.child('keyType'), keyType, keyTypes));
  if (seconds !== undefined) {
    const secondsPath = path.child('maxExpirationSeconds');
    const max = isKubernetesSignerName(signerName) ? MAX_KUBERNETES_CERTIFICATE_SECONDS : MAX_CERTIFICATE_SECONDS;
    if (seconds < MIN_CERTIFICATE_SECONDS) errors.push(invalid(secondsPath, seconds, EXPIRATION_TOO_SHORT));
    if (seconds > max) {
      errors.push(invalid(secondsPath, seconds, `if provided, maxExpirationSeconds must be <= ${max}`));
    }
  }
  let files = 0;
  for (const field of CERTIFICATE_FILES) {
    const file = certificate[field];
    if (!file) continue;
    files++;
    validateLocalNonReservedPath(file, path.child(field), errors);
    takeFile(file, file, projection);
  }
  if (files === 0) errors.push(required(path, A_CERTIFICATE_PATH));
}

function validateUserAnnotations(
  annotations: Readonly<Record<string, string>>,
  path: FieldPath,
  errors: FieldError[],
): void {
  let size = 0;
  for (const key in annotations) {
    errors.push(...isDomainPrefixedKey(path, key.toLowerCase()));
    size += byteLength(key) + byteLength(annotations[key] ?? '');
  }
  if (size > TOTAL_ANNOTATION_SIZE_LIMIT) errors.push(tooLong(path, TOTAL_ANNOTATION_SIZE_LIMIT));
}
