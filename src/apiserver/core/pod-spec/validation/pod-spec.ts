// Whether a pod spec or a pod template makes sense: what the API server refuses, in upstream's order and words.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePodSpec, ValidatePodTemplateSpec), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../../apimachinery/field-path.ts';
import { MAX_INT32 } from '../../../../apimachinery/go/integer-limits.ts';
import { validateLabels } from '../../../../apimachinery/validation/labels.ts';
import {
  inclusiveRangeError,
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
} from '../../../../apimachinery/validation/names.ts';
import { validateAnnotations } from '../../../../apimachinery/validation/object-meta.ts';
import { CONFIG_MIRROR } from '../../../../apimachinery/well-known/annotations.ts';
import type { PodResourceClaim, PodSpec, PodTemplateSpec } from '../../../../schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../../schema/generated/types/meta-v1.ts';
import { structValue } from '../internal-value.ts';
import { containerPath, visitContainers } from '../visit-containers.ts';
import {
  validateAppArmorAnnotationsMatch,
  validatePodAnnotations,
  validateSeccompAnnotationsMatch,
} from './annotation.ts';
import {
  type ContainerScope,
  validateContainers,
  validateEphemeralContainers,
  validateInitContainers,
} from './containers/container.ts';
import { validateFileKeyRefVolumes } from './containers/env.ts';
import { validateOverhead, validatePodResources } from './containers/resource.ts';
import { validateDnsConfig, validateHostAliases, validateHostnameOverride } from './dns.ts';
import { pushInvalid, validateName } from './name.ts';
import type { PodValidationOptions } from './options.ts';
import { validateAffinity } from './placement/affinity.ts';
import { validateTolerations } from './placement/toleration.ts';
import { validateTopologySpreadConstraints } from './placement/topology-spread.ts';
import { validatePodSecurityContext } from './security-context.ts';
import { validateVolumes } from './volumes/volume.ts';
import { validateHostProcess, validateOs } from './windows.ts';

const NO_EPHEMERAL_CONTAINERS = 'ephemeral containers not allowed in pod template';
const NO_CLAIMS_FOR_STATIC_PODS = 'static pods do not support resource claims';
const ONE_CLAIM_SOURCE = 'at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified';
const A_CLAIM_SOURCE = 'must specify one of: `resourceClaimName`, `resourceClaimTemplateName`';
const HOST_PORT_DIFFERS = 'must match `containerPort` when `hostNetwork` is true';
const WITHOUT_HOST_USERS = 'when `hostUsers` is false';
const A_POD_GROUP = 'must specify one of: `podGroupName`';

const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const preemptionPolicies = ['PreemptLowerPriority', 'Never'];

/** ValidatePodTemplateSpec: labels, annotations and spec of a template; `path` is the template's. */
export function validatePodTemplateSpec(
  template: PodTemplateSpec,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const { spec, metadata } = template;
  const { annotations } = metadata;
  const specPath = path.child('spec');
  const errors: FieldError[] = [
    ...validateLabels(metadata.labels, path.child('labels')),
    ...validateAnnotations(annotations, path.child('annotations')),
  ];
  validatePodAnnotations(annotations, spec, path.child('annotations'), options, errors);
  errors.push(...validatePodSpec(spec, undefined, specPath, options));
  validateSeccompAnnotationsMatch(annotations, spec, specPath, errors);
  validateAppArmorAnnotationsMatch(annotations, spec, specPath, errors);
  if (spec.ephemeralContainers?.length) {
    errors.push(forbidden(specPath.child('ephemeralContainers'), NO_EPHEMERAL_CONTAINERS));
  }
  return errors;
}

/** ValidatePodSpec; `metadata` is the pod's, absent where a template is validated. */
export function validatePodSpec(
  spec: PodSpec,
  metadata: ObjectMeta | undefined,
  path: FieldPath,
  options: PodValidationOptions,
): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.terminationGracePeriodSeconds === undefined) {
    errors.push(required(path.child('terminationGracePeriodSeconds'), ''));
  }
  const { containers = [], initContainers = [], resourceClaims = [], restartPolicy = '' } = spec;
  const scope: ContainerScope = {
    volumes: validateVolumes(spec.volumes ?? [], metadata, path.child('volumes'), options, errors),
    claimNames: new Set(resourceClaims.map(({ name }) => name).filter(Boolean)),
    gracePeriod: spec.terminationGracePeriodSeconds,
    os: spec.os,
    restartPolicy,
    hostUsers: spec.hostUsers ?? true,
    options,
  };
  if (resourceClaims.length > 0) {
    validateResourceClaims(resourceClaims, metadata, path.child('resourceClaims'), errors);
  }
  validateContainers(containers, scope, path.child('containers'), errors);
  validateInitContainers(initContainers, containers, scope, path.child('initContainers'), errors);
  validateEphemeralContainers(spec, scope, path.child('ephemeralContainers'), errors);
  if (options.podLevelResourcesEnabled) validatePodResources(spec, scope.claimNames, path, options, errors);
  validateHostNetworkPorts(spec, path, options, errors);
  validateMember(restartPolicy, restartPolicies, path, 'restartPolicy', errors);
  validateMember(spec.dnsPolicy ?? '', dnsPolicies, path, 'dnsPolicy', errors);
  errors.push(...validateLabels(spec.nodeSelector, path.child('nodeSelector')));
  validatePodSecurityContext(spec.securityContext ?? {}, spec, path.child('securityContext'), options, errors);
  if (spec.affinity) validateAffinity(spec.affinity, options, path.child('affinity'), errors);
  validateDnsConfig(spec, path.child('dnsConfig'), options, errors);
  validateGates(spec, path, errors);
  if (spec.topologySpreadConstraints) {
    const constraintsPath = path.child('topologySpreadConstraints');
    validateTopologySpreadConstraints(spec.topologySpreadConstraints, constraintsPath, options, errors);
  }
  validateHostProcess(spec, path, errors);
  validateHostUsers(spec, path, options, errors);
  validateHostnameOverride(spec, path, errors);
  validateNames(spec, path, options, errors);
  if (spec.preemptionPolicy !== undefined) {
    validateMember(spec.preemptionPolicy, preemptionPolicies, path, 'preemptionPolicy', errors);
  }
  if (spec.overhead) validateOverhead(spec.overhead, path.child('overhead'), options, errors);
  validateOs(spec, path, errors);
  if (spec.schedulingGroup) validateSchedulingGroup(spec.schedulingGroup, path.child('schedulingGroup'), errors);
  validateFileKeyRefVolumes(spec, path, errors);
  return errors;
}

function validateMember(
  value: string,
  supported: readonly string[],
  path: FieldPath,
  child: string,
  errors: FieldError[],
): void {
  if (value === '') errors.push(required(path.child(child), ''));
  else if (!supported.includes(value)) errors.push(notSupported(path.child(child), namedString(value), supported));
}

function validateResourceClaims(
  claims: readonly PodResourceClaim[],
  metadata: ObjectMeta | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  const isStatic = metadata?.annotations?.[CONFIG_MIRROR] !== undefined;
  const names = new Set<string>();
  claims.forEach((claim, i) => {
    if (isStatic) {
      errors.push(forbidden(FieldPath.of(''), NO_CLAIMS_FOR_STATIC_PODS));
      return;
    }
    const { name, resourceClaimName, resourceClaimTemplateName } = claim;
    const entryPath = path.index(i);
    if (!name) errors.push(required(entryPath.child('name'), ''));
    else if (names.has(name)) errors.push(duplicate(entryPath.child('name'), name));
    else {
      validateName(isDns1123Label, name, entryPath, 'name', errors);
      names.add(name);
    }
    const hasName = resourceClaimName !== undefined;
    if (hasName === (resourceClaimTemplateName !== undefined)) {
      const value = structValue('PodResourceClaim', claim);
      errors.push(invalid(entryPath, value, hasName ? ONE_CLAIM_SOURCE : A_CLAIM_SOURCE));
    }
    if (hasName) validateName(isDns1123Subdomain, resourceClaimName, entryPath, 'resourceClaimName', errors);
    if (resourceClaimTemplateName !== undefined) {
      validateName(isDns1123Subdomain, resourceClaimTemplateName, entryPath, 'resourceClaimTemplateName', errors);
    }
  });
}

/** In a template a port may be left out: the pod's defaults will fill it in. */
function validateHostNetworkPorts(
  { hostNetwork, containers }: PodSpec,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  if (!hostNetwork) return;
  containers?.forEach(({ ports }, i) => {
    ports?.forEach(({ hostPort = 0, containerPort = 0 }, j) => {
      if (hostPort === containerPort || (hostPort === 0 && !options.resourceIsPod)) return;
      const portPath = path.child('containers').index(i).child('ports').index(j);
      errors.push(invalid(portPath.child('hostPort'), hostPort, HOST_PORT_DIFFERS));
    });
  });
}

function validateGates({ readinessGates, schedulingGates }: PodSpec, path: FieldPath, errors: FieldError[]): void {
  readinessGates?.forEach(({ conditionType }, i) => {
    const messages = isQualifiedName(conditionType);
    pushInvalid(messages, path.child('readinessGates').index(i).child('conditionType'), conditionType, errors);
  });
  const names = new Set<string>();
  schedulingGates?.forEach(({ name }, i) => {
    const gatePath = path.child('schedulingGates').index(i);
    pushInvalid(isQualifiedName(name), gatePath, name, errors);
    if (names.has(name)) errors.push(duplicate(gatePath, name));
    names.add(name);
  });
}

/** What user namespaces do not go together with. */
function validateHostUsers(spec: PodSpec, path: FieldPath, options: PodValidationOptions, errors: FieldError[]): void {
  if (spec.hostUsers !== false) return;
  if (spec.hostNetwork && !options.allowUserNamespacesHostNetworkSupport) {
    errors.push(forbidden(path.child('hostNetwork'), WITHOUT_HOST_USERS));
  }
  // The names are upstream's.
  if (spec.hostPID) errors.push(forbidden(path.child('HostPID'), WITHOUT_HOST_USERS));
  if (spec.hostIPC) errors.push(forbidden(path.child('HostIPC'), WITHOUT_HOST_USERS));
  if (options.allowUserNamespacesWithVolumeDevices) return;
  visitContainers(spec, ({ volumeDevices }, list, i) => {
    if (!volumeDevices?.length) return;
    errors.push(forbidden(containerPath(path, list, i).child('volumeDevices'), WITHOUT_HOST_USERS));
  });
}

function validateNames(spec: PodSpec, path: FieldPath, options: PodValidationOptions, errors: FieldError[]): void {
  const { activeDeadlineSeconds: deadline, tolerations, hostAliases, runtimeClassName } = spec;
  const check = (field: 'serviceAccountName' | 'nodeName' | 'priorityClassName') => {
    const name = spec[field];
    if (name) validateName(isDns1123Subdomain, name, path, field, errors);
  };
  check('serviceAccountName');
  check('nodeName');
  if (deadline !== undefined && (deadline < 1 || deadline > MAX_INT32)) {
    errors.push(invalid(path.child('activeDeadlineSeconds'), deadline, inclusiveRangeError(1, MAX_INT32)));
  }
  if (spec.hostname) validateName(isDns1123Label, spec.hostname, path, 'hostname', errors);
  if (spec.subdomain) validateName(isDns1123Label, spec.subdomain, path, 'subdomain', errors);
  if (tolerations) validateTolerations(tolerations, path.child('tolerations'), options, errors);
  if (hostAliases) validateHostAliases(hostAliases, path.child('hostAliases'), options, errors);
  check('priorityClassName');
  if (runtimeClassName !== undefined) {
    validateName(isDns1123Subdomain, runtimeClassName, path, 'runtimeClassName', errors);
  }
}

function validateSchedulingGroup(
  { podGroupName }: NonNullable<PodSpec['schedulingGroup']>,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (podGroupName !== undefined) validateName(isDns1123Subdomain, podGroupName, path, 'podGroupName', errors);
  else errors.push(invalid(path.child('podGroupName'), namedString(undefined), A_POD_GROUP));
}
