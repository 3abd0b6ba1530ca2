// What a described cluster's objects become when they are put into the store as they stand.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { defaultPod, fillPod } from '../../../src/apiserver/core/pod/defaults.ts';
import { decodeBody } from '../../../src/apiserver/decode.ts';
import type { Pod } from '../../../src/schema/generated/types/core-v1.ts';
import { TestServer } from '../test-server.ts';

const { world } = new TestServer();
const { server } = world;
const pods = server.options.catalog.byKind('v1', 'Pod')!;
const cause = { who: 'test' };
const FEATURES = { isEnabled: () => true };

function decoded(value: Readonly<Record<string, unknown>>): Pod {
  const body = { tree: { value }, isYaml: false };
  const answer = decodeBody(body, { resource: pods, version: 'v1' }, '1.36', 'Ignore');
  if (!answer.ok) throw new Error(answer.status.message);
  return answer.object as Pod;
}

const podValue = fc.record(
  {
    apiVersion: fc.constant('v1'),
    kind: fc.constant('Pod'),
    metadata: fc.record(
      { name: fc.constant('p'), annotations: fc.constant({ 'pod.beta.kubernetes.io/init-containers': 'x', a: 'b' }) },
      { requiredKeys: [] },
    ),
    spec: fc.record(
      {
        containers: fc.array(
          fc.record(
            { name: fc.constant('c'), image: fc.constantFrom('x', 'x:1'), ports: fc.constant([{ containerPort: 1 }]) },
            { requiredKeys: ['name'] },
          ),
          { maxLength: 2 },
        ),
        hostNetwork: fc.boolean(),
        restartPolicy: fc.constantFrom('', 'Never'),
        terminationGracePeriodSeconds: fc.constantFrom(-1, 0, 5),
        serviceAccount: fc.constant('a'),
        resources: fc.constant({ limits: { cpu: '1.0005' } }),
        overhead: fc.constant({ cpu: '1.0005' }),
      },
      { requiredKeys: [] },
    ),
    status: fc.record({ podIP: fc.constant('1.2.3.4'), phase: fc.constant('Running') }, { requiredKeys: [] }),
  },
  { requiredKeys: ['apiVersion', 'kind'] },
);

const restore = suite('restored objects');

restore('a pod that is filled in itself is what a copy with defaults is', () => {
  fc.assert(
    fc.property(podValue, (value) => {
      const expected = defaultPod(decoded(value), FEATURES);
      const filled = fillPod(decoded(value), FEATURES);
      assert.equal(filled, expected);
      assert.is(JSON.stringify(filled), JSON.stringify(expected));
    }),
    { numRuns: 300 },
  );
});

restore('what a pod leaves out is no place that pods share', () => {
  const bare = { apiVersion: 'v1', kind: 'Pod' };
  for (const name of ['a', 'b'])
    assert.ok(server.restore(pods, decoded({ ...bare, metadata: { name }, spec: {} }), cause));
  assert.ok(server.restore(pods, decoded(bare), cause));
  const [first, second, nameless] = ['a', 'b', ''].map((name) => server.find(pods, 'default', name)?.metadata);
  assert.equal([first?.name, second?.name, nameless?.name], ['a', 'b', undefined]);
  assert.is(new Set([first?.uid, second?.uid, nameless?.uid]).size, 3);
});

restore('a name that is taken stays with the object that has it', () => {
  const pod = (image: string) =>
    decoded({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'twice' },
      spec: { containers: [{ name: 'c', image }] },
    });
  assert.equal([server.restore(pods, pod('one'), cause), server.restore(pods, pod('two'), cause)], [true, false]);
  assert.is((server.find(pods, 'default', 'twice') as Pod).spec.containers?.[0]?.image, 'one');
});

restore('a custom resource leaves what it was read from as it was', () => {
  const definition = server.options.catalog.byKind('apiextensions.k8s.io/v1', 'CustomResourceDefinition')!;
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
    status: {
      acceptedNames: { plural: 'things', kind: 'Thing' },
      conditions: [{ type: 'Established', status: 'True' }],
    },
  };
  // Documents are objects of their kinds.
  assert.ok(server.restore(definition, crd as unknown as KubeObject, cause));
  const things = server.options.catalog.byKind('example.com/v1', 'Thing')!;
  const value = { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 't' }, spec: { a: 1 } };
  const before = JSON.stringify(value);
  const answer = decodeBody({ tree: { value }, isYaml: false }, { resource: things, version: 'v1' }, '1.36', 'Ignore');
  assert.ok(answer.ok && server.restore(things, answer.object, cause));
  assert.is(JSON.stringify(value), before);
});

restore.run();
