// Whether the constraints that spread a pod's likes over topology domains can be evaluated.
// Behaviour: pkg/apis/core/validation/validation.go (validateTopologySpreadConstraints), Kubernetes v1.36.3.
import {
  duplicate,
  type FieldError,
  invalid,
  namedString,
  notSupported,
  required,
} from '../../../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../../../apimachinery/field-path.ts';
import type { TopologySpreadConstraint } from '../../../../../schema/generated/types/core-v1.ts';
import { validateLabelSelector } from '../../../../../selectors/label-selector-validation.ts';
import type { PodValidationOptions } from '../options.ts';
import { validateMatchLabelKeys, validateUnmergedMatchLabelKeys } from './affinity.ts';

const NOT_POSITIVE = 'must be greater than zero';
const EMPTY_TOPOLOGY_KEY = 'can not be empty';
const REPEATED = '{topologyKey, whenUnsatisfiable}';

const scheduleActions = ['DoNotSchedule', 'ScheduleAnyway'];
const inclusionPolicies = ['Honor', 'Ignore'];

export function validateTopologySpreadConstraints(
  constraints: readonly TopologySpreadConstraint[],
  path: FieldPath,
  options: PodValidationOptions,
  errors: FieldError[],
): void {
  const mustMerge = mergesMatchLabelKeys(options);
  constraints.forEach((constraint, i) => {
    const { maxSkew, topologyKey, whenUnsatisfiable, minDomains, labelSelector, matchLabelKeys = [] } = constraint;
    const entryPath = path.index(i);
    if (maxSkew <= 0) errors.push(invalid(entryPath.child('maxSkew'), maxSkew, NOT_POSITIVE));
    if (!topologyKey) errors.push(required(entryPath.child('topologyKey'), EMPTY_TOPOLOGY_KEY));
    if (!scheduleActions.includes(whenUnsatisfiable)) {
      const actionPath = entryPath.child('whenUnsatisfiable');
      errors.push(notSupported(actionPath, namedString(whenUnsatisfiable), scheduleActions));
    }
    const repeats = constraints.some(
      (other, j) => j > i && other.topologyKey === topologyKey && other.whenUnsatisfiable === whenUnsatisfiable,
    );
    if (repeats) errors.push(duplicate(entryPath.child(REPEATED), `{${topologyKey}, ${whenUnsatisfiable}}`));
    if (minDomains !== undefined) {
      const domainsPath = entryPath.child('minDomains');
      if (minDomains <= 0) errors.push(invalid(domainsPath, minDomains, NOT_POSITIVE));
      if (whenUnsatisfiable !== 'DoNotSchedule') {
        const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
        errors.push(invalid(domainsPath, minDomains, detail));
      }
    }
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[field];
      if (policy === undefined || inclusionPolicies.includes(policy)) continue;
      errors.push(notSupported(entryPath.child(field), namedString(policy), inclusionPolicies));
    }
    if (mustMerge) validateMatchLabelKeys(matchLabelKeys, [], labelSelector, entryPath, errors);
    else validateUnmergedMatchLabelKeys(matchLabelKeys, labelSelector, entryPath.child('matchLabelKeys'), errors);
    if (!options.allowInvalidTopologySpreadConstraintLabelSelector) {
      errors.push(...validateLabelSelector(labelSelector, {}, entryPath.child('labelSelector')));
    }
  });
}

/** An object that was valid by one rule only goes on by that rule, whatever the gates have become. */
function mergesMatchLabelKeys(options: PodValidationOptions): boolean {
  if (!options.allowMatchLabelKeysInPodTopologySpread) return false;
  return options.allowMatchLabelKeysInPodTopologySpreadSelectorMerge
    ? !options.oldPodViolatesMatchLabelKeysValidation
    : options.oldPodViolatesLegacyMatchLabelKeysValidation;
}
