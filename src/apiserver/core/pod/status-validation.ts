// Whether an update of a pod's status says something that can be.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePodStatusUpdate), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  forbidden,
  internalError,
  invalid,
  namedString,
  notSupported,
  required,
  tooLong,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import { isIpv4, parseIp } from '../../../apimachinery/ip-address.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { isValidIpForLegacyField } from '../../../apimachinery/validation/ip.ts';
import {
  isDns1123Label,
  isDns1123Subdomain,
  isQualifiedName,
  isValidGroupId,
  isValidUserId,
} from '../../../apimachinery/validation/names.ts';
import { validateImmutableField } from '../../../apimachinery/validation/object-meta.ts';
import type {
  Container,
  ContainerStatus,
  LinuxContainerUser,
  Pod,
  PodExtendedResourceClaimStatus,
  PodSpec,
  PodStatus,
  ResourceStatus,
} from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates } from '../../resource.ts';
import { structListValue } from '../pod-spec/internal-value.ts';
import { isNativeResource } from '../pod-spec/resource-names.ts';
import { pushInvalid, validateName } from '../pod-spec/validation/name.ts';
import type { PodStatusOptions } from '../pod-spec/validation/options.ts';
import { isRestartableInitContainer } from '../pod-spec/visit-containers.ts';
import { allContainersCouldRestart, containerShouldRestart } from './restart.ts';
import { validateAnnotationUpdates } from './update-validation.ts';

const NEGATIVE_GENERATION = 'must be a non-negative integer';
const NODE_NAME = 'may not be changed directly';
const ALREADY_BOUND = 'may not be set on pods that are already bound to a node';
const TERMINATED = 'may not be transitioned to non-terminated state';
const NO_SUCH_CLAIM = 'must match the name of an entry in `spec.resourceClaims`';
const A_REQUEST_MAPPING = 'at least one request mapping is required';
const NO_SUCH_RESOURCE =
  'must match the extended resource name of an entry in spec.initContainers.resources.requests or spec.containers.resources.requests';
const NO_SUCH_CONTAINER = 'must match the name of an entry in spec.initContainers.name or spec.containers.name';
const NOT_EMPTY = 'must not be empty';
const NO_MAPPING = 'no mapping found in pod reference';
const NOT_ALLOCATABLE = 'must be a node allocatable resource name';
const NEGATIVE_AMOUNT = 'must be non-negative';
const ONE_PER_FAMILY = 'may specify no more than one IP for each IP family';
const FIRST_HOST_IP = 'must be equal to `hostIP`';
const NOT_ON_WINDOWS = 'cannot be set for a windows pod';
const NO_ALLOCATED_RESOURCES = 'must not be specified in container status';
const CLAIM_FORMAT =
  "must match one of the container's resource claims in a format 'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty";
const NO_SUCH_REQUEST = "must match one of the container's resource requests";
const EMPTY_MESSAGE = 'must be non-empty if specified';
const EMPTY_IMAGE_REF = 'imageRef must not be empty';
const MAX_HEALTH_MESSAGE = 1024;
const MAX_IMAGE_REF = 256;

const STATUS = FieldPath.of('status');
const systemConditions: ReadonlySet<string> = new Set(['PodScheduled', 'Ready', 'Initialized']);
const healthValues = ['Healthy', 'Unhealthy', 'Unknown'];
const STATUS_LISTS = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;
const LIST_PATHS = {
  containerStatuses: STATUS.child('containerStatuses'),
  initContainerStatuses: STATUS.child('initContainerStatuses'),
  ephemeralContainerStatuses: STATUS.child('ephemeralContainerStatuses'),
};
const QOS_CLASS = STATUS.child('qosClass');
const NO_STATUSES: readonly ContainerStatus[] = [];

export function validatePodStatusUpdate(
  pod: Pod,
  old: Pod,
  options: PodStatusOptions,
  features: FeatureGates,
): FieldError[] {
  const errors: FieldError[] = [];
  const { spec, status } = pod;
  validateAnnotationUpdates(pod, old, options, errors);
  validateConditions(status, errors);
  if ((spec.nodeName ?? '') !== (old.spec.nodeName ?? '')) errors.push(forbidden(STATUS.child('nodeName'), NODE_NAME));
  validateNomination(status, old, features, errors);
  if ((status.observedGeneration ?? 0) < 0) {
    errors.push(invalid(STATUS.child('observedGeneration'), status.observedGeneration, NEGATIVE_GENERATION));
  }
  const qosClass = status.qosClass ?? '';
  errors.push(...validateImmutableField(qosClass, old.status.qosClass ?? '', QOS_CLASS));
  validateTransitions(status, old, options, errors);
  validateClaimStatuses(status, spec, errors);
  if (status.extendedResourceClaimStatus) {
    validateExtendedClaim(status.extendedResourceClaimStatus, spec, errors);
  }
  validateAllocatableClaims(status, spec, errors);
  validatePodIps(status, old.status, options, errors);
  validateHostIps(status, old.status, options, errors);
  for (const list of STATUS_LISTS) validateUsers(status[list] ?? NO_STATUSES, spec, LIST_PATHS[list], errors);
  validateAllocated(status.containerStatuses, spec.containers, LIST_PATHS.containerStatuses, errors);
  validateAllocated(status.initContainerStatuses, spec.initContainers, LIST_PATHS.initContainerStatuses, errors);
  status.ephemeralContainerStatuses?.forEach(({ allocatedResourcesStatus }, i) => {
    if (!allocatedResourcesStatus?.length) return;
    const path = STATUS.child('ephemeralContainerStatuses').index(i).child('allocatedResourcesStatus');
    errors.push(forbidden(path, NO_ALLOCATED_RESOURCES));
  });
  if (options.allowImageVolumeWithDigest) for (const list of STATUS_LISTS) validateImageRefs(status, list, errors);
  return errors;
}

function validateConditions({ conditions = [] }: PodStatus, errors: FieldError[]): void {
  conditions.forEach(({ type, observedGeneration = 0 }, i) => {
    const messages = systemConditions.has(type) ? [] : isQualifiedName(type);
    if (observedGeneration >= 0 && messages.length === 0) return;
    const path = STATUS.child('conditions').index(i);
    if (observedGeneration < 0) {
      errors.push(invalid(path.child('observedGeneration'), observedGeneration, NEGATIVE_GENERATION));
    }
    pushInvalid(messages, path.child('Type'), type, errors);
  });
}

function validateNomination(
  { nominatedNodeName = '' }: PodStatus,
  old: Pod,
  features: FeatureGates,
  errors: FieldError[],
): void {
  if (nominatedNodeName === '' || nominatedNodeName === (old.status.nominatedNodeName ?? '')) return;
  validateName(isDns1123Subdomain, nominatedNodeName, STATUS, 'nominatedNodeName', errors);
  if (old.spec.nodeName && features.isEnabled('ClearingNominatedNodeNameAfterBinding')) {
    errors.push(forbidden(STATUS.child('nominatedNodeName'), ALREADY_BOUND));
  }
}

/** What has ended stays so, unless the restart policies say otherwise. */
function validateTransitions(status: PodStatus, old: Pod, options: PodStatusOptions, errors: FieldError[]): void {
  if (!STATUS_LISTS.some((list) => old.status[list])) return;
  const { spec } = old;
  const { allowContainerRestartPolicyRules: hasRules, allowRestartAllContainers } = options;
  const all = hasRules && allowRestartAllContainers && allContainersCouldRestart(spec);
  const byOldRule = (isSidecar: (name: string) => boolean) => (name: string, exitCode: number) =>
    spec.restartPolicy === 'Always' || (exitCode !== 0 && spec.restartPolicy === 'OnFailure') || isSidecar(name);
  const byRules = (containers: readonly Container[] | undefined) => (name: string, exitCode: number) => {
    const container = containers?.find((candidate) => candidate.name === name);
    return container !== undefined && containerShouldRestart(container, spec, exitCode, allowRestartAllContainers);
  };
  const isSidecar = (name: string) =>
    spec.initContainers?.some((container) => container.name === name && isRestartableInitContainer(container)) ?? false;
  if (!all) {
    const mayRestart = hasRules ? byRules(spec.containers) : byOldRule(() => false);
    validateTransition(status, old.status, 'containerStatuses', mayRestart, errors);
    const mayRestartInit = hasRules ? byRules(spec.initContainers) : byOldRule(isSidecar);
    validateTransition(status, old.status, 'initContainerStatuses', mayRestartInit, errors);
  }
  validateTransition(status, old.status, 'ephemeralContainerStatuses', () => false, errors);
}

function validateTransition(
  status: PodStatus,
  old: PodStatus,
  list: (typeof STATUS_LISTS)[number],
  mayRestart: (name: string, exitCode: number) => boolean,
  errors: FieldError[],
): void {
  old[list]?.forEach(({ name, state }, i) => {
    if (!state.terminated || mayRestart(name, state.terminated.exitCode)) return;
    const runs = status[list]?.some((next) => next.name === name && !next.state.terminated);
    if (runs) errors.push(forbidden(STATUS.child(list).index(i).child('state'), TERMINATED));
  });
}

function validateClaimStatuses(status: PodStatus, spec: PodSpec, errors: FieldError[]): void {
  if (!status.resourceClaimStatuses) return;
  const names = new Set<string>();
  status.resourceClaimStatuses.forEach(({ name, resourceClaimName }, i) => {
    const path = STATUS.child('resourceClaimStatuses').index(i);
    if (!spec.resourceClaims?.some((claim) => claim.name === name)) {
      errors.push(invalid(path.child('name'), name, NO_SUCH_CLAIM));
    }
    if (names.has(name)) errors.push(duplicate(path.child('name'), name));
    names.add(name);
    if (resourceClaimName === undefined) return;
    const shown = namedString(resourceClaimName);
    pushInvalid(isDns1123Subdomain(resourceClaimName), path.child('resourceClaimName'), shown, errors);
  });
}

function validateExtendedClaim(
  { requestMappings = [], resourceClaimName }: PodExtendedResourceClaimStatus,
  spec: PodSpec,
  errors: FieldError[],
): void {
  const path = STATUS.child('extendedResourceClaimStatus');
  const mappings = path.child('requestMappings');
  const containers = new Map(
    [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map((container) => [container.name, container]),
  );
  if (requestMappings.length === 0) errors.push(required(mappings, A_REQUEST_MAPPING));
  const seen = new Set<string>();
  requestMappings.forEach(({ containerName, resourceName, requestName }, i) => {
    const entryPath = mappings.index(i);
    const container = containers.get(containerName);
    if (!container) errors.push(invalid(entryPath.child('containerName'), containerName, NO_SUCH_CONTAINER));
    else if (container.resources.requests?.[resourceName] === undefined) {
      errors.push(invalid(entryPath.child('resourceName'), resourceName, NO_SUCH_RESOURCE));
    }
    validateName(isDns1123Label, requestName, path, 'requestName', errors);
    const key = JSON.stringify([containerName, resourceName, requestName]);
    if (seen.has(key)) {
      errors.push(duplicate(entryPath.child('containerName'), containerName));
      errors.push(duplicate(entryPath.child('resourceName'), resourceName));
      errors.push(duplicate(entryPath.child('requestName'), requestName));
    }
    seen.add(key);
  });
  if (!resourceClaimName) errors.push(required(path.child('resourceClaimName'), ''));
  else validateName(isDns1123Subdomain, resourceClaimName, path, 'resourceClaimName', errors);
}

function validateAllocatableClaims(status: PodStatus, spec: PodSpec, errors: FieldError[]): void {
  if (!status.nodeAllocatableResourceClaimStatuses) return;
  const references = [...(spec.resourceClaims ?? []), ...(status.resourceClaimStatuses ?? [])];
  status.nodeAllocatableResourceClaimStatuses.forEach(({ resourceClaimName, containers, resources = {} }, i) => {
    const path = STATUS.child('nodeAllocatableResourceClaimStatuses').index(i);
    const namePath = path.child('resourceClaimName');
    if (!resourceClaimName) errors.push(required(namePath, NOT_EMPTY));
    if (!references.some((reference) => reference.resourceClaimName === resourceClaimName)) {
      errors.push(invalid(namePath, resourceClaimName, NO_MAPPING));
    }
    if (!containers?.length) errors.push(required(path.child('containers'), NOT_EMPTY));
    const resourcesPath = path.child('resources');
    if (Object.keys(resources).length === 0) errors.push(required(resourcesPath, NOT_EMPTY));
    for (const [name, text] of Object.entries(resources)) {
      const entryPath = resourcesPath.key(name);
      if (!isNativeResource(name)) errors.push(invalid(entryPath, namedString(name), NOT_ALLOCATABLE));
      if (mustParseQuantity(text).sign() < 0) errors.push(invalid(entryPath, text, NEGATIVE_AMOUNT));
    }
  });
}

interface Address {
  readonly ip: string;
}

const POD_IPS = { path: STATUS.child('podIPs'), type: 'PodIP' };
const HOST_IPS = { path: STATUS.child('hostIPs'), type: 'HostIP' };

function validatePodIps(status: PodStatus, old: PodStatus, options: PodStatusOptions, errors: FieldError[]): void {
  validateIps(status.podIPs ?? [], old.podIPs ?? [], POD_IPS, options, errors);
}

function validateHostIps(status: PodStatus, old: PodStatus, options: PodStatusOptions, errors: FieldError[]): void {
  const { hostIP = '', hostIPs = [] } = status;
  const first = hostIPs[0];
  if (!first) return;
  if (first.ip !== hostIP) errors.push(invalid(HOST_IPS.path.index(0).child('ip'), first.ip, FIRST_HOST_IP));
  validateIps(hostIPs, old.hostIPs ?? [], HOST_IPS, options, errors);
}

function validateIps(
  addresses: readonly Address[],
  old: readonly Address[],
  { path, type }: typeof POD_IPS,
  options: PodStatusOptions,
  errors: FieldError[],
): void {
  const known = old.map(({ ip }) => ip);
  addresses.forEach(({ ip }, i) => {
    errors.push(...isValidIpForLegacyField(path.index(i), ip, options.strictIpValidation, known));
  });
  if (addresses.length < 2) return;
  const families = new Set(addresses.map(({ ip }) => familyOf(ip)));
  const bad = addresses.find(({ ip }) => familyOf(ip) === undefined);
  if (bad) {
    const at = addresses.indexOf(bad);
    const text = `failed to check for dual stack with error:invalid IP[${at}]: ${bad.ip}`;
    errors.push(internalError(path, text));
  }
  if (bad || families.size < 2 || addresses.length > 2) {
    errors.push(invalid(path, structListValue(type, addresses), ONE_PER_FAMILY));
  }
}

function familyOf(text: string): 4 | 6 | undefined {
  const ip = parseIp(text);
  return ip && (isIpv4(ip) ? 4 : 6);
}

function validateUsers(
  statuses: readonly ContainerStatus[],
  spec: PodSpec,
  path: FieldPath,
  errors: FieldError[],
): void {
  const os = spec.os?.name ?? 'linux';
  statuses.forEach(({ user }, i) => {
    if (!user?.linux) return;
    const userPath = path.index(i).child('user', 'linux');
    if (os === 'windows') errors.push(forbidden(userPath, NOT_ON_WINDOWS));
    else if (os === 'linux') validateUser(user.linux, userPath, errors);
  });
}

function validateUser(
  { uid, gid, supplementalGroups }: LinuxContainerUser,
  path: FieldPath,
  errors: FieldError[],
): void {
  pushInvalid(isValidUserId(uid), path.child('uid'), uid, errors);
  pushInvalid(isValidGroupId(gid), path.child('gid'), gid, errors);
  supplementalGroups?.forEach((group, i) => {
    pushInvalid(isValidGroupId(group), path.child('supplementalGroups').index(i), group, errors);
  });
}

function validateAllocated(
  statuses: readonly ContainerStatus[] | undefined,
  containers: readonly Container[] | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  statuses?.forEach(({ name, allocatedResourcesStatus }, i) => {
    const container = containers?.find((candidate) => candidate.name === name);
    allocatedResourcesStatus?.forEach((allocated, j) => {
      const entryPath = path.index(i).child('allocatedResourcesStatus').index(j);
      validateAllocatedName(allocated.name, container, entryPath, errors);
      validateHealth(allocated, entryPath, errors);
    });
  });
}

function validateAllocatedName(
  name: string,
  container: Container | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!container) return;
  const { claims = [], requests } = container.resources;
  const isClaim = name.startsWith('claim:');
  const isKnown = isClaim
    ? claims.some((claim) => name === `claim:${claim.name}${claim.request ? `/${claim.request}` : ''}`)
    : requests?.[name] !== undefined;
  if (!isKnown) errors.push(invalid(path.child('name'), namedString(name), isClaim ? CLAIM_FORMAT : NO_SUCH_REQUEST));
}

function validateHealth({ resources }: ResourceStatus, path: FieldPath, errors: FieldError[]): void {
  const ids = new Set<string>();
  resources?.forEach(({ resourceID, health = '', message }, i) => {
    const entryPath = path.child('resources').index(i);
    if (!healthValues.includes(health)) {
      errors.push(notSupported(entryPath.child('health'), namedString(health), healthValues));
    }
    if (message === '') errors.push(required(entryPath.child('message'), EMPTY_MESSAGE));
    else if (message !== undefined && byteLength(message) > MAX_HEALTH_MESSAGE) {
      errors.push(tooLong(entryPath.child('message'), MAX_HEALTH_MESSAGE));
    }
    if (ids.has(resourceID)) errors.push(duplicate(entryPath.child('resourceID'), namedString(resourceID)));
    ids.add(resourceID);
  });
}

function validateImageRefs(status: PodStatus, list: (typeof STATUS_LISTS)[number], errors: FieldError[]): void {
  status[list]?.forEach(({ volumeMounts }, i) => {
    volumeMounts?.forEach(({ volumeStatus }, j) => {
      const image = volumeStatus?.image;
      if (!image) return;
      const path = STATUS.child(list).index(i).child('volumeMounts').index(j);
      const refPath = path.child('volumeStatus', 'imageVolumeStatus', 'imageRef');
      if (!image.imageRef) errors.push(required(refPath, EMPTY_IMAGE_REF));
      else if (byteLength(image.imageRef) > MAX_IMAGE_REF) errors.push(tooLong(refPath, MAX_IMAGE_REF));
    });
  });
}
