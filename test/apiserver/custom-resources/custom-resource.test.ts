// Custom resources, from the definition that makes the server serve them to the words in which they are refused.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../test-server.ts';

const test = suite('custom resources');

function definition(properties: Json, version: Json = {}): Document {
  const spec = { type: 'object', properties };
  const schema = {
    type: 'object',
    properties: { spec, status: { type: 'object', properties: { n: { type: 'integer' } } } },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'probes.corp.example.com' },
    spec: {
      group: 'corp.example.com',
      scope: 'Namespaced',
      names: { plural: 'probes', kind: 'Probe' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }],
    },
  };
}

function probe(spec: Json, metadata: Json = {}): Document {
  return { apiVersion: 'corp.example.com/v1', kind: 'Probe', metadata: { name: 'a', ...metadata }, spec };
}

function serverFor(properties: Json, version: Json = {}): TestServer {
  const server = new TestServer();
  assert.is(server.create(definition(properties, version)).code, 201);
  return server;
}

const TEXT = { type: 'string' };
const AB = { type: 'object', properties: { a: { type: 'integer' }, b: TEXT } };
const KEYED = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['k'],
  items: { type: 'object', required: ['k'], properties: { k: TEXT, v: TEXT } },
};
const EMBEDDED = {
  type: 'object',
  'x-kubernetes-embedded-resource': true,
  'x-kubernetes-preserve-unknown-fields': true,
};

const CASES: readonly (readonly [name: string, schema: Json, value: unknown, causes: readonly string[]])[] = [
  [
    'a wrong type',
    { type: 'integer' },
    'x',
    ['spec.x: Invalid value: "string": spec.x in body must be of type integer: "string"'],
  ],
  [
    'a pattern of RE2',
    { ...TEXT, pattern: '^\\pL+$' },
    'äö1',
    ['spec.x: Invalid value: "äö1": spec.x in body should match \'^\\pL+$\''],
  ],
  ['a text that is too long', { ...TEXT, maxLength: 2 }, 'äöü', ['spec.x: Too long: may not be more than 2 bytes']],
  [
    'an integer whose factor is less than one',
    { type: 'number', multipleOf: 0.5 },
    5,
    ['spec.x: Invalid value: 0: factor MultipleOf declared for spec.x must be positive: 0'],
  ],
  [
    'a large number and a bound that does not fit the type',
    { type: 'integer', maximum: 2.5 },
    2147483648,
    [
      '<nil>: Invalid value: "": Maximum boundary value must be of type integer (default format) in spec.x',
      'spec.x: Invalid value: 2.147483648e+09: spec.x in body should be less than or equal to 2.5',
    ],
  ],
  [
    'a bound that does not fit the type',
    { type: 'integer', minimum: 1.5 },
    1,
    [
      '<nil>: Invalid value: "": Minimum boundary value must be of type integer (default format) in spec.x',
      'spec.x: Invalid value: 1: spec.x in body should be greater than or equal to 1.5',
    ],
  ],
  [
    'none of two alternatives',
    { ...AB, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    {},
    [
      '<nil>: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found none valid',
      'spec.x.a: Required value',
    ],
  ],
  [
    'both of two alternatives',
    { ...AB, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    { a: 1, b: 'x' },
    ['<nil>: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
  ],
  [
    'what a schema forbids',
    { ...AB, not: { required: ['a'] } },
    { a: 1 },
    ['<nil>: Invalid value: "": "spec.x" must not validate the schema (not)'],
  ],
  ['a list map whose keys repeat', KEYED, [{ k: 'a' }, { k: 'a' }], ['spec.x[1]: Duplicate value: {"k":"a"}']],
  [
    'an integer or text that is neither',
    { 'x-kubernetes-int-or-string': true },
    true,
    ['spec.x: Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"'],
  ],
  ['an embedded resource without a kind', EMBEDDED, { apiVersion: 'v1' }, ['spec.x.kind: Required value']],
];

for (const [name, schema, value, causes] of CASES)
  test(`${name} is refused in Kubernetes' words`, () => {
    const answer = serverFor({ x: schema }).create(probe({ x: value }));
    assert.equal([...answer.causes].sort(), [...causes].sort());
  });

test('what is wrong is forgiven while an update leaves it as it was', () => {
  const server = new TestServer();
  const loose = definition({ list: { ...KEYED }, other: TEXT });
  server.create(loose);
  const list = [{ k: 'a', v: 'long' }];
  const { object } = server.create(probe({ list }));
  const stored = server.find('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'probes.corp.example.com')!;
  const items = { ...KEYED.items, properties: { k: TEXT, v: { ...TEXT, maxLength: 2 } } };
  const strict = definition({ list: { ...KEYED, items }, other: TEXT });
  const { resourceVersion } = stored.metadata;
  assert.is(server.update({ ...strict, metadata: { ...strict.metadata, resourceVersion } }).code, 200);
  const metadata = { resourceVersion: object.metadata.resourceVersion };
  assert.equal(server.update(probe({ list, other: 'x' }, metadata), { dryRun: true }).causes, []);
  const more = [...list, { k: 'b', v: 'long' }];
  assert.equal(server.update(probe({ list: more }, metadata), { dryRun: true }).causes, [
    'spec.list[1].v: Too long: may not be more than 2 bytes',
  ]);
});

test('nothing is forgiven below a field that an update adds', () => {
  const list = { type: 'array', items: { type: 'integer', maximum: 5 } };
  const server = serverFor({ a: list, b: { type: 'object', properties: { a: list } } });
  const { resourceVersion } = server.create(probe({ a: [1] })).object.metadata;
  assert.equal(server.update(probe({ a: [1], b: { a: [9] } }, { resourceVersion })).causes, [
    'spec.b.a[0]: Invalid value: 9: spec.b.a[0] in body should be less than or equal to 5',
  ]);
});

test('an update meets the old object as its definition describes it now', () => {
  const server = serverFor({ a: AB, b: TEXT });
  const { object } = server.create(probe({ a: { a: 1, b: 'x' } }));
  const crd = server.find('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'probes.corp.example.com')!;
  const smaller = definition({ a: { type: 'object', properties: { b: TEXT } } });
  const metadata = { ...smaller.metadata, resourceVersion: crd.metadata.resourceVersion };
  assert.is(server.update({ ...smaller, metadata }).code, 200);
  const { resourceVersion } = object.metadata;
  const next = server.update(probe({ a: { b: 'x' } }, { resourceVersion, labels: { a: 'b' } })).object;
  assert.is(next.metadata.generation, 1);
});

test('a version on its way out is warned of, and an update in it sees the old object as that version does', () => {
  const schema = (a: Json) => ({
    openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { a, b: TEXT } } } },
  });
  const versions = [
    { name: 'v1', served: true, storage: true, schema: schema({ type: 'object', properties: { x: TEXT } }) },
    { name: 'v1beta1', served: true, storage: false, deprecated: true, schema: schema(TEXT) },
  ];
  const server = new TestServer();
  const crd = definition({});
  assert.is(server.create({ ...crd, spec: { ...(crd['spec'] as Json), versions } }).code, 201);
  const { resourceVersion } = server.create(probe({ a: { x: 'y' }, b: 'c' })).object.metadata;
  const old = { ...probe({ a: {}, b: 'd' }, { resourceVersion }), apiVersion: 'corp.example.com/v1beta1' };
  const { code, warnings, causes } = server.update(old);
  assert.equal([code, causes], [200, []]);
  assert.equal(warnings, ['corp.example.com/v1beta1 Probe is deprecated; use corp.example.com/v1 Probe']);
});

test('defaults come in, nulls that mean nothing go, and the generation counts changes', () => {
  const server = serverFor({ d: { ...AB, default: { a: 1 } }, n: { ...TEXT, nullable: true }, o: TEXT });
  const { object } = server.create(probe({ n: null, o: null }));
  assert.equal(object['spec'], { d: { a: 1 }, n: null });
  assert.is(object.metadata.generation, 1);
  const { resourceVersion } = object.metadata;
  assert.is(server.update(probe({ o: 'x' }, { resourceVersion })).object.metadata.generation, 2);
});

test('the status is written through its subresource alone, and scale paths hold whole numbers', () => {
  const scale = { specReplicasPath: '.spec.r', statusReplicasPath: '.status.n' };
  const server = serverFor(
    { r: { 'x-kubernetes-preserve-unknown-fields': true } },
    { subresources: { status: {}, scale } },
  );
  const { object } = server.create({ ...probe({ r: 1 }), status: { n: 3 } });
  assert.is(object['status'], undefined);
  const { resourceVersion } = object.metadata;
  const written = { ...probe({ r: 7 }, { resourceVersion }), status: { n: 3 } };
  const { object: next } = server.update(written, { subresource: 'status' });
  assert.equal([next['spec'], next['status']], [{ r: 1 }, { n: 3 }]);
  assert.equal(server.create(probe({ r: -1 }, { name: 'b' })).causes, [
    '.spec.r: Invalid value: -1: should be a non-negative integer',
  ]);
});

test('finalizers without a domain are remarked on', () => {
  const { code, warnings } = serverFor({}).create(probe({}, { finalizers: ['foo', 'a.io/b'] }));
  assert.is(code, 201);
  assert.equal(warnings, [
    'metadata.finalizers: "foo": prefer a domain-qualified finalizer name to avoid accidental conflicts with other finalizer writers',
  ]);
});

test('a fork of the cluster has the definitions of its own', () => {
  const { world } = new TestServer();
  const fork = world.fork();
  fork.server.restore(
    fork.server.options.catalog.byName('customresourcedefinitions.apiextensions.k8s.io')!,
    // A document is an object of its kind.
    { ...definition({}), status: { acceptedNames: { plural: '', kind: '' } } } as never,
    { who: 'test' },
  );
  assert.is(fork.server.options.catalog.byKind('corp.example.com/v1', 'Probe')?.plural, 'probes');
  assert.is(world.server.options.catalog.byKind('corp.example.com/v1', 'Probe'), undefined);
});

test.run();
