// What of a Service may change: addresses and families only grow or shrink at their end.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateServiceUpdate and below), Kubernetes v1.36.3.
import { type FieldError, forbidden, invalid, namedString } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type { Service, ServiceSpec } from '../../../schema/generated/types/core-v1.ts';
import type { StrategyContext } from '../../resource.ts';
import { validateLoadBalancerClass, validateLoadBalancerStatus } from './load-balancer-validation.ts';
import { isHeadless, needsHealthCheck } from './service-types.ts';
import { validateService } from './validation.ts';

const MAY_NOT_CHANGE = 'may not change once set';
const PRIMARY_IP_UNSET = 'primary clusterIP can not be unset';
const PRIMARY_FAMILY_UNSET = 'primary ipFamily can not be unset';
const SINGLE_STACK_FOR_IP = "must be set to 'SingleStack' when releasing the secondary clusterIP";
const SINGLE_STACK_FOR_FAMILY = "must be set to 'SingleStack' when releasing the secondary ipFamily";

const CLUSTER_IPS = FieldPath.of('spec', 'clusterIPs');
const FIRST_FAMILY = FieldPath.of('spec', 'ipFamilies').index(0);
const POLICY = FieldPath.of('spec', 'ipFamilyPolicy');
const LOAD_BALANCER_CLASS = FieldPath.of('spec', 'loadBalancerClass');
const STATUS_LOAD_BALANCER = FieldPath.of('status', 'loadBalancer');

export function validateServiceUpdate(service: Service, old: Service, context: StrategyContext): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { spec } = service;
  const keepsAddresses = spec.type !== 'ExternalName' && old.spec.type !== 'ExternalName';
  if (keepsAddresses) {
    if (!isHeadless(spec) || !isHeadless(old.spec)) validateClusterIpsKept(spec, old.spec, errors);
    if (!isHeadless(spec) && !isHeadless(old.spec)) validateFamiliesKept(spec, old.spec, errors);
  }
  const isLoadBalancer = spec.type === 'LoadBalancer';
  if (isLoadBalancer && old.spec.type === 'LoadBalancer' && spec.loadBalancerClass !== old.spec.loadBalancerClass) {
    errors.push(invalid(LOAD_BALANCER_CLASS, namedString(spec.loadBalancerClass), MAY_NOT_CHANGE));
  }
  validateLoadBalancerClass(isLoadBalancer, spec.loadBalancerClass, errors);
  const isHealthPortKept = (spec.healthCheckNodePort ?? 0) === (old.spec.healthCheckNodePort ?? 0);
  if (needsHealthCheck(old.spec) && needsHealthCheck(spec) && !isHealthPortKept) {
    errors.push(forbidden(FieldPath.of('spec', 'healthCheckNodePort'), FIELD_IMMUTABLE));
  }
  return [...errors, ...validateService(service, old, context)];
}

export function validateServiceStatusUpdate(
  { spec, status }: Service,
  old: Service,
  { features }: StrategyContext,
): readonly FieldError[] {
  return validateLoadBalancerStatus(
    status.loadBalancer,
    old.status.loadBalancer,
    STATUS_LOAD_BALANCER,
    spec.type,
    features,
  );
}

function validateClusterIpsKept(spec: ServiceSpec, old: ServiceSpec, errors: FieldError[]): void {
  const next = spec.clusterIPs ?? [];
  const before = old.clusterIPs ?? [];
  const value = shownField(spec, 'clusterIPs');
  if (before.length === next.length) {
    before.forEach((ip, i) => {
      if (ip !== next[i]) errors.push(invalid(CLUSTER_IPS.index(i), value, MAY_NOT_CHANGE));
    });
    return;
  }
  const isPrimaryChanged = before.length > 0 && next.length > 0 && before[0] !== next[0];
  if (before.length > next.length && next.length === 0) {
    errors.push(invalid(CLUSTER_IPS.index(0), value, PRIMARY_IP_UNSET));
  }
  if (isPrimaryChanged) errors.push(invalid(CLUSTER_IPS.index(0), value, MAY_NOT_CHANGE));
  if (before.length > next.length && next.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    errors.push(invalid(POLICY, namedString(spec.ipFamilyPolicy), SINGLE_STACK_FOR_IP));
  }
}

function validateFamiliesKept(spec: ServiceSpec, old: ServiceSpec, errors: FieldError[]): void {
  const next = spec.ipFamilies ?? [];
  const before = old.ipFamilies ?? [];
  const value = shownField(spec, 'ipFamilies');
  if (before.length === next.length) {
    before.forEach((family, i) => {
      if (family !== next[i]) errors.push(invalid(FIRST_FAMILY, value, MAY_NOT_CHANGE));
    });
    return;
  }
  if (before.length > next.length && (spec.clusterIPs ?? []).length === 0) {
    errors.push(invalid(FIRST_FAMILY, value, PRIMARY_FAMILY_UNSET));
  }
  // The value that upstream shows here is that of clusterIPs.
  const isPrimaryChanged = before.length > 0 && next.length > 0 && before[0] !== next[0];
  if (isPrimaryChanged) errors.push(invalid(FIRST_FAMILY, shownField(spec, 'clusterIPs'), MAY_NOT_CHANGE));
  if (before.length > next.length && next.length === 1 && spec.ipFamilyPolicy !== 'SingleStack') {
    errors.push(invalid(POLICY, namedString(spec.ipFamilyPolicy), SINGLE_STACK_FOR_FAMILY));
  }
}
