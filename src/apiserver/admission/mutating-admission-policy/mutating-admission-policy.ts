// Lets the MutatingAdmissionPolicies that are bound change the request's object, one after the other, and again where one asks
// to see what came later.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/mutating/{dispatcher,reinvocationcontext}.go,
// policy/generic/policy_dispatcher.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { forbidden, type Status, withCause } from '../../../apimachinery/status.ts';
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
} from '../../../schema/generated/types/admissionregistration-v1.ts';
import { cel } from '../../cel/loaded.ts';
import type { AdmissionPlugin, AdmissionRefusal } from '../chain/plugin.ts';
import { refuseWith, subjectName } from '../chain/refusal.ts';
import { RequestBindings } from '../policy/bindings.ts';
import { type Hook, hooksOf } from '../policy/hooks.ts';
import { evaluateConditions } from '../policy/match-conditions.ts';
import { collectParams, paramResource } from '../policy/params.ts';
import { Reinvoked } from '../policy/reinvoked.ts';
import { type Match, RequestView } from '../policy/request-view.ts';
import { matchResources } from '../policy/rule-matching.ts';
import { compiledPolicy } from './compiled-policy.ts';

const NAME = 'MutatingAdmissionPolicy';
const NO_CONSTRAINTS = 'policy contained no match constraints, a required field';

interface Invocation {
  readonly policy: MutatingAdmissionPolicy;
  readonly binding: MutatingAdmissionPolicyBinding;
  readonly params: KubeObject | undefined;
  readonly match: Match;
}

interface Failure {
  readonly policy: MutatingAdmissionPolicy;
  readonly binding?: MutatingAdmissionPolicyBinding;
  readonly message: string;
  /** Absent for what is wrong with the configuration. */
  readonly reason?: 'Invalid';
  readonly field?: string;
  readonly expression?: string;
}

type PolicyHook = Hook<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding>;

export const mutatingAdmissionPolicy: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE', 'CONNECT'],
  isIdle: (reader) => reader.list('mutatingadmissionpolicybindings.admissionregistration.k8s.io').length === 0,

  mutate(attributes, context) {
    const hooks = hooksOf<MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding>(
      'mutatingadmissionpolicies',
      context,
    );
    if (hooks.length === 0) return undefined;
    const request = new RequestView(attributes, context);
    if (request.isExemptFromPolicies) return undefined;
    const failures: Failure[] = [];
    const invocations = hooks.flatMap((hook) => invocationsOf(hook, request, failures));
    if (invocations.length > 0) {
      const refused = invoke(invocations, request, failures);
      if (refused) return refuseWith(refused, NAME);
    }
    const counted = failures.filter(({ policy }) => policy.spec.failurePolicy !== 'Ignore');
    return counted.length > 0 ? refusalOf(counted, request) : request.object;
  },
};

function invocationsOf({ policy, bindings }: PolicyHook, request: RequestView, failures: Failure[]): Invocation[] {
  const { matchConstraints, paramKind } = policy.spec;
  const misconfigured = (error: string, binding?: MutatingAdmissionPolicyBinding): [] => {
    const message = `failed to configure ${binding ? 'binding' : 'policy'}: ${error}`;
    failures.push({ policy, message, ...(binding ? { binding } : {}) });
    return [];
  };
  if (!matchConstraints) return misconfigured(NO_CONSTRAINTS);
  const match = matchResources(matchConstraints, request);
  if (!match) return [];
  if ('status' in match) return misconfigured(match.status.message ?? '');
  const source = paramResource(paramKind, request.context);
  if ('error' in source) return misconfigured(source.error);
  return bindings.flatMap((binding) => {
    const { matchResources: wanted, paramRef } = binding.spec;
    const bound = wanted ? matchResources(wanted, request) : match;
    if (!bound) return [];
    if ('status' in bound) return misconfigured(bound.status.message ?? '', binding);
    const found = collectParams(paramKind, source.resource, paramRef, request);
    if ('error' in found) return misconfigured(found.error, binding);
    return found.params.map((params) => ({ policy, binding, params, match }));
  });
}

/** Carries out the invocations in order; a status ends the request at once. */
function invoke(invocations: readonly Invocation[], request: RequestView, failures: Failure[]): Status | undefined {
  const { reinvocation } = request.context;
  const reinvoked = reinvocation.state(NAME, () => new Reinvoked());
  reinvoked.start(request.object, reinvocation.isReinvocation);
  const values = new RequestBindings(request);
  let isDirty = false;
  for (const invocation of invocations) {
    const { policy, binding, params, match } = invocation;
    const { conditions, variables } = compiledPolicy(policy);
    const bound = values.of({ resource: request.own.resource, kind: match.kind }, params, { hasNamespace: false });
    const condition = evaluateConditions(conditions, bound, variables, policy.spec.failurePolicy);
    if ('error' in condition) {
      failures.push({ policy, binding, message: condition.error, reason: 'Invalid', field: 'spec.matchConditions' });
      continue;
    }
    if (!condition.matches) continue;
    const key = keyOf(invocation);
    if (reinvocation.isReinvocation && !reinvoked.isWanted(key)) continue;
    const before = request.object;
    const done = mutateAll(invocation, request, values, failures);
    if (typeof done !== 'boolean') return done;
    isDirty ||= done;
    if (!semanticDeepEqual(before, request.object)) {
      reinvoked.changed();
      reinvocation.request();
      const names = { policy: policy.metadata.name ?? '', binding: binding.metadata.name ?? '' };
      request.context.record({ type: 'policy', kind: NAME, action: 'Mutate', ...names });
    }
    if (policy.spec.reinvocationPolicy === 'IfNeeded') reinvoked.add(key);
  }
  // Whoever changed something sees the object again as well, if it wishes to.
  if (isDirty) {
    reinvoked.changed();
    reinvocation.request();
  }
  reinvoked.end(request.object);
  return undefined;
}

/** Whether any mutation was applied, be it without effect; a status ends the request. */
function mutateAll(
  invocation: Invocation,
  request: RequestView,
  values: RequestBindings,
  failures: Failure[],
): Status | boolean {
  const { policy, binding } = invocation;
  const { mutations, variables } = compiledPolicy(policy);
  let isDirty = false;
  for (const [index, mutation] of mutations.entries()) {
    if (!request.object) continue;
    const result = cel().mutations.mutate(mutation, variables, invocation, request, values);
    if ('status' in result) return result.status;
    if ('error' in result) {
      const patch = mutation.patchType === 'JSONPatch' ? 'jsonPatch' : 'applyConfiguration';
      const field = `spec.mutations[${index}].${patch}.expression`;
      failures.push({ policy, binding, message: result.error, reason: 'Invalid', field, expression: mutation.text });
      continue;
    }
    request.object = result.object;
    values.forgetObject();
    isDirty = true;
  }
  return isDirty;
}

function keyOf({ policy, binding, params }: Invocation): string {
  const { namespace = '', name = '' } = params?.metadata ?? {};
  return [policy.metadata.name, binding.metadata.name, namespace, name].join('/');
}

function refusalOf(
  failures: readonly Failure[],
  { attributes, context, groupResource }: RequestView,
): AdmissionRefusal {
  const texts = failures.map(({ policy, binding, message }) =>
    binding
      ? `policy '${policy.metadata.name}' with binding '${binding.metadata.name}' denied request: ${message}`
      : `policy "${policy.metadata.name}" denied request: ${message}`,
  );
  for (const { policy, binding, message, field, expression } of failures)
    context.record({
      type: 'policy',
      kind: NAME,
      policy: policy.metadata.name ?? '',
      action: 'Deny',
      message,
      ...(binding ? { binding: binding.metadata.name ?? '' } : {}),
      ...(field === undefined ? {} : { field }),
      ...(expression === undefined ? {} : { expression }),
    });
  const status = forbidden(groupResource, subjectName(attributes), '');
  const told = { ...status, message: texts[0] ?? '', reason: failures[0]?.reason ?? status.reason };
  return refuseWith(
    texts.reduce((sum, message) => withCause(sum, { reason: '', message, field: '' }), told),
    NAME,
  );
}
