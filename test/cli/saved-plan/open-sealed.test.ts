// A sealed plan is opened lazily; it must be the plan that was saved, whatever that holds.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sealedPlan } from '../../../src/cli/saved-plan/layout.ts';
import { openSealed } from '../../../src/cli/saved-plan/open-sealed.ts';
import type { Plan, PlanChange } from '../../../src/planner/changes/plan.ts';
import { makeBigPlan } from '../../report/big-plan.ts';
import { makePlanDocument } from '../../report/plan-builder.ts';

const saved = (plan: Plan): Buffer => Buffer.from([...sealedPlan(plan)].join(''));
const withMore = (members: object): Plan => ({ ...makePlanDocument(), ...members });
const asText = (plan: Plan | undefined): string => JSON.stringify(plan, null, 2);

const sealed = suite('sealed plans');
for (const [name, plan] of [
  ['a small plan', makePlanDocument()],
  ['a large plan', makeBigPlan(50, 4)],
  ['a plan without changes', makePlanDocument({ changes: [], placements: [] })],
  ['members that this version does not know', withMore({ forecast: [{ x: ']' }], note: ['a', 'b'] })],
  ['lists of lists', withMore({ matrix: [[1, 2], [], [[3]]] })],
  [
    'a change with members behind its owner',
    makePlanDocument({ changes: makePlanDocument().changes.map((change) => ({ ...change, drift: [{ path: 'a' }] })) }),
  ],
] as const)
  sealed(`${name} comes back byte for byte`, () => {
    assert.is(asText(openSealed(saved(plan))), asText(plan));
    assert.equal(JSON.parse(saved(plan).toString('utf8')).changes, JSON.parse(asText(plan)).changes, 'it is JSON');
  });
sealed('any texts come back, line ends and brackets in them too', () => {
  const text = fc.oneof(fc.constantFrom(']', '],', '\n]', '"', '\u2028', '}\n,{'), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(fc.array(fc.tuple(text, fc.json()), { maxLength: 5 }), (drawn) => {
      const [first] = makePlanDocument().changes;
      const changes = drawn.map(
        ([name, json]): PlanChange => ({
          ...first!,
          object: { ...first!.object, name },
          after: { json: JSON.parse(json) },
          because: [name],
        }),
      );
      const plan = makePlanDocument({ changes, assumptions: drawn.map(([name]) => name) });
      assert.is(asText(openSealed(saved(plan))), asText(plan));
    }),
    { seed: 1 },
  );
});
sealed('a byte changed anywhere is noticed', () => {
  const bytes = saved(makePlanDocument());
  for (let at = 0; at < bytes.length; at += 7) {
    const other = Buffer.from(bytes);
    other[at] = other[at] === 0x20 ? 0x21 : 0x20;
    assert.is(openSealed(other), undefined, `byte ${at}`);
  }
});
sealed.run();
