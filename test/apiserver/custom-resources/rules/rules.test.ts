// Rules of custom resources: whether a definition may have them, and what they say of objects that come, change and stay.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../../test-server.ts';

function definition(x: Json, more: Json = {}): Document {
  const schema = { type: 'object', properties: { spec: { type: 'object', properties: { x } } }, ...more };
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

function probe(x: unknown, labels: Json = {}): Document {
  return {
    apiVersion: 'corp.example.com/v1',
    kind: 'Probe',
    metadata: { name: 'a', labels },
    spec: x === undefined ? {} : { x },
  };
}

const rules = (...given: readonly (string | Json)[]): Json => ({
  'x-kubernetes-validations': given.map((rule) => (typeof rule === 'string' ? { rule } : rule)),
});
const INTEGER = { type: 'integer' };
const TEXT = { type: 'string', maxLength: 100 };
const KEYED = {
  type: 'array',
  maxItems: 5,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['k'],
};
const ITEM = { type: 'object', required: ['k'], properties: { k: TEXT, v: INTEGER } };
const AT = 'spec.versions[0].schema.openAPIV3Schema.properties[spec].properties[x]';
const SHARED = 'spec.validation.openAPIV3Schema.properties[spec].properties[x]';
const HINT =
  '(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)';

const written = suite('rules when a definition is written');
const DEFINITIONS: readonly (readonly [name: string, x: Json, causes: readonly (string | RegExp)[]])[] = [
  ['a rule that compiles', { ...INTEGER, ...rules('self > 0') }, []],
  [
    'a rule that does not parse',
    { ...INTEGER, ...rules('self >') },
    [/rule: .*compilation failed: ERROR: <input>:1:7: Syntax error/s],
  ],
  ['a rule that is no bool', { ...INTEGER, ...rules('self + 1') }, [/cel expression must evaluate to a bool$/]],
  [
    'a message that is no text',
    { ...INTEGER, ...rules({ rule: 'self > 0', messageExpression: 'self' }) },
    [/\.messageExpression: .*messageExpression must evaluate to a string$/],
  ],
  [
    'optionalOldSelf without oldSelf',
    { ...INTEGER, ...rules({ rule: 'self > 0', optionalOldSelf: true }) },
    [
      `${SHARED}.x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule`,
    ],
  ],
  [
    'oldSelf in the items of a plain list',
    { type: 'array', maxItems: 3, items: { ...INTEGER, ...rules('self > oldSelf') } },
    [
      /\.items\.x-kubernetes-validations\[0\]\.rule: Invalid value: "self > oldSelf": oldSelf cannot be used on the uncorrelatable portion of the schema within .*properties\[x\]$/,
    ],
  ],
  ['oldSelf in the items of a list with keys', { ...KEYED, items: { ...ITEM, ...rules('self.k == oldSelf.k') } }, []],
  [
    'a rule that may cost too much',
    { type: 'array', items: { type: 'string' }, ...rules('self.all(a, self.all(b, a == b))') },
    [
      `${SHARED}.x-kubernetes-validations[0].rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x ${HINT}`,
      `${SHARED}.x-kubernetes-validations[0].rule: Forbidden: contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
      `spec.validation.openAPIV3Schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of more than 100x ${HINT}`,
    ],
  ],
  [
    'a schema that is wrong anyway: the rule waits',
    { ...INTEGER, 'x-kubernetes-map-type': 'atomic', ...rules('self >') },
    [/must be object if x-kubernetes-map-type is specified$/],
  ],
  [
    'a default that its rule refuses',
    { ...INTEGER, default: 0, ...rules('self > 0') },
    [`${SHARED}.default: Invalid value: 0: failed rule: self > 0`],
  ],
];
for (const [name, x, causes] of DEFINITIONS)
  written(name, () => {
    const found = new TestServer().create(definition(x)).causes;
    assert.is(found.length, causes.length, found.join('\n'));
    for (const [i, cause] of causes.entries())
      if (typeof cause === 'string') assert.is(found[i]?.replace(AT, SHARED), cause);
      else assert.match(found[i] ?? '', cause);
  });
written('a rule that was too dear may stay as long as its schema does', () => {
  const server = new TestServer();
  const dear = definition({ type: 'array', items: { type: 'string' }, ...rules('self.all(a, self.all(b, a == b))') });
  const { server: api } = server.world;
  const resource = api.options.catalog.byKind(dear.apiVersion, dear.kind)!;
  api.restore(resource, { ...dear, status: { acceptedNames: { plural: '', kind: '' } } } as never, { who: 'test' });
  const { resourceVersion } = server.find(dear.apiVersion, dear.kind, 'probes.corp.example.com')!.metadata;
  const labelled = { ...dear, metadata: { ...dear.metadata, resourceVersion, labels: { a: 'b' } } };
  const causes = server.update(labelled).causes;
  assert.ok(
    causes.every((cause) => !cause.includes('estimated rule cost exceeds')),
    causes.join('\n'),
  );
});
written.run();

const asked = suite('rules when an object is written');
const OBJECTS: readonly (readonly [name: string, x: Json, value: unknown, causes: readonly string[]])[] = [
  ['a rule that holds', { ...INTEGER, ...rules('self > 0') }, 1, []],
  ['a rule that fails', { ...INTEGER, ...rules('self > 0') }, 0, ['spec.x: Invalid value: 0: failed rule: self > 0']],
  ['a value that is not there', { ...INTEGER, ...rules('self > 0') }, undefined, []],
  [
    'a message',
    { ...INTEGER, ...rules({ rule: 'self > 0', message: ' must be more ' }) },
    0,
    ['spec.x: Invalid value: 0: must be more'],
  ],
  [
    'a messageExpression',
    {
      ...INTEGER,
      ...rules({ rule: 'self > 0', messageExpression: '"not " + (self == 0 ? "zero" : "less")', message: 'm' }),
    },
    0,
    ['spec.x: Invalid value: 0: not zero'],
  ],
  [
    'a messageExpression that fails gives way to the message',
    { ...INTEGER, ...rules({ rule: 'self > 0', messageExpression: 'string(1 / self)', message: 'm' }) },
    0,
    ['spec.x: Invalid value: 0: m'],
  ],
  [
    'a reason',
    { ...INTEGER, ...rules({ rule: 'self > 0', reason: 'FieldValueForbidden' }) },
    0,
    ['spec.x: Forbidden: failed rule: self > 0'],
  ],
  [
    'a fieldPath, and an object that is not printed',
    { ...ITEM, ...rules({ rule: 'self.v > 0', fieldPath: '.v', reason: 'FieldValueDuplicate' }) },
    { k: 'a', v: 0 },
    ['spec.x.v: Duplicate value'],
  ],
  [
    'an error while the rule runs',
    { ...INTEGER, ...rules('1 / self > 0') },
    0,
    ['spec.x: Invalid value: "integer": division by zero evaluating rule: 1 / self > 0'],
  ],
  [
    'an overload that is only missed at run time',
    { 'x-kubernetes-int-or-string': true, ...rules('self.startsWith("a")') },
    1,
    [
      'spec.x: Invalid value: "": \'no such overload\': call arguments did not match a supported operator, function or macro signature for rule: self.startsWith("a")',
    ],
  ],
  [
    'rules do not speak of an object that is broken',
    { ...TEXT, ...rules('self != ""') },
    1,
    [
      'spec.x: Invalid value: "integer": spec.x in body must be of type string: "integer"',
      '<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
    ],
  ],
  [
    'rules of a field without a type are never asked, not even when the object is broken',
    { 'x-kubernetes-preserve-unknown-fields': true, properties: { a: { ...TEXT, ...rules('self != ""') } } },
    { a: 1 },
    ['spec.x.a: Invalid value: "integer": spec.x.a in body must be of type string: "integer"'],
  ],
  [
    'a set of objects cannot be compared, in Go',
    {
      type: 'array',
      maxItems: 3,
      items: {
        type: 'array',
        maxItems: 3,
        'x-kubernetes-list-type': 'set',
        items: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { a: INTEGER } },
      },
      ...rules('self.exists(x, x == self[0])'),
    },
    [[{ a: 1 }]],
    [
      'spec.x: Invalid value: "array": internal error: runtime error: hash of unhashable type map[string]interface {} evaluating rule: self.exists(x, x == self[0])',
    ],
  ],
  ['a change that needs something before', { ...INTEGER, ...rules('self > oldSelf') }, 0, []],
  [
    'optionalOldSelf knows when there was nothing',
    { ...INTEGER, ...rules({ rule: 'oldSelf.hasValue()', optionalOldSelf: true, message: 'new' }) },
    0,
    ['spec.x: Invalid value: 0: new'],
  ],
];
for (const [name, x, value, causes] of OBJECTS)
  asked(name, () => {
    const server = new TestServer();
    assert.equal(server.create(definition(x)).causes, []);
    assert.equal(server.create(probe(value)).causes, causes);
  });

const CHANGES: readonly (readonly [
  name: string,
  x: Json,
  old: unknown,
  next: unknown,
  causes: readonly string[],
  warnings: readonly string[],
])[] = [
  [
    'a change that a rule forbids',
    { ...INTEGER, ...rules('self > oldSelf') },
    2,
    1,
    ['spec.x: Invalid value: 1: failed rule: self > oldSelf'],
    [],
  ],
  [
    'an item is compared with the one of its key',
    { ...KEYED, items: { ...ITEM, ...rules('self.v >= oldSelf.v') } },
    [
      { k: 'a', v: 1 },
      { k: 'b', v: 5 },
    ],
    [
      { k: 'b', v: 4 },
      { k: 'c', v: 0 },
      { k: 'a', v: 1 },
    ],
    ['spec.x[0]: Invalid value: failed rule: self.v >= oldSelf.v'],
    [],
  ],
];
for (const [name, x, old, next, causes, warnings] of CHANGES)
  asked(name, () => {
    const server = new TestServer();
    assert.equal(server.create(definition(x)).causes, []);
    const { resourceVersion } = server.create(probe(old)).object.metadata;
    const changed = probe(next);
    const verdict = server.update({ ...changed, metadata: { ...changed.metadata, resourceVersion } });
    assert.equal([verdict.causes, verdict.warnings], [causes, warnings]);
  });
asked('what an update leaves as it was is warned of', () => {
  const server = new TestServer();
  server.create(definition(INTEGER));
  server.create(probe(0));
  const crd = server.find('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'probes.corp.example.com')!;
  const stricter = definition({ ...INTEGER, ...rules('self > 0') });
  const { resourceVersion } = crd.metadata;
  assert.is(server.update({ ...stricter, metadata: { ...stricter.metadata, resourceVersion } }).code, 200);
  const update = (x: unknown, labels: Json) => {
    const { resourceVersion } = server.find('corp.example.com/v1', 'Probe', 'a', 'default')!.metadata;
    const next = probe(x, labels);
    return server.update({ ...next, metadata: { ...next.metadata, resourceVersion } });
  };
  const kept = update(0, { a: 'b' });
  assert.equal([kept.code, kept.warnings], [200, ['spec.x: Invalid value: 0: failed rule: self > 0']]);
  assert.equal(update(-1, { a: 'b' }).causes, ['spec.x: Invalid value: -1: failed rule: self > 0']);
});
asked.run();
