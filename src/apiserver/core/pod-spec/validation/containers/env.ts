// Whether the environment of a container can be built: names, and where values come from.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateEnv, ValidateEnvFrom, validateFileKeyRefVolumes), Kubernetes v1.36.3.
import { type FieldError, invalid, notFound, notSupported, required } from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import { mustParseQuantity } from '../../../../../apimachinery/quantity/quantity.ts';
import {
  isConfigMapKey,
  isDns1123Label,
  isDns1123Subdomain,
  isEnvVarName,
  isQualifiedName,
  isRelaxedEnvVarName,
} from '../../../../../apimachinery/validation/names.ts';
import { nameIsDnsSubdomain } from '../../../../../apimachinery/validation/object-meta.ts';
import type {
  EnvFromSource,
  EnvVar,
  EnvVarSource,
  FileKeySelector,
  ObjectFieldSelector,
  PodSpec,
  ResourceFieldSelector,
} from '../../../../../schema/generated/types/core-v1.ts';
import { containerPath, visitContainers } from '../../visit-containers.ts';
import { pushInvalid, validateName, validateRequiredName } from '../name.ts';
import type { PodValidationOptions } from '../options.ts';
import { validatePathNoBacksteps } from '../volumes/path.ts';

const ONE_SOURCE = 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`';
const ONE_SOURCE_WITH_FILES =
  'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
const VALUE_NOT_EMPTY = 'may not be specified when `value` is not empty';
const MORE_THAN_ONE = 'may not have more than one field specified at a time';
const ONE_ENV_FROM_SOURCE = 'must specify one of: `configMapRef` or `secretRef`';
const NO_SUBSCRIPT = 'does not support subscript';
const NOT_EMPTY_DIR = 'referenced volume must be of type emptyDir';

const envFieldPaths: readonly string[] = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
export const volumeFieldPaths: readonly string[] = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
];
const resourceFields: readonly string[] = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];
/** Labels that the downward API converts; others are unknown before it comes to what a place allows. */
const convertibleFields: ReadonlySet<string> = new Set([
  ...volumeFieldPaths,
  ...envFieldPaths,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
]);

const BINARY_DIVISORS: ReadonlySet<string> = new Set('1 1k 1M 1G 1T 1P 1E 1Ki 1Mi 1Gi 1Ti 1Pi 1Ei'.split(' '));
const CPU_DIVISORS: ReadonlySet<string> = new Set(['1m', '1']);

interface DivisorRule {
  readonly divisors: ReadonlySet<string>;
  readonly message: string;
}

const cpuRule: DivisorRule = {
  divisors: CPU_DIVISORS,
  message: "only divisor's values 1m and 1 are supported with the cpu resource",
};

function binaryRule(resource: string): DivisorRule {
  const values = [...BINARY_DIVISORS].join(', ');
  return {
    divisors: BINARY_DIVISORS,
    message: `only divisor's values ${values} are supported with the ${resource} resource`,
  };
}

const memoryRule = binaryRule('memory');
const ephemeralStorageRule = binaryRule('local ephemeral storage');
const hugePagesRule = binaryRule('hugepages');

export function validateEnv(
  variables: readonly EnvVar[],
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const checkName = envNameCheck(options);
  variables.forEach((variable, i) => {
    const messages = variable.name === '' ? undefined : checkName(variable.name);
    if (messages?.length === 0 && variable.valueFrom === undefined) return;
    const entryPath = path.index(i);
    if (messages === undefined) errors.push(required(entryPath.child('name'), ''));
    else pushInvalid(messages, entryPath.child('name'), variable.name, errors);
    if (variable.valueFrom) {
      validateValueFrom(variable.valueFrom, variable.value ?? '', entryPath.child('valueFrom'), options, errors);
    }
  });
}

function envNameCheck(options: PodValidationOptions): (name: string) => readonly string[] {
  return options.allowRelaxedEnvironmentVariableValidation ? isRelaxedEnvVarName : isEnvVarName;
}

function validateValueFrom(
  source: EnvVarSource,
  value: string,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef) validateObjectFieldSelector(fieldRef, envFieldPaths, path.child('fieldRef'), errors);
  if (resourceFieldRef) validateResourceFieldSelector(resourceFieldRef, path.child('resourceFieldRef'), false, errors);
  if (configMapKeyRef) validateKeySelector(configMapKeyRef, path.child('configMapKeyRef'), errors);
  if (secretKeyRef) validateKeySelector(secretKeyRef, path.child('secretKeyRef'), errors);
  if (fileKeyRef) validateFileKeySelector(fileKeyRef, path.child('fileKeyRef'), errors);
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(Boolean).length;
  if (sources === 0) {
    errors.push(invalid(path, '', options.allowEnvFilesValidation ? ONE_SOURCE_WITH_FILES : ONE_SOURCE));
  } else if (value !== '') errors.push(invalid(path, '', VALUE_NOT_EMPTY));
  else if (sources > 1) errors.push(invalid(path, '', MORE_THAN_ONE));
}

export function validateObjectFieldSelector(
  { apiVersion = '', fieldPath = '' }: ObjectFieldSelector,
  allowed: readonly string[],
  path: FieldPath,
  errors: FieldError[],
): void {
  if (apiVersion === '') {
    errors.push(required(path.child('apiVersion'), ''));
    return;
  }
  if (fieldPath === '') {
    errors.push(required(path.child('fieldPath'), ''));
    return;
  }
  const converted = convertFieldLabel(apiVersion, fieldPath);
  if ('error' in converted) {
    const detail = `error converting fieldPath: ${converted.error}`;
    errors.push(invalid(path.child('fieldPath'), fieldPath, detail));
    return;
  }
  const { field, subscript } = converted;
  if (subscript !== undefined) {
    if (field === 'metadata.annotations') {
      const key = subscript.toLowerCase();
      pushInvalid(isQualifiedName(key), path, key, errors);
    } else if (field === 'metadata.labels') pushInvalid(isQualifiedName(subscript), path, subscript, errors);
    else errors.push(invalid(path, field, NO_SUBSCRIPT));
  } else if (!allowed.includes(field)) errors.push(notSupported(path.child('fieldPath'), field, allowed));
}

type ConvertedLabel = { readonly field: string; readonly subscript: string | undefined } | { readonly error: string };

function convertFieldLabel(version: string, label: string): ConvertedLabel {
  if (version !== 'v1') return { error: `unsupported pod version: ${version}` };
  const open = label.endsWith("']") ? label.slice(0, -2).indexOf("['") : -1;
  if (open > 0) {
    const field = label.slice(0, open);
    if (field !== 'metadata.annotations' && field !== 'metadata.labels') {
      return { error: `field label does not support subscript: ${label}` };
    }
    return { field, subscript: label.slice(open + 2, -2) };
  }
  if (label === 'spec.host') return { field: 'spec.nodeName', subscript: undefined };
  if (!convertibleFields.has(label)) return { error: `field label not supported: ${label}` };
  return { field: label, subscript: undefined };
}

/** In a volume the container has to be named; in a container's environment it is that container. */
export function validateResourceFieldSelector(
  { containerName = '', resource = '', divisor }: ResourceFieldSelector,
  path: FieldPath,
  isVolume: boolean,
  errors: FieldError[],
): void {
  const isHugePages = resource.startsWith('requests.hugepages-') || resource.startsWith('limits.hugepages-');
  if (isVolume && containerName === '') errors.push(required(path.child('containerName'), ''));
  else if (resource === '') errors.push(required(path.child('resource'), ''));
  else if (!isHugePages && !resourceFields.includes(resource)) {
    errors.push(notSupported(path.child('resource'), resource, resourceFields));
  }
  const quantity = mustParseQuantity(divisor || '0');
  const rule = isHugePages ? hugePagesRule : divisorRule(resource);
  if (rule && !quantity.isZero() && !rule.divisors.has(quantity.toString())) {
    errors.push(invalid(path.child('divisor'), resource, rule.message));
  }
}

function divisorRule(resource: string): DivisorRule | undefined {
  switch (resource) {
    case 'limits.cpu':
    case 'requests.cpu':
      return cpuRule;
    case 'limits.memory':
    case 'requests.memory':
      return memoryRule;
    case 'limits.ephemeral-storage':
    case 'requests.ephemeral-storage':
      return ephemeralStorageRule;
    default:
      return undefined;
  }
}

function validateKeySelector(
  { name = '', key = '' }: { readonly name?: string; readonly key?: string },
  path: FieldPath,
  errors: FieldError[],
): void {
  validateName(isDns1123Subdomain, name, path, 'name', errors);
  validateRequiredName(isConfigMapKey, key, path, 'key', errors);
}

function validateFileKeySelector(
  { key, volumeName, path: filePath }: FileKeySelector,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateRequiredName(isRelaxedEnvVarName, key, path, 'key', errors);
  validateRequiredName(isDns1123Label, volumeName, path, 'volumeName', errors);
  if (!filePath) errors.push(required(path.child('path'), ''));
  else validatePathNoBacksteps(filePath, path.child('path'), errors);
}

export function validateEnvFrom(
  sources: readonly EnvFromSource[],
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const checkName = envNameCheck(options);
  sources.forEach(({ prefix, configMapRef, secretRef }, i) => {
    const entryPath = path.index(i);
    if (prefix) validateName(checkName, prefix, entryPath, 'prefix', errors);
    if (configMapRef)
      validateRequiredName(isNamePrefix, configMapRef.name, entryPath.child('configMapRef'), 'name', errors);
    if (secretRef) validateRequiredName(isNamePrefix, secretRef.name, entryPath.child('secretRef'), 'name', errors);
    if (!configMapRef && !secretRef) errors.push(invalid(path, '', ONE_ENV_FROM_SOURCE));
    else if (configMapRef && secretRef) errors.push(invalid(path, '', MORE_THAN_ONE));
  });
}

/** Upstream checks these names as if something were still to be appended to them. */
function isNamePrefix(name: string): readonly string[] {
  return nameIsDnsSubdomain(name, true);
}

/** Files that hold variables have to lie in an empty directory of the pod. */
export function validateFileKeyRefVolumes(spec: PodSpec, specPath: FieldPath, errors: FieldError[]): void {
  visitContainers(spec, ({ env }, list, at) => {
    env?.forEach(({ valueFrom }, i) => {
      const name = valueFrom?.fileKeyRef?.volumeName;
      if (name === undefined) return;
      const path = containerPath(specPath, list, at)
        .child('env')
        .index(i)
        .child('valueFrom', 'fileKeyRef', 'volumeName');
      const volume = spec.volumes?.findLast((candidate) => candidate.name === name);
      if (!volume) errors.push(notFound(path, name));
      else if (!volume.emptyDir) errors.push(invalid(path, name, NOT_EMPTY_DIR));
    });
  });
}
