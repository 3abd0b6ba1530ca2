// How PodDisruptionBudgets are created and updated.
// Behaviour: pkg/registry/policy/poddisruptionbudget/strategy.go, pkg/apis/policy/v1/conversion.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { nameIsPathSegment } from '../../../apimachinery/validation/object-meta.ts';
import type { PodDisruptionBudget } from '../../../schema/generated/types/policy-v1.ts';
import type { Resource } from '../../resource.ts';
import { withGeneration, withNextGeneration } from '../../strategies/generation.ts';
import {
  validatePodDisruptionBudget,
  validatePodDisruptionBudgetStatus,
  validatePodDisruptionBudgetUpdate,
} from './validation.ts';

/** Told v1beta1 apart whether an empty selector selects everything. */
const V1BETA1_LABEL = 'pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match';

const NO_STATUS = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };

export const podDisruptionBudgetResource: Resource<PodDisruptionBudget> = {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  namespaced: true,
  shortNames: ['pdb'],
  strategy: {
    // Upstream's validation does not look at the metadata.
    acceptsAnyFinalizer: true,
    looksAtMetadataLast: true,
    validateName: nameIsPathSegment,
    applyDefaults: withoutOldLabel,
    prepareForCreate: (budget) => withGeneration({ ...budget, status: NO_STATUS }, 1),
    validate: validatePodDisruptionBudget,
    prepareForUpdate,
    validateUpdate: validatePodDisruptionBudgetUpdate,
  },
  subresources: {
    status: {
      prepareForUpdate: (budget, old) => ({ ...budget, spec: old.spec }),
      validateUpdate: validatePodDisruptionBudgetStatus,
    },
  },
};

/** The label may only stand alone, never beside what a user selects. */
function withoutOldLabel(budget: PodDisruptionBudget): PodDisruptionBudget {
  const { selector } = budget.spec;
  const { matchExpressions = [], matchLabels } = selector ?? {};
  if (!selector || !matchExpressions.some(({ key }) => key === V1BETA1_LABEL)) return budget;
  const selectsNothing = matchExpressions.length === 1 && matchExpressions[0]?.operator === 'Exists';
  if (selectsNothing && !matchLabels && !matchExpressions[0]?.values?.length) return budget;
  const { matchExpressions: _, ...rest } = selector;
  const kept = matchExpressions.filter(({ key }) => key !== V1BETA1_LABEL);
  const stripped = kept.length > 0 ? { ...rest, matchExpressions: kept } : rest;
  return { ...budget, spec: { ...budget.spec, selector: stripped } };
}

function prepareForUpdate(given: PodDisruptionBudget, old: PodDisruptionBudget): PodDisruptionBudget {
  const budget = { ...given, status: old.status };
  if (semanticDeepEqual(budget.spec, old.spec)) return budget;
  return withNextGeneration(budget, old);
}
