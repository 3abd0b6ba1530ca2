import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileSchema } from '../../src/schema/ajv.ts';
import { definition, definitionNameOf, jsonSchemaFor } from '../../src/schema/definitions.ts';
import { allKinds } from '../../src/schema/kinds.ts';
import type { KubernetesVersion } from '../../src/schema/layout.ts';

const test = suite('schema definitions');

const versions: readonly KubernetesVersion[] = ['1.34', '1.35', '1.36'];
const deployment = { group: 'apps', version: 'v1', kind: 'Deployment' };

function valid(spec: object, extra: object = {}) {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec, ...extra };
}

const podSpec = { containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: 1, memory: '1Gi' } } }] };
const spec = {
  replicas: 1,
  selector: { matchLabels: { a: 'b' } },
  template: { metadata: { labels: { a: 'b' } }, spec: podSpec },
};

test('every kind of every version has a definition whose references resolve', () => {
  for (const version of versions) {
    for (const kind of allKinds(version))
      assert.ok(jsonSchemaFor(version, kind), `${version} ${kind.apiVersion} ${kind.kind}`);
  }
});

test('a definition carries list types, merge keys, enums and the scope', () => {
  const container = definition('1.36', 'io.k8s.api.core.v1.Container')!;
  assert.is(container['properties'].ports['x-kubernetes-patch-merge-key'], 'containerPort');
  assert.equal(container['properties'].ports['x-kubernetes-list-map-keys'], ['containerPort', 'protocol']);
  assert.equal(container['properties'].imagePullPolicy.enum, ['Always', 'IfNotPresent', 'Never']);
  assert.is(definition('1.36', definitionNameOf('core/v1.Node'))?.['x-kubernetes-scope'], 'Cluster');
});

test('a definition that changed between versions is the one of the version asked for', () => {
  const operators = (version: KubernetesVersion) =>
    definition(version, 'io.k8s.api.core.v1.Toleration')?.['properties'].operator.enum;
  assert.equal(operators('1.34'), ['Equal', 'Exists']);
  assert.equal(operators('1.36'), ['Equal', 'Exists', 'Gt', 'Lt']);
});

test('an unknown kind has no schema', () => {
  assert.is(jsonSchemaFor('1.36', { ...deployment, kind: 'Bogus' }), undefined);
  assert.is(definition('1.36', 'io.k8s.api.core.v1.Bogus'), undefined);
});

test('ajv accepts a good object and names the place of each problem', () => {
  const check = compileSchema(jsonSchemaFor('1.36', deployment)!);
  assert.equal(check(valid(spec)), []);
  const problems = check(
    valid({ ...spec, replicas: '1', template: { spec: { containers: [{ name: 'c', imagePullPolicy: 'Often' }] } } }),
  );
  assert.equal(
    problems.map((problem) => `${problem.path}: ${problem.message}`),
    [
      'spec.replicas: must be integer',
      'spec.template.spec.containers[0].imagePullPolicy: must be one of "Always", "IfNotPresent", "Never"',
    ],
  );
});

test('a strict schema refuses unknown fields at any depth', () => {
  const check = compileSchema(jsonSchemaFor('1.36', deployment, { strict: true })!);
  assert.equal(check(valid(spec)), []);
  const problems = check(valid({ ...spec, template: { spec: { containers: [{ name: 'c', imagee: 'i' }] } } }));
  assert.equal(
    problems.map((problem) => `${problem.path}: ${problem.message}`),
    ['spec.template.spec.containers[0]: unknown property "imagee"'],
  );
});

test.run();
