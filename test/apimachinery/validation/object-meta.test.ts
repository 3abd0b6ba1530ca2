import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fieldErrorMessage } from '../../../src/apimachinery/field-error.ts';
import { FieldPath } from '../../../src/apimachinery/field-path.ts';
import type { ObjectMeta } from '../../../src/apimachinery/object.ts';
import {
  nameIsDnsSubdomain,
  validateAnnotations,
  validateImmutableField,
  validateObjectMeta,
  validateObjectMetaUpdate,
} from '../../../src/apimachinery/validation/object-meta.ts';

const path = FieldPath.of('metadata');
const create = suite('metadata of a new object');
const NAME_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const KEY_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u' };

const created: { name: string; meta: ObjectMeta; namespaced?: boolean; want: string[] }[] = [
  { name: 'a name alone', meta: { name: 'web' }, want: [] },
  { name: 'no name', meta: {}, want: ['metadata.name: Required value: name or generateName is required'] },
  { name: 'a bad name', meta: { name: 'Web' }, want: [`metadata.name: Invalid value: "Web": ${NAME_RULE}`] },
  { name: 'a prefix may end with a dash', meta: { name: 'web-x', generateName: 'web-' }, want: [] },
  {
    name: 'a bad prefix',
    meta: { name: 'web', generateName: 'Web-' },
    want: [`metadata.generateName: Invalid value: "Web-": ${NAME_RULE}`],
  },
  {
    name: 'no namespace where one is needed',
    meta: { name: 'web' },
    namespaced: true,
    want: ['metadata.namespace: Required value'],
  },
  {
    name: 'a namespace where none may be',
    meta: { name: 'web', namespace: 'default' },
    want: ['metadata.namespace: Forbidden: not allowed on this type'],
  },
  {
    name: 'a negative generation',
    meta: { name: 'web', generation: -1 },
    want: ['metadata.generation: Invalid value: -1: must be greater than or equal to 0'],
  },
  {
    name: 'a bad label key',
    meta: { name: 'web', labels: { '-': 'a' } },
    want: [`metadata.labels: Invalid value: "-": ${KEY_RULE}`],
  },
  { name: 'annotation keys in any case', meta: { name: 'web', annotations: { 'A.B/C': 'x' } }, want: [] },
  {
    name: 'an owner without anything',
    meta: { name: 'web', ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] },
    want: [
      'metadata.ownerReferences.apiVersion: Invalid value: "": version must not be empty',
      'metadata.ownerReferences.kind: Invalid value: "": must not be empty',
      'metadata.ownerReferences.name: Invalid value: "": must not be empty',
      'metadata.ownerReferences.uid: Invalid value: "": must not be empty',
    ],
  },
  {
    name: 'an event as owner',
    meta: { name: 'web', ownerReferences: [{ ...owner, apiVersion: 'v1', kind: 'Event' }] },
    want: [
      'metadata.ownerReferences: Invalid value: {"apiVersion":"v1","kind":"Event","name":"web","uid":"u"}: /v1, Kind=Event is disallowed from being an owner',
    ],
  },
  {
    name: 'two controllers',
    meta: {
      name: 'web',
      ownerReferences: [
        { ...owner, controller: true },
        { ...owner, name: 'b', controller: true },
      ],
    },
    want: [
      'metadata.ownerReferences: Invalid value: [{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"web","uid":"u","controller":true},{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"b","uid":"u","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for ReplicaSet/web and ReplicaSet/b',
    ],
  },
  {
    name: 'finalizers that contradict each other',
    meta: { name: 'web', finalizers: ['orphan', 'foregroundDeletion'] },
    want: [
      'metadata.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
    ],
  },
  {
    name: 'managed fields of an unknown operation',
    meta: { name: 'web', managedFields: [{ operation: 'Merge', manager: 'a\n' }] },
    want: [
      'metadata.managedFields[0].operation: Invalid value: "Merge": must be `Apply` or `Update`',
      'metadata.managedFields[0].manager: Invalid value: "a\\n": invalid character U+000A (at position 1)',
    ],
  },
];

for (const { name, meta, namespaced = false, want } of created) {
  create(name, () => {
    const errors = validateObjectMeta(meta, namespaced, nameIsDnsSubdomain, path);
    assert.equal(errors.map(fieldErrorMessage), want);
  });
}

create('annotations are limited in sum', () => {
  const errors = validateAnnotations({ a: 'x'.repeat(256 * 1024) }, path);
  assert.equal(errors.map(fieldErrorMessage), ['metadata: Too long: may not be more than 262144 bytes']);
  assert.equal(validateAnnotations({ a: 'x'.repeat(256 * 1024 - 1) }, path), []);
});

create.run();

const update = suite('metadata of a changed object');
const old: ObjectMeta = { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '1', generation: 2 };

const changed: { name: string; next: ObjectMeta; old?: ObjectMeta; want: string[] }[] = [
  { name: 'the same', next: old, want: [] },
  {
    name: 'no resource version',
    next: { ...old, resourceVersion: '' },
    want: ['metadata.resourceVersion: Invalid value: "": must be specified for an update'],
  },
  {
    name: 'an older generation',
    next: { ...old, generation: 1 },
    want: ['metadata.generation: Invalid value: 1: must not be decremented'],
  },
  {
    name: 'another identity',
    next: { ...old, name: 'b', uid: 'v' },
    want: [
      'metadata.name: Invalid value: "b": field is immutable',
      'metadata.uid: Invalid value: "v": field is immutable',
    ],
  },
  {
    name: 'a deletion that is taken back',
    old: { ...old, deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a/b'] },
    next: { ...old, finalizers: ['a/b', 'c/"d'] },
    want: [
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"c/\\"d"}',
      'metadata.deletionTimestamp: Invalid value: null: field is immutable',
    ],
  },
];

for (const { name, next, old: before = old, want } of changed) {
  update(name, () => assert.equal(validateObjectMetaUpdate(next, before, path).map(fieldErrorMessage), want));
}

update('immutable fields are compared by meaning', () => {
  assert.equal(validateImmutableField({ a: [] }, {}, path), []);
  assert.equal(validateImmutableField([1], [2], path).map(fieldErrorMessage), [
    'metadata: Invalid value: [1]: field is immutable',
  ]);
});

for (const bad of [
  { labels: { 'not valid': 'x' } },
  { annotations: { 'not valid': 'x' } },
  { ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] },
  { finalizers: ['not valid'] },
  { managedFields: [{ operation: 'Bogus' }] },
] satisfies readonly ObjectMeta[])
  update(`${Object.keys(bad)[0]} that are wrong are wrong each time, and whatever was right before`, () => {
    const meta: ObjectMeta = { name: 'x', resourceVersion: '1', ...bad };
    const good: ObjectMeta = {
      ...meta,
      labels: { a: 'b' },
      annotations: {},
      ownerReferences: [],
      finalizers: [],
      managedFields: [],
    };
    const errorsOf = (next: ObjectMeta) =>
      validateObjectMeta(next, false, nameIsDnsSubdomain, path).map(fieldErrorMessage);
    const first = errorsOf(meta);
    assert.ok(first.length > 0);
    assert.equal([errorsOf(good), errorsOf(good)], [[], []]);
    assert.equal(errorsOf(meta), first);
  });

update.run();
