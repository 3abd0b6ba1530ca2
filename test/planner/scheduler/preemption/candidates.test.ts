import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findCandidates } from '../../../../src/planner/scheduler/preemption/candidates.ts';
import { makeNode, makePod } from '../builders.ts';

const candidates = suite('candidates for preemption');

/** Nodes a, b, c, …: how many budgets evicting somebody there violates, and the node that is chosen where so many will do. */
for (const [situation, violations, wanted, chosen] of [
  ['the first that violates nothing ends the search when there are enough', [1, 0, 0], 2, 'b'],
  ['one that violates nothing is looked for beyond what would be enough', [1, 2, 3, 0], 2, 'd'],
  ['no more that violate budgets count than would be enough', [3, 2, 1], 2, 'b'],
  ['all count that would be enough', [3, 2, 1], 3, 'c'],
  ['what is one too many among those that violate budgets still lets a harmless one in', [2, 1, 0, 0], 1, 'c'],
] as const)
  candidates(situation, () => {
    const nodes = violations.map((_, i) => makeNode('abcdef'[i]!).info());
    const victim = makePod('victim').info();
    const { best } = findCandidates(nodes, {
      wanted: () => wanted,
      now: 0,
      select: ({ name }) => ({
        victims: { pods: [victim], numPDBViolations: violations['abcdef'.indexOf(name)]! },
      }),
    });
    assert.is(best?.node, chosen);
  });

candidates.run();
