// Whether an Ingress may be stored.
// Behaviour: pkg/apis/networking/validation/validation.go (ValidateIngressCreate and what it calls), Kubernetes v1.36.3.
import { type FieldError, invalid, namedString, notSupported, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { parseIp } from '../../../apimachinery/ip-address.ts';
import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isValidPortName,
  isValidPortNum,
  isWildcardDns1123Subdomain,
} from '../../../apimachinery/validation/names.ts';
import { INGRESS_CLASS } from '../../../apimachinery/well-known/annotations.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type {
  HTTPIngressPath,
  Ingress,
  IngressBackend,
  IngressRule,
  IngressServiceBackend,
  IngressSpec,
  IngressTLS,
} from '../../../schema/generated/types/networking-v1.ts';
import { validateLegacyIp } from '../../core/ip-validation.ts';
import type { FeatureGates, StrategyContext } from '../../resource.ts';
import { validateTypedReference } from '../typed-reference.ts';

const CLASS_DIFFERS = 'must match `ingressClassName` when both are specified';
const NOTHING_TO_SERVE = 'either `defaultBackend` or `rules` must be specified';
const NOT_AN_IP = 'must be a DNS name, not an IP address';
const A_PATH_TYPE = 'pathType must be specified';
const ABSOLUTE_PATH = 'must be an absolute path';
const TWO_BACKENDS = 'cannot set both resource and service backends';
const A_BACKEND = 'resource or service backend is required';
const TWO_PORTS = 'cannot set both port name & port number';
const A_PORT = 'port name or number is required';

const SPEC = FieldPath.of('spec');
const LOAD_BALANCER = FieldPath.of('status', 'loadBalancer');

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const forbiddenSequences = ['//', '/./', '/../', '%2f', '%2F'];
const forbiddenSuffixes = ['/..', '/.'];

interface Options {
  readonly invalidSecretName: boolean;
  readonly invalidWildcardHostRule: boolean;
  readonly relaxedServiceName: boolean;
}

const STRICT: Options = { invalidSecretName: false, invalidWildcardHostRule: false, relaxedServiceName: false };

export function validateIngress(ingress: Ingress, { features }: StrategyContext): readonly FieldError[] {
  const { metadata, spec } = ingress;
  const errors = validateSpec(spec, optionsFor(undefined, features));
  const annotation = metadata.annotations?.[INGRESS_CLASS];
  const { ingressClassName } = spec;
  if (annotation !== undefined && ingressClassName !== undefined && annotation !== ingressClassName) {
    errors.push(invalid(FieldPath.of('annotations', INGRESS_CLASS), annotation, CLASS_DIFFERS));
  }
  return errors;
}

export function validateIngressUpdate(
  { spec }: Ingress,
  old: Ingress,
  { features }: StrategyContext,
): readonly FieldError[] {
  return validateSpec(spec, optionsFor(old.spec, features));
}

/** What the object had wrong before it may keep. */
function optionsFor(old: IngressSpec | undefined, features: FeatureGates): Options {
  const { rules = [], tls = [], defaultBackend } = old ?? {};
  const hadInvalidRule = ({ host, http }: IngressRule) => {
    if (!host?.includes('*')) return false;
    const errors: FieldError[] = [];
    validateRuleValue(http, SPEC, STRICT, errors);
    return errors.length > 0;
  };
  const services = [
    defaultBackend?.service,
    ...rules.flatMap(({ http }) => http?.paths?.map(({ backend }) => backend.service) ?? []),
  ];
  return {
    invalidSecretName: tls.some(({ secretName }) => validateSecretName(secretName).length > 0),
    invalidWildcardHostRule: rules.some(hadInvalidRule),
    relaxedServiceName: features.isEnabled('RelaxedServiceNameValidation') || services.some(needsRelaxedName),
  };
}

function needsRelaxedName(service: IngressServiceBackend | undefined): boolean {
  if (!service) return false;
  return isDns1123Label(service.name).length === 0 && isDns1035Label(service.name).length > 0;
}

function validateSpec(spec: IngressSpec, options: Options): FieldError[] {
  const errors: FieldError[] = [];
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  if (rules.length === 0 && !defaultBackend) errors.push(invalid(SPEC, shownField(spec, 'rules'), NOTHING_TO_SERVE));
  if (defaultBackend) validateBackend(defaultBackend, SPEC.child('defaultBackend'), options, errors);
  rules.forEach((rule, i) => {
    validateRule(rule, SPEC.child('rules').index(i), options, errors);
  });
  tls.forEach((entry, i) => {
    validateTls(entry, SPEC.child('tls').index(i), options, errors);
  });
  if (ingressClassName !== undefined) {
    for (const message of isDns1123Subdomain(ingressClassName)) {
      errors.push(invalid(SPEC.child('ingressClassName'), ingressClassName, message));
    }
  }
  return errors;
}

function validateHost(host: string, path: FieldPath, errors: FieldError[]): void {
  const messages = host.includes('*') ? isWildcardDns1123Subdomain(host) : isDns1123Subdomain(host);
  for (const message of messages) errors.push(invalid(path, host, message));
}

function validateTls({ hosts = [], secretName }: IngressTLS, path: FieldPath, options: Options, errors: FieldError[]) {
  hosts.forEach((host, i) => {
    validateHost(host, path.child('hosts').index(i), errors);
  });
  if (options.invalidSecretName) return;
  for (const message of validateSecretName(secretName)) {
    errors.push(invalid(path.child('secretName'), secretName, message));
  }
}

function validateSecretName(name: string | undefined): readonly string[] {
  return name ? isDns1123Subdomain(name) : [];
}

function validateRule({ host = '', http }: IngressRule, path: FieldPath, options: Options, errors: FieldError[]): void {
  if (host !== '') {
    const hostPath = path.child('host');
    if (parseIp(host)) errors.push(invalid(hostPath, host, NOT_AN_IP));
    validateHost(host, hostPath, errors);
  }
  if (!host.includes('*') || !options.invalidWildcardHostRule) validateRuleValue(http, path, options, errors);
}

function validateRuleValue(http: IngressRule['http'], path: FieldPath, options: Options, errors: FieldError[]): void {
  if (!http) return;
  const pathsPath = path.child('http', 'paths');
  const { paths = [] } = http;
  if (paths.length === 0) errors.push(required(pathsPath, ''));
  paths.forEach((entry, i) => {
    validatePath(entry, pathsPath.index(i), options, errors);
  });
}

function validatePath(
  { pathType, path: url = '', backend }: HTTPIngressPath,
  path: FieldPath,
  options: Options,
  errors: FieldError[],
): void {
  if (pathType === undefined) {
    errors.push(required(path.child('pathType'), A_PATH_TYPE));
    return;
  }
  const urlPath = path.child('path');
  switch (pathType) {
    case 'Exact':
    case 'Prefix':
      if (!url.startsWith('/')) errors.push(invalid(urlPath, url, ABSOLUTE_PATH));
      for (const sequence of forbiddenSequences) {
        if (url.includes(sequence)) errors.push(invalid(urlPath, url, `must not contain '${sequence}'`));
      }
      for (const suffix of forbiddenSuffixes) {
        if (url.endsWith(suffix)) errors.push(invalid(urlPath, url, `cannot end with '${suffix}'`));
      }
      break;
    case 'ImplementationSpecific':
      if (url !== '' && !url.startsWith('/')) errors.push(invalid(urlPath, url, ABSOLUTE_PATH));
      break;
    default:
      errors.push(notSupported(path.child('pathType'), namedString(pathType), pathTypes));
  }
  validateBackend(backend, path.child('backend'), options, errors);
}

function validateBackend(
  { resource, service }: IngressBackend,
  path: FieldPath,
  options: Options,
  errors: FieldError[],
): void {
  if (resource && service) errors.push(invalid(path, '', TWO_BACKENDS));
  else if (resource) validateTypedReference(resource, path.child('resource'), errors);
  else if (service) validateService(service, path, options, errors);
  else errors.push(invalid(path, '', A_BACKEND));
}

function validateService(
  { name, port }: IngressServiceBackend,
  path: FieldPath,
  { relaxedServiceName }: Options,
  errors: FieldError[],
): void {
  const namePath = path.child('service', 'name');
  if (!name) errors.push(required(namePath, ''));
  else {
    const messages = relaxedServiceName ? isDns1123Label(name) : isDns1035Label(name);
    for (const message of messages) errors.push(invalid(namePath, name, message));
  }
  const portPath = path.child('service', 'port');
  if (port.name && port.number) errors.push(invalid(path, '', TWO_PORTS));
  else if (port.name) {
    for (const message of isValidPortName(port.name)) errors.push(invalid(portPath.child('name'), port.name, message));
  } else if (port.number) {
    for (const message of isValidPortNum(port.number)) {
      errors.push(invalid(portPath.child('number'), port.number, message));
    }
  } else errors.push(required(path, A_PORT));
}

export function validateIngressStatus(
  { status }: Ingress,
  old: Ingress,
  { features }: StrategyContext,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const known = old.status.loadBalancer.ingress?.flatMap(({ ip }) => (ip ? [ip] : []));
  status.loadBalancer.ingress?.forEach(({ ip, hostname }, i) => {
    const path = LOAD_BALANCER.child('ingress').index(i);
    if (ip) errors.push(...validateLegacyIp(path.child('ip'), ip, features, known));
    if (!hostname) return;
    const hostPath = path.child('hostname');
    for (const message of isDns1123Subdomain(hostname)) errors.push(invalid(hostPath, hostname, message));
    if (parseIp(hostname)) errors.push(invalid(hostPath, hostname, NOT_AN_IP));
  });
  return errors;
}
