// Notes the validating webhooks that a request would be sent to, and answers as they are described.
// Behaviour: [apiserver]/pkg/admission/plugin/webhook/validating/dispatcher.go, Kubernetes v1.36.3.
// Differs: webhooks are never called; one that is not described lets the request pass. Of several denials the first in order
// counts, upstream the first to arrive.
import type { AdmissionPlugin } from '../chain/plugin.ts';
import { refuseWith } from '../chain/refusal.ts';
import { RequestBindings } from '../policy/bindings.ts';
import { type Match, RequestView } from '../policy/request-view.ts';
import { callWebhook } from './call-webhook.ts';
import { matchHook, validatingHooks } from './calls.ts';

const NAME = 'ValidatingAdmissionWebhook';
const KIND = 'ValidatingWebhookConfiguration';

export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  isIdle: (reader) => reader.list('validatingwebhookconfigurations.admissionregistration.k8s.io').length === 0,

  validate(attributes, context) {
    const hooks = validatingHooks(context);
    if (hooks.length === 0) return undefined;
    const request = new RequestView(attributes, context);
    if (request.isExemptFromWebhooks) return undefined;
    const bindings = new RequestBindings(request);
    const calls: { readonly hook: (typeof hooks)[number]; readonly match: Match }[] = [];
    for (const hook of hooks) {
      const match = matchHook(hook, request, bindings);
      if (match && 'status' in match) return refuseWith(match.status, NAME);
      if (match) calls.push({ hook, match });
    }
    const refused = calls.flatMap((call) => callWebhook(KIND, call, request, bindings) ?? []);
    return refused[0] && refuseWith(refused[0], NAME);
  },
};
