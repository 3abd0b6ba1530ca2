// What one policy decides with one set of params: of each validation whether it holds and with which words it fails.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/validating/validator.go, Kubernetes v1.36.3.
import { byteLength } from '../../../apimachinery/go/utf8.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type {
  ValidatingAdmissionPolicy,
  Validation,
} from '../../../schema/generated/types/admissionregistration-v1.ts';
import { cel } from '../../cel/loaded.ts';
import type { Evaluated, Outcome } from '../../cel/policy-evaluation.ts';
import { typeOfValue } from '../../cel/values/value.ts';
import type { RequestBindings } from '../policy/bindings.ts';
import { evaluateConditions } from '../policy/match-conditions.ts';
import type { Match, RequestView } from '../policy/request-view.ts';
import { compiledPolicy } from './compiled-policy.ts';

export interface Denial {
  readonly message: string;
  readonly reason?: string;
  /** Which expression decided, where one did. */
  readonly field?: string;
  readonly expression?: string;
}

interface AuditValue {
  readonly key: string;
  readonly value: string;
}

export interface Decisions {
  readonly denials: readonly Denial[];
  /** Denied whatever the binding's actions are: an audit annotation failed. */
  readonly auditFailures: readonly Denial[];
  readonly auditAnnotations: readonly AuditValue[];
}

const MAX_MESSAGE_BYTES = 5 * 1024;
const NOTHING: Decisions = { denials: [], auditFailures: [], auditAnnotations: [] };

export function decide(
  policy: ValidatingAdmissionPolicy,
  match: Match,
  params: KubeObject | undefined,
  request: RequestView,
  bindings: RequestBindings,
): Decisions {
  const { failurePolicy } = policy.spec;
  const { variables, conditions, validations, messages, auditAnnotations } = compiledPolicy(policy);
  const failed = (message: string, more: Partial<Denial> = {}): Decisions =>
    failurePolicy === 'Ignore' ? NOTHING : { ...NOTHING, denials: [{ message, ...more }] };
  const conditionMatch = { resource: request.own.resource, kind: match.kind };
  const condition = evaluateConditions(
    conditions,
    bindings.of(conditionMatch, params, { hasNamespace: false }),
    variables,
    failurePolicy,
  );
  if ('error' in condition) return failed(condition.error, { field: 'spec.matchConditions' });
  if (!condition.matches) return NOTHING;

  const { evaluateAll, COST_BUDGET } = cel();
  const bound = bindings.of(match, params);
  const results = evaluateAll(validations, bound, variables, COST_BUDGET);
  if (!results.ok) return failed(results.error);
  const spoken = evaluateAll(
    messages,
    bindings.of(match, params, { hasAuthorizer: false }),
    variables,
    results.remaining,
  );
  const denials = (policy.spec.validations ?? []).flatMap((validation, i) =>
    denialOf(validation, i, results.outcomes[i], spoken, failurePolicy),
  );
  const audited = evaluateAll(auditAnnotations, bound, variables, COST_BUDGET);
  if (!audited.ok) return failed(audited.error);
  return { denials, ...annotationsOf(policy, audited.outcomes) };
}

function denialOf(
  validation: Validation,
  index: number,
  outcome: Outcome | undefined,
  spoken: Evaluated,
  failurePolicy: string | undefined,
): Denial[] {
  if (!outcome) return [];
  const where = { field: `spec.validations[${index}].expression`, expression: validation.expression };
  const failed = (message: string): Denial[] => (failurePolicy === 'Ignore' ? [] : [{ message, ...where }]);
  if ('error' in outcome) return failed(outcome.error);
  if (!spoken.ok) return failed(`failed messageExpression: ${spoken.error}`);
  if (outcome.value === true) return [];
  const message = messageOf(spoken.outcomes[index]) || (validation.message ?? '').trim();
  return [
    {
      message: message || `failed expression: ${validation.expression.trim()}`,
      reason: validation.reason ?? 'Invalid',
      ...where,
    },
  ];
}

/** Empty for a message that is no text, too long or of several lines. */
function messageOf(outcome: Outcome | undefined): string {
  if (!outcome || !('value' in outcome) || typeof outcome.value !== 'string') return '';
  const message = outcome.value.trim();
  return byteLength(message) > MAX_MESSAGE_BYTES || message.includes('\n') ? '' : message;
}

function annotationsOf(
  { spec }: ValidatingAdmissionPolicy,
  outcomes: readonly (Outcome | undefined)[],
): Pick<Decisions, 'auditFailures' | 'auditAnnotations'> {
  const auditFailures: Denial[] = [];
  const auditAnnotations: AuditValue[] = [];
  (spec.auditAnnotations ?? []).forEach(({ key, valueExpression }, i) => {
    const outcome = outcomes[i];
    if (!outcome) return;
    const where = { field: `spec.auditAnnotations[${i}].valueExpression`, expression: valueExpression };
    if ('error' in outcome) {
      if (spec.failurePolicy !== 'Ignore') auditFailures.push({ message: outcome.error, ...where });
      return;
    }
    const { value } = outcome;
    if (value === null) return;
    if (typeof value !== 'string') {
      const message = `valueExpression '${valueExpression}' resulted in unsupported return type: ${typeOfValue(value)}. Return type must be either string or null.`;
      auditFailures.push({ message, ...where });
      return;
    }
    const text = value.trim();
    if (text !== '') auditAnnotations.push({ key, value: text });
  });
  return { auditFailures, auditAnnotations };
}
