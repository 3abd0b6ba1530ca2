import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  getScaledValueFromIntOrPercent,
  type IntOrString,
  intValue,
  parseIntOrString,
} from '../../src/apimachinery/int-or-string.ts';

const scaled = suite('getScaledValueFromIntOrPercent');

const cases: { value: IntOrString | undefined; total: number; up?: number; down?: number; error?: string }[] = [
  { value: 5, total: 100, up: 5, down: 5 },
  { value: '25%', total: 10, up: 3, down: 2 },
  { value: '50%', total: 10, up: 5, down: 5 },
  { value: '0%', total: 10, up: 0, down: 0 },
  { value: '100%', total: 3, up: 3, down: 3 },
  { value: '120%', total: 5, up: 6, down: 6 },
  { value: '1%', total: 1, up: 1, down: 0 },
  { value: '29%', total: 100, up: 29, down: 29 },
  { value: undefined, total: 1, error: 'nil value for IntOrString' },
  { value: '5', total: 1, error: 'invalid value for IntOrString: invalid type: string is not a percentage' },
  {
    value: 'a%',
    total: 1,
    error: 'invalid value for IntOrString: invalid value "a%": strconv.Atoi: parsing "a": invalid syntax',
  },
  {
    value: '99999999999999999999%',
    total: 1,
    error:
      'invalid value for IntOrString: invalid value "99999999999999999999%": strconv.Atoi: parsing "99999999999999999999": value out of range',
  },
];

for (const { value, total, up, down, error } of cases) {
  scaled(`${value} of ${total} is ${error ?? `${up} up, ${down} down`}`, () => {
    const rounded = [true, false].map((roundUp) => {
      const result = getScaledValueFromIntOrPercent(value, total, roundUp);
      return result.ok ? result.value : result.error;
    });
    assert.equal(rounded, error === undefined ? [up, down] : [error, error]);
  });
}
scaled.run();

const values = suite('IntOrString');

values('digits in int32 become a number, anything else stays text', () => {
  assert.equal(['80', '-1', '+5', '2147483648', 'http', '', '5%'].map(parseIntOrString), [
    80,
    -1,
    5,
    '2147483648',
    'http',
    '',
    '5%',
  ]);
});

values('the number of a text is 0 unless it is numeric', () => {
  assert.equal([intValue(7), intValue('7'), intValue('http'), intValue('5%')], [7, 7, 0, 0]);
});

values.run();
