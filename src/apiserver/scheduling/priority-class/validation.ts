// Whether a PriorityClass may be stored; the highest priorities are the system's.
// Behaviour: pkg/apis/scheduling/validation/validation.go, pkg/apis/scheduling/v1/helpers.go, Kubernetes v1.36.3.
import {
  type FieldError,
  forbidden,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import type { PriorityClass } from '../../../schema/generated/types/scheduling-v1.ts';

const SYSTEM_PREFIX = 'system-';
const HIGHEST_USER_PRIORITY = 1_000_000_000;
const RESERVED_PREFIX = "priority class names with 'system-' prefix are reserved for system use only. error: ";
const TOO_HIGH = `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`;
const VALUE_IMMUTABLE = 'may not be changed in an update.';

const NAME = FieldPath.of('metadata', 'name');
const VALUE = FieldPath.of('value');
const POLICY = FieldPath.of('preemptionPolicy');

const systemClasses: ReadonlyMap<string, number> = new Map([
  ['system-node-critical', 2_000_001_000],
  ['system-cluster-critical', 2_000_000_000],
]);
const policies = ['PreemptLowerPriority', 'Never'];

export function isSystemClass(name: string): boolean {
  return systemClasses.has(name);
}

export function validatePriorityClass(priorityClass: PriorityClass): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { name = '' } = priorityClass.metadata;
  if (name.startsWith(SYSTEM_PREFIX)) {
    const wrong = systemClassError(name, priorityClass);
    if (wrong !== undefined) errors.push(forbidden(NAME, RESERVED_PREFIX + wrong));
  } else if (priorityClass.value > HIGHEST_USER_PRIORITY) errors.push(forbidden(VALUE, TOO_HIGH));
  const { preemptionPolicy } = priorityClass;
  if (preemptionPolicy === '') errors.push(required(POLICY, ''));
  else if (preemptionPolicy !== undefined && !policies.includes(preemptionPolicy)) {
    errors.push(notSupported(POLICY, namedString(preemptionPolicy), policies));
  }
  return errors;
}

export function validatePriorityClassUpdate(priorityClass: PriorityClass, old: PriorityClass): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (priorityClass.value !== old.value) errors.push(forbidden(VALUE, VALUE_IMMUTABLE));
  if (priorityClass.preemptionPolicy !== old.preemptionPolicy) {
    errors.push(invalid(POLICY, namedString(priorityClass.preemptionPolicy), FIELD_IMMUTABLE));
  }
  return errors;
}

function systemClassError(name: string, { value, globalDefault = false }: PriorityClass): string | undefined {
  const wanted = systemClasses.get(name);
  if (wanted === undefined) return `${name} is not a known system priority class`;
  if (value !== wanted) return `value of ${name} PriorityClass must be ${wanted}`;
  return globalDefault ? `globalDefault of ${name} PriorityClass must be false` : undefined;
}
