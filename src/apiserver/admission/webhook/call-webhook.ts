// One call of a webhook: nothing is sent; the described answer is taken, and what became of it is noted for the plan.
// Behaviour: [apiserver]/pkg/admission/plugin/webhook/{mutating,validating}/dispatcher.go, Kubernetes v1.36.3.
import type { Status } from '../../../apimachinery/status.ts';
import type { ValidatingWebhook } from '../../../schema/generated/types/admissionregistration-v1.ts';
import type { WebhookRecord } from '../chain/admission-record.ts';
import type { RequestBindings } from '../policy/bindings.ts';
import type { Match, RequestView } from '../policy/request-view.ts';
import { denial, describedAnswer, dryRunRefusal, type Hook, unreachable } from './calls.ts';
import type { DescribedWebhook } from './described-webhook.ts';

interface WebhookCall {
  readonly hook: Hook<ValidatingWebhook>;
  /** As what the webhook gets the request. */
  readonly match: Match;
}

/** What refuses the request, if the webhook does. `patch` changes the request's object; without it a patch in the answer is passed over. */
export function callWebhook(
  kind: WebhookRecord['kind'],
  { hook, match }: WebhookCall,
  request: RequestView,
  bindings: RequestBindings,
  patch?: (answer: DescribedWebhook) => Status | undefined,
): Status | undefined {
  const { context } = request;
  const { configuration, webhook } = hook;
  const { failurePolicy = 'Fail', name } = webhook;
  const note = (outcome: WebhookRecord['outcome'], status?: Status): void =>
    context.record({
      type: 'webhook',
      kind,
      configuration,
      webhook: name,
      failurePolicy,
      ...(context.reinvocation.isReinvocation ? { isReinvocation: true } : {}),
      outcome,
      ...(status ? { message: status.message ?? '' } : {}),
    });
  const unsupported = dryRunRefusal(hook, context);
  if (unsupported) return unsupported;
  const answer = describedAnswer(hook, match, request, bindings);
  if (!answer) {
    note('assumed');
    return undefined;
  }
  for (const warning of answer.warnings ?? []) context.warn(warning);
  if (answer.answer === 'fail') {
    const status = unreachable(name, answer);
    const isOpen = failurePolicy === 'Ignore';
    note(isOpen ? 'failedOpen' : 'failed', status);
    return isOpen ? undefined : status;
  }
  if (answer.answer === 'deny') {
    const status = denial(name, answer);
    note('denied', status);
    return status;
  }
  if (answer.answer !== 'patch' || !patch) {
    note('allowed');
    return undefined;
  }
  const failed = patch(answer);
  note(failed ? 'failed' : 'patched', failed);
  return failed;
}
