// Types that read themselves: times, quantities, ports by number or name, and JSON that is kept as it is.
// Behaviour: the UnmarshalJSON methods in staging/src/k8s.io/apimachinery/pkg, Kubernetes v1.36.3.
import { parseQuantityOrError, quantityFromJson } from '../../../apimachinery/quantity/quantity.ts';
import { describeValue, TypeMismatch } from '../decode-run.ts';
import type { parseTime } from '../go-time.ts';
import { isNumber, numberText, plainJson } from '../json-tree.ts';
import { type CompiledType, nothing } from './compiled-type.ts';
import { readInteger } from './scalar.ts';

const goStringMismatch = (value: unknown) => new TypeMismatch(describeValue(value), 'string', '', '');

export const timeType = (parse: typeof parseTime): CompiledType => ({
  decode(value, _previous, run) {
    if (value === null) return undefined;
    if (typeof value !== 'string') throw run.fail(goStringMismatch(value));
    const parsed = parse(value);
    if (!parsed.ok) throw run.fail(parsed.error);
    return parsed.text;
  },
  zero: nothing,
  isEmpty: undefined,
});

/** Quantity reads the text of any JSON value; only a text that starts like a number can be one. */
function quantityOf(value: unknown) {
  if (typeof value === 'string') return quantityFromJson(value);
  if (isNumber(value)) return parseQuantityOrError(numberText(value));
  if (typeof value === 'boolean') return parseQuantityOrError(String(value));
  return parseQuantityOrError(Array.isArray(value) ? '[' : '{');
}

// Differs: Go reads the text between the quotes unescaped, so an amount that is written with \u escapes is refused there.
export const quantityType: CompiledType = {
  decode(value, previous, run) {
    if (value === null) return previous === undefined ? undefined : '0';
    const parsed = quantityOf(value);
    if (!parsed.ok) throw run.fail(parsed.error);
    return parsed.value.toString();
  },
  zero: () => '0',
  isEmpty: undefined,
};

const INT32 = 1n << 31n;

export const intOrStringType: CompiledType = {
  decode(value, previous, run) {
    if (typeof value === 'string') return value;
    if (value === null) return typeof previous === 'number' ? previous : 0;
    if (!isNumber(value)) throw run.fail(new TypeMismatch(describeValue(value), 'int32', '', ''));
    const integer = readInteger(value, -INT32, INT32 - 1n);
    if (integer === undefined) throw run.fail(new TypeMismatch(`number ${numberText(value)}`, 'int32', '', ''));
    return integer;
  },
  zero: () => 0,
  isEmpty: undefined,
};

/** Fields that keep JSON as it is: RawExtension, FieldsV1 and JSON. */
export const freeFormType: CompiledType = {
  decode: (value, previous, run) => (value === null ? previous : run.rawNumbers ? plainJson(value) : value),
  zero: nothing,
  isEmpty: undefined,
};
