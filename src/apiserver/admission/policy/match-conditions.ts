// Whether the match conditions of a policy or webhook hold: one that is false decides, errors count only when none is.
// Behaviour: [apiserver]/pkg/admission/plugin/webhook/matchconditions/matcher.go, Kubernetes v1.36.3.
import { cel } from '../../cel/loaded.ts';
import type { PolicyExpression, PolicyVariables } from '../../cel/policy-evaluation.ts';
import type { CelValue } from '../../cel/values/value.ts';

type Condition = { readonly matches: boolean } | { readonly error: string };

export function evaluateConditions(
  conditions: readonly PolicyExpression[],
  bindings: ReadonlyMap<string, CelValue>,
  variables: PolicyVariables | undefined,
  failurePolicy: string | undefined,
): Condition {
  if (conditions.length === 0) return { matches: true };
  const { evaluateAll, MATCH_CONDITIONS_BUDGET } = cel();
  const failed = (error: string): Condition => (failurePolicy === 'Ignore' ? { matches: false } : { error });
  const result = evaluateAll(conditions, bindings, variables, MATCH_CONDITIONS_BUDGET);
  if (!result.ok) return failed(result.error);
  const errors: string[] = [];
  for (const outcome of result.outcomes) {
    if (!outcome) continue;
    if ('error' in outcome) errors.push(outcome.error);
    else if (outcome.value === false) return { matches: false };
  }
  if (errors.length === 0) return { matches: true };
  const distinct = [...new Set(errors)];
  return failed(distinct.length === 1 ? (distinct[0] ?? '') : `[${distinct.join(', ')}]`);
}
