// Notes the validating webhooks that a request would be sent to, and answers as they are described.
// Behaviour: [apiserver]/pkg/admission/plugin/webhook/validating/dispatcher.go, Kubernetes v1.36.3.
// Differs: webhooks are never called; one that is not described lets the request pass. Of several denials the first in order
// counts, upstream the first to arrive.
import type { Status } from '../../../apimachinery/status.ts';
import type { AdmissionPlugin } from '../plugin.ts';
import { RequestBindings } from '../policy/bindings.ts';
import { type Match, RequestView } from '../policy/request-view.ts';
import { refuseWith } from '../refusal.ts';
import { denial, describedAnswer, dryRunRefusal, type Hook, matchHook, unreachable, validatingHooks } from './calls.ts';

const NAME = 'ValidatingAdmissionWebhook';

export const validatingAdmissionWebhook: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],

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
    const refused = calls.flatMap(({ hook, match }) => call(hook, match, request, bindings) ?? []);
    return refused[0] && refuseWith(refused[0], NAME);
  },
};

function call(
  hook: Hook<Parameters<typeof describedAnswer>[0]['webhook']>,
  match: Match,
  request: RequestView,
  bindings: RequestBindings,
): Status | undefined {
  const { context } = request;
  const { configuration, webhook } = hook;
  const { failurePolicy = 'Fail', name } = webhook;
  const noted = {
    type: 'webhook',
    kind: 'ValidatingWebhookConfiguration',
    configuration,
    webhook: name,
    failurePolicy,
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
  if (answer.answer !== 'deny') {
    context.record({ ...noted, outcome: 'allowed' });
    return undefined;
  }
  const status = denial(name, answer);
  context.record({ ...noted, outcome: 'denied', message: status.message ?? '' });
  return status;
}
