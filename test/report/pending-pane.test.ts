import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PendingPod } from '../../src/planner/changes/plan.ts';
import { parseFilter } from '../../src/report/ink/filter.ts';
import { plainText } from '../../src/report/ink/line.ts';
import { paneLines } from '../../src/report/ink/panes.ts';
import { makePlanDocument } from './plan-builder.ts';

const MESSAGE = '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient cpu.';
const refusals = [
  { nodes: ['a', 'b'], by: [{ plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu'] }] },
  {
    nodes: ['c'],
    by: [
      { plugin: 'TaintToleration', reasons: ['node(s) had untolerated taint(s)'] },
      { plugin: 'NodeResourcesFit', reasons: ['Insufficient cpu'] },
    ],
  },
];
const waiting = (name: string, more: Partial<PendingPod> = {}): PendingPod => ({
  pod: { namespace: 'default', name },
  reason: 'Unschedulable',
  message: MESSAGE,
  refusals,
  ...more,
});

function shown(pending: readonly PendingPod[], filter = '', folded: readonly string[] = []): string[] {
  const input = { plan: makePlanDocument({ pending }), filter: parseFilter(filter), folded: new Set(folded) };
  return paneLines('pending', input, filter).map((line) => plainText(line).trimEnd());
}

const pane = suite('pending pane');
pane('pods of a kind share a matrix of nodes against plugins', () =>
  assert.equal(shown([waiting('web-1'), waiting('web-2')]), [
    `▾ default/web-1 and 1 more Unschedulable: ${MESSAGE}`,
    '    nodes  NodeResourcesFit  TaintToleration',
    '    a, b          ✗                 ·         Insufficient cpu',
    '    c             ✗                 ✗         node(s) had untolerated taint(s), Insufficient cpu',
  ]),
);
pane('many nodes are counted', () => {
  const nodes = Array.from({ length: 5000 }, (_, i) => `node-${i}`);
  assert.match(shown([waiting('w', { refusals: [{ nodes, by: refusals[0]!.by }] })])[2] ?? '', /node-0 and 4999 more/);
});
pane('a folded pod hides its matrix', () =>
  assert.is(shown([waiting('web-1')], '', ['pending default/web-1']).length, 1),
);
pane('a filter finds pods by node', () => {
  assert.is(shown([waiting('web-1')], 'c')[0]?.startsWith('▾ default/web-1'), true);
  assert.equal(shown([waiting('web-1')], 'no-such-word'), ['nothing matches no-such-word']);
});
pane('a pod that was refused as a whole has no matrix', () => {
  const { refusals: _none, ...whole } = waiting('web-1');
  assert.is(shown([whole]).length, 1);
});
pane.run();
