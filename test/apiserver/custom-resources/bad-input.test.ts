// Definitions and custom resources that mean harm, or are merely too much: the server's answer, in bounded time.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../test-server.ts';

function definition(x: Json): Document {
  const schema = { type: 'object', properties: { spec: { type: 'object', properties: { x } } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'probes.corp.example.com' },
    spec: {
      group: 'corp.example.com',
      scope: 'Namespaced',
      names: { plural: 'probes', kind: 'Probe' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
}
const probe = (x: unknown): Document => ({
  apiVersion: 'corp.example.com/v1',
  kind: 'Probe',
  metadata: { name: 'a' },
  spec: { x },
});
const rule = (text: string): Json => ({ 'x-kubernetes-validations': [{ rule: text }] });
const terms = (count: number, of: (i: number) => string, by: string): string =>
  Array.from({ length: count }, (_, i) => of(i)).join(by);
/** Generous: the suites share their machine. */
const SECONDS = 20;

const test = suite('bad input');

function within<T>(what: () => T): T {
  const started = performance.now();
  const result = what();
  const seconds = (performance.now() - started) / 1000;
  assert.ok(seconds < SECONDS, `${seconds} s`);
  return result;
}

const REFUSED: readonly (readonly [name: string, x: Json, cause: RegExp])[] = [
  ['a reference to itself', { $ref: '#/properties/spec/properties/x' }, /\.\$ref: Forbidden: \$ref is not supported$/],
  [
    'a pattern that explodes',
    { type: 'string', pattern: '((((a{1,30}){1,30}){1,30}){1,30})' },
    /must be a valid regular expression, but isn't: error parsing regexp: invalid repeat count/,
  ],
  [
    'ten thousand terms',
    { type: 'integer', ...rule(terms(10_000, (i) => `self != ${i}`, ' && ')) },
    /compilation failed: ERROR/,
  ],
  [
    'ten thousand parentheses',
    { type: 'integer', ...rule(`${'('.repeat(10_000)}self${')'.repeat(10_000)} > 0`) },
    /expression recursion limit exceeded: 250/,
  ],
  [
    'an expression beyond 100,000 characters',
    { type: 'integer', ...rule(`self > 0 || "${'x'.repeat(200_000)}" == ""`) },
    /expression code point size exceeds limit: size: 200020, limit 100000/,
  ],
  [
    'loops in loops',
    {
      type: 'array',
      maxItems: 200,
      items: { type: 'integer' },
      ...rule('self.all(a, self.all(b, self.all(c, a + b + c >= 0)))'),
    },
    /estimated rule cost exceeds budget by factor of 7\.2x/,
  ],
];
for (const [name, x, cause] of REFUSED)
  test(`${name}: the definition is refused`, () => {
    const { code, causes } = within(() => new TestServer().create(definition(x)));
    assert.is(code, 422);
    assert.ok(
      causes.some((each) => cause.test(each)),
      causes.map((each) => each.slice(-300)).join('\n'),
    );
  });

const WRITTEN: readonly (readonly [name: string, x: Json, value: unknown, count: number])[] = [
  ['a pattern that backtracks elsewhere', { type: 'string', pattern: '^(a+)+$' }, `${'a'.repeat(20_000)}b`, 1],
  ['a schema that nothing fits', { type: 'integer', minimum: 5, maximum: 3, enum: [9] }, 4, 3],
  [
    'ten thousand mistakes',
    { type: 'array', items: { type: 'integer' } },
    Array.from({ length: 10_000 }, () => 'x'),
    10_000,
  ],
  [
    'a set of ten thousand',
    { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    [...Array.from({ length: 10_000 }, (_, i) => `v${i}`), 'v1'],
    1,
  ],
];
for (const [name, x, value, count] of WRITTEN)
  test(`${name}: the object is refused`, () => {
    const server = new TestServer();
    assert.is(server.create(definition(x)).code, 201);
    assert.is(within(() => server.create(probe(value))).causes.length, count);
  });

test('a schema of a megabyte is taken', () => {
  const description = 'x'.repeat(240);
  const properties = Object.fromEntries(
    Array.from({ length: 4000 }, (_, i) => [
      `p${i}`,
      { type: 'string', description, ...(i % 100 === 0 ? rule('self != ""') : {}) },
    ]),
  );
  const server = new TestServer();
  const crd = definition({ type: 'object', properties });
  assert.ok(JSON.stringify(crd).length > 1_000_000);
  assert.is(within(() => server.create(crd)).code, 201);
  assert.equal(within(() => server.create(probe({ p100: '' }))).causes, [
    'spec.x.p100: Invalid value: "": failed rule: self != ""',
  ]);
});

test('what rules cost in all ends a request', () => {
  // One rule costs 900 x 900, which is less than a rule may.
  const list = { type: 'array', maxItems: 900, items: { type: 'integer' }, ...rule('sets.contains(self, self)') };
  const properties = Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`p${i}`, list]));
  const server = new TestServer();
  assert.equal(server.create(definition({ type: 'object', properties })).causes, []);
  const numbers = Array.from({ length: 900 }, (_, i) => i);
  const value = Object.fromEntries(Object.keys(properties).map((name) => [name, numbers]));
  const { causes } = within(() => server.create(probe(value)));
  assert.is(causes.length, 1);
  assert.match(
    causes[0] ?? '',
    /Invalid value: "array": validation failed due to running out of cost budget, no further validation rules will be run$/,
  );
});

test.run();
