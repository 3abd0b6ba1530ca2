import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Json, jsonEqual } from '../../../src/apimachinery/json.ts';
import { applyJsonPatch, decodeJsonPatch, type PatchOperation } from '../../../src/apimachinery/patches/json-patch.ts';
import { applyMergePatch, createMergePatch } from '../../../src/apimachinery/patches/merge-patch.ts';

const jsonPatch = suite('JSON patch');

const document: Json = { a: { b: [1, 2, 3] }, 'd/e': 'x', n: null };

const applied: { name: string; patch: PatchOperation[]; want: Json | string }[] = [
  { name: 'add a field', patch: [{ op: 'add', path: '/c', value: 1 }], want: { ...document, c: 1 } },
  {
    name: 'add at the end',
    patch: [{ op: 'add', path: '/a/b/-', value: 4 }],
    want: { ...document, a: { b: [1, 2, 3, 4] } },
  },
  {
    name: 'add before the last',
    patch: [{ op: 'add', path: '/a/b/-2', value: 9 }],
    want: { ...document, a: { b: [1, 2, 9, 3] } },
  },
  { name: 'remove an element', patch: [{ op: 'remove', path: '/a/b/0' }], want: { ...document, a: { b: [2, 3] } } },
  { name: 'escaped key', patch: [{ op: 'replace', path: '/d~1e', value: 'y' }], want: { ...document, 'd/e': 'y' } },
  { name: 'replace sets a missing key', patch: [{ op: 'replace', path: '/z', value: 1 }], want: { ...document, z: 1 } },
  {
    name: 'move',
    patch: [{ op: 'move', from: '/a/b', path: '/b' }],
    want: { a: {}, 'd/e': 'x', n: null, b: [1, 2, 3] },
  },
  {
    name: 'copy',
    patch: [{ op: 'copy', from: '/d~1e', path: '/a/b/0' }],
    want: { ...document, a: { b: ['x', 1, 2, 3] } },
  },
  { name: 'test that holds', patch: [{ op: 'test', path: '/a', value: { b: [1, 2, 3] } }], want: document },
  {
    name: 'test that fails',
    patch: [{ op: 'test', path: '/a', value: 1 }],
    want: 'testing value /a failed: test failed',
  },
  {
    name: 'remove a missing key',
    patch: [{ op: 'remove', path: '/q' }],
    want: "error in remove for path: '/q': Unable to remove nonexistent key: q: missing value",
  },
  {
    name: 'replace below a missing key',
    patch: [{ op: 'replace', path: '/q/r', value: 1 }],
    want: 'replace operation does not apply: doc is missing path: /q/r: missing value',
  },
  {
    name: 'replace a missing index',
    patch: [{ op: 'replace', path: '/a/b/7', value: 1 }],
    want: 'replace operation does not apply: doc is missing key: /a/b/7: missing value',
  },
  {
    name: 'add below a missing key',
    patch: [{ op: 'add', path: '/q/r', value: 1 }],
    want: 'add operation does not apply: doc is missing path: "/q/r": missing value',
  },
  {
    name: 'add at an index that is no number',
    patch: [{ op: 'add', path: '/a/b/x', value: 1 }],
    want: "error in add for path: '/a/b/x': value was not a proper array index: 'x': strconv.Atoi: parsing \"x\": invalid syntax",
  },
  {
    name: 'add beyond the end',
    patch: [{ op: 'add', path: '/a/b/4', value: 1 }],
    want: "error in add for path: '/a/b/4': Unable to access invalid index: 4: invalid index referenced",
  },
  { name: 'unknown operation', patch: [{ op: 'sum', path: '/a' }], want: 'Unexpected kind: sum' },
  { name: 'no operation', patch: [{}], want: 'Unexpected kind: unknown' },
  {
    name: 'no path',
    patch: [{ op: 'replace' }],
    want: 'replace operation failed to decode path: operation missing path field: missing value',
  },
];

for (const { name, patch, want } of applied) {
  jsonPatch(name, () => {
    const result = applyJsonPatch(document, patch);
    assert.equal(result.ok ? result.value : result.error, want);
  });
}

jsonPatch('the document is left as it was', () => {
  const before = JSON.stringify(document);
  applyJsonPatch(document, [
    { op: 'remove', path: '/a/b/0' },
    { op: 'add', path: '/a/x', value: 1 },
  ]);
  assert.is(JSON.stringify(document), before);
});

jsonPatch('a body that is no list of steps is refused in the words of encoding/json', () => {
  assert.is(decodeJsonPatch({}), 'json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  assert.is(decodeJsonPatch([1]), 'json: cannot unmarshal number into Go value of type jsonpatch.Operation');
  assert.equal(decodeJsonPatch([{ op: 'test' }]), [{ op: 'test' }]);
});

jsonPatch.run();

const mergePatch = suite('merge patch');

// The examples of RFC 7386, appendix A, that have objects on both sides.
for (const { original, patch, want } of [
  { original: { a: 'b' }, patch: { a: 'c' }, want: { a: 'c' } },
  { original: { a: 'b' }, patch: { b: 'c' }, want: { a: 'b', b: 'c' } },
  { original: { a: 'b' }, patch: { a: null }, want: {} },
  { original: { a: 'b', b: 'c' }, patch: { a: null }, want: { b: 'c' } },
  { original: { a: ['b'] }, patch: { a: 'c' }, want: { a: 'c' } },
  { original: { a: 'c' }, patch: { a: ['b'] }, want: { a: ['b'] } },
  { original: { a: { b: 'c' } }, patch: { a: { b: 'd', c: null } }, want: { a: { b: 'd' } } },
  { original: { a: [{ b: 'c' }] }, patch: { a: [1] }, want: { a: [1] } },
  { original: { e: null }, patch: { a: 1 }, want: { e: null, a: 1 } },
  { original: {}, patch: { a: { bb: { ccc: null } } }, want: { a: { bb: {} } } },
]) {
  mergePatch(`${JSON.stringify(original)} with ${JSON.stringify(patch)}`, () => {
    assert.equal(applyMergePatch(original, patch), { ok: true, value: want });
  });
}

mergePatch('a patch that is neither object nor list is refused', () => {
  assert.equal(applyMergePatch({}, 'x'), { ok: false, error: 'Invalid JSON Patch' });
});

const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean());
const { tree } = fc.letrec<{ tree: Json; node: Json }>((tie) => ({
  node: fc.oneof({ depthSize: 'small' }, leaf, fc.array(leaf), tie('tree')),
  tree: fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('node')) as fc.Arbitrary<Json>,
}));

mergePatch('the created patch turns one document into the other', () => {
  fc.assert(
    fc.property(tree, tree, (a, b) => {
      const patched = applyMergePatch(a, createMergePatch(a, b));
      assert.ok(patched.ok && jsonEqual(patched.value, b));
    }),
  );
});

mergePatch('equal documents need an empty patch', () => {
  fc.assert(fc.property(tree, (a) => assert.equal(createMergePatch(a, a), {})));
});

mergePatch.run();
