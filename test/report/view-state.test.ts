// Every key of the terminal view, without a terminal.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plainText } from '../../src/report/ink/line.ts';
import { initialState, type Key, linesOf, pressed, windowStart } from '../../src/report/ink/view-state.ts';
import { makePlanDocument } from './plan-builder.ts';
import { NEW, OLD, secretChange } from './secret-plan.ts';

const plan = makePlanDocument();
const PAGE = 5;

function after(...keys: readonly Key[]) {
  return keys.reduce((state, key) => pressed(state, key, plan, PAGE), initialState(plan));
}
const textAfter = (...keys: readonly Key[]): string[] => linesOf(after(...keys), plan).map(plainText);
const type = (text: string): Key[] => [...text].map((letter) => ({ text: letter }));

const view = suite('keys of the terminal view');
view('the first screen is the tree: Deployment, ReplicaSet, Pods with nodes', () => {
  assert.equal(textAfter(), [
    'Submitted',
    '▾ + Deployment default/web',
    '  ▾ + ReplicaSet default/web-1',
    '      + Pod default/web-1-a on node-1',
    '      + Pod default/web-1-b on node-2',
    '  ~ Service default/web 1 field',
  ]);
});
view('down moves, and not beyond the end', () => {
  assert.is(after('down', 'down').cursor, 2);
  assert.is(after('bottom', 'down', 'pageDown').cursor, 5);
  assert.is(after('up').cursor, 0);
});
view('left folds what an object owns, right unfolds it', () => {
  assert.is(textAfter('down', 'left').length, 3);
  assert.is(textAfter('down', 'left', 'right').length, 6);
});
view('a filter keeps matching objects and their owners', () => {
  assert.equal(
    textAfter({ text: '/' }, ...type('node-2'), 'enter').map((line) => line.trim()),
    ['Submitted', '▾ + Deployment default/web', '▾ + ReplicaSet default/web-1', '+ Pod default/web-1-b on node-2'],
  );
});
view('escape drops the filter', () => assert.is(textAfter({ text: '/' }, ...type('xyz'), 'enter', 'escape').length, 6));
view('enter opens an object with its causes, escape comes back to the line', () => {
  const opened = linesOf(after('down', 'down', 'enter'), plan).map(plainText);
  assert.is(opened[0], '+ ReplicaSet default/web-1  create, derived');
  assert.match(opened[1]!, 'because of Deployment default/web');
  assert.is(after('down', 'down', 'enter', 'escape').cursor, 2);
});
view('an updated object shows its fields before and after, then the difference', () => {
  assert.equal(textAfter('bottom', 'enter'), [
    '~ Service default/web  update in place, submitted',
    'because of web.yaml:20',
    '',
    'Fields',
    'spec.ports[port=80].targetPort  file',
    '  - 80',
    '  + 8080',
    '',
    'Difference',
    ' spec:',
    '   ports:',
    '   - port: 80',
    '-    targetPort: 80',
    '+    targetPort: 8080',
  ]);
});
view('a difference is coloured by its signs', () => {
  const lines = linesOf(after('bottom', 'enter'), plan);
  assert.equal(
    lines.slice(-2).map(({ pieces }) => pieces[0]?.color),
    ['red', 'green'],
  );
});
view('pages scroll an object, c shows all of its lines', () => {
  assert.is(after('bottom', 'enter', 'pageDown').cursor, PAGE);
  assert.ok(after('bottom', 'enter', { text: 'c' }).isWhole);
});
view('enter on a cause opens the cause, escape goes back object by object', () => {
  const atPod: Key[] = ['down', 'down', 'down', 'enter'];
  assert.is(after(...atPod).opened, 'Pod default/web-1-a');
  assert.is(after(...atPod, 'down', 'enter').opened, 'ReplicaSet default/web-1');
  assert.is(after(...atPod, 'down', 'enter', 'escape').opened, 'Pod default/web-1-a');
  assert.is(after(...atPod, 'down', 'enter', 'escape').cursor, 1);
  assert.is(after(...atPod, 'down', 'enter', 'escape', 'escape').cursor, 3);
});
view('a secret shows neither in the fields nor in the difference', () => {
  const secrets = makePlanDocument({ changes: [secretChange] });
  for (const isWhole of [false, true]) {
    const shown = linesOf({ ...initialState(secrets), opened: 'Secret default/s', isWhole }, secrets).map(plainText);
    for (const value of [OLD, NEW]) assert.not.ok(shown.some((line) => line.includes(value)));
    assert.ok(shown.some((line) => line.includes('*** (after)')));
  }
});
view('tab and numbers turn the panes', () => {
  assert.is(after('tab').pane, 'placements');
  assert.is(after('shiftTab').pane, 'drift');
  assert.is(after({ text: '4' }).pane, 'problems');
});
view('q leaves, ? helps, any key comes back from help', () => {
  assert.ok(after({ text: 'q' }).isDone);
  assert.ok(after({ text: '?' }).isHelp);
  assert.not.ok(after({ text: '?' }, 'down').isHelp);
});
view('letters typed into the filter are no commands', () => assert.is(after({ text: '/' }, { text: 'q' }).filter, 'q'));
view('the window keeps the cursor on the screen', () => {
  for (const cursor of [0, 3, 50, 98, 99]) {
    const start = windowStart(cursor, 100, 10);
    assert.ok(start <= cursor && cursor < start + 10 && start >= 0 && start <= 90, `cursor ${cursor} start ${start}`);
  }
});
view.run();
