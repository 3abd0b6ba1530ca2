import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LowestFree } from '../../../../../src/apiserver/core/service/allocation/lowest-free.ts';

const lowestFree = suite('LowestFree');

lowestFree('answers as a search from the start would, whatever is taken and released', () => {
  const step = fc.record({ take: fc.boolean(), number: fc.integer({ min: 0, max: 12 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const taken = new Set<bigint>();
      const pool = new LowestFree(2n, 9n);
      for (const { take, number } of steps) {
        const n = BigInt(number);
        if (take) taken.add(n);
        else if (taken.delete(n)) pool.release(n);
        let want: bigint | undefined;
        for (let i = 9n; i >= 2n; i--) if (!taken.has(i)) want = i;
        assert.is(
          pool.find(
            (each) => taken.has(each),
            () => false,
          ),
          want,
        );
      }
    }),
  );
});

lowestFree('passes over what the request at hand has claimed, and forgets that again', () => {
  const pool = new LowestFree(1n, 3n);
  const none = () => false;
  assert.is(
    pool.find(none, (n) => n === 1n),
    2n,
  );
  assert.is(pool.find(none, none), 1n);
});

lowestFree.run();
