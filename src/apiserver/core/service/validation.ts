// Whether a Service may be stored.
// Behaviour: pkg/apis/core/validation/validation.go (validateService and below), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goStruct } from '../../../apimachinery/go/json.ts';
import { validateLabels } from '../../../apimachinery/validation/labels.ts';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
  isValidPortNum,
} from '../../../apimachinery/validation/names.ts';
import { DEPRECATED_TOPOLOGY_HINTS, TOPOLOGY_MODE } from '../../../apimachinery/well-known/annotations.ts';
import type { Service, ServicePort, ServiceSpec } from '../../../schema/generated/types/core-v1.ts';
import type { StrategyContext } from '../../resource.ts';
import { validateEndpointIp, validateLegacyIp } from '../ip-validation.ts';
import { validatePortNumOrName } from '../pod-spec/validation/containers/probe.ts';
import { pushInvalid, validateName } from '../pod-spec/validation/name.ts';
import { validateClusterIps } from './cluster-ip-validation.ts';
import { validateLoadBalancer } from './load-balancer-validation.ts';
import { isExternallyAccessible, isHeadless, needsHealthCheck, portsOf } from './service-types.ts';

const MODE_DIFFERS = `must match annotations[${DEPRECATED_TOPOLOGY_HINTS}] when both are specified`;
const NOT_FOR_EXTERNAL_NAME = 'may not be set for ExternalName services';
const NODE_PORT_ON_CLUSTER_IP = "may not be used when `type` is 'ClusterIP'";
const NOT_EXTERNALLY_ACCESSIBLE = 'may only be set for externally-accessible services';
const NO_HEALTH_CHECK = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
const AFFINITY_CONFIG_WITHOUT = 'must not be set when session affinity is None';
const AFFINITY_CONFIG_MISSING = 'when session affinity type is ClientIP';
const MAX_AFFINITY_SECONDS = 86_400;
const AFFINITY_RANGE = `must be greater than 0 and less than ${MAX_AFFINITY_SECONDS}`;

const SPEC = FieldPath.of('spec');
const PORTS = FieldPath.of('spec', 'ports');

const protocols = ['SCTP', 'TCP', 'UDP'];
const affinities = ['ClientIP', 'None'];
const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const trafficPolicies = ['Cluster', 'Local'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
const typesWithInternalPolicy: readonly (string | undefined)[] = ['NodePort', 'LoadBalancer', 'ClusterIP'];

/** `old` is the stored Service on an update: addresses that it has are not looked at again. */
export function validateService(
  service: Service,
  old: Service | undefined,
  { features }: StrategyContext,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { spec } = service;
  validateTopologyAnnotations(service.metadata.annotations ?? {}, errors);
  validateTypeFields(spec, errors);
  validatePorts(spec, errors);
  if (spec.selector) errors.push(...validateLabels(spec.selector, SPEC.child('selector')));
  validateSessionAffinity(spec, errors);
  errors.push(...validateClusterIps(spec, old?.spec, features));
  (spec.externalIPs ?? []).forEach((ip, i) => {
    const path = SPEC.child('externalIPs').index(i);
    const wrong = validateLegacyIp(path, ip, features, old?.spec.externalIPs);
    if (wrong.length > 0) errors.push(...wrong);
    else validateEndpointIp(ip, path, errors);
  });
  if (!spec.type) errors.push(required(SPEC.child('type'), ''));
  else if (!types.includes(spec.type)) {
    errors.push(notSupported(SPEC.child('type'), namedString(spec.type), types));
  }
  validateUniquePorts(spec, errors);
  validateLoadBalancer(service, old, features, errors);
  validateTrafficPolicies(spec, errors);
  validateTrafficDistribution(spec, errors);
  return errors;
}

function validateTopologyAnnotations(annotations: Readonly<Record<string, string>>, errors: FieldError[]): void {
  const mode = annotations[TOPOLOGY_MODE];
  const hints = annotations[DEPRECATED_TOPOLOGY_HINTS];
  if (mode === undefined || hints === undefined || mode === hints) return;
  errors.push(invalid(FieldPath.of('metadata', 'annotations').key(TOPOLOGY_MODE), mode, MODE_DIFFERS));
}

function validateTypeFields(spec: ServiceSpec, errors: FieldError[]): void {
  const { type, clusterIPs = [], ipFamilies = [] } = spec;
  const headless = isHeadless(spec);
  if (portsOf(spec).length === 0 && !headless && type !== 'ExternalName') errors.push(required(PORTS, ''));
  if ((type === 'LoadBalancer' || type === 'NodePort') && headless) {
    const detail = `may not be set to 'None' for ${type} services`;
    errors.push(invalid(SPEC.child('clusterIPs').index(0), clusterIPs[0], detail));
  }
  if (type !== 'ExternalName') return;
  if (clusterIPs.length > 0) errors.push(forbidden(SPEC.child('clusterIPs'), NOT_FOR_EXTERNAL_NAME));
  if (ipFamilies.length > 0) errors.push(forbidden(SPEC.child('ipFamilies'), NOT_FOR_EXTERNAL_NAME));
  if (spec.ipFamilyPolicy !== undefined) errors.push(forbidden(SPEC.child('ipFamilyPolicy'), NOT_FOR_EXTERNAL_NAME));
  // The name may end with a dot, which says that it is complete.
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (name === '') errors.push(required(SPEC.child('externalName'), ''));
  else validateName(isDns1123Subdomain, name, SPEC, 'externalName', errors);
}

function validatePorts(spec: ServiceSpec, errors: FieldError[]): void {
  const ports = portsOf(spec);
  const names = new Set<string>();
  ports.forEach(({ name = '', port, protocol = '', targetPort, appProtocol }, i) => {
    const path = PORTS.index(i);
    if (name === '') {
      if (ports.length > 1) errors.push(required(path.child('name'), ''));
    } else {
      validateName(isDns1123Label, name, path, 'name', errors);
      if (names.has(name)) errors.push(duplicate(path.child('name'), name));
      names.add(name);
    }
    pushInvalid(isValidPortNum(port), path.child('port'), port, errors);
    if (protocol === '') errors.push(required(path.child('protocol'), ''));
    else if (!protocols.includes(protocol)) {
      errors.push(notSupported(path.child('protocol'), namedString(protocol), protocols));
    }
    validatePortNumOrName(targetPort, path.child('targetPort'), errors);
    if (appProtocol !== undefined) validateName(isQualifiedName, appProtocol, path, 'appProtocol', errors);
  });
}

function validateSessionAffinity(
  { sessionAffinity = '', sessionAffinityConfig }: ServiceSpec,
  errors: FieldError[],
): void {
  const path = SPEC.child('sessionAffinityConfig');
  if (sessionAffinity === '') errors.push(required(SPEC.child('sessionAffinity'), ''));
  else if (!affinities.includes(sessionAffinity)) {
    errors.push(notSupported(SPEC.child('sessionAffinity'), namedString(sessionAffinity), affinities));
  }
  if (sessionAffinity === 'None' && sessionAffinityConfig) errors.push(forbidden(path, AFFINITY_CONFIG_WITHOUT));
  if (sessionAffinity !== 'ClientIP') return;
  const clientIpPath = path.child('clientIP');
  const timeoutPath = clientIpPath.child('timeoutSeconds');
  const timeout = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (!sessionAffinityConfig) errors.push(required(path, AFFINITY_CONFIG_MISSING));
  else if (!sessionAffinityConfig.clientIP) errors.push(required(clientIpPath, AFFINITY_CONFIG_MISSING));
  else if (timeout === undefined) errors.push(required(timeoutPath, AFFINITY_CONFIG_MISSING));
  else if (timeout <= 0 || timeout > MAX_AFFINITY_SECONDS) errors.push(invalid(timeoutPath, timeout, AFFINITY_RANGE));
}

function validateUniquePorts(spec: ServiceSpec, errors: FieldError[]): void {
  const ports = portsOf(spec);
  if (spec.type === 'ClusterIP') {
    ports.forEach(({ nodePort }, i) => {
      if (nodePort) errors.push(forbidden(PORTS.index(i).child('nodePort'), NODE_PORT_ON_CLUSTER_IP));
    });
  }
  const nodePorts = new Set<string>();
  ports.forEach(({ protocol, nodePort }, i) => {
    if (!nodePort) return;
    const key = `${protocol}/${nodePort}`;
    if (nodePorts.has(key)) errors.push(duplicate(PORTS.index(i).child('nodePort'), nodePort));
    nodePorts.add(key);
  });
  const seen = new Set<string>();
  ports.forEach((port, i) => {
    const key = `${port.protocol}/${port.port}`;
    if (seen.has(key)) errors.push(duplicate(PORTS.index(i), portKey(port)));
    seen.add(key);
  });
}

/** What upstream compares ports by: an internal port of which only number and protocol are filled in. */
function portKey({ protocol = '', port }: ServicePort): unknown {
  return goStruct({ Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 });
}

function validateTrafficPolicies(spec: ServiceSpec, errors: FieldError[]): void {
  const { externalTrafficPolicy = '', internalTrafficPolicy, healthCheckNodePort = 0 } = spec;
  const externalPath = SPEC.child('externalTrafficPolicy');
  if (!isExternallyAccessible(spec)) {
    if (externalTrafficPolicy !== '') {
      errors.push(invalid(externalPath, namedString(externalTrafficPolicy), NOT_EXTERNALLY_ACCESSIBLE));
    }
  } else if (externalTrafficPolicy === '') errors.push(required(externalPath, ''));
  else if (!trafficPolicies.includes(externalTrafficPolicy)) {
    errors.push(notSupported(externalPath, namedString(externalTrafficPolicy), trafficPolicies));
  }
  const healthPath = SPEC.child('healthCheckNodePort');
  if (!needsHealthCheck(spec)) {
    if (healthCheckNodePort !== 0) errors.push(invalid(healthPath, healthCheckNodePort, NO_HEALTH_CHECK));
  } else if (healthCheckNodePort === 0) errors.push(required(healthPath, ''));
  else pushInvalid(isValidPortNum(healthCheckNodePort), healthPath, healthCheckNodePort, errors);
  const internalPath = SPEC.child('internalTrafficPolicy');
  if (internalTrafficPolicy === undefined) {
    if (typesWithInternalPolicy.includes(spec.type)) errors.push(required(internalPath, ''));
  } else if (!trafficPolicies.includes(internalTrafficPolicy)) {
    errors.push(notSupported(internalPath, namedString(internalTrafficPolicy), trafficPolicies));
  }
}

function validateTrafficDistribution({ trafficDistribution }: ServiceSpec, errors: FieldError[]): void {
  if (trafficDistribution === undefined || distributions.includes(trafficDistribution)) return;
  errors.push(notSupported(SPEC.child('trafficDistribution'), trafficDistribution, distributions));
}
