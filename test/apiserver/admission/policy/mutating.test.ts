import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../../test-server.ts';
import { configMap, PolicyCluster } from './policy-cluster.ts';

const mutating = suite('requests before MutatingAdmissionPolicies');

const apply = (expression: string): Json => ({ patchType: 'ApplyConfiguration', applyConfiguration: { expression } });
const patch = (expression: string): Json => ({ patchType: 'JSONPatch', jsonPatch: { expression } });
const LABELED = apply("Object{metadata: Object.metadata{labels: {'added': 'yes'}}}");

mutating('a configuration is merged into the object', () => {
  const cluster = new PolicyCluster().mutating({ policy: { mutations: [LABELED] } });
  const { object } = cluster.must(configMap({}, { labels: { own: 'x' } }));
  assert.equal(object.metadata.labels, { added: 'yes', own: 'x' });
});

mutating('mutations see what those before them did', () => {
  const mutations = [LABELED, patch("[JSONPatch{op: 'add', path: '/data', value: object.metadata.labels}]")];
  const cluster = new PolicyCluster().mutating({ policy: { mutations } });
  assert.equal(cluster.must(configMap()).object['data'], { added: 'yes' });
});

mutating('a test that fails leaves the object as it is', () => {
  const mutations = [
    patch("[JSONPatch{op: 'test', path: '/data/a', value: 'z'}, JSONPatch{op: 'remove', path: '/data/a'}]"),
  ];
  const cluster = new PolicyCluster().mutating({ policy: { mutations } });
  assert.equal(cluster.must(configMap({ a: 'x' })).object['data'], { a: 'x' });
});

const REFUSALS: readonly { readonly name: string; readonly mutation: Json; readonly message: string }[] = [
  {
    name: 'a field that the kind does not have',
    mutation: apply('Object{spec: Object.spec{replicas: 1}}'),
    message:
      'error applying patch: failed to convert patch object to typed object: .spec: field not declared in schema',
  },
  {
    name: 'a type name that is not the path',
    mutation: apply("Object{metadata: Object.spec{labels: {'a': 'b'}}}"),
    message:
      'type mismatch: unexpected type name "Object.spec", expected "Object.metadata", which matches field name path from root Object type',
  },
  {
    name: 'a path that is not there',
    mutation: patch("[JSONPatch{op: 'remove', path: '/data/nope'}]"),
    message:
      "JSON Patch: error in remove for path: '/data/nope': Unable to remove nonexistent key: nope: missing value",
  },
  {
    name: 'a map with keys that are no text',
    mutation: apply("Object{data: {1: 'v'}}"),
    message: 'invalid return type: *dynamic.ObjectVal',
  },
  {
    name: 'null, which is a value of an enumeration in Go,',
    mutation: apply('Object{metadata: null}'),
    message:
      'error applying patch: failed to convert patch object to typed object: .metadata: expected map, got &{NULL_VALUE}',
  },
  {
    name: 'a value that JSON does not have',
    mutation: patch("[JSONPatch{op: 'add', path: '/data/q', value: quantity('1Gi')}]"),
    message:
      "JSONPath valueExpression evaluated to a type that could not marshal to JSON: type conversion error from 'Quantity' to '*structpb.Value'",
  },
];

for (const { name, mutation, message } of REFUSALS) {
  mutating(`${name} is refused`, () => {
    const cluster = new PolicyCluster().mutating({ policy: { mutations: [mutation] } });
    const verdict = cluster.server.create(configMap({ a: 'x' }));
    assert.is(verdict.code, 403);
    assert.is(verdict.message, `policy 'm' with binding 'm' denied request: ${message}`);
  });
  mutating(`${name} is passed over when failures are ignored`, () => {
    const cluster = new PolicyCluster().mutating({ policy: { failurePolicy: 'Ignore', mutations: [mutation] } });
    assert.is(cluster.server.create(configMap({ a: 'x' })).code, 201);
  });
}

mutating('a policy that wishes to is asked again when a later one changed the object', () => {
  const counted = patch(
    "[JSONPatch{op: 'add', path: '/data/seen', value: has(object.metadata.labels) ? 'labels' : 'none'}]",
  );
  const both = (reinvocationPolicy: string): unknown => {
    const cluster = new PolicyCluster()
      .mutating({ name: 'a', policy: { mutations: [counted], reinvocationPolicy } })
      .mutating({ name: 'b', policy: { mutations: [LABELED] } });
    return cluster.must(configMap({ x: '' })).object['data'];
  };
  assert.equal(both('Never'), { seen: 'none', x: '' });
  assert.equal(both('IfNeeded'), { seen: 'labels', x: '' });
});

mutating('what a policy made is judged by the validating ones', () => {
  const cluster = new PolicyCluster()
    .mutating({ policy: { mutations: [LABELED] } })
    .validating({ policy: { validations: [{ expression: "!('added' in object.metadata.labels)" }] } });
  assert.is(cluster.server.create(configMap()).code, 422);
});

mutating('an object stays in its namespace', () => {
  const mutations = [patch("[JSONPatch{op: 'replace', path: '/metadata/namespace', value: 'default'}]")];
  const cluster = new PolicyCluster().mutating({ policy: { mutations } });
  const { code, message } = cluster.server.create(configMap({ a: 'x' }));
  assert.is(
    `${code} ${message}`,
    '400 the namespace of the provided object does not match the namespace sent on the request',
  );
});

mutating('a kind that matches in another version only cannot be changed, as upstream', () => {
  const rules = {
    apiGroups: ['autoscaling'],
    apiVersions: ['v1'],
    operations: ['*'],
    resources: ['horizontalpodautoscalers'],
  };
  const mutations = [apply('Object{spec: Object.spec{minReplicas: 2}}')];
  const cluster = new PolicyCluster().mutating({ policy: { mutations, matchConstraints: { resourceRules: [rules] } } });
  const { message } = cluster.server.create({
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'h', namespace: 'ns' },
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } },
  });
  assert.is(
    message,
    "policy 'm' with binding 'm' denied request: converting (v1.HorizontalPodAutoscaler) to (v2.HorizontalPodAutoscaler): unknown conversion",
  );
});

mutating('deletions are not changed', () => {
  const cluster = new PolicyCluster();
  cluster.must(configMap());
  cluster.mutating({ policy: { mutations: [patch("[JSONPatch{op: 'remove', path: '/data/nope'}]")] } });
  assert.is(cluster.server.delete('v1', 'ConfigMap', 'c', 'ns').code, 200);
});

mutating.run();
