// Notes the mutating webhooks that a request would be sent to, and changes its object as they are described.
// Behaviour: [apiserver]/pkg/admission/plugin/webhook/mutating/dispatcher.go, Kubernetes v1.36.3.
// Differs: webhooks are never called; one that is not described lets the request pass as it is.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { isMap } from '../../../apimachinery/json.ts';
import { applyJsonPatch } from '../../../apimachinery/patches/json-patch.ts';
import { internalError, type Status } from '../../../apimachinery/status.ts';
import { apiVersionOf } from '../../resource.ts';
import type { AdmissionPlugin } from '../chain/plugin.ts';
import { refuseWith } from '../chain/refusal.ts';
import { RequestBindings } from '../policy/bindings.ts';
import { Reinvoked } from '../policy/reinvoked.ts';
import { type Match, RequestView } from '../policy/request-view.ts';
import { callWebhook } from './call-webhook.ts';
import { matchHook, mutatingHooks } from './calls.ts';
import type { DescribedWebhook } from './described-webhook.ts';

const NAME = 'MutatingAdmissionWebhook';
const KIND = 'MutatingWebhookConfiguration';

export const mutatingAdmissionWebhook: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  isIdle: (reader) => reader.list('mutatingwebhookconfigurations.admissionregistration.k8s.io').length === 0,

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
      const refused = callWebhook(KIND, { hook, match }, request, bindings, (answer) =>
        patched(hook.webhook.name, answer, match, request, bindings),
      );
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
