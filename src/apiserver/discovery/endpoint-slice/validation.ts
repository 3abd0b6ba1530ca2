// Whether an EndpointSlice may be stored.
// Behaviour: pkg/apis/discovery/validation/validation.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import {
  duplicate,
  type FieldError,
  internalError,
  invalid,
  namedString,
  notSupported,
  required,
  tooMany,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { isValidIp } from '../../../apimachinery/validation/ip.ts';
import { validateLabels } from '../../../apimachinery/validation/labels.ts';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isFullyQualifiedDomainName,
  isQualifiedName,
  isValidLabelValue,
} from '../../../apimachinery/validation/names.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { LABEL_TOPOLOGY_ZONE } from '../../../apimachinery/well-known/labels.ts';
import type {
  Endpoint,
  EndpointHints,
  EndpointPort,
  EndpointSlice,
} from '../../../schema/generated/types/discovery-v1.ts';
import { isIpv4Text, isIpv6Text, validateEndpointIp, validateLegacyIp } from '../../core/ip-validation.ts';
import { pushInvalid, validateName } from '../../core/pod-spec/validation/name.ts';
import type { FeatureGates, StrategyContext } from '../../resource.ts';

const AN_ADDRESS = 'must contain at least 1 address';
const NOT_IPV4 = 'must be an IPv4 address';
const NOT_IPV6 = 'must be an IPv6 address';
const ZONE_IN_TOPOLOGY = 'reserved key was not removed in conversion';

const MAX_TOPOLOGY_LABELS = 16;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;
const MAX_ENDPOINTS = 1000;
const MAX_HINTS = 8;

const ADDRESS_TYPE = FieldPath.of('addressType');
const PORTS = FieldPath.of('ports');
const ENDPOINTS = FieldPath.of('endpoints');

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const protocols = ['SCTP', 'TCP', 'UDP'];

export function validateEndpointSlice(slice: EndpointSlice, context: StrategyContext): readonly FieldError[] {
  return [...validateFrame(slice), ...validateEndpoints(slice, context.features)];
}

/** Endpoints that were stored under older rules stay valid as long as they are not touched. */
export function validateEndpointSliceUpdate(
  slice: EndpointSlice,
  old: EndpointSlice,
  { features }: StrategyContext,
): readonly FieldError[] {
  const errors = [...validateFrame(slice)];
  const endpointErrors = validateEndpoints(slice, features);
  if (endpointErrors.length > 0 && !semanticDeepEqual(old.endpoints, slice.endpoints)) errors.push(...endpointErrors);
  if (slice.addressType !== old.addressType) {
    errors.push(invalid(ADDRESS_TYPE, namedString(slice.addressType), FIELD_IMMUTABLE));
  }
  return errors;
}

function validateFrame({ addressType, ports = [] }: EndpointSlice): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (addressType === '') errors.push(required(ADDRESS_TYPE, ''));
  else if (!addressTypes.includes(addressType)) {
    errors.push(notSupported(ADDRESS_TYPE, namedString(addressType), addressTypes));
  }
  if (ports.length > MAX_PORTS) errors.push(tooMany(PORTS, ports.length, MAX_PORTS));
  else validatePorts(ports, errors);
  return errors;
}

function validatePorts(ports: readonly EndpointPort[], errors: FieldError[]): void {
  const names = new Set<string>();
  ports.forEach(({ name = '', protocol, appProtocol }, i) => {
    const path = PORTS.index(i);
    if (name !== '') validateName(isDns1123Label, name, path, 'name', errors);
    if (names.has(name)) errors.push(duplicate(path.child('name'), namedString(name)));
    names.add(name);
    if (protocol === undefined) errors.push(required(path.child('protocol'), ''));
    else if (!protocols.includes(protocol)) {
      errors.push(notSupported(path.child('protocol'), namedString(protocol), protocols));
    }
    if (appProtocol !== undefined) validateName(isQualifiedName, appProtocol, path, 'appProtocol', errors);
  });
}

function validateEndpoints(
  { endpoints = [], addressType }: EndpointSlice,
  features: FeatureGates,
): readonly FieldError[] {
  if (endpoints.length > MAX_ENDPOINTS) return [tooMany(ENDPOINTS, endpoints.length, MAX_ENDPOINTS)];
  const errors: FieldError[] = [];
  endpoints.forEach((endpoint, i) => {
    validateEndpoint(endpoint, { addressType, features }, ENDPOINTS.index(i), errors);
  });
  return errors;
}

interface AddressRules {
  readonly addressType: string;
  readonly features: FeatureGates;
}

function validateEndpoint(
  { addresses = [], nodeName, deprecatedTopology, hostname, hints }: Endpoint,
  rules: AddressRules,
  path: FieldPath,
  errors: FieldError[],
): void {
  const addressPath = path.child('addresses');
  if (addresses.length === 0) errors.push(required(addressPath, AN_ADDRESS));
  else if (addresses.length > MAX_ADDRESSES) errors.push(tooMany(addressPath, addresses.length, MAX_ADDRESSES));
  addresses.forEach((address, i) => {
    validateAddress(address, rules, addressPath, i, errors);
  });
  if (nodeName !== undefined) validateName(isDns1123Subdomain, nodeName, path, 'nodeName', errors);
  if (deprecatedTopology) validateTopology(deprecatedTopology, path.child('deprecatedTopology'), errors);
  if (hostname !== undefined) validateName(isDns1123Label, hostname, path, 'hostname', errors);
  if (hints) validateHints(hints, path.child('hints'), errors);
}

function validateAddress(
  address: string,
  { addressType, features }: AddressRules,
  listPath: FieldPath,
  i: number,
  errors: FieldError[],
): void {
  const path = listPath.index(i);
  if (addressType === 'FQDN') {
    errors.push(...isFullyQualifiedDomainName(path, address));
    return;
  }
  const isV4 = addressType === 'IPv4';
  if (!isV4 && addressType !== 'IPv6') return;
  const ipErrors = isV4 ? validateLegacyIp(path, address, features) : isValidIp(path, address);
  errors.push(...ipErrors);
  if (ipErrors.length > 0) return;
  // The family is told of the whole list.
  if (isV4 && !isIpv4Text(address)) errors.push(invalid(listPath, address, NOT_IPV4));
  if (!isV4 && !isIpv6Text(address)) errors.push(invalid(listPath, address, NOT_IPV6));
  validateEndpointIp(address, path, errors);
}

function validateTopology(topology: Readonly<Record<string, string>>, path: FieldPath, errors: FieldError[]): void {
  const count = Object.keys(topology).length;
  if (count > MAX_TOPOLOGY_LABELS) errors.push(tooMany(path, count, MAX_TOPOLOGY_LABELS));
  errors.push(...validateLabels(topology, path));
  if (Object.hasOwn(topology, LABEL_TOPOLOGY_ZONE)) {
    errors.push(internalError(path.key(LABEL_TOPOLOGY_ZONE), ZONE_IN_TOPOLOGY));
  }
}

function validateHints({ forZones = [], forNodes = [] }: EndpointHints, path: FieldPath, errors: FieldError[]): void {
  const isComplete = validateHintNames(forZones, isValidLabelValue, path.child('forZones'), errors);
  if (isComplete) validateHintNames(forNodes, isDns1123Subdomain, path.child('forNodes'), errors);
}

/** False when there are too many to look at. */
function validateHintNames(
  hints: readonly { readonly name: string }[],
  check: (name: string) => readonly string[],
  path: FieldPath,
  errors: FieldError[],
): boolean {
  if (hints.length > MAX_HINTS) {
    errors.push(tooMany(path, hints.length, MAX_HINTS));
    return false;
  }
  const names = new Set<string>();
  hints.forEach(({ name }, i) => {
    const namePath = path.index(i).child('name');
    if (names.has(name)) errors.push(duplicate(namePath, name));
    names.add(name);
    pushInvalid(check(name), namePath, name, errors);
  });
  return true;
}
