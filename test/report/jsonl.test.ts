// -o jsonl: one object a line, and all of them together are the document.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../src/planner/changes/plan.ts';
import { jsonl, LINE_TYPES } from '../../src/report/json/jsonl.ts';
import { makeBigPlan } from './big-plan.ts';
import { makePlanDocument } from './plan-builder.ts';

const options = { width: 80, color: false, full: false };
const linesOf = (plan: Plan) =>
  jsonl(plan, options)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);

const stream = suite('plan as JSON lines');
stream('the head comes first, then changes, placements, services', () => {
  const types = linesOf(makePlanDocument()).map(({ type }) => type);
  assert.equal(types, ['plan', ...Array(5).fill('change'), 'placement', 'placement', 'service']);
});
for (const [name, plan] of [
  ['small', makePlanDocument()],
  ['large', makeBigPlan(5, 5)],
  [
    'troubled',
    makePlanDocument({
      pending: [{ pod: { namespace: 'x', name: 'p' }, reason: 'Unschedulable', message: 'two\nlines' }],
      diagnostics: [{ severity: 'error', code: 'x', message: '"quoted"' }],
    }),
  ],
] as const)
  stream(`the lines of a ${name} plan are the whole document`, () => {
    const lines = linesOf(plan);
    const document: Record<string, unknown> = { ...(lines[0]!['plan'] as object) };
    for (const [type, member] of Object.entries(LINE_TYPES))
      document[member] = lines.filter((line) => line['type'] === type).map((line) => line[type]);
    assert.equal(document, plan);
  });
stream.run();
