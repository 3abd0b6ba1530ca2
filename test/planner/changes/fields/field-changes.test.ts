// Which fields differ, and how their paths read.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { differences } from '../../../../src/planner/changes/fields/field-changes.ts';

const CASES: readonly {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly want: readonly object[];
}[] = [
  { name: 'equal objects differ in nothing', before: { a: 1, b: [1] }, after: { b: [1], a: 1 }, want: [] },
  {
    name: 'a changed number',
    before: { spec: { replicas: 1 } },
    after: { spec: { replicas: 3 } },
    want: [{ path: 'spec.replicas', before: 1, after: 3 }],
  },
  { name: 'an added field', before: {}, after: { a: { b: 1 } }, want: [{ path: 'a', after: { b: 1 } }] },
  { name: 'a removed field', before: { a: 1 }, after: {}, want: [{ path: 'a', before: 1 }] },
  {
    name: 'a key with dots is bracketed',
    before: { l: { 'a.b/c': '1' } },
    after: { l: { 'a.b/c': '2' } },
    want: [{ path: 'l[a.b/c]', before: '1', after: '2' }],
  },
  {
    name: 'containers are compared by name, not by place',
    before: {
      c: [
        { name: 'a', image: 'x' },
        { name: 'b', image: 'y' },
      ],
    },
    after: {
      c: [
        { name: 'b', image: 'z' },
        { name: 'a', image: 'x' },
      ],
    },
    want: [{ path: 'c[name=b].image', before: 'y', after: 'z' }],
  },
  {
    name: 'lists of plain values are one field',
    before: { f: ['a'] },
    after: { f: ['a', 'b'] },
    want: [{ path: 'f', before: ['a'], after: ['a', 'b'] }],
  },
  {
    name: 'resourceVersion and managedFields tell nothing',
    before: { metadata: { resourceVersion: '1' } },
    after: { metadata: { resourceVersion: '2' } },
    want: [],
  },
];

const fields = suite('differences');
for (const { name, before, after, want } of CASES) fields(name, () => assert.equal(differences(before, after), want));
fields.run();
