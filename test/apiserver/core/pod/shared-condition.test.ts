// A condition that is set on many pods of one status against the same condition set on each of them alone.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withPodCondition, withSharedPodCondition } from '../../../../src/apiserver/core/pod/conditions.ts';
import type { PodStatus } from '../../../../src/schema/generated/types/core-v1.ts';

const shared = suite('shared pod conditions');

const condition = fc.record({
  type: fc.constantFrom('PodScheduled', 'Ready'),
  status: fc.constantFrom('True', 'False'),
});
const statuses = fc.array(
  fc.array(
    fc.record({ type: fc.constantFrom('PodScheduled', 'Ready', 'X'), status: fc.constantFrom('True', 'False') }),
    { maxLength: 3 },
  ),
  {
    minLength: 1,
    maxLength: 3,
  },
);

shared('pods of one status come out as if each had been told alone', () => {
  fc.assert(
    fc.property(
      statuses,
      fc.array(condition, { minLength: 1, maxLength: 2 }),
      fc.array(fc.tuple(fc.nat(2), fc.nat(1), fc.constantFrom(0, 1000)), { maxLength: 12 }),
      (lists, conditions, steps) => {
        const all = lists.map((list): PodStatus => ({ phase: 'Pending', conditions: list }));
        for (const [which, what, now] of steps) {
          const status = all[which % all.length]!;
          const set = conditions[what % conditions.length]!;
          assert.equal(withSharedPodCondition(status, set, now), withPodCondition(status, set, now));
          assert.is(withSharedPodCondition(status, set, now), withSharedPodCondition(status, set, now));
        }
      },
    ),
    { numRuns: 100 },
  );
});

shared.run();
