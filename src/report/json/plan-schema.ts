// The published JSON Schema of the plan document (`kubeplan schema plan`). Additions are minor versions; a test holds it to plan.ts.
import { type TObject, type TSchema, Type } from '@sinclair/typebox';

/** Readers must accept members that they do not know: the document grows. */
function open<T extends Record<string, TSchema>>(members: T): TObject<T> {
  return Type.Object(members, { additionalProperties: true });
}

const objectRef = open({
  apiVersion: Type.String(),
  kind: Type.String(),
  namespace: Type.Optional(Type.String()),
  name: Type.String(),
});
const podRef = open({ namespace: Type.String(), name: Type.String() });
const source = open({
  file: Type.String(),
  line: Type.Optional(Type.Integer({ minimum: 1 })),
  column: Type.Optional(Type.Integer({ minimum: 1 })),
  template: Type.Optional(Type.String()),
});
const kubeObject = Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]);

const fieldChange = open({
  path: Type.String(),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
  from: Type.Union(
    ['file', 'command', 'default', 'admission', 'controller', 'manager'].map((origin) => Type.Literal(origin)),
  ),
  by: Type.Optional(Type.String()),
});

const change = open({
  action: Type.Union(['create', 'update', 'replace', 'delete', 'no-op'].map((action) => Type.Literal(action))),
  origin: Type.Union([Type.Literal('submitted'), Type.Literal('derived')]),
  object: objectRef,
  before: kubeObject,
  after: kubeObject,
  fields: Type.Array(fieldChange),
  because: Type.Array(Type.String()),
  owner: Type.Optional(objectRef),
});

const diagnostic = open({
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('info')]),
  code: Type.String(),
  message: Type.String(),
  detail: Type.Optional(Type.String()),
  object: Type.Optional(objectRef),
  field: Type.Optional(Type.String()),
  source: Type.Optional(source),
  nextStep: Type.Optional(Type.String()),
  related: Type.Optional(Type.Array(source)),
});

const suppressed = open({
  fingerprint: Type.String(),
  rule: Type.String(),
  object: Type.Optional(objectRef),
  reason: Type.String(),
  by: Type.Union([Type.Literal('annotation'), Type.Literal('configuration'), Type.Literal('baseline')]),
});

const refusal = open({
  nodes: Type.Array(Type.String()),
  by: Type.Array(open({ plugin: Type.String(), reasons: Type.Array(Type.String()) })),
});

const count = Type.Integer({ minimum: 0 });

const outcomes = ['assumed', 'allowed', 'denied', 'patched', 'failed', 'failedOpen'];
const webhookCall = open({
  object: objectRef,
  operation: Type.String(),
  subresource: Type.Optional(Type.String()),
  type: Type.Union([Type.Literal('mutating'), Type.Literal('validating')]),
  configuration: Type.String(),
  webhook: Type.String(),
  failurePolicy: Type.String(),
  outcome: Type.Union(outcomes.map((outcome) => Type.Literal(outcome))),
  message: Type.Optional(Type.String()),
  isReinvocation: Type.Optional(Type.Boolean()),
  count: Type.Integer({ minimum: 1 }),
});

export const planSchema = Type.Object(
  {
    apiVersion: Type.Literal('kubeplan.dev/v1'),
    kind: Type.Literal('Plan'),
    formatVersion: Type.String({ pattern: '^1\\.\\d+$' }),
    kubernetesVersion: Type.String(),
    hasChanges: Type.Boolean(),
    converged: Type.Boolean(),
    summary: open({
      create: count,
      update: count,
      replace: count,
      delete: count,
      derived: count,
      pending: count,
      refused: count,
    }),
    changes: Type.Array(change),
    placements: Type.Array(open({ pod: podRef, node: Type.String() })),
    pending: Type.Array(
      open({
        pod: podRef,
        reason: Type.String(),
        message: Type.String(),
        refusals: Type.Optional(Type.Array(refusal)),
      }),
    ),
    services: Type.Array(
      open({
        service: podRef,
        clusterIP: Type.Optional(Type.String()),
        ports: Type.Array(Type.String()),
        ready: Type.Array(Type.String()),
        notReady: Type.Array(Type.String()),
      }),
    ),
    events: Type.Array(
      open({
        at: count,
        type: Type.String(),
        reason: Type.String(),
        object: objectRef,
        message: Type.String(),
        count: Type.Integer({ minimum: 1 }),
      }),
    ),
    diagnostics: Type.Array(diagnostic),
    assumptions: Type.Array(Type.String()),
    webhooks: Type.Optional(Type.Array(webhookCall)),
    suppressed: Type.Optional(Type.Array(suppressed)),
    simulatedSeconds: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: true, $id: 'https://kubeplan.dev/schemas/plan-v1.json', title: 'Plan' },
);
