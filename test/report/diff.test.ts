// -o diff against what kubectl diff prints and what a patch program reads.
import { applyPatch, parsePatch } from 'diff';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PlanChange } from '../../src/planner/changes/plan.ts';
import { diff, diffFileName } from '../../src/report/diff/diff.ts';
import { documentsOf } from '../../src/report/diff/documents.ts';
import { makeBigPlan } from './big-plan.ts';
import { makePlanDocument } from './plan-builder.ts';
import { NEW, OLD, SAME, secretChange } from './secret-plan.ts';

const options = { width: 80, color: false, full: false };
const configMap = (data: object | null): PlanChange['after'] =>
  data && { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'x', uid: '1' }, data };
function change(before: object | null, after: object | null): PlanChange {
  return {
    action: before === null ? 'create' : after === null ? 'delete' : 'update',
    origin: 'submitted',
    object: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'x', name: 'a' },
    before: configMap(before),
    after: configMap(after),
    fields: [],
    because: [],
  };
}
const shown = (changes: readonly PlanChange[], more = {}) =>
  diff(makePlanDocument({ changes }), { ...options, ...more });

const names = suite('file names of kubectl diff');
for (const [object, expected] of [
  [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' }, 'apps.v1.Deployment.default.web'],
  [{ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'x', name: 'a.b' }, 'v1.ConfigMap.x.a.b'],
  [{ apiVersion: 'v1', kind: 'Namespace', name: 'shop' }, 'v1.Namespace..shop'],
] as const)
  names(`${object.kind} is ${expected}`, () => assert.is(diffFileName(object), expected));
names.run();

const form = suite('unified diff of a plan');
form('an update shows its lines with three lines around', () => {
  assert.is(
    shown([change({ a: '1', b: '1', c: '1', d: '1', e: '1' }, { a: '1', b: '1', c: '1', d: '1', e: '2' })]),
    `diff -u -N LIVE/v1.ConfigMap.x.a MERGED/v1.ConfigMap.x.a
--- LIVE/v1.ConfigMap.x.a
+++ MERGED/v1.ConfigMap.x.a
@@ -4,7 +4,7 @@
   b: "1"
   c: "1"
   d: "1"
-  e: "1"
+  e: "2"
 kind: ConfigMap
 metadata:
   name: a
`,
  );
});
form('--context says how many lines stand around', () => {
  const text = shown([change({ a: '1', b: '1', c: '1' }, { a: '1', b: '2', c: '1' })], { context: 0 });
  assert.equal(text.split('\n').slice(3), ['@@ -4 +4 @@', '-  b: "1"', '+  b: "2"', '']);
});
form('an object that comes has no line before, one that goes none after', () => {
  assert.match(shown([change(null, { a: '1' })]), /\n@@ -0,0 \+1,7 @@\n\+apiVersion: v1\n/);
  assert.match(shown([change({ a: '1' }, null)]), /\n@@ -1,7 \+0,0 @@\n-apiVersion: v1\n/);
});
form('a patch program makes the new object from the old one', () => {
  const changes = [
    change({ a: '1', b: 'yes\nno' }, { a: 'x', c: '3' }),
    change(null, { a: '1' }),
    change({ a: '1' }, null),
    ...makeBigPlan(3, 0).changes,
  ];
  const patches = parsePatch(shown(changes, { full: true }));
  assert.is(patches.length, changes.length);
  for (const [index, patch] of patches.entries()) {
    const { before, after } = documentsOf(changes[index]!, true);
    assert.is(applyPatch(before, patch), after);
  }
});
form('whatever changes and however much stands around, a patch program makes the new from the old', () => {
  const data = fc.dictionary(fc.constantFrom(...'abcdefghij'), fc.constantFrom('1', '2', 'two\nlines', ' - x', ''));
  fc.assert(
    fc.property(data, data, fc.nat(4), (before, after, context) => {
      const changed = change(before, after);
      const documents = documentsOf(changed, false);
      const [patch] = parsePatch(shown([changed], { context }));
      assert.is(patch ? applyPatch(documents.before, patch) : documents.before, documents.after);
    }),
  );
});
form('large texts that differ in everything are replaced from the first difference to the last, at once', () => {
  const text = (word: string) =>
    ['first', ...Array.from({ length: 20_000 }, (_, i) => `${word} ${i}`), 'last'].join('\n');
  const changed = change({ a: text('old'), z: '1' }, { a: text('new'), z: '1' });
  const start = process.cpuUsage();
  const patchText = shown([changed]);
  assert.ok(process.cpuUsage(start).user / 1e3 < 5_000);
  const { before, after } = documentsOf(changed, false);
  assert.is(applyPatch(before, parsePatch(patchText)[0]!), after);
  assert.is(patchText.match(/^@@/gm)?.length, 1);
});
form('what differs in bookkeeping alone is no difference', () => {
  const same = change({ a: '1' }, { a: '1' });
  const metadata = { name: 'a', namespace: 'x', uid: '1', resourceVersion: '9', generation: 2, managedFields: [{}] };
  assert.is(shown([{ ...same, after: { ...same.after, metadata, status: { phase: 'x' } } }]), '');
});
form('what follows from the input shows with --full only', () => {
  const files = (text: string) => text.match(/^diff /gm)?.length;
  assert.is(files(diff(makeBigPlan(1, 4), options)), 1);
  assert.is(files(diff(makeBigPlan(1, 4), { ...options, full: true })), 6);
});
form('secrets are masked as kubectl masks them', () => {
  const text = shown([secretChange], { full: true });
  for (const value of [OLD, NEW, SAME]) assert.not.ok(text.includes(value), value);
  assert.match(text, '-  password: "*** (before)"\n+  password: "*** (after)"\n   same: "***"');
  assert.match(text, '-  gone: "***"');
});
form('colour appears only when asked for', () => {
  assert.not.match(shown([change(null, {})]), /\u001b/);
  assert.match(shown([change(null, {})], { color: true }), /\u001b\[32m\+apiVersion/);
});
form.run();
