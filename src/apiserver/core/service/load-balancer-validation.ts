// Whether what a Service says about its load balancer makes sense, in its spec and in its status.
// Behaviour: pkg/apis/core/validation/validation.go (validateService, ValidateLoadBalancerStatus), Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { parseIp } from '../../../apimachinery/ip-address.ts';
import { isDns1123Subdomain, isQualifiedName } from '../../../apimachinery/validation/names.ts';
import type { LoadBalancerIngress, LoadBalancerStatus, Service } from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates } from '../../resource.ts';
import { validateLegacyCidr, validateLegacyIp } from '../ip-validation.ts';
import { validateName } from '../pod-spec/validation/name.ts';

const LOAD_BALANCER_ONLY = "may only be used when `type` is 'LoadBalancer'";
const STATUS_LOAD_BALANCER_ONLY = "may only be used when `spec.type` is 'LoadBalancer'";
const IP_MODE_MISSING = 'must be specified when `ip` is set';
const IP_MODE_ALONE = 'may not be specified when `ip` is not set';
const HOSTNAME_IS_IP = 'must be a DNS name, not an IP address';

const SOURCE_RANGES_ANNOTATION = 'service.beta.kubernetes.io/load-balancer-source-ranges';

const SPEC = FieldPath.of('spec');
/** Upstream writes this field with a capital letter. */
const SOURCE_RANGES = FieldPath.of('spec', 'LoadBalancerSourceRanges');

const ipModes = ['Proxy', 'VIP'];

export function validateLoadBalancer(
  service: Service,
  old: Service | undefined,
  features: FeatureGates,
  errors: FieldError[],
): void {
  const { type, allocateLoadBalancerNodePorts, loadBalancerClass } = service.spec;
  const isLoadBalancer = type === 'LoadBalancer';
  validateSourceRanges(service, old, features, errors);
  if (allocateLoadBalancerNodePorts !== undefined && !isLoadBalancer) {
    errors.push(forbidden(SPEC.child('allocateLoadBalancerNodePorts'), LOAD_BALANCER_ONLY));
  }
  if (allocateLoadBalancerNodePorts === undefined && isLoadBalancer) {
    errors.push(required(FieldPath.of('allocateLoadBalancerNodePorts'), ''));
  }
  validateLoadBalancerClass(isLoadBalancer, loadBalancerClass, errors);
}

export function validateLoadBalancerClass(
  isLoadBalancer: boolean,
  loadBalancerClass: string | undefined,
  errors: FieldError[],
): void {
  if (loadBalancerClass === undefined) return;
  if (isLoadBalancer) validateName(isQualifiedName, loadBalancerClass, SPEC, 'loadBalancerClass', errors);
  else errors.push(forbidden(SPEC.child('loadBalancerClass'), LOAD_BALANCER_ONLY));
}

function validateSourceRanges(
  { metadata, spec }: Service,
  old: Service | undefined,
  features: FeatureGates,
  errors: FieldError[],
): void {
  const { type, loadBalancerSourceRanges = [] } = spec;
  const annotation = metadata.annotations?.[SOURCE_RANGES_ANNOTATION];
  if (loadBalancerSourceRanges.length > 0) {
    if (type !== 'LoadBalancer') errors.push(forbidden(SOURCE_RANGES, LOAD_BALANCER_ONLY));
    const known = (old?.spec.loadBalancerSourceRanges ?? []).map((range) => range.trim());
    loadBalancerSourceRanges.forEach((range, i) => {
      errors.push(...validateLegacyCidr(SOURCE_RANGES.index(i), range.trim(), features, known));
    });
    return;
  }
  if (annotation === undefined) return;
  const path = FieldPath.of('metadata', 'annotations').key(SOURCE_RANGES_ANNOTATION);
  if (type !== 'LoadBalancer') errors.push(forbidden(path, LOAD_BALANCER_ONLY));
  const isKept = old?.metadata.annotations?.[SOURCE_RANGES_ANNOTATION] === annotation;
  if (isKept || annotation.trim() === '') return;
  for (const range of annotation.trim().split(',')) errors.push(...validateLegacyCidr(path, range.trim(), features));
}

export function validateLoadBalancerStatus(
  { ingress = [] }: LoadBalancerStatus,
  old: LoadBalancerStatus,
  path: FieldPath,
  type: string | undefined,
  features: FeatureGates,
): readonly FieldError[] {
  const ingressPath = path.child('ingress');
  if (type !== 'LoadBalancer' && ingress.length > 0) return [forbidden(ingressPath, STATUS_LOAD_BALANCER_ONLY)];
  const errors: FieldError[] = [];
  const known = (old.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
  ingress.forEach((each, i) => {
    const { ip } = each;
    const itemPath = ingressPath.index(i);
    if (ip) errors.push(...validateLegacyIp(itemPath.child('ip'), ip, features, known));
    validateIpMode(each, itemPath.child('ipMode'), errors);
    validateHostname(each, itemPath, errors);
  });
  return errors;
}

function validateIpMode({ ip, ipMode }: LoadBalancerIngress, path: FieldPath, errors: FieldError[]): void {
  if (ipMode === undefined) {
    if (ip) errors.push(required(path, IP_MODE_MISSING));
  } else if (!ip) errors.push(forbidden(path, IP_MODE_ALONE));
  else if (!ipModes.includes(ipMode)) errors.push(notSupported(path, namedString(ipMode), ipModes));
}

function validateHostname({ hostname }: LoadBalancerIngress, path: FieldPath, errors: FieldError[]): void {
  if (!hostname) return;
  validateName(isDns1123Subdomain, hostname, path, 'hostname', errors);
  if (parseIp(hostname)) errors.push(invalid(path.child('hostname'), hostname, HOSTNAME_IS_IP));
}
