import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  countIndexes,
  firstMissing,
  formatIndexes,
  hasIndex,
  NO_INDEXES,
  overlap,
  parseIndexes,
  withIndexes,
} from '../../../../src/planner/controllers/job/indexes.ts';

const indexes = suite('completion indexes');
for (const { text, completions, expected } of [
  { text: '', completions: 10, expected: '' },
  { text: '0-2,5', completions: 10, expected: '0-2,5' },
  { text: '0,1', completions: 10, expected: '0,1' },
  { text: '0-1,2-4', completions: 10, expected: '0-4' },
  { text: '1-20', completions: 10, expected: '1-9' },
  { text: '1,12', completions: 10, expected: '1' },
  { text: 'x,2,3-y,5', completions: 10, expected: '2,5' },
]) {
  indexes(`"${text}" of ${completions} reads as "${expected}"`, () =>
    assert.is(formatIndexes(parseIndexes(text, completions)), expected),
  );
}

const sets = fc.uniqueArray(fc.nat(30));

indexes('agree with sets of numbers', () => {
  fc.assert(
    fc.property(sets, sets, fc.nat(35), (a, b, count) => {
      const x = withIndexes(NO_INDEXES, a);
      const both = withIndexes(x, b);
      const expected = new Set([...a, ...b]);
      assert.is(countIndexes(both), expected.size);
      for (let i = 0; i <= 31; i++) assert.is(hasIndex(both, i), expected.has(i));
      assert.equal(parseIndexes(formatIndexes(both), 31), both);
      assert.is(overlap(x, withIndexes(NO_INDEXES, b)), a.filter((value) => b.includes(value)).length);
      const missing = Array.from({ length: 31 }, (_, i) => i).filter((i) => !expected.has(i));
      assert.equal(firstMissing(both, count, 31), missing.slice(0, count));
    }),
  );
});
indexes.run();
