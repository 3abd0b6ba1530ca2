// The queue: a key waits once, timers fire in order, failures wait longer each time.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WorkQueue } from '../../../src/planner/engine/work-queue.ts';

const item = (key: string, controller = 0) => ({ controller, key, trigger: 0 });

function drain(queue: WorkQueue): string[] {
  const keys: string[] = [];
  for (let next = queue.take(); next; next = queue.take()) keys.push(`${next.controller}/${next.key}`);
  return keys;
}

const queue = suite('work queue');
queue('keys come out in the order in which they came in, each once', () => {
  const q = new WorkQueue();
  for (const key of ['b', 'a', 'b', 'c']) q.add(item(key));
  q.add(item('a', 1));
  assert.equal(drain(q), ['0/b', '0/a', '0/c', '1/a']);
});
queue('a key that was taken may wait again', () => {
  const q = new WorkQueue();
  q.add(item('a'));
  q.take();
  q.add(item('a'));
  assert.equal(drain(q), ['0/a']);
});
queue('timers fire by time, then by age', () => {
  const q = new WorkQueue();
  q.addAt(20, item('late'), false);
  q.addAt(10, item('first'), false);
  q.addAt(10, item('second'), true);
  assert.is(q.nextTimer(), 10);
  q.fire(10);
  assert.equal(drain(q), ['0/first', '0/second']);
  assert.is(q.nextTimer(), 20);
});
queue('of two timers of a key the earlier counts', () => {
  const q = new WorkQueue();
  q.addAt(30, item('a'), false);
  q.addAt(10, item('a'), false);
  q.addAt(20, item('a'), false);
  q.fire(10);
  assert.equal(drain(q), ['0/a']);
  assert.is(q.nextTimer(), undefined);
});
queue('a routine timer alone is no lasting one', () => {
  const q = new WorkQueue();
  q.addAt(10, item('a'), true);
  assert.not.ok(q.hasLastingTimer());
  q.addAt(5, item('b'), false);
  assert.ok(q.hasLastingTimer());
  q.fire(5);
  assert.not.ok(q.hasLastingTimer());
});
queue('failures wait 5 ms, then twice as long each time, until forgotten', () => {
  const q = new WorkQueue();
  const waits = [1, 2, 3].map(() => {
    q.addFailed(0, item('a'));
    const at = q.nextTimer()!;
    q.fire(at);
    drain(q);
    return at;
  });
  assert.equal(waits, [5, 10, 20]);
  q.forget(item('a'));
  q.addFailed(0, item('a'));
  assert.is(q.nextTimer(), 5);
});
queue.run();
