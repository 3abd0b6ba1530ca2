import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AdmissionNote, WebhookRecord } from '../../../../src/apiserver/admission/chain/admission-record.ts';
import type { DescribedWebhook } from '../../../../src/apiserver/admission/webhook/described-webhook.ts';
import { mutatingAdmissionWebhook } from '../../../../src/apiserver/admission/webhook/mutating-admission-webhook.ts';
import { validatingAdmissionWebhook } from '../../../../src/apiserver/admission/webhook/validating-admission-webhook.ts';
import { type Document, type Json, TestServer, type Verdict } from '../../test-server.ts';
import { CONFIG_MAPS, configMap, namespace } from '../policy/policy-cluster.ts';

const webhooks = suite('requests before webhooks');

function hook(name: string, fields: Json = {}): Json {
  return {
    name,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    clientConfig: { url: 'https://hooks.example.com/' },
    rules: [CONFIG_MAPS],
    ...fields,
  };
}

type Kind = 'Mutating' | 'Validating';

function configuration(kind: Kind, name: string, ...hooks: readonly Json[]): Document {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: `${kind}WebhookConfiguration`,
    metadata: { name },
    webhooks: hooks,
  };
}

interface Asked {
  readonly verdict: Verdict;
  /** `webhook outcome` of each call. */
  readonly calls: readonly string[];
}

function ask(
  configurations: readonly Document[],
  described: readonly DescribedWebhook[] = [],
  object: Document = configMap({ a: 'x' }),
): Asked {
  const server = new TestServer({}, [mutatingAdmissionWebhook, validatingAdmissionWebhook], described);
  for (const one of [namespace('ns', { team: 'core' }), ...configurations]) assert.is(server.create(one).code, 201);
  const before = server.world.admission.length;
  const verdict = server.create(object);
  const notes = server.world.admission.slice(before).map(({ note }: { readonly note: AdmissionNote }) => note.record);
  return {
    verdict,
    calls: notes.map((record) => {
      const { webhook, outcome, isReinvocation } = record as WebhookRecord;
      return `${webhook} ${outcome}${isReinvocation ? ' again' : ''}`;
    }),
  };
}

webhooks('calls go by the names of configurations, mutating ones first', () => {
  const { verdict, calls } = ask([
    configuration('Validating', 'a', hook('v.example.com')),
    configuration('Mutating', 'z', hook('last.example.com')),
    configuration('Mutating', 'b', hook('first.example.com'), hook('second.example.com')),
  ]);
  assert.is(verdict.code, 201);
  assert.equal(calls, [
    'first.example.com assumed',
    'second.example.com assumed',
    'last.example.com assumed',
    'v.example.com assumed',
  ]);
});

for (const { name, fields, isCalled } of [
  {
    name: 'a namespace that is not selected',
    fields: { namespaceSelector: { matchLabels: { team: 'x' } } },
    isCalled: false,
  },
  { name: 'an object that is not selected', fields: { objectSelector: { matchLabels: { a: 'b' } } }, isCalled: false },
  { name: 'another resource', fields: { rules: [{ ...CONFIG_MAPS, resources: ['secrets'] }] }, isCalled: false },
  { name: 'another operation', fields: { rules: [{ ...CONFIG_MAPS, operations: ['DELETE'] }] }, isCalled: false },
  { name: 'a scope of the cluster', fields: { rules: [{ ...CONFIG_MAPS, scope: 'Cluster' }] }, isCalled: false },
  {
    name: 'everything',
    fields: { rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*/*'] }] },
    isCalled: true,
  },
  {
    name: 'a match condition that holds',
    fields: { matchConditions: [{ name: 'c', expression: "object.data.a == 'x'" }] },
    isCalled: true,
  },
  {
    name: 'a match condition that does not hold',
    fields: { matchConditions: [{ name: 'c', expression: "object.data.a == 'y'" }] },
    isCalled: false,
  },
])
  webhooks(`${name} decides whether a webhook is called`, () => {
    const { calls } = ask([configuration('Validating', 'c', hook('v.example.com', fields))]);
    assert.is(calls.length > 0, isCalled);
  });

webhooks('a match condition that fails refuses', () => {
  const fields = { matchConditions: [{ name: 'c', expression: "object.data.nope == 'y'" }] };
  const { verdict } = ask([configuration('Validating', 'c', hook('v.example.com', fields))]);
  assert.is(verdict.code, 403);
  assert.is(
    verdict.message,
    `configmaps "c" is forbidden: expression 'object.data.nope == 'y'' resulted in error: no such key: nope`,
  );
});

const V = 'v.example.com';
for (const { name, answer, fields = {}, code, message } of [
  {
    name: 'a denial is told in its words',
    answer: { name: V, answer: 'deny', message: 'not on Sundays' },
    code: 400,
    message: 'admission webhook "v.example.com" denied the request: not on Sundays',
  },
  {
    name: 'a denial without words',
    answer: { name: V, answer: 'deny', code: 403 },
    code: 403,
    message: 'admission webhook "v.example.com" denied the request without explanation',
  },
  {
    name: 'a webhook that cannot be reached refuses',
    answer: { name: V, answer: 'fail', message: 'connection refused' },
    code: 500,
    message:
      'Internal error occurred: failed calling webhook "v.example.com": failed to call webhook: connection refused',
  },
  {
    name: 'a webhook that cannot be reached is ignored',
    answer: { name: V, answer: 'fail' },
    fields: { failurePolicy: 'Ignore' },
    code: 201,
    message: '',
  },
  {
    name: 'another configuration is meant',
    answer: { name: V, configuration: 'other', answer: 'deny' },
    code: 201,
    message: '',
  },
  {
    name: 'other requests are meant',
    answer: { name: V, when: "object.data.a == 'y'", answer: 'deny' },
    code: 201,
    message: '',
  },
] as const)
  webhooks(name, () => {
    const { verdict } = ask([configuration('Validating', 'c', hook(V, fields))], [answer]);
    assert.is(verdict.code, code);
    assert.is(verdict.message ?? '', message);
  });

webhooks('a patch changes the object, and who wishes to sees it again', () => {
  const described: DescribedWebhook[] = [
    { name: 'b.example.com', answer: 'patch', patch: [{ op: 'add', path: '/data/b', value: 'y' }] },
  ];
  const { verdict, calls } = ask(
    [configuration('Mutating', 'c', hook('a.example.com', { reinvocationPolicy: 'IfNeeded' }), hook('b.example.com'))],
    described,
  );
  assert.equal(verdict.object['data'], { a: 'x', b: 'y' });
  assert.equal(calls, ['a.example.com assumed', 'b.example.com patched', 'a.example.com assumed again']);
});

webhooks('a patch that does not apply refuses', () => {
  const patch = [{ op: 'remove', path: '/data/nope' }];
  const { verdict } = ask(
    [configuration('Mutating', 'c', hook('a.example.com'))],
    [{ name: 'a.example.com', answer: 'patch', patch }],
  );
  assert.is(verdict.code, 500);
});

webhooks('configurations of webhooks are exempt', () => {
  const everything = { rules: [{ operations: ['*'], apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }] };
  const { calls } = ask(
    [configuration('Validating', 'c', hook(V, everything))],
    [{ name: V, answer: 'deny' }],
    configuration('Validating', 'other'),
  );
  assert.equal(calls, []);
});

webhooks.run();
