// Whether resource requests and limits make sense, of one container, of a pod, or a pod's overhead.
// Behaviour: pkg/apis/core/validation/validation.go (validateResourceRequirements, validatePodResources), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notFound,
  notSupported,
  required,
} from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import { compareBytes } from '../../../../../apimachinery/go/json.ts';
import { mustParseQuantity, type Quantity } from '../../../../../apimachinery/quantity/quantity.ts';
import { isDns1123Label, isQualifiedName } from '../../../../../apimachinery/validation/names.ts';
import { givenEmpty } from '../../../../../schema/decode/given-empty.ts';
import type { PodSpec, ResourceClaim, ResourceRequirements } from '../../../../../schema/generated/types/core-v1.ts';
import { aggregateContainerResources, type ResourceList } from '../../aggregate-resources.ts';
import {
  isExtendedResourceName,
  isHugePageResourceName,
  isHugePageValueDivisible,
  isIntegerResourceName,
  isNativeResource,
  isOvercommitAllowed,
  isStandardContainerResourceName,
  isStandardResourceName,
  isSupportedPodLevelResource,
  isWhole,
  supportedPodLevelResources,
} from '../../resource-names.ts';
import { pushInvalid, validateName } from '../name.ts';
import type { PodValidationOptions } from '../options.ts';

const IS_NEGATIVE = 'must be greater than or equal to 0';
const NOT_INTEGER = 'must be an integer';
const NOT_STANDARD = 'must be a standard resource type or fully qualified';
const NOT_STANDARD_FOR_CONTAINERS = 'must be a standard resource for containers';
const NOT_EXTENDED = "doesn't follow extended resource name standard";
const LIMIT_REQUIRED = 'Limit must be set for non overcommitable resources';
const HUGE_PAGES_ALONE = 'HugePages require cpu or memory';
const NOT_A_POD_CLAIM = 'must be one of the names in pod.spec.resourceClaims';
const NOT_ON_WINDOWS = 'may not be set for a windows pod';
const NO_POD_CLAIMS = 'claims may not be set for Resources at pod-level';

type NameCheck = (name: string, path: FieldPath, errors: FieldError[]) => void;
type Amounts = Pick<ResourceRequirements, 'limits' | 'requests' | 'claims'>;

/** Which resources may be named, and which of the pod's claims. */
interface KnownNames {
  readonly checkName: NameCheck;
  readonly podClaims: ReadonlySet<string>;
}

const NO_CLAIMS: ReadonlySet<string> = new Set();

export function validateContainerResources(
  resources: Amounts,
  podClaims: ReadonlySet<string>,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const known = { checkName: validateContainerResourceName, podClaims };
  validateRequirements(resources, known, path, options, errors);
}

export function validateOverhead(
  overhead: ResourceList,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const known = { checkName: validateContainerResourceName, podClaims: NO_CLAIMS };
  validateRequirements({ limits: overhead }, known, path, options, errors);
}

/** ValidateResourceQuantityValue: not negative, and whole where things are counted. */
export function validateResourceQuantityValue(
  name: string,
  quantity: Quantity,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (quantity.sign() < 0) errors.push(invalid(path, quantity.toString(), IS_NEGATIVE));
  if (isIntegerResourceName(name) && !isWhole(quantity)) {
    errors.push(invalid(path, namedString(quantity.toString()), NOT_INTEGER));
  }
}

/** validateResourceName: qualified, and one of the known names when it has no prefix. */
export function validateResourceName(name: string, path: FieldPath, errors: FieldError[]): boolean {
  const messages = isQualifiedName(name);
  if (messages.length > 0) pushInvalid(messages, path, namedString(name), errors);
  else if (!name.includes('/') && !isStandardResourceName(name)) {
    errors.push(invalid(path, namedString(name), NOT_STANDARD));
  } else return true;
  return false;
}

export function validateContainerResourceName(name: string, path: FieldPath, errors: FieldError[]): void {
  if (name === 'cpu' || name === 'memory') return;
  validateResourceName(name, path, errors);
  if (!name.includes('/')) {
    if (!isStandardContainerResourceName(name)) {
      errors.push(invalid(path, namedString(name), NOT_STANDARD_FOR_CONTAINERS));
    }
  } else if (!isNativeResource(name) && !isExtendedResourceName(name)) {
    errors.push(invalid(path, namedString(name), NOT_EXTENDED));
  }
}

function validatePodResourceName(name: string, path: FieldPath, errors: FieldError[]): void {
  if (validateResourceName(name, path, errors) && !isSupportedPodLevelResource(name)) {
    errors.push(notSupported(path, namedString(name), supportedPodLevelResources));
  }
}

function validateRequirements(
  { limits, requests, claims }: Amounts,
  { checkName, podClaims }: KnownNames,
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  let hasCpuOrMemory = false;
  let hasHugePages = false;
  const checkEntry = (name: string, quantity: Quantity, list: FieldPath) => {
    const entryPath = list.key(name);
    checkName(name, entryPath, errors);
    validateResourceQuantityValue(name, quantity, entryPath, errors);
    hasCpuOrMemory ||= name === 'cpu' || name === 'memory';
    hasHugePages ||= isHugePageResourceName(name);
    return entryPath;
  };
  const checkHugePages = (name: string, quantity: Quantity, entryPath: FieldPath) => {
    if (options.allowIndivisibleHugePagesValues || !isHugePageResourceName(name)) return;
    if (isHugePageValueDivisible(name, quantity)) return;
    const text = quantity.toString();
    errors.push(invalid(entryPath, text, `${text} is not positive integer multiple of ${name}`));
  };
  if (limits) {
    const limitsPath = path.child('limits');
    for (const name in limits) {
      const quantity = mustParseQuantity(limits[name] ?? '0');
      checkHugePages(name, quantity, checkEntry(name, quantity, limitsPath));
    }
  }
  if (requests) {
    const requestsPath = path.child('requests');
    for (const name in requests) {
      const quantity = mustParseQuantity(requests[name] ?? '0');
      const entryPath = checkEntry(name, quantity, requestsPath);
      validateRequestAgainstLimit(name, quantity, limits, path, errors);
      checkHugePages(name, quantity, entryPath);
    }
  }
  if (!hasCpuOrMemory && hasHugePages) errors.push(forbidden(path, HUGE_PAGES_ALONE));
  if (claims) validateResourceClaimNames(claims, podClaims, path.child('claims'), errors);
}

function validateRequestAgainstLimit(
  name: string,
  request: Quantity,
  limits: ResourceList | undefined,
  path: FieldPath,
  errors: FieldError[],
): void {
  const text = limits?.[name];
  const mayDiffer = isOvercommitAllowed(name);
  if (text === undefined) {
    if (!mayDiffer) errors.push(required(path.child('limits'), LIMIT_REQUIRED));
    return;
  }
  const limit = mustParseQuantity(text);
  const order = request.cmp(limit);
  if (order !== 0 && !mayDiffer) {
    const detail = `must be equal to ${name} limit of ${limit.toString()}`;
    errors.push(invalid(path.child('requests'), request.toString(), detail));
  } else if (order > 0) {
    const detail = `must be less than or equal to ${name} limit of ${limit.toString()}`;
    errors.push(invalid(path.child('requests'), request.toString(), detail));
  }
}

function validateResourceClaimNames(
  claims: readonly ResourceClaim[],
  podClaims: ReadonlySet<string>,
  path: FieldPath,
  errors: FieldError[],
): void {
  // Whole claims by name, single requests as name/request.
  const seen = new Set<string>();
  claims.forEach(({ name = '', request = '' }, i) => {
    const entryPath = path.index(i);
    if (name === '') {
      errors.push(required(entryPath, ''));
      return;
    }
    if (seen.has(name)) errors.push(duplicate(entryPath, name));
    else {
      if (request !== '') validateName(isDns1123Label, request, entryPath, 'request', errors);
      const key = request === '' ? name : `${name}/${request}`;
      if (seen.has(key)) errors.push(duplicate(entryPath, key));
      else if (request === '') {
        for (const other of seen) {
          if (other.includes('/') && other.slice(0, other.indexOf('/')) === name) {
            errors.push(duplicate(entryPath, name));
          }
        }
      }
      seen.add(key);
    }
    if (!podClaims.has(name)) {
      const names = [...podClaims].sort(compareBytes).join(', ');
      const rest = podClaims.size === 0 ? ' which is empty' : `: ${names}`;
      errors.push({ ...notFound(entryPath, name), detail: NOT_A_POD_CLAIM + rest });
    }
  });
}

/** Pod-level resources: what they may be, and that the containers fit into them. */
export function validatePodResources(
  spec: PodSpec,
  podClaims: ReadonlySet<string>,
  specPath: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const { resources } = spec;
  if (!resources) return;
  const path = specPath.child('resources');
  if (spec.os?.name === 'windows') {
    errors.push(forbidden(path, NOT_ON_WINDOWS));
    return;
  }
  if (resources.claims || givenEmpty(resources, 'claims')) errors.push(forbidden(path.child('claims'), NO_POD_CLAIMS));
  validateRequirements(resources, { checkName: validatePodResourceName, podClaims }, path, options, errors);
  validateConsistency(spec, resources, path, errors);
}

function validateConsistency(
  spec: PodSpec,
  { requests, limits }: ResourceRequirements,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (requests) {
    for (const [name, total] of aggregateContainerResources(spec, 'requests')) {
      const text = requests[name];
      if (text === undefined || total.cmp(mustParseQuantity(text)) <= 0) continue;
      const detail = `must be greater than or equal to aggregate container requests of ${total.toString()}`;
      errors.push(invalid(path.child('requests').key(name), text, detail));
    }
  }
  if (!limits) return;
  for (const [name, total] of aggregateContainerResources(spec, 'limits')) {
    const text = limits[name];
    if (!isHugePageResourceName(name) || text === undefined || total.cmp(mustParseQuantity(text)) <= 0) continue;
    const detail = `must be greater than or equal to aggregate container limits of ${total.toString()}`;
    errors.push(invalid(path.child('limits').key(name), text, detail));
  }
  (spec.containers ?? []).forEach((container, i) => {
    const containerLimits = container.resources.limits;
    for (const name in containerLimits) {
      const podLimit = limits[name];
      const limit = mustParseQuantity(containerLimits[name] ?? '0');
      if (podLimit === undefined || limit.cmp(mustParseQuantity(podLimit)) <= 0) continue;
      const entryPath = path.child('containers').index(i).key(name).child('limits');
      errors.push(invalid(entryPath, limit.toString(), `must be less than or equal to pod limits of ${podLimit}`));
    }
  });
}
