// Puts requests before the ValidatingAdmissionPolicies that are bound, and refuses, warns or notes what they deny.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/validating/dispatcher.go, Kubernetes v1.36.3.
import { forbidden, type Status, withCause } from '../../../apimachinery/status.ts';
import type {
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
} from '../../../schema/generated/types/admissionregistration-v1.ts';
import { cel } from '../../cel/loaded.ts';
import type { AdmissionContext, AdmissionPlugin } from '../chain/plugin.ts';
import { refuseWith, subjectName } from '../chain/refusal.ts';
import { RequestBindings } from '../policy/bindings.ts';
import { type Hook, hooksOf } from '../policy/hooks.ts';
import { collectParams, paramResource } from '../policy/params.ts';
import { RequestView } from '../policy/request-view.ts';
import { matchResources } from '../policy/rule-matching.ts';
import type { Decisions, Denial } from './decisions.ts';

const NAME = 'ValidatingAdmissionPolicy';
const NO_CONSTRAINTS = 'policy contained no match constraints, a required field';

const CODES: Readonly<Record<string, number>> = {
  Forbidden: 403,
  Unauthorized: 401,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

type PolicyHook = Hook<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding>;

interface Denied extends Denial {
  readonly policy: string;
  readonly binding?: string;
}

export const validatingAdmissionPolicy: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  isIdle: (reader) => reader.list('validatingadmissionpolicybindings.admissionregistration.k8s.io').length === 0,

  validate(attributes, context) {
    const hooks = hooksOf<ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding>(
      'validatingadmissionpolicies',
      context,
    );
    if (hooks.length === 0) return undefined;
    const request = new RequestView(attributes, context);
    if (request.isExemptFromPolicies) return undefined;
    const bindings = new RequestBindings(request);
    const [first, ...others] = hooks.flatMap((hook) => judge(hook, request, bindings));
    if (!first) return undefined;
    for (const { policy, binding, field, expression, message } of [first, ...others])
      context.record({
        type: 'policy',
        kind: NAME,
        policy,
        action: 'Deny',
        message,
        ...(binding === undefined ? {} : { binding }),
        ...(field === undefined ? {} : { field }),
        ...(expression === undefined ? {} : { expression }),
      });
    const { policy, binding, message, reason = 'Invalid' } = first;
    const by = binding === undefined ? `${NAME} '${policy}'` : `${NAME} '${policy}' with binding '${binding}'`;
    const text = `${by} denied request: ${message}`;
    const status = forbidden(request.groupResource, subjectName(attributes), text);
    const judged: Status = { ...status, reason: reason as NonNullable<Status['reason']>, code: CODES[reason] ?? 422 };
    return refuseWith(withCause(judged, { reason: '', message: text, field: '' }), NAME);
  },
};

/** The denials of one policy that its bindings do not only warn about or note. */
function judge({ policy, bindings }: PolicyHook, request: RequestView, values: RequestBindings): Denied[] {
  const { context } = request;
  const { failurePolicy, matchConstraints, paramKind } = policy.spec;
  const name = policy.metadata.name ?? '';
  const misconfigured = (error: string, binding?: string): Denied[] => {
    if (failurePolicy === 'Ignore') return [];
    const what = binding === undefined ? 'policy' : 'binding';
    return [
      { policy: name, message: `failed to configure ${what}: ${error}`, ...(binding === undefined ? {} : { binding }) },
    ];
  };
  if (!matchConstraints) return misconfigured(NO_CONSTRAINTS);
  const match = matchResources(matchConstraints, request);
  if (!match) return [];
  if ('status' in match) return misconfigured(match.status.message ?? '');
  const source = paramResource(paramKind, context);
  if ('error' in source) return misconfigured(source.error);
  return bindings.flatMap((binding) => {
    const bindingName = binding.metadata.name ?? '';
    const { matchResources: wanted, paramRef } = binding.spec;
    const bound = wanted ? matchResources(wanted, request) : match;
    if (!bound) return [];
    if ('status' in bound) return misconfigured(bound.status.message ?? '', bindingName);
    const found = collectParams(paramKind, source.resource, paramRef, request);
    if ('error' in found) return misconfigured(found.error, bindingName);
    return found.params.flatMap((params) =>
      enforce(cel().decisions.decide(policy, match, params, request, values), policy, binding, context),
    );
  });
}

/** What is denied in truth: a binding may only warn about a decision, or note it. */
function enforce(
  { denials, auditFailures }: Decisions,
  policy: ValidatingAdmissionPolicy,
  { metadata, spec }: ValidatingAdmissionPolicyBinding,
  context: AdmissionContext,
): Denied[] {
  const names = { policy: policy.metadata.name ?? '', binding: metadata.name ?? '' };
  const denied: Denied[] = [];
  for (const denial of denials)
    for (const action of spec.validationActions ?? []) {
      if (action === 'Deny') denied.push({ ...denial, ...names });
      else note(action as 'Warn' | 'Audit', { ...denial, ...names }, context);
    }
  return [...denied, ...auditFailures.map((failure) => ({ ...failure, ...names }))];
}

function note(
  action: 'Warn' | 'Audit',
  { policy, binding, message, field, expression }: Denied,
  context: AdmissionContext,
): void {
  if (action === 'Warn')
    context.warn(`Validation failed for ${NAME} '${policy}' with binding '${binding}': ${message}`);
  context.record({
    type: 'policy',
    kind: NAME,
    policy,
    action,
    message,
    ...(binding === undefined ? {} : { binding }),
    ...(field === undefined ? {} : { field }),
    ...(expression === undefined ? {} : { expression }),
  });
}
