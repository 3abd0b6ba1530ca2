import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const policies = suite('MutatingAdmissionPolicy and its binding');

const API_VERSION = 'admissionregistration.k8s.io/v1';
const RULE = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
const APPLY = { patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } };

function policy(spec: Json): Document {
  const whole = {
    matchConstraints: { resourceRules: [RULE] },
    mutations: [APPLY],
    reinvocationPolicy: 'Never',
    ...spec,
  };
  return { apiVersion: API_VERSION, kind: 'MutatingAdmissionPolicy', metadata: { name: 'p' }, spec: whole };
}

function binding(spec: Json): Document {
  return { apiVersion: API_VERSION, kind: 'MutatingAdmissionPolicyBinding', metadata: { name: 'b' }, spec };
}

const DELETIONS = { resourceRules: [{ ...RULE, operations: ['DELETE'] }] };
const MUTABLE = 'supported values: "*", "CONNECT", "CREATE", "UPDATE"';

for (const { name, document, causes } of [
  { name: 'a policy with a patch', document: policy({}), causes: [] },
  {
    name: 'what is deleted is not changed before',
    document: policy({ matchConstraints: DELETIONS }),
    causes: [`spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": ${MUTABLE}`],
  },
  {
    name: 'no binding makes a policy change what is deleted',
    document: binding({ policyName: 'p', matchResources: DELETIONS }),
    causes: [`spec.matchResources.resourceRules.operations: Unsupported value: "DELETE": ${MUTABLE}`],
  },
  {
    name: 'a patch is of the type that it says',
    document: policy({ mutations: [{ ...APPLY, patchType: 'JSONPatch' }] }),
    causes: [
      'spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch',
      'spec.mutations[0].applyConfiguration: Invalid value: "{applyConfiguration}": must not be specified when patchType is JSONPatch',
    ],
  },
  {
    name: 'a policy changes something and says whether it comes back',
    document: policy({ mutations: [], reinvocationPolicy: '' }),
    causes: [
      'spec.mutations: Required value: mutations must contain at least one item',
      'spec.reinvocationPolicy: Required value',
    ],
  },
]) {
  policies(name, () => assert.equal(new TestServer().create(document).causes, causes));
}

policies('webhooks that change objects come back only if they say so', () => {
  const name = 'change.example.com';
  const clientConfig = { url: 'https://example.com' };
  const webhook = { name, clientConfig, sideEffects: 'None', admissionReviewVersions: ['v1'] };
  const kind = 'MutatingWebhookConfiguration';
  const { object } = new TestServer().create({
    apiVersion: API_VERSION,
    kind,
    metadata: { name: 'c' },
    webhooks: [webhook],
  });
  assert.is((object['webhooks'] as readonly Json[])[0]?.['reinvocationPolicy'], 'Never');
});

policies.run();
