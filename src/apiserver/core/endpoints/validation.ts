// Whether Endpoints may be stored.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateEndpoints and below), Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { type FieldError, invalid, namedString, notSupported, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
  isValidPortNum,
} from '../../../apimachinery/validation/names.ts';
import type {
  EndpointAddress,
  EndpointPort,
  EndpointSubset,
  Endpoints,
} from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates, StrategyContext } from '../../resource.ts';
import { validateEndpointIp, validateLegacyIp } from '../ip-validation.ts';
import { pushInvalid, validateName } from '../pod-spec/validation/name.ts';

const NO_ADDRESSES = 'must specify `addresses` or `notReadyAddresses`';

const SUBSETS = FieldPath.of('subsets');

const protocols = ['SCTP', 'TCP', 'UDP'];

export function validateEndpoints({ subsets = [] }: Endpoints, { features }: StrategyContext): readonly FieldError[] {
  const errors: FieldError[] = [];
  subsets.forEach((subset, i) => {
    validateSubset(subset, features, SUBSETS.index(i), errors);
  });
  return errors;
}

/** What was stored under older rules stays valid as long as it is not touched. */
export function validateEndpointsUpdate(
  endpoints: Endpoints,
  old: Endpoints,
  context: StrategyContext,
): readonly FieldError[] {
  const errors = validateEndpoints(endpoints, context);
  return errors.length > 0 && semanticDeepEqual(old.subsets, endpoints.subsets) ? [] : errors;
}

function validateSubset(
  { addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset,
  features: FeatureGates,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (addresses.length === 0 && notReadyAddresses.length === 0) errors.push(required(path, NO_ADDRESSES));
  addresses.forEach((address, i) => {
    validateAddress(address, features, path.child('addresses').index(i), errors);
  });
  notReadyAddresses.forEach((address, i) => {
    validateAddress(address, features, path.child('notReadyAddresses').index(i), errors);
  });
  ports.forEach((port, i) => {
    validatePort(port, ports.length > 1, path.child('ports').index(i), errors);
  });
}

function validateAddress(
  { ip, hostname, nodeName }: EndpointAddress,
  features: FeatureGates,
  path: FieldPath,
  errors: FieldError[],
): void {
  const ipPath = path.child('ip');
  errors.push(...validateLegacyIp(ipPath, ip, features));
  if (hostname) validateName(isDns1123Label, hostname, path, 'hostname', errors);
  if (nodeName !== undefined) validateName(isDns1123Subdomain, nodeName, path, 'nodeName', errors);
  validateEndpointIp(ip, ipPath, errors);
}

function validatePort(
  { name = '', port, protocol = '', appProtocol }: EndpointPort,
  requireName: boolean,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (name !== '') validateName(isDns1123Label, name, path, 'name', errors);
  else if (requireName) errors.push(required(path.child('name'), ''));
  pushInvalid(isValidPortNum(port), path.child('port'), port, errors);
  if (protocol === '') errors.push(required(path.child('protocol'), ''));
  else if (!protocols.includes(protocol)) {
    errors.push(notSupported(path.child('protocol'), namedString(protocol), protocols));
  }
  if (appProtocol !== undefined) {
    for (const message of isQualifiedName(appProtocol)) {
      errors.push(invalid(path.child('appProtocol'), appProtocol, message));
    }
  }
}
