// Whether a Node may be stored.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateNode, ValidateNodeUpdate), Kubernetes v1.36.3.
import { duplicate, type FieldError, forbidden, internalError, invalid } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { compareBytes, goStruct } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { DNS1123_SUBDOMAIN_MAX_LENGTH } from '../../../apimachinery/validation/names.ts';
import type { Node, NodeAddress } from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates, StrategyContext } from '../../resource.ts';
import { isDualStackCidrs, validateLegacyCidr } from '../ip-validation.ts';
import { validateResourceQuantityValue } from '../pod-spec/validation/containers/resource.ts';
import { validateNodeAnnotations } from './annotation-validation.ts';
import { validateConfigSourceSpec, validateConfigStatus } from './config-validation.ts';
import { validateTaints } from './taint-validation.ts';

const NOT_POSITIVE = 'must be greater than zero';
const ONE_CIDR_PER_FAMILY = 'may specify no more than one CIDR for each IP family';
const FEATURES_UNSORTED = 'list must be sorted alphabetically';
const POD_CIDR_SET = 'node updates may not change podCIDR except from "" to valid';
const PROVIDER_ID_SET = 'node updates may not change providerID except from "" to valid';
const EXTERNAL_ID_SET = 'may not be updated';
const FEATURE_FORM =
  "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";

const ANNOTATIONS = FieldPath.of('metadata', 'annotations');
/** Where upstream says that taints and swap are. */
const TAINTS = FieldPath.of('metadata', 'taints');
const SWAP_CAPACITY = FieldPath.of('metadata', 'nodeSwapStatus', 'capacity');
const POD_CIDRS = FieldPath.of('spec', 'podCIDRs');
const FEATURES = FieldPath.of('status', 'declaredFeatures');
const ADDRESSES = FieldPath.of('status', 'addresses');

const featureName = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;

export function validateNode(node: Node, { features }: StrategyContext): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { spec, status } = node;
  validateNodeAnnotations(node.metadata.annotations, ANNOTATIONS, errors);
  if (spec.taints) validateTaints(spec.taints, TAINTS, errors);
  validateResources(node, errors);
  const swap = status.nodeInfo.swap?.capacity;
  if (swap !== undefined && swap <= 0) errors.push(invalid(SWAP_CAPACITY, swap, NOT_POSITIVE));
  validateDeclaredFeatures(status.declaredFeatures ?? [], errors);
  validatePodCidrs(spec.podCIDRs ?? [], features, errors);
  return errors;
}

export function validateNodeUpdate(node: Node, old: Node): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { spec, status } = node;
  validateNodeAnnotations(node.metadata.annotations, ANNOTATIONS, errors);
  validateResources(node, errors);
  validateDeclaredFeatures(status.declaredFeatures ?? [], errors);
  validateAddresses(status.addresses ?? [], errors);
  validatePodCidrsKept(spec.podCIDRs ?? [], old.spec.podCIDRs ?? [], errors);
  if (old.spec.providerID && old.spec.providerID !== spec.providerID) {
    errors.push(forbidden(FieldPath.of('spec', 'providerID'), PROVIDER_ID_SET));
  }
  if (spec.configSource) validateConfigSourceSpec(spec.configSource, FieldPath.of('spec', 'configSource'), errors);
  if (status.config) validateConfigStatus(status.config, FieldPath.of('status', 'config'), errors);
  if (spec.taints) validateTaints(spec.taints, TAINTS, errors);
  if ((spec.externalID ?? '') !== (old.spec.externalID ?? '')) {
    errors.push(forbidden(FieldPath.of('spec', 'externalID'), EXTERNAL_ID_SET));
  }
  return errors;
}

function validateResources({ status }: Node, errors: FieldError[]): void {
  for (const list of ['capacity', 'allocatable'] as const) {
    const amounts = status[list] ?? {};
    for (const name of Object.keys(amounts).sort(compareBytes)) {
      const quantity = mustParseQuantity(amounts[name] ?? '0');
      validateResourceQuantityValue(name, quantity, FieldPath.of('status', list, name), errors);
    }
  }
}

function validateDeclaredFeatures(names: readonly string[], errors: FieldError[]): void {
  names.forEach((name, i) => {
    const wrong = featureNameError(name);
    if (wrong !== undefined) errors.push(invalid(FEATURES.index(i), name, wrong));
    const next = names[i + 1];
    if (next === undefined) return;
    const order = compareBytes(name, next);
    if (order === 0) errors.push(duplicate(FEATURES.index(i + 1), next));
    else if (order > 0) errors.push(invalid(FEATURES.index(i + 1), next, FEATURES_UNSORTED));
  });
}

function featureNameError(name: string): string | undefined {
  if (byteLength(name) > DNS1123_SUBDOMAIN_MAX_LENGTH) {
    return `invalid feature name ${goQuote(name)}: must be no more than ${DNS1123_SUBDOMAIN_MAX_LENGTH} characters`;
  }
  return featureName.test(name) ? undefined : `invalid feature name ${goQuote(name)}: ${FEATURE_FORM}`;
}

function validatePodCidrs(cidrs: readonly string[], features: FeatureGates, errors: FieldError[]): void {
  cidrs.forEach((cidr, i) => {
    errors.push(...validateLegacyCidr(POD_CIDRS.index(i), cidr, features));
  });
  if (cidrs.length < 2) return;
  const isDualStack = isDualStackCidrs(cidrs);
  if (isDualStack === undefined) errors.push(internalError(POD_CIDRS, dualStackError(cidrs)));
  if (!isDualStack || cidrs.length > 2) errors.push(invalid(POD_CIDRS, cidrs, ONE_CIDR_PER_FAMILY));
}

function dualStackError(cidrs: readonly string[]): string {
  const i = cidrs.findIndex((cidr) => isDualStackCidrs([cidr]) === undefined);
  const cause = `invalid CIDR[${i}]: <nil> (invalid CIDR address: ${cidrs[i]})`;
  return `invalid PodCIDRs. failed to check with dual stack with error:${cause}`;
}

function validateAddresses(addresses: readonly NodeAddress[], errors: FieldError[]): void {
  const seen = new Set<string>();
  addresses.forEach(({ type, address }, i) => {
    const key = `${type}/${address}`;
    if (seen.has(key)) errors.push(duplicate(ADDRESSES.index(i), goStruct({ Type: type, Address: address })));
    seen.add(key);
  });
}

/** A node's pod networks are given once. */
function validatePodCidrsKept(cidrs: readonly string[], old: readonly string[], errors: FieldError[]): void {
  if (old.length === 0) return;
  const changes = old.length === cidrs.length ? old.filter((cidr, i) => cidr !== cidrs[i]).length : 1;
  for (let i = 0; i < changes; i++) errors.push(forbidden(POD_CIDRS, POD_CIDR_SET));
}
