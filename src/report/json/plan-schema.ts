// The published JSON Schema of the plan document (`kubeplan schema plan`). Additions are minor versions; a test holds it to plan.ts.
import { Type } from '@sinclair/typebox';
import { open } from './open-object.ts';

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
  source: Type.Optional(source),
});

const driftedField = open({
  path: Type.String(),
  lastApplied: Type.Optional(Type.Unknown()),
  live: Type.Optional(Type.Unknown()),
  desired: Type.Optional(Type.Unknown()),
  by: Type.Optional(Type.String()),
});

const replacement = open({
  because: Type.Array(Type.String()),
  podsDeleted: Type.Integer({ minimum: 0 }),
  readyBefore: Type.Integer({ minimum: 0 }),
  readyAtLeast: Type.Integer({ minimum: 0 }),
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
  drift: Type.Optional(Type.Array(driftedField)),
  replacement: Type.Optional(replacement),
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
const usage = Type.Array(
  open({
    resource: Type.String(),
    limit: Type.Optional(Type.String()),
    before: Type.String(),
    after: Type.String(),
    percentBefore: Type.Optional(Type.Integer()),
    percentAfter: Type.Optional(Type.Integer()),
  }),
);
const eviction = open({
  pod: podRef,
  node: Type.Optional(Type.String()),
  at: count,
  reason: Type.String(),
  message: Type.String(),
  preemptor: Type.Optional(podRef),
});
const rollout = open({
  object: objectRef,
  wanted: count,
  steps: Type.Array(open({ at: count, old: count, new: count, ready: count })),
  readyAtLeast: count,
  unavailableAtMost: count,
  complete: Type.Boolean(),
  stalledOn: Type.Optional(Type.String()),
});
const podMoment = open({
  at: Type.Integer({ minimum: -1 }),
  pod: podRef,
  state: Type.Union(['waiting', 'starting', 'unready', 'ready', 'ended', 'gone'].map((state) => Type.Literal(state))),
  node: Type.Optional(Type.String()),
});
const inputDigest = open({ objects: count, digest: Type.String({ pattern: '^sha256:[0-9a-f]{64}$' }) });

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
    evictions: Type.Array(eviction),
    rollouts: Type.Array(rollout),
    nodes: Type.Array(
      open({
        node: Type.String(),
        zone: Type.Optional(Type.String()),
        ready: Type.Boolean(),
        unschedulable: Type.Boolean(),
        usage,
      }),
    ),
    namespaces: Type.Array(open({ namespace: Type.String(), usage })),
    quotas: Type.Array(open({ quota: podRef, usage })),
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
    timeline: Type.Array(podMoment),
    diagnostics: Type.Array(diagnostic),
    assumptions: Type.Array(Type.String()),
    webhooks: Type.Optional(Type.Array(webhookCall)),
    suppressed: Type.Optional(Type.Array(suppressed)),
    inputs: open({ manifests: inputDigest, cluster: inputDigest }),
    simulatedSeconds: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: true, $id: 'https://kubeplan.dev/schemas/plan-v1.json', title: 'Plan' },
);
