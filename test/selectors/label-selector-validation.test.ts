import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { badValueText, fieldErrorMessage } from '../../src/apimachinery/field-error.ts';
import { FieldPath } from '../../src/apimachinery/field-path.ts';
import type { LabelSelector } from '../../src/selectors/label-selector.ts';
import {
  type LabelSelectorValidationOptions,
  labelSelectorHasInvalidLabelValue,
  labelSelectorValue,
  validateLabelSelector,
} from '../../src/selectors/label-selector-validation.ts';

const validation = suite('validateLabelSelector');
const path = FieldPath.of('spec', 'selector');
const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

const cases: {
  name: string;
  selector: LabelSelector | undefined;
  options?: LabelSelectorValidationOptions;
  want: string[];
}[] = [
  { name: 'no selector', selector: undefined, want: [] },
  { name: 'an empty selector', selector: {}, want: [] },
  {
    name: 'a bad value in matchLabels',
    selector: { matchLabels: { a: '-' } },
    want: [`spec.selector.matchLabels: Invalid value: "-": ${VALUE_RULE}`],
  },
  {
    name: 'In without values',
    selector: { matchExpressions: [{ key: 'a', operator: 'In' }] },
    want: [
      "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    ],
  },
  {
    name: 'Exists with values',
    selector: { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] },
    want: [
      "spec.selector.matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    ],
  },
  {
    name: 'an unknown operator',
    selector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] },
    want: ['spec.selector.matchExpressions[0].operator: Invalid value: "Gt": not a valid selector operator'],
  },
  {
    name: 'an unknown operator that may be',
    selector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] },
    options: { allowUnknownOperatorInRequirement: true },
    want: [],
  },
  {
    name: 'a bad value in an expression',
    selector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['b', '-'] }] },
    want: [`spec.selector.matchExpressions[0].values[1]: Invalid value: "-": ${VALUE_RULE}`],
  },
  {
    name: 'a bad value that was there before',
    selector: { matchExpressions: [{ key: 'a', operator: 'In', values: ['-'] }] },
    options: { allowInvalidLabelValueInSelector: true },
    want: [],
  },
];

for (const { name, selector, options = {}, want } of cases) {
  validation(`${name}: ${want.length === 0 ? 'valid' : 'refused'}`, () => {
    assert.equal(validateLabelSelector(selector, options, path).map(fieldErrorMessage), want);
  });
}

validation('bad values are noticed in expressions only', () => {
  assert.is(labelSelectorHasInvalidLabelValue({ matchLabels: { a: '-' } }), false);
  assert.is(
    labelSelectorHasInvalidLabelValue({ matchExpressions: [{ key: 'a', operator: 'In', values: ['-'] }] }),
    true,
  );
});

validation('as a bad value a selector prints in the order of its Go struct', () => {
  const selector = { matchExpressions: [{ operator: 'Exists', key: 'c' }], matchLabels: { b: '1', a: '2' } };
  assert.is(
    badValueText(labelSelectorValue(selector)),
    '{"matchLabels":{"a":"2","b":"1"},"matchExpressions":[{"key":"c","operator":"Exists"}]}',
  );
  assert.is(badValueText(labelSelectorValue({})), '{}');
  assert.is(badValueText(labelSelectorValue(undefined)), 'null');
});

validation.run();
