// Whether what a ResourceClaim asks for makes sense.
// Behaviour: pkg/apis/resource/validation/validation.go (validateResourceClaimSpec), pkg/registry/resource/utils.go
// (AuthorizedForAdmin), Kubernetes v1.36.3.
// Differs: the fields of gates that are on by default in 1.36 are never dropped.
import {
  type FieldError,
  forbidden,
  internalError,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import type { Namespace } from '../../../schema/generated/types/core-v1.ts';
import type {
  DeviceClaim,
  DeviceClaimConfiguration,
  DeviceConstraint,
  DeviceRequest,
  DeviceSubRequest,
  ExactDeviceRequest,
} from '../../../schema/generated/types/resource-v1.ts';
import type { ClusterReader } from '../../cluster-reader.ts';
import { validateConfiguration, validateSelectors, validateToleration } from '../device-validation.ts';
import { validateList, validateSet } from '../lists.ts';
import { validateDeviceClassName, validateFullyQualifiedName, validateLabelName } from '../names.ts';

const A_REQUEST_TYPE = 'exactly one of `exactly` or `firstAvailable` is required';
const MANY_REQUEST_TYPES = `${A_REQUEST_TYPE}, but multiple fields are set`;
const COUNT_OF_ALL = "must not be specified when allocationMode is 'All'";
const NOT_POSITIVE = 'must be greater than zero';
const AN_ATTRIBUTE = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set';
const UNKNOWN_REQUEST =
  "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
const ADMIN_LABEL = 'resource.kubernetes.io/admin-access';
const ADMIN_ACCESS = `admin access to devices requires the \`${ADMIN_LABEL}: true\` label on the containing namespace`;

export const MAX_REQUESTS = 32;
const MAX_CONSTRAINTS = 32;
export const MAX_CONFIGS = 32;
const MAX_SUB_REQUESTS = 8;

const allocationModes = ['All', 'ExactCount'];

/** The names of a claim's requests, each with those of its alternatives. */
export type RequestNames = ReadonlyMap<string, ReadonlySet<string>>;

export function requestNames({ requests = [] }: DeviceClaim): RequestNames {
  return new Map(
    requests.map(({ name, firstAvailable = [] }) => [name, new Set(firstAvailable.map((sub) => sub.name))]),
  );
}

export function validateDeviceClaim(claim: DeviceClaim, path: FieldPath, errors: FieldError[]): void {
  const names = requestNames(claim);
  validateSet(
    claim.requests,
    { maxSize: MAX_REQUESTS, validateItem: validateRequest, keyOf: ({ name }) => name },
    path.child('requests'),
    errors,
  );
  const constraint = (item: DeviceConstraint, itemPath: FieldPath) => {
    validateConstraint(item, names, itemPath, errors);
  };
  validateList(claim.constraints, MAX_CONSTRAINTS, constraint, path.child('constraints'), errors);
  const config = (item: DeviceClaimConfiguration, itemPath: FieldPath) => {
    validateRequestReferences(item.requests, names, itemPath.child('requests'), errors);
    validateConfiguration(item, false, itemPath, errors);
  };
  validateList(claim.config, MAX_CONFIGS, config, path.child('config'), errors);
}

function validateRequest(
  { name, exactly, firstAvailable = [] }: DeviceRequest,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateLabelName(name, path.child('name'), errors);
  const hasAlternatives = firstAvailable.length > 0;
  if (exactly && hasAlternatives) errors.push(invalid(path, null, MANY_REQUEST_TYPES));
  else if (exactly) validateExactRequest(exactly, path.child('exactly'), errors);
  else if (!hasAlternatives) errors.push(required(path, A_REQUEST_TYPE));
  else {
    const subRequest = (item: DeviceSubRequest, itemPath: FieldPath) => {
      validateLabelName(item.name, itemPath.child('name'), errors);
      validateExactRequest(item, itemPath, errors);
    };
    const listPath = path.child('firstAvailable');
    validateSet(
      firstAvailable,
      { maxSize: MAX_SUB_REQUESTS, validateItem: subRequest, keyOf: (item) => item.name },
      listPath,
      errors,
    );
  }
}

function validateExactRequest(
  {
    deviceClassName,
    selectors,
    allocationMode = '',
    count = 0,
    tolerations = [],
  }: Omit<ExactDeviceRequest, 'adminAccess'>,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateDeviceClassName(deviceClassName, path.child('deviceClassName'), errors);
  validateSelectors(selectors, path.child('selectors'), errors);
  const countPath = path.child('count');
  if (!allocationModes.includes(allocationMode)) {
    errors.push(notSupported(path.child('allocationMode'), namedString(allocationMode), allocationModes));
  } else if (allocationMode === 'All') {
    if (count !== 0) errors.push(invalid(countPath, count, COUNT_OF_ALL));
  } else if (count <= 0) errors.push(invalid(countPath, count, NOT_POSITIVE));
  tolerations.forEach((toleration, i) => {
    validateToleration(toleration, path.child('tolerations').index(i), errors);
  });
}

function validateConstraint(
  { requests, matchAttribute, distinctAttribute }: DeviceConstraint,
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  validateRequestReferences(requests, names, path.child('requests'), errors);
  if (matchAttribute !== undefined) {
    validateFullyQualifiedName(matchAttribute, path.child('matchAttribute'), errors);
  } else if (distinctAttribute !== undefined) {
    validateFullyQualifiedName(distinctAttribute, path.child('distinctAttribute'), errors);
  } else errors.push(required(path, AN_ATTRIBUTE));
}

export function validateRequestReferences(
  references: readonly string[] | undefined,
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  const reference = (item: string, itemPath: FieldPath) => {
    validateRequestReference(item, names, itemPath, errors);
  };
  validateSet(references, { maxSize: MAX_REQUESTS, validateItem: reference, keyOf: (item) => item }, path, errors);
}

export function validateRequestReference(
  reference: string,
  names: RequestNames,
  path: FieldPath,
  errors: FieldError[],
): void {
  const [request = '', subRequest, ...more] = reference.split('/');
  const isKnown =
    more.length === 0 &&
    (subRequest === undefined ? names.has(request) : (names.get(request)?.has(subRequest) ?? false));
  if (more.length === 0) {
    validateLabelName(request, path, errors);
    if (subRequest !== undefined) validateLabelName(subRequest, path, errors);
  }
  if (!isKnown) errors.push(invalid(path, reference, UNKNOWN_REQUEST));
}

/** Devices that are in use may only be had for administration in namespaces that say so. */
export function validateAdminAccess(
  { requests = [] }: DeviceClaim,
  namespace: string | undefined,
  reader: ClusterReader,
  errors: FieldError[],
): void {
  const i = requests.findIndex(({ exactly }) => exactly?.adminAccess);
  if (i < 0) return;
  const path = FieldPath.of('spec', 'devices', 'requests').index(i).child('adminAccess');
  validateAdminNamespace(namespace, reader, path, errors);
}

export function validateAdminNamespace(
  name: string | undefined,
  reader: ClusterReader,
  path: FieldPath,
  errors: FieldError[],
): void {
  const namespace = reader.get<Namespace>('namespaces', undefined, name ?? '');
  if (!namespace) {
    const detail = `could not retrieve namespace to verify admin access: namespaces "${name}" not found`;
    errors.push(internalError(path, detail));
  } else if (namespace.metadata.labels?.[ADMIN_LABEL] !== 'true') errors.push(forbidden(path, ADMIN_ACCESS));
}
