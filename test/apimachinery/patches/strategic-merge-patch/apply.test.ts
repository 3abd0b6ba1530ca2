import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Json } from '../../../../src/apimachinery/json.ts';
import { applyStrategicMergePatch } from '../../../../src/apimachinery/patches/strategic-merge-patch/apply.ts';
import { patchSchemaOf, TEMPLATE_RULES } from './patch-schema-of.ts';

const schema = patchSchemaOf(TEMPLATE_RULES);
const a = { name: 'a', image: 'a:1' };
const b = { name: 'b', image: 'b:1' };
const c = { name: 'c', image: 'c:1' };

const applied: readonly { name: string; document: Json; patch: Json; want: Json }[] = [
  {
    name: 'a map is merged',
    document: { labels: { x: '1', y: '2' } },
    patch: { labels: { x: '3' } },
    want: { labels: { x: '3', y: '2' } },
  },
  {
    name: 'null deletes a field',
    document: { labels: { x: '1', y: '2' } },
    patch: { labels: { x: null } },
    want: { labels: { y: '2' } },
  },
  {
    name: 'null for an absent field adds nothing',
    document: {},
    patch: { labels: { x: null, y: '1' } },
    want: { labels: { y: '1' } },
  },
  {
    name: 'a list without a strategy is replaced',
    document: { args: ['x', 'y'] },
    patch: { args: ['z'] },
    want: { args: ['z'] },
  },
  {
    name: 'items are merged by their key, a new one stands before what the patch names after it',
    document: { containers: [a, b] },
    patch: { containers: [c, { name: 'b', image: 'b:2' }] },
    want: { containers: [c, a, { name: 'b', image: 'b:2' }] },
  },
  {
    name: '$patch: delete removes the item',
    document: { containers: [a, b] },
    patch: { containers: [{ $patch: 'delete', name: 'a' }] },
    want: { containers: [b] },
  },
  {
    name: '$patch: replace in a list replaces the list',
    document: { containers: [a, b] },
    patch: { containers: [c, { $patch: 'replace' }] },
    want: { containers: [c] },
  },
  {
    name: '$patch: replace in a map replaces the map',
    document: { labels: { x: '1' } },
    patch: { labels: { $patch: 'replace', y: '2' } },
    want: { labels: { y: '2' } },
  },
  {
    name: '$patch: delete in a map empties it',
    document: { labels: { x: '1' } },
    patch: { labels: { $patch: 'delete', y: '2' } },
    want: { labels: {} },
  },
  {
    name: 'scalars of a merging list are united',
    document: { finalizers: ['x', 'y'] },
    patch: { finalizers: ['z', 'x'] },
    want: { finalizers: ['z', 'x', 'y'] },
  },
  {
    name: '$deleteFromPrimitiveList takes scalars away',
    document: { finalizers: ['x', 'y', 'z'] },
    patch: { '$deleteFromPrimitiveList/finalizers': ['y'] },
    want: { finalizers: ['x', 'z'] },
  },
  {
    name: '$setElementOrder orders the items it names and keeps the others where they were',
    document: { containers: [a, b, c] },
    patch: { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }] },
    want: { containers: [b, c, a] },
  },
  {
    name: '$setElementOrder with additions',
    document: { finalizers: ['x', 'y'] },
    patch: { '$setElementOrder/finalizers': ['z', 'y', 'x'], finalizers: ['z'] },
    want: { finalizers: ['z', 'y', 'x'] },
  },
  {
    name: '$retainKeys clears the fields it does not name',
    document: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
    patch: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    want: { strategy: { type: 'Recreate' } },
  },
  {
    name: 'directives in a new value are not kept',
    document: {},
    patch: { containers: [{ $patch: 'delete', name: 'a' }, b], labels: { $patch: 'replace' } },
    want: { containers: [b] },
  },
  {
    name: 'a value of another type replaces the old one',
    document: { labels: 'none' },
    patch: { labels: { x: '1' } },
    want: { labels: { x: '1' } },
  },
];

const apply = suite('applying a strategic merge patch');
for (const { name, document, patch, want } of applied)
  apply(name, () => {
    const before = JSON.stringify([document, patch]);
    assert.equal(applyStrategicMergePatch(document, patch, schema), { ok: true, value: want });
    assert.is(JSON.stringify([document, patch]), before, 'the arguments are as before');
  });
apply.run();

const refused: readonly { name: string; document: Json; patch: Json; error: string; kind: string }[] = [
  {
    name: 'an unknown directive',
    document: { labels: {} },
    patch: { labels: { $patch: 'zap', x: 1 } },
    error: 'unknown patch type: zap in map: map[$patch:zap x:1]',
    kind: 'internal',
  },
  {
    name: 'an item without its merge key',
    document: { containers: [a] },
    patch: { containers: [{ image: 'x', ports: [{ containerPort: 80 }] }] },
    error: 'map: map[image:x ports:[map[containerPort:80]]] does not contain declared merge key: name',
    kind: 'internal',
  },
  {
    name: '$patch: merge in a list',
    document: { containers: [a] },
    patch: { containers: [{ $patch: 'merge', name: 'a' }] },
    error: 'merging lists cannot yet be specified in the patch',
    kind: 'internal',
  },
  {
    name: 'items of several types',
    document: { containers: [a] },
    patch: { containers: ['a'] },
    error: 'list element types are not identical: [[map[image:a:1 name:a]] [a]]',
    kind: 'internal',
  },
  {
    name: 'a list of lists',
    document: { finalizers: ['x'] },
    patch: { finalizers: [['x']] },
    error: 'list element types are not identical: [[x] [[x]]]',
    kind: 'internal',
  },
  {
    name: 'retained keys that miss a field of the patch',
    document: { strategy: { type: 'x' } },
    patch: { strategy: { $retainKeys: ['rollingUpdate'], type: 'y' } },
    error: 'invalid patch format of retainKeys',
    kind: 'badRequest',
  },
  {
    name: 'an order that misses an item of the patch',
    document: { containers: [a] },
    patch: { containers: [b], '$setElementOrder/containers': [{ name: 'a' }] },
    error: "The order in patch list:\n[map[image:b:1 name:b]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
    kind: 'internal',
  },
  {
    name: 'an order list without a field',
    document: {},
    patch: { $setElementOrder: [] },
    error: 'invalid patch format of setElementOrder list',
    kind: 'badRequest',
  },
  {
    name: 'an order that is no list',
    document: {},
    patch: { '$setElementOrder/containers': 'a' },
    error: 'expected a []interface {}, but received a string',
    kind: 'internal',
  },
  { name: 'a patch that is no object', document: {}, patch: [], error: 'invalid JSON document', kind: 'badRequest' },
];

const refusals = suite('refusing a strategic merge patch');
for (const { name, document, patch, error, kind } of refused)
  refusals(name, () => assert.equal(applyStrategicMergePatch(document, patch, schema), { ok: false, error, kind }));
refusals.run();
