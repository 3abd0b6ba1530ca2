import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ValidatingAdmissionPolicy } from '../../../../src/schema/generated/types/admissionregistration-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const policies = suite('ValidatingAdmissionPolicy and its binding');

const API_VERSION = 'admissionregistration.k8s.io/v1';
const RULE = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };
const VALIDATION = { expression: 'object.spec.replicas < 5' };

function policy(spec: Json, fields: Json = {}): Document {
  const whole = { matchConstraints: { resourceRules: [RULE] }, validations: [VALIDATION], ...spec };
  return {
    apiVersion: API_VERSION,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'p' },
    spec: whole,
    ...fields,
  };
}

function binding(spec: Json): Document {
  const whole = { policyName: 'p', validationActions: ['Deny'], ...spec };
  return { apiVersion: API_VERSION, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: 'b' }, spec: whole };
}

policies('failures refuse and everything equivalent is met', () => {
  const { spec, status } = new TestServer().create(policy({})).object as unknown as ValidatingAdmissionPolicy;
  assert.is(spec.failurePolicy, 'Fail');
  assert.equal(spec.matchConstraints, {
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    resourceRules: [{ ...RULE, scope: '*' }],
  });
  assert.equal(status, {});
});

const ANNOTATION = { key: 'why', valueExpression: "'x'" };

for (const { name, document, causes } of [
  {
    name: 'a policy is about some resource',
    document: policy({ matchConstraints: {} }),
    causes: ['spec.matchConstraints.resourceRules: Required value'],
  },
  {
    name: 'a policy does something',
    document: policy({ validations: [] }),
    causes: [
      'spec.validations: Required value: validations or auditAnnotations must contain at least one item',
      'spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item',
    ],
  },
  {
    name: 'a message is one line',
    document: policy({ validations: [{ ...VALIDATION, message: 'a\nb', reason: 'Unknown' }] }),
    causes: [
      'spec.validations[0].message: Invalid value: "a\\nb": must not contain line breaks',
      'spec.validations[0].reason: Unsupported value: "Unknown": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
    ],
  },
  {
    name: 'a variable has a name that CEL can read',
    document: policy({
      variables: [
        { name: 'for', expression: '1' },
        { name: 'a-b', expression: ' ' },
      ],
    }),
    causes: [
      'spec.variables[0].name: Invalid value: "for": must be a valid CEL identifier',
      'spec.variables[1].name: Invalid value: "a-b": must be a valid CEL identifier',
      'spec.variables[1].expression: Required value: expression is not specified',
    ],
  },
  {
    name: 'keys of audit annotations differ',
    document: policy({ auditAnnotations: [ANNOTATION, ANNOTATION] }),
    causes: ['spec.auditAnnotations[1].key: Duplicate value: "why"'],
  },
  {
    name: 'parameters are of a kind of a version',
    document: policy({ paramKind: { apiVersion: 'a/b/c', kind: '' } }),
    causes: [
      'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
      'spec.paramKind.kind: Required value',
    ],
  },
  {
    name: 'a binding denies or warns',
    document: binding({ validationActions: ['Deny', 'Warn', 'Warn'] }),
    causes: [
      'spec.validationActions[2]: Duplicate value: "Warn"',
      'spec.validationActions: Invalid value: ["Deny","Warn","Warn"]: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
    ],
  },
  {
    name: 'a binding takes parameters by name or by selector',
    document: binding({ paramRef: { name: 'p', selector: {} } }),
    causes: [
      'spec.paramRef.name: Forbidden: name and selector are mutually exclusive',
      'spec.paramRef.selector: Forbidden: name and selector are mutually exclusive',
      'spec.paramRef.parameterNotFoundAction: Required value',
    ],
  },
  {
    name: 'a binding has a policy and an action',
    document: binding({ policyName: '', validationActions: [] }),
    causes: [
      'spec.policyName: Required value',
      'spec.validationActions: Required value: at least one validation action is required',
    ],
  },
]) {
  policies(name, () => assert.equal(new TestServer().create(document).causes, causes));
}

policies('only the status says what was found', () => {
  const server = new TestServer();
  const { metadata } = server.create(policy({})).object;
  const status = { typeChecking: { expressionWarnings: [{ fieldRef: '', warning: '' }] } };
  const write = (fields: Json) =>
    server.update(policy({ validations: [{ expression: 'true' }] }, { metadata: { ...metadata }, ...fields }), {
      subresource: 'status',
    });
  assert.equal(write({ status }).causes, [
    'status.typeChecking.expressionWarnings[0].warning: Required value',
    'status.typeChecking.expressionWarnings[0].fieldRef: Required value',
  ]);
  const { object } = write({ status: { observedGeneration: 1 } });
  assert.equal((object as unknown as ValidatingAdmissionPolicy).spec.validations, [VALIDATION]);
  assert.equal(object['status'], { observedGeneration: 1 });
});

policies.run();
