// Whether a ResourceQuota limits known things, within scopes that apply to them.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateResourceQuota and below), pkg/apis/core/helper/helpers.go, Kubernetes v1.36.3.
import { type FieldError, invalid, namedString, required } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { compareBytes, goStruct } from '../../../apimachinery/go/json.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { FIELD_IMMUTABLE } from '../../../apimachinery/validation/object-meta.ts';
import { shownField } from '../../../schema/decode/given-empty.ts';
import type {
  ResourceQuota,
  ResourceQuotaSpec,
  ScopedResourceSelectorRequirement,
  ScopeSelector,
} from '../../../schema/generated/types/core-v1.ts';
import { isQuotaHugePageResourceName } from '../pod-spec/resource-names.ts';
import { validateResourceName, validateResourceQuantityValue } from '../pod-spec/validation/containers/resource.ts';

const NOT_QUOTA_RESOURCE = 'must be a standard resource for quota';
const UNKNOWN_SCOPE = 'unsupported scope';
const SCOPE_NOT_FOR_RESOURCE = 'unsupported scope applied to resource';
const CONFLICTING_SCOPES = 'conflicting scopes';
const ONLY_EXISTS =
  "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";
const A_VALUE = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
const NO_VALUE = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
const UNKNOWN_OPERATOR = 'not a valid selector operator';

const HARD = FieldPath.of('spec', 'hard');
const SCOPES = FieldPath.of('spec', 'scopes');
const EXPRESSIONS = FieldPath.of('spec', 'scopeSelector', 'matchExpressions');
const STATUS_HARD = FieldPath.of('status', 'hard');
const STATUS_USED = FieldPath.of('status', 'used');

const podComputeResources = ['cpu', 'memory', 'limits.cpu', 'limits.memory', 'requests.cpu', 'requests.memory'];
const podResources = ['pods', ...podComputeResources];
const claimResources = ['persistentvolumeclaims', 'requests.storage'];

const quotaResources: ReadonlySet<string> = new Set([
  ...podResources,
  ...claimResources,
  'ephemeral-storage',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'services.nodeports',
  'services.loadbalancers',
]);

/** What each scope can be applied to. */
const resourcesOfScope: ReadonlyMap<string, readonly string[]> = new Map([
  ['Terminating', podResources],
  ['NotTerminating', podResources],
  ['NotBestEffort', podResources],
  ['PriorityClass', podResources],
  ['CrossNamespacePodAffinity', podResources],
  ['BestEffort', ['pods']],
  ['VolumeAttributesClass', claimResources],
]);
const scopesThatExist = ['BestEffort', 'NotBestEffort', 'Terminating', 'NotTerminating', 'CrossNamespacePodAffinity'];
const scopePairs = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

export function validateResourceQuota(quota: ResourceQuota): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateSpec(quota.spec, errors);
  return [...errors, ...validateResourceQuotaStatus(quota)];
}

export function validateResourceQuotaUpdate({ spec }: ResourceQuota, old: ResourceQuota): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateSpec(spec, errors);
  const next = new Set(spec.scopes);
  const before = new Set(old.spec.scopes);
  const isSame = next.size === before.size && [...next].every((scope) => before.has(scope));
  if (!isSame) errors.push(invalid(SCOPES, shownField(spec, 'scopes'), FIELD_IMMUTABLE));
  return errors;
}

export function validateResourceQuotaStatus({ status }: ResourceQuota): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateAmounts(status.hard, STATUS_HARD, errors);
  validateAmounts(status.used, STATUS_USED, errors);
  return errors;
}

function validateSpec(spec: ResourceQuotaSpec, errors: FieldError[]): void {
  validateAmounts(spec.hard, HARD, errors);
  const known = Object.keys(spec.hard ?? {})
    .filter(isQuotaResource)
    .sort(compareBytes);
  validateScopes(spec, known, errors);
  if (spec.scopeSelector) validateSelector(spec, spec.scopeSelector, known, errors);
}

function isQuotaResource(name: string): boolean {
  return quotaResources.has(name) || isQuotaHugePageResourceName(name);
}

type Amounts = Readonly<Record<string, string>>;

function validateAmounts(amounts: Amounts = {}, path: FieldPath, errors: FieldError[]): void {
  for (const name of Object.keys(amounts).sort(compareBytes)) {
    const namePath = path.key(name);
    validateResourceName(name, namePath, errors);
    if (!name.includes('/') && !isQuotaResource(name)) {
      errors.push(invalid(namePath, namedString(name), NOT_QUOTA_RESOURCE));
    }
    validateResourceQuantityValue(name, mustParseQuantity(amounts[name] ?? '0'), namePath, errors);
  }
}

/** An unknown scope fits everything, it is refused for itself. */
function scopeFits(scope: string, resource: string): boolean {
  return resourcesOfScope.get(scope)?.includes(resource) ?? true;
}

function validateScopes({ scopes = [] }: ResourceQuotaSpec, known: readonly string[], errors: FieldError[]): void {
  for (const scope of scopes) {
    if (!resourcesOfScope.has(scope)) errors.push(invalid(SCOPES, scopes, UNKNOWN_SCOPE));
    for (const name of known) if (!scopeFits(scope, name)) errors.push(invalid(SCOPES, scopes, SCOPE_NOT_FOR_RESOURCE));
  }
  for (const [a, b] of scopePairs) {
    if (scopes.includes(a) && scopes.includes(b)) errors.push(invalid(SCOPES, scopes, CONFLICTING_SCOPES));
  }
}

function validateSelector(
  spec: ResourceQuotaSpec,
  selector: ScopeSelector,
  known: readonly string[],
  errors: FieldError[],
): void {
  const { matchExpressions = [] } = selector;
  for (const requirement of matchExpressions) {
    const { scopeName } = requirement;
    if (!resourcesOfScope.has(scopeName)) {
      errors.push(invalid(EXPRESSIONS.child('scopeName'), namedString(scopeName), UNKNOWN_SCOPE));
    }
    for (const name of known) {
      if (!scopeFits(scopeName, name)) {
        errors.push(invalid(EXPRESSIONS, selectorValue(selector), SCOPE_NOT_FOR_RESOURCE));
      }
    }
    validateRequirement(requirement, errors);
  }
  const names = matchExpressions.map(({ scopeName }) => scopeName);
  for (const [a, b] of scopePairs) {
    // The value that upstream shows is that of the other field.
    const isConflict = names.includes(a) && names.includes(b);
    if (isConflict) errors.push(invalid(EXPRESSIONS, shownField(spec, 'scopes'), CONFLICTING_SCOPES));
  }
}

function validateRequirement(
  { scopeName, operator, values = [] }: ScopedResourceSelectorRequirement,
  errors: FieldError[],
): void {
  const operatorPath = EXPRESSIONS.child('operator');
  if (scopesThatExist.includes(scopeName) && operator !== 'Exists') {
    errors.push(invalid(operatorPath, namedString(operator), ONLY_EXISTS));
  }
  switch (operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.push(required(EXPRESSIONS.child('values'), A_VALUE));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) errors.push(invalid(EXPRESSIONS.child('values'), values, NO_VALUE));
      break;
    default:
      errors.push(invalid(operatorPath, namedString(operator), UNKNOWN_OPERATOR));
  }
}

function selectorValue(selector: ScopeSelector): unknown {
  const expressions = selector.matchExpressions?.map((requirement) => {
    const { scopeName, operator } = requirement;
    return goStruct({ ScopeName: scopeName, Operator: operator, Values: shownField(requirement, 'values') });
  });
  return goStruct({ MatchExpressions: expressions ?? shownField(selector, 'matchExpressions') });
}
