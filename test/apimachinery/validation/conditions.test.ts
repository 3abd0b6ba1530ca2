import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Condition } from '../../../src/apimachinery/conditions.ts';
import { fieldErrorMessage } from '../../../src/apimachinery/field-error.ts';
import { FieldPath } from '../../../src/apimachinery/field-path.ts';
import { validateConditions } from '../../../src/apimachinery/validation/conditions.ts';

const validation = suite('validateConditions');
const ready: Condition = { type: 'Ready', status: 'True', reason: 'Up', lastTransitionTime: '2026-01-01T00:00:00Z' };

const cases: { name: string; conditions: Condition[]; want: string[] }[] = [
  { name: 'nothing', conditions: [], want: [] },
  { name: 'a whole condition', conditions: [ready], want: [] },
  { name: 'the same type twice', conditions: [ready, ready], want: ['c[1].type: Duplicate value: "Ready"'] },
  {
    name: 'an unknown status',
    conditions: [{ ...ready, status: 'Maybe' }],
    want: ['c[0].status: Unsupported value: "Maybe": supported values: "False", "True", "Unknown"'],
  },
  {
    name: 'no reason and no time',
    conditions: [{ type: 'Ready', status: 'True' }],
    want: ['c[0].lastTransitionTime: Required value', 'c[0].reason: Required value'],
  },
  {
    name: 'a reason that is a sentence',
    conditions: [{ ...ready, reason: 'not up' }],
    want: [
      "c[0].reason: Invalid value: \"not up\": a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')",
    ],
  },
  {
    name: 'too much text',
    conditions: [{ ...ready, message: 'x'.repeat(32769), observedGeneration: -1 }],
    want: [
      'c[0].observedGeneration: Invalid value: -1: must be greater than or equal to zero',
      'c[0].message: Too long: may not be more than 32768 bytes',
    ],
  },
];

for (const { name, conditions, want } of cases) {
  validation(`${name}: ${want.length === 0 ? 'valid' : 'refused'}`, () => {
    assert.equal(validateConditions(conditions, FieldPath.of('c')).map(fieldErrorMessage), want);
  });
}

validation.run();
