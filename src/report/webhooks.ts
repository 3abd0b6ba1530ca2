// A webhook call of the plan as one line.
import type { Plan, WebhookCall } from '../planner/changes/plan.ts';
import { addressOf } from './tree.ts';

/** What became of the request, in words. */
const OUTCOMES: Readonly<Record<WebhookCall['outcome'], string>> = {
  assumed: 'assumed to allow',
  allowed: 'allows',
  denied: 'denies',
  patched: 'patches',
  failed: 'cannot be reached, which refuses the request',
  failedOpen: 'cannot be reached, which is ignored',
};

export function webhookLine(call: WebhookCall): string {
  const { object, operation, subresource, webhook, configuration, type, failurePolicy, outcome, message } = call;
  const times = call.count > 1 ? `${call.count} × ` : '';
  const what = `${times}${operation.toLowerCase()} ${addressOf(object)}${subresource ? `/${subresource}` : ''}`;
  const again = call.isReinvocation ? ', again' : '';
  const said = message === undefined ? '' : `: ${message}`;
  return `${what}: ${webhook} (${type}, ${configuration}, ${failurePolicy}${again}) ${OUTCOMES[outcome]}${said}`;
}

/** At most this many lines unless all are asked for; the rest is counted. */
const MOST_LINES = 40;

export function webhookLines({ webhooks = [] }: Plan, isFull: boolean): string[] {
  const lines = webhooks.map(webhookLine);
  if (isFull || lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more calls (--full shows all)`];
}
