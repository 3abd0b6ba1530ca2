import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import type { Document, Json } from '../../test-server.ts';
import { CONFIG_MAPS, configMap, namespace, PolicyCluster } from './policy-cluster.ts';

const validating = suite('requests before ValidatingAdmissionPolicies');

const DENIED = `configmaps "c" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'p' denied request: `;
const NOBODY = "authorizer.serviceAccount('ns', 'a').group('').resource('secrets').check('get').allowed()";
const TWICE = [{ expression: 'has(object.data.a)' }, { expression: 'has(object.data.b)' }];
const BIG_LOOP =
  '[1,2,3,4,5,6,7,8,9,10].all(a, [1,2,3,4,5,6,7,8,9,10].all(b, [1,2,3,4,5,6,7,8,9,10].all(c, [1,2,3,4,5,6,7,8,9,10].all(d, [1,2,3,4,5,6,7,8,9,10].all(e, [1,2,3,4,5,6,7,8,9,10].all(f, a + b + c + d + e + f > 0))))))';

const CASES: readonly {
  readonly name: string;
  readonly policy: Json;
  readonly binding?: Json;
  readonly state?: readonly Document[];
  readonly object?: Document;
  /** The code, and the message after what every denial says. */
  readonly answer: string;
  readonly warnings?: readonly string[];
}[] = [
  {
    name: 'an expression that fails is told as it stands',
    policy: { validations: [{ expression: " object.data.a == 'x' " }] },
    object: configMap({ a: 'y' }),
    answer: "422 failed expression: object.data.a == 'x'",
  },
  {
    name: 'an expression that holds lets the request pass',
    policy: { validations: TWICE },
    object: configMap({ a: '', b: '' }),
    answer: '201',
  },
  {
    name: 'the first expression that fails decides the message',
    policy: { validations: TWICE },
    object: configMap({ c: '' }),
    answer: '422 failed expression: has(object.data.a)',
  },
  {
    name: 'the reason decides the code',
    policy: { validations: [{ expression: 'false', message: ' not here ', reason: 'Forbidden' }] },
    answer: '403 not here',
  },
  {
    name: 'a message expression goes before the message',
    policy: {
      validations: [{ expression: 'false', message: 'm', messageExpression: "'got ' + object.metadata.name" }],
    },
    answer: '422 got c',
  },
  {
    name: 'a message expression that fails or has two lines gives way to the message',
    policy: { validations: [{ expression: 'false', message: 'm', messageExpression: "'a\\nb'" }] },
    answer: '422 m',
  },
  {
    name: 'an error denies',
    policy: { validations: [{ expression: "object.data.nope == 'x'" }] },
    object: configMap({ a: '' }),
    answer: `422 expression 'object.data.nope == 'x'' resulted in error: no such key: nope`,
  },
  {
    name: 'an error passes when failures are ignored',
    policy: { failurePolicy: 'Ignore', validations: [{ expression: "object.data.nope == 'x'" }] },
    answer: '201',
  },
  {
    name: 'variables build on each other',
    policy: {
      variables: [
        { name: 'a', expression: 'object.data.n' },
        { name: 'b', expression: 'int(variables.a) * 2' },
      ],
      validations: [{ expression: 'variables.b < 10', messageExpression: 'string(variables.b)' }],
    },
    object: configMap({ n: '7' }),
    answer: '422 14',
  },
  {
    name: 'a match condition that is false spares the request',
    policy: {
      matchConditions: [{ name: 'not-me', expression: "object.metadata.name != 'c'" }],
      validations: [{ expression: 'false' }],
    },
    answer: '201',
  },
  {
    name: 'a match condition that fails denies',
    policy: {
      matchConditions: [{ name: 'fails', expression: 'object.data.nope' + " == 'x'" }],
      validations: [{ expression: 'false' }],
    },
    object: configMap({ a: '' }),
    answer: "422 expression 'object.data.nope == 'x'' resulted in error: no such key: nope",
  },
  {
    name: 'the namespace is known',
    policy: { validations: [{ expression: "namespaceObject.metadata.labels['team'] == 'edge'" }] },
    answer: "422 failed expression: namespaceObject.metadata.labels['team'] == 'edge'",
  },
  {
    name: 'another namespace is not selected',
    policy: { validations: [{ expression: 'false' }] },
    binding: { matchResources: { namespaceSelector: { matchLabels: { team: 'edge' } } } },
    answer: '201',
  },
  {
    name: 'labels are looked at before rules',
    policy: {
      validations: [{ expression: 'false' }],
      matchConstraints: { resourceRules: [CONFIG_MAPS], objectSelector: { matchLabels: { judged: 'yes' } } },
    },
    object: configMap({}, { labels: { judged: 'yes' } }),
    answer: '422 failed expression: false',
  },
  {
    name: 'an excluded name passes',
    policy: {
      validations: [{ expression: 'false' }],
      matchConstraints: {
        resourceRules: [CONFIG_MAPS],
        excludeResourceRules: [{ ...CONFIG_MAPS, resourceNames: ['c'] }],
      },
    },
    answer: '201',
  },
  {
    name: 'a warning lets the request pass',
    policy: { validations: [{ expression: 'false', message: 'careful' }] },
    binding: { validationActions: ['Warn', 'Audit'] },
    answer: '201',
    warnings: ["Validation failed for ValidatingAdmissionPolicy 'p' with binding 'p': careful"],
  },
  {
    name: 'a param is given',
    policy: {
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      validations: [{ expression: 'object.data.n < params.data.max', messageExpression: "'above ' + params.data.max" }],
    },
    binding: { paramRef: { name: 'limits', namespace: 'other', parameterNotFoundAction: 'Deny' } },
    state: [namespace('other'), configMap({ max: '3' }, { name: 'limits', namespace: 'other' })],
    object: configMap({ n: '5' }),
    answer: '422 above 3',
  },
  {
    name: 'a param that is missing denies',
    policy: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, validations: [{ expression: 'true' }] },
    binding: { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } },
    answer: '422 failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
  },
  {
    name: 'a param that may be missing spares the request',
    policy: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, validations: [{ expression: 'false' }] },
    binding: { paramRef: { name: 'limits', parameterNotFoundAction: 'Allow' } },
    answer: '201',
  },
  {
    name: 'params are of a kind that is served',
    policy: { paramKind: { apiVersion: 'example.com/v1', kind: 'Limit' }, validations: [{ expression: 'true' }] },
    answer: `422 configmaps "c" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Limit'`,
  },
  {
    name: 'an expression over its limit is stopped',
    policy: { validations: [{ expression: BIG_LOOP }] },
    answer: `422 expression '${BIG_LOOP}' resulted in error: operation cancelled: actual cost limit exceeded`,
  },
  {
    name: 'an administrator may do anything',
    policy: {
      validations: [{ expression: "authorizer.group('').resource('secrets').namespace('ns').check('get').allowed()" }],
    },
    answer: '201',
  },
  {
    name: 'an account that nothing is bound to may do nothing',
    policy: {
      validations: [
        {
          expression: NOBODY,
        },
      ],
    },
    answer: `422 failed expression: ${NOBODY}`,
  },
  {
    name: 'policies never judge policies',
    policy: {
      validations: [{ expression: 'false' }],
      matchConstraints: { resourceRules: [{ ...CONFIG_MAPS, apiGroups: ['*'], apiVersions: ['*'], resources: ['*'] }] },
    },
    object: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'another' },
      spec: { policyName: 'p', validationActions: ['Deny'] },
    },
    answer: '201',
  },
];

for (const { name, policy, binding = {}, state = [], object = configMap(), answer, warnings = [] } of CASES)
  validating(name, () => {
    const cluster = new PolicyCluster();
    for (const one of state) cluster.must(one);
    cluster.validating({ policy, binding });
    const verdict = cluster.server.create(object);
    const message = verdict.message?.startsWith(DENIED) ? verdict.message.slice(DENIED.length) : verdict.message;
    assert.is(verdict.code < 300 ? String(verdict.code) : `${verdict.code} ${message}`, answer);
    assert.equal(verdict.warnings, warnings);
  });

for (const { who, user } of [
  { who: 'user', user: 'admin' },
  { who: 'replicaset-controller', user: 'system:serviceaccount:kube-system:replicaset-controller' },
  { who: 'garbage-collector-controller', user: 'system:serviceaccount:kube-system:generic-garbage-collector' },
  { who: 'default-scheduler', user: 'system:kube-scheduler' },
  { who: 'kubelet', user: 'system:node:' },
])
  validating(`${who} asks as ${user}`, () => {
    const cluster = new PolicyCluster().validating({
      policy: { validations: [{ expression: 'false', messageExpression: 'request.userInfo.username' }] },
    });
    const { server } = cluster.server.world;
    const object = { ...configMap(), data: {} } as unknown as KubeObject;
    const answer = server.handle({ verb: 'create', resource: 'configmaps', namespace: 'ns', object, cause: { who } });
    assert.is(answer.ok ? '' : answer.status.message, `${DENIED}${user}`);
  });

validating('a scale is judged as a scale', () => {
  const rules = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['*'], resources: ['deployments/scale'] };
  const cluster = new PolicyCluster().validating({
    policy: {
      matchConstraints: { resourceRules: [rules] },
      validations: [
        { expression: "object.spec.replicas <= oldObject.spec.replicas + 2 && request.kind.kind == 'Scale'" },
      ],
    },
  });
  const labels = { app: 'web' };
  cluster.must({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'ns' },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    },
  });
  const { server } = cluster.server.world;
  const scale = (replicas: number): number =>
    server.handle({
      verb: 'update',
      resource: 'deployments.apps',
      namespace: 'ns',
      name: 'web',
      subresource: 'scale',
      object: {
        apiVersion: 'autoscaling/v1',
        kind: 'Scale',
        metadata: { name: 'web', namespace: 'ns' },
        spec: { replicas },
      } as unknown as KubeObject,
      cause: { who: 'user' },
    }).code;
  assert.is(scale(4), 422);
  assert.is(scale(3), 200);
});

validating('a binding whose policy is missing does nothing', () => {
  const cluster = new PolicyCluster();
  const spec = { policyName: 'missing', validationActions: ['Deny'] };
  cluster.must({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'b' },
    spec,
  });
  assert.is(cluster.server.create(configMap()).code, 201);
});

validating('an expression of ten thousand terms is judged in time', () => {
  const expression = Array.from({ length: 10_000 }, () => 'true').join(' && ');
  const start = process.cpuUsage();
  const cluster = new PolicyCluster().validating({ policy: { validations: [{ expression }] } });
  assert.is(cluster.server.create(configMap()).code, 201);
  assert.ok(process.cpuUsage(start).user < 5_000_000);
});

validating.run();
