import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { commonIndex, countIndexes } from '../../../../src/apiserver/batch/job/index-intervals.ts';

const intervals = suite('intervals of indexes');

for (const { text, completions, expected } of [
  { text: '', completions: 5, expected: 0 },
  { text: '0', completions: 5, expected: 1 },
  { text: '0-2,4', completions: 5, expected: 4 },
  { text: '0-5', completions: 5, expected: 'too large index: "5"' },
  { text: '3,1', completions: 5, expected: 'non-increasing order, previous: 3, current: 1' },
  { text: '2-1', completions: 5, expected: 'non-increasing order, previous: 2, current: 1' },
  {
    text: '1-2-3',
    completions: 5,
    expected:
      'the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\'',
  },
  { text: 'a', completions: 5, expected: 'cannot convert string to integer for index: "a"' },
]) {
  intervals(`${JSON.stringify(text)} of ${completions}: ${expected}`, () =>
    assert.is(countIndexes(text, completions), expected),
  );
}

function indexText(indexes: ReadonlySet<number>): string {
  return [...indexes].sort((a, b) => a - b).join();
}

intervals('as many indexes are counted as are written', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(40)), (indexes) => {
      assert.is(countIndexes(indexText(new Set(indexes)), 41), indexes.length);
    }),
  );
});

intervals('an index that completed and failed is found', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(20)), fc.uniqueArray(fc.nat(20)), (completed, failed) => {
      const common = completed.filter((index) => failed.includes(index));
      const found = commonIndex(indexText(new Set(completed)), indexText(new Set(failed)), 21);
      assert.is(found, common.length === 0 ? undefined : Math.min(...common));
    }),
  );
});

intervals.run();
