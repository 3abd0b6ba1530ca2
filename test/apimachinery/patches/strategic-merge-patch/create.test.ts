import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { JsonMap } from '../../../../src/apimachinery/json.ts';
import { applyStrategicMergePatch } from '../../../../src/apimachinery/patches/strategic-merge-patch/apply.ts';
import { createThreeWayMergePatch } from '../../../../src/apimachinery/patches/strategic-merge-patch/create.ts';
import type { PatchOutcome } from '../../../../src/apimachinery/patches/strategic-merge-patch/directives.ts';
import type { PatchSchema } from '../../../../src/apimachinery/patches/strategic-merge-patch/patch-schema.ts';
import { patchSchemaOf, TEMPLATE_RULES } from './patch-schema-of.ts';

const schema = patchSchemaOf(TEMPLATE_RULES);
const toYaml = (value: JsonMap): string => JSON.stringify(value);

const twoWay: readonly { name: string; from: JsonMap; to: JsonMap; want: JsonMap }[] = [
  { name: 'nothing changed', from: { labels: { x: '1' } }, to: { labels: { x: '1' } }, want: {} },
  { name: 'a field is gone', from: { labels: { x: '1' } }, to: { labels: {} }, want: { labels: { x: null } } },
  {
    name: 'an item is gone, one is new',
    from: { containers: [{ name: 'a' }, { name: 'b' }] },
    to: { containers: [{ name: 'b' }, { name: 'c' }] },
    want: {
      '$setElementOrder/containers': [{ name: 'b' }, { name: 'c' }],
      containers: [{ name: 'c' }, { name: 'a', $patch: 'delete' }],
    },
  },
  {
    name: 'only the order of items changed',
    from: { containers: [{ name: 'a' }, { name: 'b' }] },
    to: { containers: [{ name: 'b' }, { name: 'a' }] },
    want: { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] },
  },
  {
    name: 'scalars that are not in alphabetical order count as changed',
    from: { finalizers: ['y', 'x'] },
    to: { finalizers: ['y', 'x'] },
    want: { '$setElementOrder/finalizers': ['y', 'x'] },
  },
  {
    name: 'retained keys',
    from: { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } } },
    to: { strategy: { type: 'Recreate' } },
    want: { strategy: { $retainKeys: ['type'], type: 'Recreate', rollingUpdate: null } },
  },
  {
    name: 'two ports of one number: the patch sees them by number alone',
    from: { containers: [{ name: 'a', ports: [{ containerPort: 53, protocol: 'TCP' }] }] },
    to: {
      containers: [
        {
          name: 'a',
          ports: [
            { containerPort: 53, protocol: 'TCP' },
            { containerPort: 53, protocol: 'UDP' },
          ],
        },
      ],
    },
    want: {
      '$setElementOrder/containers': [{ name: 'a' }],
      containers: [
        {
          name: 'a',
          '$setElementOrder/ports': [{ containerPort: 53 }, { containerPort: 53 }],
          ports: [
            { containerPort: 53, protocol: 'UDP' },
            { containerPort: 53, protocol: 'TCP' },
          ],
        },
      ],
    },
  },
];

const creating = suite('a patch from two documents');
for (const { name, from, to, want } of twoWay)
  creating(name, () => assert.equal(twoWayPatch(from, to, schema), { ok: true, value: want }));

/** As when what is there is what was applied last. */
function twoWayPatch(from: JsonMap, to: JsonMap, rules: PatchSchema): PatchOutcome {
  return createThreeWayMergePatch({ original: from, modified: to, current: from }, rules, true, toYaml);
}

const text = fc.constantFrom('x', 'y', 'z');
const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), text, { noNullPrototype: true });
const container = fc.record({ name: text, image: text, labels }, { requiredKeys: ['name'], noNullPrototype: true });
const documents = fc.record(
  {
    labels,
    args: fc.array(text),
    finalizers: fc.uniqueArray(text),
    containers: fc.uniqueArray(container, { selector: (c) => c.name }),
  },
  { requiredKeys: [], noNullPrototype: true },
) as fc.Arbitrary<JsonMap>;

const rules = patchSchemaOf({ ...TEMPLATE_RULES, containers: { key: 'name', of: { labels: {} } } });

creating('the patch from one document to another, applied to the one, gives the other', () => {
  fc.assert(
    fc.property(documents, documents, (from, to) => {
      const patch = twoWayPatch(from, to, rules);
      assert.ok(patch.ok);
      const result = patch.ok ? applyStrategicMergePatch(from, patch.value, rules) : patch;
      assert.ok(result.ok);
      if (result.ok) assert.equal(comparable(result.value), comparable(to));
    }),
  );
});
creating.run();

/** A list that loses its last item is left empty rather than absent, and the order of scalars that merge is not always kept. */
function comparable({ finalizers, ...document }: JsonMap): unknown {
  const sorted = Array.isArray(finalizers) ? [...finalizers].sort() : [];
  return Object.fromEntries(
    Object.entries({ ...document, finalizers: sorted })
      .filter(([, each]) => !Array.isArray(each) || each.length > 0)
      .sort(),
  );
}

const threeWay = suite('a patch from last applied, wanted and live');
threeWay('what the file dropped goes, what others added stays', () => {
  const patch = createThreeWayMergePatch(
    {
      original: { labels: { mine: '1', dropped: '1' } },
      modified: { labels: { mine: '2' } },
      current: { labels: { mine: '1', dropped: '1', theirs: '1' } },
    },
    schema,
    true,
    toYaml,
  );
  assert.equal(patch, { ok: true, value: { labels: { mine: '2', dropped: null } } });
});
threeWay('nothing to do gives an empty patch', () => {
  const same = { containers: [{ name: 'a', image: 'x' }] };
  const current = { containers: [{ name: 'a', image: 'x', resources: {} }] };
  assert.equal(createThreeWayMergePatch({ original: same, modified: same, current }, schema, true, toYaml), {
    ok: true,
    value: {},
  });
});
threeWay('without overwriting, a live change that the patch would undo is a conflict', () => {
  const documents = {
    original: { labels: { x: '1' } },
    modified: { labels: { x: '2' } },
    current: { labels: { x: '3' } },
  };
  assert.equal(createThreeWayMergePatch(documents, schema, false, toYaml), {
    ok: false,
    kind: 'conflict',
    error:
      'patch:\n{"labels":{"x":"2"}}\nconflicts with changes made from original to current:\n{"labels":{"x":"3"}}\n',
  });
});
threeWay.run();
