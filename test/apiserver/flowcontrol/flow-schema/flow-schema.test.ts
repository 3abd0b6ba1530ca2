import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { FlowSchema } from '../../../../src/schema/generated/types/flowcontrol-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const schemas = suite('FlowSchema');

const ADA = { kind: 'User', user: { name: 'ada' } };
const READS = { verbs: ['get'], apiGroups: ['apps'], resources: ['deployments'], namespaces: ['*'] };

function flowSchema(spec: Json, name = 'f'): Document {
  const whole = { priorityLevelConfiguration: { name: 'p' }, ...spec };
  return { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'FlowSchema', metadata: { name }, spec: whole };
}

schemas('it is asked after a thousand others', () => {
  const { spec } = new TestServer().create(flowSchema({})).object as unknown as FlowSchema;
  assert.is(spec.matchingPrecedence, 1000);
});

for (const { name, spec, causes } of [
  {
    name: 'the highest precedence is kept for exempt requests',
    spec: { matchingPrecedence: 1 },
    causes: ["spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1"],
  },
  {
    name: 'a rule is about somebody',
    spec: { rules: [{ subjects: [], resourceRules: [READS] }] },
    causes: ['spec.rules[0].subjects: Required value: subjects must contain at least one value'],
  },
  {
    name: 'a wildcard stands alone',
    spec: { rules: [{ subjects: [ADA], resourceRules: [{ ...READS, verbs: ['*', 'get'] }] }] },
    causes: [
      'spec.rules[0].resourceRules[0].verbs: Invalid value: ["*","get"]: if \'*\' is present, must not specify other verbs',
    ],
  },
  {
    name: 'a subject is of the kind that it says',
    spec: { rules: [{ subjects: [{ kind: 'Group', user: { name: 'ada' } }], resourceRules: [READS] }] },
    causes: [
      "spec.rules[0].subjects[0].group: Required value: group is required when subject kind is 'Group'",
      "spec.rules[0].subjects[0].user: Forbidden: user is forbidden when subject kind is not 'User'",
    ],
  },
]) {
  schemas(name, () => assert.equal(new TestServer().create(flowSchema(spec)).causes, causes));
}

schemas('those that the cluster needs stay as they are', () => {
  const { causes } = new TestServer().create(flowSchema({ matchingPrecedence: 1 }, 'exempt'));
  assert.is(causes.length, 1);
  assert.match(causes[0]!, /^spec: Invalid value: .*: spec of 'exempt' must equal the fixed value$/);
});

schemas.run();
