// The queue against a list that is searched for its first.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Heap } from '../../../../src/planner/scheduler/queue/heap.ts';

interface Item {
  readonly rank: number;
  readonly order: number;
}

const isBefore = (a: Item, b: Item): boolean => a.rank < b.rank || (a.rank === b.rank && a.order < b.order);

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('add' as const), rank: fc.nat(6) }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('next' as const), rank: fc.nat(2) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('pop' as const), rank: fc.constant(0) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), rank: fc.nat(100) }) },
  ),
  { maxLength: 200 },
);

const heap = suite('queue of pods');
heap('gives the first of all, whatever came, went and was taken out before', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const queue = new Heap(isBefore);
      const list: Item[] = [];
      const gone: Item[] = [];
      let rank = 0;
      all.forEach((step, order) => {
        const first = list.reduce<Item | undefined>(
          (best, item) => (best && isBefore(best, item) ? best : item),
          undefined,
        );
        assert.is(queue.peek(), first);
        assert.is(queue.size, list.length);
        if (step.kind === 'add' || step.kind === 'next') {
          // Mostly one comes after the other.
          rank = step.kind === 'next' ? rank + step.rank : step.rank;
          const item = { rank, order };
          list.push(item);
          queue.add(item);
          return;
        }
        const taken = step.kind === 'pop' ? first : list[step.rank % Math.max(1, list.length)];
        if (step.kind === 'pop') assert.is(queue.pop(), first);
        else if (taken) assert.is(queue.delete(taken), true);
        if (!taken) return;
        list.splice(list.indexOf(taken), 1);
        gone.push(taken);
        assert.is(queue.has(taken), false);
        assert.is(queue.delete(taken), false);
      });
      for (const item of list) assert.ok(queue.has(item));
      for (const item of gone) assert.not(queue.has(item));
    }),
    { numRuns: 300 },
  );
});
heap('keeps its order over a long line', () => {
  const queue = new Heap(isBefore);
  for (let order = 0; order < 5000; order++) queue.add({ rank: 1, order });
  for (let order = 0; order < 4000; order++) assert.is(queue.pop()?.order, order);
  queue.add({ rank: 0, order: 9000 });
  assert.is(queue.pop()?.order, 9000);
  for (let order = 4000; order < 5000; order++) assert.is(queue.pop()?.order, order);
  assert.is(queue.pop(), undefined);
});
heap.run();
