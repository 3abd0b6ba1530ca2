// Whether a NetworkPolicy may be stored.
// Behaviour: pkg/apis/networking/validation/validation.go (ValidateNetworkPolicy and what it calls), Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { networkContains, parseCidr } from '../../../apimachinery/ip-address.ts';
import { isValidPortName, isValidPortNum } from '../../../apimachinery/validation/names.ts';
import type {
  IPBlock,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '../../../schema/generated/types/networking-v1.ts';
import { validateLabelSelector } from '../../../selectors/label-selector-validation.ts';
import { validateLegacyCidr } from '../../core/ip-validation.ts';
import type { FeatureGates, StrategyContext } from '../../resource.ts';

const BELOW_PORT = 'must be greater than or equal to `port`';
const END_OF_NAMED_PORT = 'may not be specified when `port` is non-numeric';
const END_WITHOUT_PORT = 'may not be specified when `port` is not specified';
const A_PEER = 'must specify a peer';
const BLOCK_ALONE = 'may not specify both ipBlock and another peer';
const TOO_MANY_TYPES = 'may not specify more than two policyTypes';
const NOT_A_SUBSET = 'must be a strict subset of `cidr`';

const SPEC = FieldPath.of('spec');

const protocols = ['TCP', 'UDP', 'SCTP'];
const policyTypes = ['Ingress', 'Egress'];

interface Options {
  readonly allowInvalidLabelValueInSelector: boolean;
  /** Addresses that the policy had before, whatever they look like. */
  readonly knownCidrs: readonly string[];
  readonly features: FeatureGates;
}

export function validateNetworkPolicy({ spec }: NetworkPolicy, { features }: StrategyContext): readonly FieldError[] {
  return validateSpec(spec, { allowInvalidLabelValueInSelector: false, knownCidrs: [], features });
}

export function validateNetworkPolicyUpdate(
  { spec }: NetworkPolicy,
  { spec: old }: NetworkPolicy,
  { features }: StrategyContext,
): readonly FieldError[] {
  return validateSpec(spec, {
    allowInvalidLabelValueInSelector: validateLabelSelector(old.podSelector, {}, SPEC).length > 0,
    knownCidrs: ipBlocksOf(old).flatMap(({ block: { cidr, except = [] } }) => [cidr, ...except]),
    features,
  });
}

interface BlockAt {
  readonly block: IPBlock;
  readonly path: FieldPath;
}

export function ipBlocksOf({ ingress = [], egress = [] }: NetworkPolicySpec): readonly BlockAt[] {
  const blocksIn = (peers: readonly NetworkPolicyPeer[] | undefined, path: FieldPath) =>
    (peers ?? []).flatMap(({ ipBlock }, i) =>
      ipBlock ? [{ block: ipBlock, path: path.index(i).child('ipBlock') }] : [],
    );
  return [
    ...ingress.flatMap(({ from }, i) => blocksIn(from, SPEC.child('ingress').index(i).child('from'))),
    ...egress.flatMap(({ to }, i) => blocksIn(to, SPEC.child('egress').index(i).child('to'))),
  ];
}

function validateSpec(spec: NetworkPolicySpec, options: Options): FieldError[] {
  const errors: FieldError[] = [...validateLabelSelector(spec.podSelector, options, SPEC.child('podSelector'))];
  spec.ingress?.forEach(({ ports, from }, i) => {
    validateRule({ ports, peers: from }, 'from', SPEC.child('ingress').index(i), options, errors);
  });
  spec.egress?.forEach(({ ports, to }, i) => {
    validateRule({ ports, peers: to }, 'to', SPEC.child('egress').index(i), options, errors);
  });
  validatePolicyTypes(spec.policyTypes ?? [], errors);
  return errors;
}

function validatePolicyTypes(types: readonly string[], errors: FieldError[]): void {
  const path = SPEC.child('policyTypes');
  if (types.length > policyTypes.length) {
    errors.push(invalid(path, types, TOO_MANY_TYPES));
    return;
  }
  types.forEach((type, i) => {
    if (!policyTypes.includes(type)) errors.push(notSupported(path.index(i), namedString(type), policyTypes));
  });
}

interface Rule {
  readonly ports: readonly NetworkPolicyPort[] | undefined;
  readonly peers: readonly NetworkPolicyPeer[] | undefined;
}

function validateRule(
  { ports, peers }: Rule,
  peersField: 'from' | 'to',
  path: FieldPath,
  options: Options,
  errors: FieldError[],
): void {
  ports?.forEach((port, i) => {
    validatePort(port, path.child('ports').index(i), errors);
  });
  peers?.forEach((peer, i) => {
    validatePeer(peer, path.child(peersField).index(i), options, errors);
  });
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, path: FieldPath, errors: FieldError[]): void {
  if (protocol !== undefined && !protocols.includes(protocol)) {
    errors.push(notSupported(path.child('protocol'), namedString(protocol), protocols));
  }
  const portPath = path.child('port');
  const endPath = path.child('endPort');
  if (typeof port === 'number') {
    for (const message of isValidPortNum(port)) errors.push(invalid(portPath, port, message));
    if (endPort === undefined) return;
    // The bad value is the port.
    if (endPort < port) errors.push(invalid(endPath, port, BELOW_PORT));
    for (const message of isValidPortNum(endPort)) errors.push(invalid(endPath, endPort, message));
    return;
  }
  if (endPort !== undefined) {
    errors.push(invalid(endPath, endPort, port === undefined ? END_WITHOUT_PORT : END_OF_NAMED_PORT));
  }
  if (port === undefined) return;
  for (const message of isValidPortName(port)) errors.push(invalid(portPath, port, message));
}

function validatePeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  path: FieldPath,
  options: Options,
  errors: FieldError[],
): void {
  errors.push(...validateLabelSelector(podSelector, options, path.child('podSelector')));
  errors.push(...validateLabelSelector(namespaceSelector, options, path.child('namespaceSelector')));
  if (ipBlock) validateIpBlock(ipBlock, path.child('ipBlock'), options, errors);
  const hasSelector = podSelector !== undefined || namespaceSelector !== undefined;
  if (!hasSelector && !ipBlock) errors.push(required(path, A_PEER));
  if (hasSelector && ipBlock) errors.push(forbidden(path, BLOCK_ALONE));
}

function validateIpBlock(
  { cidr, except = [] }: IPBlock,
  path: FieldPath,
  { knownCidrs, features }: Options,
  errors: FieldError[],
): void {
  const cidrPath = path.child('cidr');
  if (!cidr) {
    errors.push(required(cidrPath, ''));
    return;
  }
  errors.push(...validateLegacyCidr(cidrPath, cidr, features, knownCidrs));
  const block = parseCidr(cidr);
  if (!block) return;
  except.forEach((text, i) => {
    const exceptPath = path.child('except').index(i);
    errors.push(...validateLegacyCidr(exceptPath, text, features, knownCidrs));
    const exception = parseCidr(text);
    if (!exception) return;
    const isSubset = networkContains(block, exception.network) && block.prefixLength < exception.prefixLength;
    if (!isSubset) errors.push(invalid(exceptPath, text, NOT_A_SUBSET));
  });
}
