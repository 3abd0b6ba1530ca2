import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DelayingQueue } from '../../../../src/planner/controllers/pod-control/delaying-queue.ts';

const queue = suite('delaying queue');

queue('keeps the earliest time that was asked for', () => {
  const waiting = new DelayingQueue({ first: 5, most: 100 });
  waiting.add('a', 50);
  waiting.add('a', 20);
  waiting.add('a', 80);
  assert.equal(waiting.next('a', 10), { requeueAfter: 10, routine: false });
  assert.not(waiting.take('a', 19));
  assert.ok(waiting.take('a', 20));
  assert.is(waiting.next('a', 20), undefined);
});

queue('calls a look routine only if nobody needs it', () => {
  const waiting = new DelayingQueue({ first: 5, most: 100 });
  waiting.add('a', 50, true);
  assert.is(waiting.next('a', 0)?.routine, true);
  waiting.add('a', 50);
  assert.is(waiting.next('a', 0)?.routine, false);
});

queue('doubles the delay of failures up to the most, and forgets them', () => {
  const waiting = new DelayingQueue({ first: 5, most: 15 });
  const delays = [1, 2, 3, 4].map(() => {
    waiting.retry('a', 0);
    const delay = waiting.next('a', 0)?.requeueAfter;
    waiting.take('a', 1000);
    return delay;
  });
  assert.equal(delays, [5, 10, 15, 15]);
  waiting.forget('a');
  waiting.retry('a', 0);
  assert.is(waiting.next('a', 0)?.requeueAfter, 5);
});
queue.run();
