// The published schema and the type of the plan document say the same.
import type { Static } from '@sinclair/typebox';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Plan } from '../../src/planner/changes/plan.ts';
import { planSchema } from '../../src/report/json/plan-schema.ts';
import { compileSchema } from '../../src/schema/ajv.ts';
import { makePlanDocument } from './plan-builder.ts';

type Published = Static<typeof planSchema>;
/** Compiles only while every member of the document is published, under the same name and with the same type. */
type SameMembers = [keyof Plan] extends [keyof Published]
  ? [keyof Published] extends [keyof Plan]
    ? true
    : false
  : false;
const sameMembers: SameMembers = true;

const check = compileSchema(planSchema);
const schema = suite('plan schema');
schema('it has every member of the document', () => assert.ok(sameMembers));
schema('a plan fits', () => assert.equal(check(makePlanDocument()), []));
schema('members that a later version adds are no problem', () =>
  assert.equal(check({ ...makePlanDocument(), later: true, summary: { ...makePlanDocument().summary, more: 1 } }), []),
);
for (const [name, broken] of [
  ['a truncated document', { apiVersion: 'kubeplan.dev/v1', kind: 'Plan' }],
  ['another kind', { ...makePlanDocument(), kind: 'List' }],
  ['a format of the future', { ...makePlanDocument(), formatVersion: '2.0' }],
  [
    'an action that does not exist',
    { ...makePlanDocument(), changes: [{ ...makePlanDocument().changes[0], action: 'explode' }] },
  ],
] as const)
  schema(`${name} does not fit`, () => assert.not.equal(check(broken), []));
schema.run();
