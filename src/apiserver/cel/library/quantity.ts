// quantity() and what can be done with an amount.
// Behaviour: k8s.io/apiserver pkg/cel/library/quantity.go, Kubernetes v1.36.3.
import { parseQuantityOrError, Quantity } from '../../../apimachinery/quantity/quantity.ts';
import { CelError, type CelValue, noSuchOverload, QuantityValue, textOf } from '../values/value.ts';
import { type FunctionDecl, fn, global, type Implementation, member } from './declaration.ts';

const NO_INTEGER = 'cannot convert value to integer';

const one =
  (use: (quantity: Quantity) => CelValue): Implementation =>
  (value) =>
    value instanceof QuantityValue ? use(value.quantity) : noSuchOverload(value);

const two =
  (use: (a: Quantity, b: Quantity) => CelValue): Implementation =>
  (a, b) =>
    a instanceof QuantityValue && b instanceof QuantityValue ? use(a.quantity, b.quantity) : noSuchOverload(a);

const withInt =
  (use: (a: Quantity, b: Quantity) => CelValue): Implementation =>
  (a, b) =>
    a instanceof QuantityValue && typeof b === 'bigint'
      ? use(a.quantity, Quantity.of(b, 'DecimalExponent'))
      : noSuchOverload(a);

const sum = (a: Quantity, b: Quantity): CelValue => new QuantityValue(a.add(b), true);
const difference = (a: Quantity, b: Quantity): CelValue => new QuantityValue(a.sub(b), true);

export const QUANTITY: readonly FunctionDecl[] = [
  fn(
    'quantity',
    global('string_to_quantity', 'string -> quantity', (value) => {
      const text = textOf(value as CelValue);
      if (text === undefined) return noSuchOverload(value);
      const parsed = parseQuantityOrError(text);
      return parsed.ok ? new QuantityValue(parsed.value) : new CelError(parsed.error);
    }),
  ),
  fn(
    'isQuantity',
    global('is_quantity_string', 'string -> bool', (value) => {
      const text = textOf(value as CelValue);
      return text === undefined ? noSuchOverload(value) : parseQuantityOrError(text).ok;
    }),
  ),
  fn(
    'sign',
    global(
      'quantity_sign',
      'quantity -> int',
      one((quantity) => BigInt(quantity.sign())),
    ),
  ),
  fn(
    'isGreaterThan',
    member(
      'quantity_is_greater_than',
      'quantity, quantity -> bool',
      two((a, b) => a.cmp(b) === 1),
    ),
  ),
  fn(
    'isLessThan',
    member(
      'quantity_is_less_than',
      'quantity, quantity -> bool',
      two((a, b) => a.cmp(b) === -1),
    ),
  ),
  fn(
    'compareTo',
    member(
      'quantity_compare_to',
      'quantity, quantity -> int',
      two((a, b) => BigInt(a.cmp(b))),
    ),
  ),
  fn(
    'asApproximateFloat',
    member(
      'quantity_get_float',
      'quantity -> double',
      one((quantity) => quantity.asApproximateFloat()),
    ),
  ),
  fn(
    'asInteger',
    member(
      'quantity_get_int',
      'quantity -> int',
      one((quantity) => quantity.asInt64() ?? new CelError(NO_INTEGER)),
    ),
  ),
  fn(
    'isInteger',
    member(
      'quantity_is_integer',
      'quantity -> bool',
      one((quantity) => quantity.asInt64() !== undefined),
    ),
  ),
  fn(
    'add',
    member('quantity_add', 'quantity, quantity -> quantity', two(sum)),
    member('quantity_add_int', 'quantity, int -> quantity', withInt(sum)),
  ),
  fn(
    'sub',
    member('quantity_sub', 'quantity, quantity -> quantity', two(difference)),
    member('quantity_sub_int', 'quantity, int -> quantity', withInt(difference)),
  ),
];
