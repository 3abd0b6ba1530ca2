// CustomResourceDefinitions: what makes one invalid, in kube-apiserver v1.36.3's words, and what the server writes into it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Document, type Json, TestServer } from '../test-server.ts';

const test = suite('CustomResourceDefinition');

const NAME = 'probes.corp.example.com';
const TEXT = { type: 'string' };

function definition(field: Json, spec: Json = {}, version: Json = {}): Document {
  const schema = { type: 'object', properties: { spec: { type: 'object', properties: { x: field } } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: NAME },
    spec: {
      group: 'corp.example.com',
      scope: 'Namespaced',
      names: { plural: 'probes', kind: 'Probe' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...version }],
      ...spec,
    },
  };
}

const FIELD = 'spec.validation.openAPIV3Schema.properties[spec].properties[x]';

const SCHEMAS: readonly (readonly [name: string, field: Json, causes: readonly string[]])[] = [
  ['a field without a type', {}, [`${FIELD}.type: Required value: must not be empty for specified object fields`]],
  ['a list without items', { type: 'array' }, [`${FIELD}.items: Required value: must be specified`]],
  [
    'a pattern that RE2 does not take',
    { ...TEXT, pattern: '(?!a)' },
    [
      `${FIELD}.pattern: Invalid value: "(?!a)": must be a valid regular expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax: \`(?!\``,
    ],
  ],
  [
    'a default with fields that nobody declares',
    { type: 'object', default: { a: 1 } },
    [`${FIELD}.default: Invalid value: {"a":1}: must not have unknown fields`],
  ],
  [
    'a default of another type',
    { ...TEXT, default: 5 },
    [`${FIELD}.default: Invalid value: "integer":  in body must be of type string: "integer"`],
  ],
  [
    'a list map whose key may be missing',
    {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['k'],
      items: { type: 'object', properties: { k: TEXT } },
    },
    [
      `${FIELD}.items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
    ],
  ],
  [
    'a set of lists that merge',
    { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'object' } },
    [
      `${FIELD}.items.x-kubernetes-map-type: Invalid value: null: must be atomic as item of a list with x-kubernetes-list-type=set`,
    ],
  ],
];

for (const [name, field, causes] of SCHEMAS)
  test(`${name} is refused`, () => {
    assert.equal(new TestServer().create(definition(field)).causes, causes);
  });

const SPECS: readonly (readonly [name: string, document: Document, causes: readonly string[]])[] = [
  [
    'a group without a dot',
    definition(TEXT, { group: 'corp' }),
    [
      'metadata.name: Invalid value: "probes.corp.example.com": must be spec.names.plural+"."+spec.group',
      'spec.group: Invalid value: "corp": should be a domain with at least one dot',
    ],
  ],
  [
    'a webhook without a client',
    definition(TEXT, { conversion: { strategy: 'Webhook' } }),
    [
      'spec.conversion.conversionReviewVersions: Required value',
      'spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook',
    ],
  ],
  [
    'a scale path outside of spec',
    definition(TEXT, {}, { subresources: { scale: { specReplicasPath: '.x', statusReplicasPath: '.status.r' } } }),
    ['spec.subresources.scale.specReplicasPath: Invalid value: ".x": should be a json path under .spec'],
  ],
  [
    'a selectable field that is no scalar',
    definition(TEXT, {}, { selectableFields: [{ jsonPath: '.spec' }] }),
    [
      'spec.selectableFields[0].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
    ],
  ],
  [
    'a printer column without a path',
    definition(TEXT, {}, { additionalPrinterColumns: [{ name: 'a', type: 'x', jsonPath: '' }] }),
    [
      'spec.additionalPrinterColumns[0].JSONPath: Required value',
      'spec.additionalPrinterColumns[0].type: Invalid value: "x": must be one of boolean,date,integer,number,string',
    ],
  ],
];

for (const [name, document, causes] of SPECS)
  test(`${name} is refused`, () => {
    assert.equal([...new TestServer().create(document).causes].sort(), causes);
  });

test('a version without a schema is refused', () => {
  const [cause] = new TestServer().create(
    definition(TEXT, { versions: [{ name: 'v1', served: true, storage: false }] }),
  ).causes;
  assert.is(cause, 'spec.versions[0].schema.openAPIV3Schema: Required value');
});

test('a format that nobody knows is remarked on, once', () => {
  const server = new TestServer();
  const document = definition({ ...TEXT, format: 'bogus' });
  assert.equal(server.create(document).warnings, ['unrecognized format "bogus"']);
  const { resourceVersion } = server.find('apiextensions.k8s.io/v1', 'CustomResourceDefinition', NAME)!.metadata;
  assert.equal(server.update({ ...document, metadata: { name: NAME, resourceVersion } }).warnings, []);
});

test('the answer comes before the names are accepted; then the definition is established', () => {
  const server = new TestServer();
  const { object } = server.create(definition(TEXT));
  assert.equal(object['status'], { acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] });
  const stored = server.find('apiextensions.k8s.io/v1', 'CustomResourceDefinition', NAME) as Verified | undefined;
  assert.equal(
    stored?.status.conditions.map(({ type, status }) => `${type}=${status}`),
    ['NamesAccepted=True', 'Established=True'],
  );
  assert.is(stored?.status.acceptedNames.listKind, 'ProbeList');
});

interface Verified {
  readonly status: {
    readonly acceptedNames: { readonly listKind: string };
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}

test('an established definition keeps its scope and kind', () => {
  const server = new TestServer();
  server.create(definition(TEXT));
  const { resourceVersion } = server.find('apiextensions.k8s.io/v1', 'CustomResourceDefinition', NAME)!.metadata;
  const changed = definition(TEXT, { scope: 'Cluster' });
  assert.equal(server.update({ ...changed, metadata: { name: NAME, resourceVersion } }).causes, [
    'spec.scope: Invalid value: "Cluster": field is immutable',
  ]);
});

test.run();
