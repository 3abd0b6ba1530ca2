// What admission policies and webhooks made of the requests of a plan: denials of what controllers ask for as problems with the
// chain that leads to the user's file, and the webhooks that a real API server would have called.
import type { Diagnostic, ObjectRef } from '../../apimachinery/diagnostic.ts';
import type { AdmissionNote, PolicyRecord, WebhookRecord } from '../../apiserver/admission/chain/admission-record.ts';
import type { DescribedWebhook } from '../../apiserver/admission/webhook/described-webhook.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { Store, StoreEvent } from '../../apiserver/store/store.ts';
import { CauseFinder } from './because.ts';
import { History } from './history.ts';
import type { WebhookCall } from './plan.ts';

export interface NotedAdmission {
  readonly note: AdmissionNote;
  /** The newest write when the request was made. */
  readonly revision: number;
}

/** A policy's verdict on what a component asked for; the user's own requests are answered to the user. */
export function policyProblems(noted: readonly NotedAdmission[], store: Store, since: number): Diagnostic[] {
  // A component asks again and again: its last attempt counts.
  const last = new Map<string, NotedAdmission & { readonly record: PolicyRecord }>();
  for (const one of noted) {
    const { record, cause, operation, subresource } = one.note;
    if (record.type !== 'policy' || record.action === 'Mutate') continue;
    if (cause.who === 'user' && record.action !== 'Audit') continue;
    last.set(JSON.stringify([record, refOf(one.note), operation, subresource]), { ...one, record });
  }
  if (last.size === 0) return [];
  const events = store.events(since);
  const written = events === 'expired' ? [] : events;
  const causes = new CauseFinder(store, new History(written));
  return [...last.values()].map(({ record, note, revision }) =>
    problemOf(record, note, isOvercome(note, revision, written), causes.becauseOf(note.cause, revision)),
  );
}

/** Whether the same was written after all. */
function isOvercome(
  { operation, objectKind, namespace, name }: AdmissionNote,
  revision: number,
  events: readonly StoreEvent[],
): boolean {
  const prefix = name.endsWith('*') ? name.slice(0, -1) : undefined;
  return events.some(({ revision: at, type, object }) => {
    const { metadata, kind } = object;
    if (at <= revision || kind !== objectKind || (metadata.namespace ?? '') !== (namespace ?? '')) return false;
    if (prefix === undefined ? metadata.name !== name : metadata.generateName !== prefix) return false;
    return operation === 'CREATE' ? type === 'ADDED' : operation === 'DELETE' ? type === 'DELETED' : true;
  });
}

const VERBS = { Deny: 'denies', Warn: 'warns of', Audit: 'notes' } as const;

function problemOf(
  { kind, policy, binding, action, field, expression, message = '' }: PolicyRecord,
  note: AdmissionNote,
  overcome: boolean,
  because: readonly string[],
): Diagnostic {
  const { operation, cause, subresource } = note;
  const object = refOf(note);
  const by = binding === undefined ? `${kind} ${policy}` : `${kind} ${policy} with binding ${binding}`;
  const what = `${operation.toLowerCase()} of ${object.kind}${subresource ? `/${subresource}` : ''} ${placeOf(object)}`;
  const rule = field === undefined ? '' : ` (${field})`;
  const chain = because.length > 0 ? ` for ${because.join(' < ')}` : '';
  const verb = VERBS[action as keyof typeof VERBS];
  return {
    ...verdictOf(action, overcome),
    message: `${by} ${verb} the ${what}, asked for by ${cause.who}${chain}: ${message}${rule}`,
    object,
    ...(expression === undefined ? {} : { detail: expression.trim() }),
    ...(action === 'Deny' ? { nextStep: 'Change the template behind it, or the policy or its binding.' } : {}),
  };
}

/** A denial that lasts keeps the cluster from what is asked for. */
function verdictOf(action: PolicyRecord['action'], overcome: boolean): Pick<Diagnostic, 'severity' | 'code'> {
  if (action === 'Audit') return { severity: 'info', code: 'PolicyAudited' };
  if (action === 'Warn') return { severity: 'warning', code: 'PolicyWarned' };
  return overcome ? { severity: 'warning', code: 'PolicyDenied' } : { severity: 'error', code: 'StalledByPolicy' };
}

/** In the order in which they would be made; calls that do not differ are counted. */
export function webhookCalls(noted: readonly NotedAdmission[]): WebhookCall[] {
  const calls = new Map<string, WebhookCall>();
  for (const { note } of noted) {
    const { record, operation, subresource } = note;
    if (record.type !== 'webhook') continue;
    const call = callOf(record, note);
    const key = JSON.stringify([record, call.object, operation, subresource]);
    calls.set(key, { ...call, count: (calls.get(key)?.count ?? 0) + 1 });
  }
  return [...calls.values()];
}

function callOf(record: WebhookRecord, note: AdmissionNote): WebhookCall {
  const { kind, configuration, webhook, failurePolicy, outcome, message, isReinvocation } = record;
  return {
    object: refOf(note),
    operation: note.operation,
    ...(note.subresource === '' ? {} : { subresource: note.subresource }),
    type: kind === 'MutatingWebhookConfiguration' ? 'mutating' : 'validating',
    configuration,
    webhook,
    failurePolicy,
    outcome,
    ...(message === undefined ? {} : { message }),
    ...(isReinvocation ? { isReinvocation } : {}),
    count: 1,
  };
}

/** Descriptions of webhooks that no configuration has: most likely a name that is misspelt. */
export function unknownWebhooks(described: readonly DescribedWebhook[], reader: ClusterReader): Diagnostic[] {
  const known = ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'].flatMap((resource) =>
    reader.list(`${resource}.admissionregistration.k8s.io`).flatMap((object) =>
      ((object as { readonly webhooks?: readonly { readonly name: string }[] }).webhooks ?? []).map(({ name }) => ({
        name,
        configuration: object.metadata.name ?? '',
      })),
    ),
  );
  return described
    .filter(
      (one) =>
        !known.some(
          ({ name, configuration }) =>
            name === one.name && (one.configuration === undefined || one.configuration === configuration),
        ),
    )
    .map(({ name, configuration }) => ({
      severity: 'warning' as const,
      code: 'UnknownWebhook',
      message: `the cluster has no webhook ${name}${configuration === undefined ? '' : ` in ${configuration}`}, whose answer is described`,
      nextStep: 'Check spec.webhooks of the cluster file against the webhook configurations.',
    }));
}

function refOf({ apiVersion, objectKind, namespace, name }: AdmissionNote): ObjectRef {
  return { apiVersion, kind: objectKind, ...(namespace === undefined ? {} : { namespace }), name };
}

function placeOf({ namespace, name }: ObjectRef): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
