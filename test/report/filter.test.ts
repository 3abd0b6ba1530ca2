// The filter language of the terminal view, and the keys that write it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cycled, type Entry, matches, parseFilter } from '../../src/report/ink/filter.ts';
import { plainText } from '../../src/report/ink/line.ts';
import { initialState, type Key, linesOf, pressed } from '../../src/report/ink/view-state.ts';
import { makePlanDocument } from './plan-builder.ts';

const pod: Entry = {
  action: 'create',
  kind: 'pod',
  namespace: 'shop',
  node: 'node-1',
  isProblem: false,
  text: 'create derived pod shop/web-1 node-1',
};
const language = suite('filter language');
for (const [filter, expected] of [
  ['', true],
  ['kind:Pod', true],
  ['kind:po', false],
  ['kind:', true],
  ['action:create ns:shop', true],
  ['action:create ns:other', false],
  ['namespace:shop', true],
  ['node:node-1 web', true],
  ['node:node', false],
  ['is:problem', false],
  ['WEB shop', true],
  ['web other', false],
  ['shop/web', true],
  ['unknown:thing', false],
  ['constructor:x', false],
] as const)
  language(`${filter || 'nothing'} ${expected ? 'matches' : 'does not match'} a pod`, () =>
    assert.is(matches(parseFilter(filter), pod), expected),
  );
language('a key goes through its values and then to none, keeping the rest', () => {
  const values = ['create', 'delete'];
  assert.is(cycled('web', 'action', values), 'action:create web');
  assert.is(cycled('action:create web', 'action', values), 'action:delete web');
  assert.is(cycled('web action:delete', 'action', values), 'web');
  assert.is(cycled('namespace:a', 'ns', ['a', 'b']), 'ns:b');
  assert.is(cycled('', 'kind', []), '');
});
language.run();

const plan = makePlanDocument({
  pending: [{ pod: { namespace: 'default', name: 'web-1-b' }, reason: 'Unschedulable', message: 'no room' }],
  events: [
    {
      at: 1,
      type: 'Normal',
      reason: 'Scheduled',
      object: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web-1-a' },
      message: 'assigned',
      count: 1,
    },
    {
      at: 0,
      type: 'Normal',
      reason: 'Scaled',
      object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' },
      message: 'to 2',
      count: 2,
    },
  ],
});
function shownAfter(...keys: readonly (Key | string)[]): string[] {
  const state = keys
    .map((key): Key => (typeof key === 'string' && key.length === 1 ? { text: key } : (key as Key)))
    .reduce((before, key) => pressed(before, key, plan, 10), initialState(plan));
  return linesOf(state, plan).map((line) => plainText(line).trim());
}
const keys = suite('filter keys');
keys('a shows one action after the other', () => {
  assert.equal(shownAfter('a', 'a'), ['Submitted', '~ Service default/web 1 field']);
  assert.is(shownAfter('a', 'a', 'a').length, shownAfter().length);
});
keys('K shows one kind after the other, with its owners', () => {
  assert.equal(shownAfter('K', 'K'), [
    'Submitted',
    '▾ + Deployment default/web',
    '▾ + ReplicaSet default/web-1',
    '+ Pod default/web-1-a on node-1',
    '+ Pod default/web-1-b on node-2 !',
  ]);
});
keys('N shows one namespace after the other', () => {
  assert.is(shownAfter('N').length, shownAfter().length);
});
keys('p shows objects with problems, and turns off again', () => {
  assert.equal(shownAfter('p').slice(3), ['+ Pod default/web-1-b on node-2 !']);
  assert.is(shownAfter('p', 'p').length, shownAfter().length);
});
keys('filters hold in every pane', () => {
  assert.equal(shownAfter('K', 'K', '5'), ['1s Scheduled Pod default/web-1-a assigned']);
  assert.equal(shownAfter('K', 'K', '3'), ['nothing matches kind:Pod']);
});
keys('the timeline goes by simulated time, and ] [ go by seconds', () => {
  assert.equal(shownAfter('5'), [
    '0s Scaled Deployment default/web to 2 ×2',
    '1s Scheduled Pod default/web-1-a assigned',
  ]);
  const at = (...pressedKeys: readonly string[]) =>
    pressedKeys.reduce((before, text) => pressed(before, { text }, plan, 10), initialState(plan)).cursor;
  assert.is(at('5', ']'), 1);
  assert.is(at('5', ']', ']'), 1);
  assert.is(at('5', ']', '['), 0);
});
keys('placements are a matrix of nodes and workloads', () => {
  assert.equal(shownAfter('2').slice(0, 2), [
    `node ${' '.repeat(20)}cpu  mem   new   web`,
    `▾ node-1 ${'▒'.repeat(16)}${' '.repeat(15)}1     1`,
  ]);
});
keys.run();
