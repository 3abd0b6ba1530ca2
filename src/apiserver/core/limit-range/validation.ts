// Whether the bounds of a LimitRange are of known kinds and do not contradict each other.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateLimitRange), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  namedString,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { mustParseQuantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import type { LimitRange, LimitRangeItem } from '../../../schema/generated/types/core-v1.ts';
import { isOvercommitAllowed } from '../pod-spec/resource-names.ts';
import { validateContainerResourceName, validateResourceName } from '../pod-spec/validation/containers/resource.ts';

const NOT_STANDARD = 'must be a standard limit type or fully qualified';
const NOT_FOR_PODS = "may not be specified when `type` is 'Pod'";
const STORAGE_BOUND = 'either minimum or maximum storage value is required, but neither was provided';
/** From here on thousandths do not fit an int64. */
const MAX_MILLI_VALUE = 2 ** 63 / 1000;

const LIMITS = FieldPath.of('spec', 'limits');

const limitTypes = ['Pod', 'Container', 'PersistentVolumeClaim'];

type Amounts = ReadonlyMap<string, Quantity>;

export function validateLimitRange({ spec }: LimitRange): readonly FieldError[] {
  const errors: FieldError[] = [];
  const types = new Set<string>();
  (spec.limits ?? []).forEach((item, i) => {
    const path = LIMITS.index(i);
    const { type } = item;
    const messages = isQualifiedName(type);
    for (const message of messages) errors.push(invalid(path.child('type'), namedString(type), message));
    if (messages.length === 0 && !type.includes('/') && !limitTypes.includes(type)) {
      errors.push(invalid(path.child('type'), namedString(type), NOT_STANDARD));
    }
    if (types.has(type)) errors.push(duplicate(path.child('type'), namedString(type)));
    types.add(type);
    validateItem(item, path, errors);
  });
  return errors;
}

function validateItem(item: LimitRangeItem, path: FieldPath, errors: FieldError[]): void {
  const max = amountsOf(item, 'max', path, errors);
  const min = amountsOf(item, 'min', path, errors);
  const isPod = item.type === 'Pod';
  if (isPod && item.default) errors.push(forbidden(path.child('default'), NOT_FOR_PODS));
  if (isPod && item.defaultRequest) errors.push(forbidden(path.child('defaultRequest'), NOT_FOR_PODS));
  const limits = isPod ? NONE : amountsOf(item, 'default', path, errors);
  const requests = isPod ? NONE : amountsOf(item, 'defaultRequest', path, errors);
  if (item.type === 'PersistentVolumeClaim' && !min.has('storage') && !max.has('storage')) {
    errors.push(required(path.child('limits'), STORAGE_BOUND));
  }
  const ratios = amountsOf(item, 'maxLimitRequestRatio', path, errors);
  const names = new Set([max, min, limits, requests, ratios].flatMap((amounts) => [...amounts.keys()]));
  for (const name of [...names].sort(compareBytes)) {
    const bounds = {
      min: min.get(name),
      max: max.get(name),
      limit: limits.get(name),
      request: requests.get(name),
      ratio: ratios.get(name),
    };
    validateOrder(bounds, name, path, errors);
    validateRatio(bounds, name, path, errors);
    const { limit, request } = bounds;
    if (limit && request && !isOvercommitAllowed(name) && limit.cmp(request) !== 0) {
      const detail = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`;
      errors.push(wrong(path, 'defaultRequest', name, request, detail));
    }
  }
}

const NONE: Amounts = new Map();

type ListName = 'max' | 'min' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio';

function amountsOf(item: LimitRangeItem, list: ListName, path: FieldPath, errors: FieldError[]): Amounts {
  const amounts = item[list];
  if (!amounts) return NONE;
  const isOfContainers = item.type === 'Pod' || item.type === 'Container';
  const parsed = new Map<string, Quantity>();
  for (const name of Object.keys(amounts).sort(compareBytes)) {
    const namePath = path.child(list).key(name);
    if (isOfContainers) validateContainerResourceName(name, namePath, errors);
    else validateResourceName(name, namePath, errors);
    parsed.set(name, mustParseQuantity(amounts[name] ?? '0'));
  }
  return parsed;
}

interface Bounds {
  readonly min: Quantity | undefined;
  readonly max: Quantity | undefined;
  readonly limit: Quantity | undefined;
  readonly request: Quantity | undefined;
  readonly ratio: Quantity | undefined;
}

function wrong(path: FieldPath, list: ListName, name: string, value: Quantity, detail: string): FieldError {
  return invalid(path.child(list).key(name), namedString(value.toString()), detail);
}

function validateOrder(
  { min, max, limit, request }: Bounds,
  name: string,
  path: FieldPath,
  errors: FieldError[],
): void {
  const isGreater = (a: Quantity, b: Quantity): boolean => a.cmp(b) > 0;
  if (min && max && isGreater(min, max)) {
    errors.push(wrong(path, 'min', name, min, `min value ${min} is greater than max value ${max}`));
  }
  if (request && min && isGreater(min, request)) {
    const detail = `min value ${min} is greater than default request value ${request}`;
    errors.push(wrong(path, 'defaultRequest', name, request, detail));
  }
  if (request && max && isGreater(request, max)) {
    const detail = `default request value ${request} is greater than max value ${max}`;
    errors.push(wrong(path, 'defaultRequest', name, request, detail));
  }
  if (request && limit && isGreater(request, limit)) {
    const detail = `default request value ${request} is greater than default limit value ${limit}`;
    errors.push(wrong(path, 'defaultRequest', name, request, detail));
  }
  // In these two the value that upstream shows is the bound.
  if (limit && min && isGreater(min, limit)) {
    errors.push(wrong(path, 'default', name, min, `min value ${min} is greater than default value ${limit}`));
  }
  if (limit && max && isGreater(limit, max)) {
    errors.push(wrong(path, 'default', name, max, `default value ${limit} is greater than max value ${max}`));
  }
}

function validateRatio({ min, max, ratio }: Bounds, name: string, path: FieldPath, errors: FieldError[]): void {
  if (!ratio) return;
  if (ratio.cmpInt(1) < 0) {
    errors.push(wrong(path, 'maxLimitRequestRatio', name, ratio, `ratio ${ratio} is less than 1`));
  }
  if (!min || !max) return;
  const isFine = [ratio, min, max].every((quantity) => quantity.value() < MAX_MILLI_VALUE);
  const value = isFine ? ratio.milliValue() / 1000 : ratio.value();
  const limit = isFine ? max.milliValue() / min.milliValue() : max.value() / min.value();
  if (value <= limit || Number.isNaN(limit)) return;
  const shown = Number.isFinite(limit) ? limit.toFixed(6) : '-Inf';
  const detail = `ratio ${ratio} is greater than max/min = ${shown}`;
  errors.push(wrong(path, 'maxLimitRequestRatio', name, ratio, detail));
}
