import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { semanticDeepEqual } from '../../src/apimachinery/deep-equal.ts';

const equality = suite('semantic equality');

for (const { name, a, b, want } of [
  { name: 'the order of keys', a: { x: 1, y: [1] }, b: { y: [1], x: 1 }, want: true },
  { name: 'absent and empty lists', a: {}, b: { x: [] }, want: true },
  { name: 'null and absent', a: { x: null }, b: {}, want: true },
  { name: 'absent and empty objects', a: {}, b: { x: {} }, want: false },
  { name: 'the order of lists', a: [1, 2], b: [2, 1], want: false },
  { name: 'a list and an object', a: [1], b: { 0: 1 }, want: false },
  { name: 'an extra key', a: { x: 1 }, b: { x: 1, y: 2 }, want: false },
  { name: 'a number and its text', a: 1, b: '1', want: false },
  { name: 'quantities written differently', a: { cpu: '1' }, b: { cpu: '1000m' }, want: false },
]) {
  equality(`${name}: ${want ? 'same' : 'different'}`, () => {
    assert.is(semanticDeepEqual(a, b), want);
    assert.is(semanticDeepEqual(b, a), want);
  });
}

equality('quantities are compared by amount where the caller says so', () => {
  const isQuantity = (path: readonly string[]) => path[path.length - 2] === 'requests';
  const a = { requests: { cpu: '1' }, note: '1' };
  assert.ok(semanticDeepEqual(a, { requests: { cpu: '1000m' }, note: '1' }, { isQuantity }));
  assert.ok(semanticDeepEqual(a, { requests: { cpu: 1 }, note: '1' }, { isQuantity }));
  assert.not.ok(semanticDeepEqual(a, { requests: { cpu: '1001m' }, note: '1' }, { isQuantity }));
  assert.not.ok(semanticDeepEqual(a, { requests: { cpu: '1' }, note: '1000m' }, { isQuantity }));
});

equality('empty maps count as absent on request', () => {
  assert.ok(semanticDeepEqual({ labels: {} }, {}, { emptyObject: 'absent' }));
});

equality.run();
