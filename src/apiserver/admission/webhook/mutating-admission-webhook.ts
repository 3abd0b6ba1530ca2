// Notes the mutating webhooks that a request would be sent to, and changes its object as they are described.
// Behaviour: [apiserver]/pkg/admission/plugin/webhook/mutating/dispatcher.go, Kubernetes v1.36.3.
// Differs: webhooks are never called; one that is not described lets the request pass as it is.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { goQuote } from '../../../apimachinery/go-quote.ts';
import { applyJsonPatch } from '../../../apimachinery/json-patch.ts';
import { internalError, type Status } from '../../../apimachinery/status.ts';
import type { MutatingWebhook } from '../../../schema/generated/types/admissionregistration-v1.ts';
import { isMap } from '../../field-management/json-shape.ts';
import { apiVersionOf } from '../../resource.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { RequestBindings } from '../policy/bindings.ts';
import { Reinvoked } from '../policy/reinvoked.ts';
import { type Match, RequestView } from '../policy/request-view.ts';
import { refuseWith } from '../refusal.ts';
import { denial, describedAnswer, dryRunRefusal, type Hook, matchHook, mutatingHooks, unreachable } from './calls.ts';
import type { DescribedWebhook } from './described-webhook.ts';

const NAME = 'MutatingAdmissionWebhook';

export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],

  mutate(attributes, context) {
    const hooks = mutatingHooks(context);
    if (hooks.length === 0) return undefined;
    const request = new RequestView(attributes, context);
    if (request.isExemptFromWebhooks) return undefined;
    const { reinvocation } = context;
    const reinvoked = reinvocation.state(NAME, () => new Reinvoked());
    reinvoked.start(request.object, reinvocation.isReinvocation);
    const bindings = new RequestBindings(request);
    for (const hook of hooks) {
      const match = matchHook(hook, request, bindings);
      if (!match) continue;
      if ('status' in match) return refuseWith(match.status, NAME);
      // None is called for the first time in the second round.
      if (reinvocation.isReinvocation && !reinvoked.isWanted(hook.id)) continue;
      const before = request.object;
      const refused = call(hook, match, request, bindings);
      if (!semanticDeepEqual(before, request.object)) {
        reinvoked.changed();
        reinvocation.request();
      }
      if (hook.webhook.reinvocationPolicy === 'IfNeeded') reinvoked.add(hook.id);
      if (refused) return refuseWith(refused, NAME);
    }
    reinvoked.end(request.object);
    return request.object;
  },
};

function call(
  hook: Hook<MutatingWebhook>,
  match: Match,
  request: RequestView,
  bindings: RequestBindings,
): Status | undefined {
  const { context } = request;
  const { configuration, webhook } = hook;
  const { failurePolicy = 'Fail', name } = webhook;
  const noted = {
    type: 'webhook',
    kind: 'MutatingWebhookConfiguration',
    configuration,
    webhook: name,
    failurePolicy,
    ...(context.reinvocation.isReinvocation ? { isReinvocation: true } : {}),
  } as const;
  const unsupported = dryRunRefusal(hook, context);
  if (unsupported) return unsupported;
  const answer = describedAnswer(hook, match, request, bindings);
  if (!answer) {
    context.record({ ...noted, outcome: 'assumed' });
    return undefined;
  }
  for (const warning of answer.warnings ?? []) context.warn(warning);
  if (answer.answer === 'fail') {
    const status = unreachable(name, answer);
    const isOpen = failurePolicy === 'Ignore';
    context.record({ ...noted, outcome: isOpen ? 'failedOpen' : 'failed', message: status.message ?? '' });
    return isOpen ? undefined : status;
  }
  if (answer.answer === 'deny') {
    const status = denial(name, answer);
    context.record({ ...noted, outcome: 'denied', message: status.message ?? '' });
    return status;
  }
  const failed = answer.answer === 'patch' ? patched(name, answer, match, request, bindings) : undefined;
  const outcome = failed ? 'failed' : answer.answer === 'patch' ? 'patched' : 'allowed';
  context.record({ ...noted, outcome, ...(failed ? { message: failed.message ?? '' } : {}) });
  return failed;
}

/** Applies the patch to the request's object; a status when that cannot be done. */
function patched(
  name: string,
  { patch = [] }: DescribedWebhook,
  match: Match,
  request: RequestView,
  bindings: RequestBindings,
): Status | undefined {
  if (patch.length === 0) return undefined;
  const current = request.wire('object', match.kind);
  if (!current)
    return internalError(
      `admission webhook ${goQuote(name)} attempted to modify the object, which is not supported for this operation`,
    );
  const result = applyJsonPatch(current, patch);
  if (!result.ok) return internalError(result.error);
  if (!isMap(result.value)) return internalError('the patched object is no object');
  const object = request.context.versions.read(result.value, apiVersionOf(match.kind), 'decoded');
  if (typeof object === 'string') return internalError(object);
  request.object = object;
  bindings.forgetObject();
  return undefined;
}
