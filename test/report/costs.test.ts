// What the text and the terminal view say of a plan's costs.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../src/planner/changes/plan.ts';
import { parseFilter } from '../../src/report/ink/filter.ts';
import { plainText } from '../../src/report/ink/line.ts';
import { momentsOf, momentText } from '../../src/report/ink/moments.ts';
import { paneLines } from '../../src/report/ink/panes.ts';
import { text } from '../../src/report/text/text.ts';
import { makePlanDocument } from './plan-builder.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const pod = (name: string) => ({ namespace: 'default', name });
const node = (name: string, before: number, after: number): Plan['nodes'][number] => ({
  node: name,
  ready: true,
  unschedulable: false,
  usage: [
    {
      resource: 'cpu',
      before: `${before}`,
      after: `${after}`,
      limit: '100',
      percentBefore: before,
      percentAfter: after,
    },
  ],
});
const shown = (plan: Partial<Plan>): string => text(makePlanDocument(plan), { width: 80, color: false, full: false });

const costs = suite('costs of a plan');
costs('long rollouts are told by their first and last waves', () => {
  const steps = Array.from({ length: 20 }, (_, at) => ({ at, old: 20 - at, new: at, ready: 20 }));
  const rollout = { object: web, wanted: 20, steps, readyAtLeast: 18, unavailableAtMost: 2, complete: true };
  assert.match(
    shown({ rollouts: [rollout] }),
    'Deployment default/web  20+0 > 19+1 > 18+2 > 17+3 > … > 3+17 > 2+18 > 1+19 of 20 pods (old+new); at least 18 ready, 2 too few at worst',
  );
});
costs('a stalled rollout says on what', () => {
  const rollout = {
    object: web,
    wanted: 1,
    steps: [{ at: 0, old: 1, new: 0, ready: 1 }],
    readyAtLeast: 1,
    unavailableAtMost: 0,
    complete: false,
    stalledOn: 'Pod default/web-2 does not become ready',
  };
  assert.match(shown({ rollouts: [rollout] }), /\n {6}stalls on Pod default\/web-2 does not become ready\n/);
});
costs('the fullest node comes first, a node that stays as it is does not come', () => {
  const lines = shown({ nodes: [node('a', 10, 20), node('b', 50, 95), node('c', 30, 30)] }).split('\n');
  const start = lines.indexOf('Room');
  assert.equal(lines.slice(start + 1, start + 4), [
    '  Node b  cpu 50 -> 95 of 100 (95%)',
    '  Node a  cpu 10 -> 20 of 100 (20%)',
    '',
  ]);
});
costs('the placement matrix has a bar of what is requested before and by the plan', () => {
  const plan = makePlanDocument({ nodes: [node('node-1', 25, 50), node('node-3', 0, 0)] });
  const lines = paneLines('placements', { plan, filter: parseFilter(''), folded: new Set() }, '').map(plainText);
  assert.match(lines[1] ?? '', /node-1 ████▒▒▒▒░{8} {2}50%/);
  assert.ok(
    lines.some((line) => /node-3 ░{16}/.test(line)),
    'a node that gets nothing has a row',
  );
});
costs('the timeline shows the states of all pods at each second', () => {
  const plan = makePlanDocument({
    simulatedSeconds: 9,
    timeline: [
      { at: -1, pod: pod('old'), state: 'ready', node: 'node-1' },
      { at: 0, pod: pod('new'), state: 'waiting' },
      { at: 5, pod: pod('new'), state: 'ready', node: 'node-2' },
      { at: 5, pod: pod('old'), state: 'gone' },
    ],
    events: [
      {
        at: 5,
        type: 'Normal',
        reason: 'Started',
        object: { apiVersion: 'v1', kind: 'Pod', ...pod('new') },
        message: 'm',
        count: 1,
      },
    ],
  });
  const moments = momentsOf(plan);
  assert.equal(
    [0, 4, 5, 99].map((at) => momentText(moments, at)),
    ['1 waiting, 1 ready', '1 waiting, 1 ready', '1 ready, 1 gone', '1 ready, 1 gone'],
  );
  const [head] = paneLines('timeline', { plan, filter: parseFilter(''), folded: new Set() }, '').map(plainText);
  assert.is(head, '     5s ─────●──── pods: 1 ready, 1 gone');
});
costs.run();
