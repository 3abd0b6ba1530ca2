// Whether the containers of a pod are well formed, by kind: regular, init (with sidecars) and ephemeral.
// Behaviour: pkg/apis/core/validation/validation.go (validateContainers, validateInitContainers, validateEphemeralContainers),
// Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notFound,
  notSupported,
  required,
  tooMany,
} from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import { isDns1123Label, isValidPortName, isValidPortNum } from '../../../../../apimachinery/validation/names.ts';
import type {
  Container,
  ContainerPort,
  ContainerResizePolicy,
  PodSpec,
} from '../../../../../schema/generated/types/core-v1.ts';
import { structListValue } from '../../internal-value.ts';
import { type AnyContainer, isRestartableInitContainer } from '../../visit-containers.ts';
import { hasOuterSpace, pushInvalid, validateRequiredName } from '../name.ts';
import type { PodValidationOptions } from '../options.ts';
import { validateSecurityContext } from '../security-context.ts';
import { type Volumes, validateVolumeDevices, validateVolumeMounts } from '../volumes/volume-mount.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { type PodAnswers, validateLifecycle, validateProbes } from './probe.ts';
import { validateContainerResources } from './resource.ts';

const RULES_NEED_POLICY = 'must specify restartPolicy when restart rules are used';
const NO_RULES_FOR_SIDECARS = 'restartPolicyRules are not allowed for init containers with restart policy Always';
const ONLY_INIT_CONTAINERS = 'may not be set for non-init containers';
const ONLY_SIDECARS = 'may not be set for init containers without restartPolicy=Always';
const NO_RESIZE_POLICY = 'must not be set for init containers';
const NO_RESTART_ON_RESIZE = "must not be set to 'RestartContainer' for non-sidecar initContainers";
const RESTART_NEVER = "must be 'NotRequired' when pod `restartPolicy` is 'Never'";
const EXIT_CODES_REQUIRED = 'must be specified';
const NOT_FOR_EPHEMERAL = 'cannot be set for an Ephemeral Container';
const IMAGE_SPACE = 'must not have leading or trailing whitespace';
const MAX_RESTART_RULES = 20;
const MAX_EXIT_CODES = 255;

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const terminationMessagePolicies = ['File', 'FallbackToLogsOnError'];
const resizeResources = ['cpu', 'memory'];
const resizePolicies = ['NotRequired', 'RestartContainer'];
const containerRestartPolicies = ['Always', 'Never', 'OnFailure'];
const onlyAlways = ['Always'];
const exitCodeOperators = ['In', 'NotIn'];
const restartActions = ['Restart'];
const restartActionsWithAll = ['Restart', 'RestartAllContainers'];

/** What the checks of a container need to know of its pod. */
export interface ContainerScope extends PodAnswers {
  readonly volumes: Volumes;
  readonly claimNames: ReadonlySet<string>;
  readonly restartPolicy: string;
  readonly hostUsers: boolean;
  readonly options: PodValidationOptions;
}

export function validateContainers(
  containers: readonly Container[],
  scope: ContainerScope,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (containers.length === 0) {
    errors.push(required(path, ''));
    return;
  }
  const { options } = scope;
  const names = new Set<string>();
  containers.forEach((container, i) => {
    const entryPath = path.index(i);
    validateContainerCommon(container, scope, entryPath, errors);
    if (names.has(container.name)) errors.push(duplicate(entryPath.child('name'), container.name));
    else names.add(container.name);
    validateLifecycle(container, scope, entryPath, options, errors);
    validateProbes(container, scope, entryPath, options, errors);
    if (options.allowContainerRestartPolicyRules) validateRestartRules(container, options, entryPath, errors);
    else if (container.restartPolicy !== undefined) {
      errors.push(forbidden(entryPath.child('restartPolicy'), ONLY_INIT_CONTAINERS));
    }
  });
  validateHostPorts(containers, path, errors);
}

export function validateInitContainers(
  containers: readonly Container[],
  regular: readonly Container[],
  scope: ContainerScope,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { options } = scope;
  const names = new Set(regular.map((container) => container.name));
  containers.forEach((container, i) => {
    const entryPath = path.index(i);
    const { name, resizePolicy = [] } = container;
    const isSidecar = isRestartableInitContainer(container);
    validateContainerCommon(container, scope, entryPath, errors);
    validateInitRestartPolicy(container, options, entryPath, errors);
    if (names.has(name)) errors.push(duplicate(entryPath.child('name'), name));
    else if (name) names.add(name);
    // They run one by one, so each has the ports for itself; the path is that of the first, as upstream.
    validateHostPorts([container], path, errors);
    if (isSidecar) {
      validateLifecycle(container, scope, entryPath, options, errors);
      validateProbes(container, scope, entryPath, options, errors);
    } else {
      for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
        if (container[field]) errors.push(forbidden(entryPath.child(field), ONLY_SIDECARS));
      }
    }
    if (!options.allowSidecarResizePolicy && resizePolicy.length > 0) {
      const value = structListValue('ContainerResizePolicy', resizePolicy);
      errors.push(invalid(entryPath.child('resizePolicy'), value, NO_RESIZE_POLICY));
    }
    if (isSidecar || options.allowExistingRestartContainerForNonSidecarInitContainer) return;
    resizePolicy.forEach(({ restartPolicy }, j) => {
      if (restartPolicy !== 'RestartContainer') return;
      const policyPath = entryPath.child('resizePolicy').index(j).child('restartPolicy');
      errors.push(invalid(policyPath, namedString(restartPolicy), NO_RESTART_ON_RESIZE));
    });
  });
}

function validateInitRestartPolicy(
  container: Container,
  options: PodValidationOptions,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { restartPolicy, restartPolicyRules = [] } = container;
  if (restartPolicy === undefined) {
    if (restartPolicyRules.length > 0) errors.push(required(path.child('restartPolicy'), RULES_NEED_POLICY));
  } else if (!options.allowContainerRestartPolicyRules) {
    if (restartPolicy !== 'Always') {
      errors.push(notSupported(path.child('restartPolicy'), namedString(restartPolicy), onlyAlways));
    }
  } else if (restartPolicy !== 'Always' || options.allowRestartAllContainers) {
    validateRestartRules(container, options, path, errors);
  } else if (restartPolicyRules.length > 0) {
    errors.push(forbidden(path.child('restartPolicyRules'), NO_RULES_FOR_SIDECARS));
  }
}

function validateRestartRules(
  { restartPolicy, restartPolicyRules = [] }: AnyContainer,
  options: PodValidationOptions,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (restartPolicy === undefined) {
    if (restartPolicyRules.length === 0) return;
    errors.push(required(path.child('restartPolicy'), RULES_NEED_POLICY));
  } else if (!containerRestartPolicies.includes(restartPolicy)) {
    errors.push(notSupported(path.child('restartPolicy'), namedString(restartPolicy), containerRestartPolicies));
  }
  const rulesPath = path.child('restartPolicyRules');
  if (restartPolicyRules.length > MAX_RESTART_RULES) {
    errors.push(tooMany(rulesPath, restartPolicyRules.length, MAX_RESTART_RULES));
  }
  const actions = options.allowRestartAllContainers ? restartActionsWithAll : restartActions;
  restartPolicyRules.forEach(({ action = '', exitCodes }, i) => {
    const rulePath = rulesPath.index(i);
    if (!actions.includes(action)) errors.push(notSupported(rulePath.child('action'), namedString(action), actions));
    if (!exitCodes) {
      errors.push(required(rulePath.child('exitCodes'), EXIT_CODES_REQUIRED));
      return;
    }
    const { operator = '', values = [] } = exitCodes;
    const codesPath = rulePath.child('exitCodes');
    if (!exitCodeOperators.includes(operator)) {
      errors.push(notSupported(codesPath.child('operator'), namedString(operator), exitCodeOperators));
    }
    if (values.length > MAX_EXIT_CODES) errors.push(tooMany(codesPath.child('values'), values.length, MAX_EXIT_CODES));
  });
}

/** Fields that an ephemeral container may not have, in the order of the Go struct. */
const NOT_EPHEMERAL_FIELDS = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const satisfies readonly (keyof Container)[];

export function validateEphemeralContainers(
  spec: PodSpec,
  scope: ContainerScope,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { ephemeralContainers } = spec;
  if (!ephemeralContainers) return;
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name }) => name));
  const names = new Set(others);
  ephemeralContainers.forEach((container, i) => {
    const entryPath = path.index(i);
    const { name, targetContainerName } = container;
    validateContainerCommon(container, scope, entryPath, errors);
    validateImageSpace(container, entryPath, errors);
    if (names.has(name)) errors.push(duplicate(entryPath.child('name'), name));
    else names.add(name);
    if (targetContainerName && !others.has(targetContainerName)) {
      errors.push(notFound(entryPath.child('targetContainerName'), targetContainerName));
    }
    for (const field of NOT_EPHEMERAL_FIELDS) {
      const value = container[field];
      // Resources are always there, empty when nothing is said.
      const isSet = field === 'resources' ? Object.keys(container.resources).length > 0 : value !== undefined;
      if (isSet) errors.push(forbidden(entryPath.child(field), NOT_FOR_EPHEMERAL));
    }
    container.volumeMounts?.forEach(({ subPath, subPathExpr }, j) => {
      const mountPath = entryPath.child('volumeMounts').index(j);
      if (subPath) errors.push(forbidden(mountPath.child('subPath'), NOT_FOR_EPHEMERAL));
      if (subPathExpr) errors.push(forbidden(mountPath.child('subPathExpr'), NOT_FOR_EPHEMERAL));
    });
  });
}

/** What only a pod is asked, not a template: an image without white space around it. */
export function validateImageSpace({ image = '' }: AnyContainer, path: FieldPath, errors: FieldError[]): void {
  if (hasOuterSpace(image)) errors.push(invalid(path.child('image'), image, IMAGE_SPACE));
}

function validateContainerCommon(
  container: AnyContainer,
  scope: ContainerScope,
  path: FieldPath,
  errors: FieldError[],
): void {
  const { options } = scope;
  const { image, ports, env, envFrom, resizePolicy, securityContext, terminationMessagePolicy } = container;
  validateRequiredName(isDns1123Label, container.name, path, 'name', errors);
  if (!image) errors.push(required(path.child('image'), ''));
  if (!terminationMessagePolicy) errors.push(required(path.child('terminationMessagePolicy'), ''));
  else if (!terminationMessagePolicies.includes(terminationMessagePolicy)) {
    const policyPath = path.child('terminationMessagePolicy');
    errors.push(notSupported(policyPath, namedString(terminationMessagePolicy), terminationMessagePolicies));
  }
  if (ports) validatePorts(ports, path.child('ports'), errors);
  if (env) validateEnv(env, path.child('env'), options, errors);
  if (envFrom) validateEnvFrom(envFrom, path.child('envFrom'), options, errors);
  validateVolumeMounts(container, scope.volumes, path, errors);
  validateVolumeDevices(container, scope.volumes, path, errors);
  validatePullPolicy(container.imagePullPolicy, path, 'imagePullPolicy', errors);
  validateContainerResources(container.resources, scope.claimNames, path.child('resources'), options, errors);
  if (resizePolicy) validateResizePolicy(resizePolicy, scope.restartPolicy, path.child('resizePolicy'), errors);
  if (securityContext) {
    validateSecurityContext(securityContext, path.child('securityContext'), scope.hostUsers, errors);
  }
}

export function validatePullPolicy(
  policy: string | undefined,
  path: FieldPath,
  child: string,
  errors: FieldError[],
): void {
  if (!policy) errors.push(required(path.child(child), ''));
  else if (!pullPolicies.includes(policy)) {
    errors.push(notSupported(path.child(child), namedString(policy), pullPolicies));
  }
}

function validatePorts(ports: readonly ContainerPort[], path: FieldPath, errors: FieldError[]): void {
  const names = new Set<string>();
  ports.forEach(({ name, containerPort = 0, hostPort, protocol }, i) => {
    const entryPath = path.index(i);
    if (name) {
      const messages = isValidPortName(name);
      if (messages.length > 0) pushInvalid(messages, entryPath.child('name'), name, errors);
      else if (names.has(name)) errors.push(duplicate(entryPath.child('name'), name));
      else names.add(name);
    }
    if (containerPort === 0) errors.push(required(entryPath.child('containerPort'), ''));
    else pushInvalid(isValidPortNum(containerPort), entryPath.child('containerPort'), containerPort, errors);
    if (hostPort) pushInvalid(isValidPortNum(hostPort), entryPath.child('hostPort'), hostPort, errors);
    if (!protocol) errors.push(required(entryPath.child('protocol'), ''));
    else if (!protocols.includes(protocol)) {
      errors.push(notSupported(entryPath.child('protocol'), namedString(protocol), protocols));
    }
  });
}

function validateHostPorts(containers: readonly Container[], path: FieldPath, errors: FieldError[]): void {
  const taken = new Set<string>();
  containers.forEach(({ ports }, i) => {
    ports?.forEach(({ hostPort, protocol = '', hostIP = '' }, j) => {
      if (!hostPort) return;
      const key = `${protocol}/${hostIP}/${hostPort}`;
      if (taken.has(key)) errors.push(duplicate(path.index(i).child('ports').index(j).child('hostPort'), key));
      else taken.add(key);
    });
  });
}

function validateResizePolicy(
  policies: readonly ContainerResizePolicy[],
  podRestartPolicy: string,
  path: FieldPath,
  errors: FieldError[],
): void {
  const resources = new Set<string>();
  policies.forEach(({ resourceName, restartPolicy }, i) => {
    if (resources.has(resourceName)) errors.push(duplicate(path.index(i), namedString(resourceName)));
    resources.add(resourceName);
    validateMember(resourceName, resizeResources, path, errors);
    validateMember(restartPolicy, resizePolicies, path, errors);
    if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      errors.push(invalid(path, namedString(restartPolicy), RESTART_NEVER));
    }
  });
}

function validateMember(value: string, supported: readonly string[], path: FieldPath, errors: FieldError[]): void {
  if (!value) errors.push(required(path, ''));
  else if (!supported.includes(value)) errors.push(notSupported(path, namedString(value), supported));
}
