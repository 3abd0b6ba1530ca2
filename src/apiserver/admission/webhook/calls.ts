// Which webhooks a request would be sent to, in order, and what is said when one denies it or cannot be reached.
// Behaviour: [apiserver]/pkg/admission/plugin/webhook/generic/webhook.go (ShouldCallHook), webhook/errors/statuserror.go,
// pkg/util/webhook/error.go, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { badRequest, failure, forbidden, internalError, type Status } from '../../../apimachinery/status.ts';
import type {
  MutatingWebhook,
  MutatingWebhookConfiguration,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from '../../../schema/generated/types/admissionregistration-v1.ts';
import { cel } from '../../cel/loaded.ts';
import type { PolicyExpression } from '../../cel/policy-evaluation.ts';
import type { AdmissionContext } from '../chain/plugin.ts';
import type { RequestBindings } from '../policy/bindings.ts';
import { evaluateConditions } from '../policy/match-conditions.ts';
import type { Match, RequestView } from '../policy/request-view.ts';
import { matchSelectors, matchWebhookRules } from '../policy/rule-matching.ts';
import { answerOf, type DescribedWebhook } from './described-webhook.ts';

export interface Hook<W extends ValidatingWebhook> {
  readonly configuration: string;
  readonly webhook: W;
  /** Tells hooks apart that have the same name. */
  readonly id: string;
}

export function mutatingHooks({ reader }: AdmissionContext): readonly Hook<MutatingWebhook>[] {
  return hooksOf(
    reader.list<MutatingWebhookConfiguration>('mutatingwebhookconfigurations.admissionregistration.k8s.io'),
  );
}

export function validatingHooks({ reader }: AdmissionContext): readonly Hook<ValidatingWebhook>[] {
  return hooksOf(
    reader.list<ValidatingWebhookConfiguration>('validatingwebhookconfigurations.admissionregistration.k8s.io'),
  );
}

/** By the names of the configurations, within each as they stand. */
function hooksOf<W extends ValidatingWebhook>(
  configurations: readonly { readonly metadata: { readonly name?: string }; readonly webhooks?: readonly W[] }[],
): readonly Hook<W>[] {
  return configurations.flatMap(({ metadata: { name = '' }, webhooks = [] }) =>
    webhooks.map((webhook, index) => ({ configuration: name, webhook, id: `${name}/${index}` })),
  );
}

/** What of the request the webhook would see; undefined when it would not be called. */
export function matchHook(
  { webhook }: Hook<ValidatingWebhook>,
  request: RequestView,
  bindings: RequestBindings,
): Match | undefined | { readonly status: Status } {
  const selected = matchSelectors(webhook, request);
  if (selected === false) return undefined;
  const match = matchWebhookRules(webhook.rules ?? [], webhook.matchPolicy, request);
  if (!match || selected !== true) return match && (selected as { readonly status: Status });
  const conditions = conditionsOf(webhook);
  if (conditions.length === 0) return match;
  const bound = bindings.of({ resource: request.own.resource, kind: match.kind }, undefined, { hasNamespace: false });
  const condition = evaluateConditions(conditions, bound, undefined, webhook.failurePolicy);
  if ('error' in condition) return { status: forbidden(request.groupResource, request.name, condition.error) };
  return condition.matches ? match : undefined;
}

const compiled = new WeakMap<ValidatingWebhook, readonly PolicyExpression[]>();

function conditionsOf(webhook: ValidatingWebhook): readonly PolicyExpression[] {
  const { matchConditions = [] } = webhook;
  if (matchConditions.length === 0) return [];
  let known = compiled.get(webhook);
  if (!known) {
    const compiler = new (cel().PolicyCompiler)({ hasParams: false, composes: false });
    known = matchConditions.map(({ expression: text }) => ({
      text,
      compiled: compiler.compile('matchCondition', text),
    }));
    compiled.set(webhook, known);
  }
  return known;
}

/** What the webhook answers as far as it is described. */
export function describedAnswer(
  { configuration, webhook }: Hook<ValidatingWebhook>,
  match: Match,
  request: RequestView,
  bindings: RequestBindings,
): DescribedWebhook | undefined {
  return answerOf(request.context.webhooks, configuration, webhook.name, () => bindings.of(match, undefined));
}

const HARMLESS: ReadonlySet<string> = new Set(['None', 'NoneOnDryRun']);

/** A dry run must not have effects elsewhere. */
export function dryRunRefusal({ webhook }: Hook<ValidatingWebhook>, { dryRun }: AdmissionContext): Status | undefined {
  if (!dryRun || HARMLESS.has(webhook.sideEffects ?? '')) return undefined;
  return badRequest(`admission webhook ${goQuote(webhook.name)} does not support dry run`);
}

export function denial(webhook: string, { message = '', reason = '', code = 0 }: DescribedWebhook): Status {
  const deniedBy = `admission webhook ${goQuote(webhook)} denied the request`;
  const words = message || reason;
  const text = words === '' ? `${deniedBy} without explanation` : `${deniedBy}: ${words}`;
  // Whatever a webhook calls it is passed on.
  return failure(Math.max(code, 400), reason as Status['reason'], text);
}

export function unreachable(webhook: string, { message }: DescribedWebhook): Status {
  const why = message ?? 'no endpoints available for service';
  return internalError(`failed calling webhook ${goQuote(webhook)}: failed to call webhook: ${why}`);
}
