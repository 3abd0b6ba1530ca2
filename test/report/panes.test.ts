// The panes that tell what a plan costs on its way, what is known already, and what is copied from any of them.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../src/planner/changes/plan.ts';
import { findingsOfPlan, fingerprint } from '../../src/report/findings/findings.ts';
import { clipboardOf, copyRefusal, copySequence } from '../../src/report/ink/clipboard.ts';
import { headerLine } from '../../src/report/ink/frame.ts';
import { type Line, piece, plainText, spokenText, wrapLines } from '../../src/report/ink/line.ts';
import { PANES, type Pane } from '../../src/report/ink/panes.ts';
import { initialState, type Key, linesOf, pressed } from '../../src/report/ink/view-state.ts';
import { frameOf } from './frames.ts';
import { makePlanDocument } from './plan-builder.ts';

const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const base = makePlanDocument();
const plan = makePlanDocument({
  changes: base.changes.map((change) =>
    change.object.kind === 'Service'
      ? { ...change, drift: [{ path: 'spec.type', lastApplied: 'ClusterIP', live: 'NodePort', by: 'kubectl-edit' }] }
      : change,
  ),
  rollouts: [
    {
      object: web,
      wanted: 4,
      steps: [
        { at: 0, old: 4, new: 0, ready: 4 },
        { at: 3, old: 3, new: 2, ready: 3 },
      ],
      readyAtLeast: 3,
      unavailableAtMost: 1,
      complete: false,
      stalledOn: 'Pod default/web-1-a does not become ready',
    },
  ],
  evictions: [
    {
      pod: { namespace: 'default', name: 'old' },
      node: 'node-1',
      at: 3,
      reason: 'PreemptionByScheduler',
      message: 'preempted',
      preemptor: { namespace: 'default', name: 'web-1-a' },
    },
  ],
  pending: [{ pod: { namespace: 'default', name: 'web-1-a' }, reason: 'Unschedulable', message: 'no room' }],
});

function after(on: Plan, ...keys: readonly (Key | string)[]) {
  return keys
    .map((key): Key => (typeof key === 'string' && key.length === 1 ? { text: key } : (key as Key)))
    .reduce((state, key) => pressed(state, key, on, 5), initialState(on));
}
const shown = (pane: Pane, on: Plan = plan): string[] =>
  linesOf(after(on, String(PANES.indexOf(pane) + 1)), on).map((line) => plainText(line).trimEnd());

const panes = suite('panes');
panes('rollouts: a line for each wave, ready pods as a bar, and what the next wave waits for', () =>
  assert.equal(shown('rollouts'), [
    '▾ Deployment default/web  2 waves to 4 pods, at least 3 ready, 1 too few at worst  stalls',
    '       0s old   4  new   0  ████████████████░░░░  4 of 4 ready',
    '       3s old   3  new   2  ████████████▒▒▒▒▒▒▒▒  3 of 4 ready',
    '        stalls on Pod default/web-1-a does not become ready',
  ]),
);
panes('evictions: who goes, from where, why, and who comes', () =>
  assert.equal(shown('evictions'), [
    '     3s - Pod default/old from node-1  preempted by Pod default/web-1-a',
    '        + Pod default/web-1-a',
  ]),
);
panes('drift: what was applied, what is there now, what is wanted', () =>
  assert.equal(shown('drift'), [
    '▾ Service default/web 1 field changed since the last apply',
    '    spec.type  kubectl-edit',
    '        applied "ClusterIP"',
    '        now     "NodePort"',
    '        wanted  (absent)',
  ]),
);
panes('each of them folds, opens its object and slides along the seconds', () => {
  assert.is(linesOf(after(plan, '7', 'left'), plan).length, 1);
  assert.is(linesOf(after(plan, '9', 'left'), plan).length, 1);
  assert.is(after(plan, '7', 'enter').opened, 'Deployment default/web');
  assert.is(after(plan, '8', 'down', 'enter').opened, 'Pod default/web-1-a');
  assert.is(after(plan, '9', 'enter').opened, 'Service default/web');
  assert.is(after(plan, '7', 'down', ']').cursor, 2);
  assert.is(after(plan, '7', 'down', ']', '[').cursor, 1);
});
panes('each of them obeys the filter', () => {
  const filtered = (pane: string, words: string): string[] =>
    linesOf(after(plan, pane, '/', ...words, 'enter'), plan).map(plainText);
  assert.is(filtered('7', 'is:problem').length, 4);
  assert.equal(filtered('7', 'kind:Pod'), ['nothing matches kind:Pod']);
  assert.is(filtered('8', 'node:node-1').length, 2);
  assert.equal(filtered('8', 'node:node-2'), ['nothing matches node:node-2']);
  assert.is(filtered('9', 'kubectl-edit').length, 5);
  assert.equal(filtered('9', 'ns:shop'), ['nothing matches ns:shop']);
});
panes('a problem that is declared known says by whom and why', () => {
  const [finding] = findingsOfPlan(plan).all;
  const known = makePlanDocument({
    pending: plan.pending,
    suppressed: [
      { fingerprint: fingerprint(finding!), rule: 'Unschedulable', reason: 'more nodes on Monday', by: 'annotation' },
    ],
  });
  assert.equal(shown('problems', known), [
    'pending default/web-1-a Unschedulable: no room  known: more nodes on Monday (annotation)',
  ]);
});
panes('sentences go on in further lines on a narrow screen, which open the same object', () => {
  const line: Line = {
    id: 'x',
    opens: 'Pod a/b',
    wraps: true,
    pieces: [piece('error ', { color: 'red' }), piece('one two three')],
  };
  const lines = wrapLines([line], 12);
  assert.equal(lines.map(plainText), ['error one ', '    two ', '    three']);
  assert.equal(
    lines.map(({ opens }) => opens),
    ['Pod a/b', 'Pod a/b', 'Pod a/b'],
  );
  assert.is(lines[0]?.pieces[0]?.color, 'red');
  assert.is(wrapLines([line], 80)[0], line);
  assert.equal(
    wrapLines([{ ...line, pieces: [piece('x'.repeat(30))] }], 12)
      .map(plainText)
      .join('')
      .replaceAll(' ', ''),
    'x'.repeat(30),
    'nothing of a long word is lost',
  );
});
panes('the first line names the panes that have something, as fully as they fit', () => {
  const at = (width: number): string => plainText(headerLine(initialState(plan), plan, width)).trim();
  assert.is(
    at(200),
    '1 changes 5  2 placements 2  3 services 1  4 problems 1  5  6 pending 1  7 rollouts 1  8 evictions 1  9 drift 1',
  );
  assert.is(at(80), '1 changes 5  2 plac  3 serv  4 prob  5  6 pend  7 roll  8 evic  9 drif');
  assert.is(at(45), '1 changes 5  2  3  4  5  6  7  8  9');
  assert.is(at(10), '1 changes 5');
});
panes('help names every pane and every key that does something', () => {
  const help = frameOf(plan, { columns: 80, rows: 30 }, { isHelp: true });
  for (const pane of PANES) assert.match(help, pane);
  for (const key of [
    'j k',
    'g G',
    '← →',
    'enter',
    ' c ',
    'esc',
    '/',
    'a K N',
    ' p ',
    '[ ]',
    'y Y',
    'tab',
    '?',
    'q, Ctrl-C',
  ])
    assert.match(help, key, key);
  assert.ok(help.split('\n').every((line) => line.length <= 80));
});
panes('help fits 80 × 24', () =>
  assert.match(frameOf(plan, { columns: 80, rows: 24 }, { isHelp: true }), 'any key goes back'),
);
panes.run();

const copying = suite('copying');
copying('y copies the line under the cursor, Y all lines; the next key forgets it', () => {
  assert.equal(after(plan, 'down', 'y').copy, { text: '▾ + Deployment default/web', lines: 1 });
  assert.is(after(plan, 'Y').copy?.lines, 6);
  assert.match(after(plan, 'bottom', 'enter', 'Y').copy?.text ?? '', '+    targetPort: 8080\n');
  assert.is(after(plan, 'y', 'down').copy, undefined);
});
copying('the terminal is asked in its own way', () =>
  assert.is(copySequence('Pod a/ü'), `\u001b]52;c;${Buffer.from('Pod a/ü').toString('base64')}\u0007`),
);
copying('what it would not take is refused with a reason', () => {
  assert.is(copyRefusal('short', {}), undefined);
  assert.match(copyRefusal('x'.repeat(80_000), {}) ?? '', /terminals take 100 kB at once, this is 107/);
  for (const [env, message] of [
    [{ TERM: 'xterm-256color' }, undefined],
    [{ TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }, /Terminal\.app takes no copies/],
    [{ TERM: 'linux' }, /has no clipboard/],
    [{ TERM: 'screen', STY: '1.pts' }, /GNU screen passes no copies on/],
  ] as const) {
    const refusal = copyRefusal('short', clipboardOf(env));
    if (message) assert.match(refusal ?? '', message);
    else assert.is(refusal, undefined);
  }
});
copying.run();

const spoken = suite('screen reader');
spoken('signs become words', () => {
  const say = (...texts: string[]): string => spokenText({ id: 'x', pieces: texts.map((text) => piece(text)) });
  assert.is(
    say('  ▸ ', '+ ', 'Deployment a/b', ' !', ' 2 fields'),
    'folded, create Deployment a/b, has a problem 2 fields',
  );
  assert.is(say('    ', '- ', 'Pod a/b', ' from node-1'), 'delete Pod a/b from node-1');
  assert.is(say('▾ ', 'node-1', ' ██▒░░░', '  15%', '   8%', '  ·'), 'unfolded, node-1 15% 8% ·');
});
spoken.run();
