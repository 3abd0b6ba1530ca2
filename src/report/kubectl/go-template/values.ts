// Values of a running template: what Go's reflection tells of data decoded from JSON.
// Behaviour: reflect and text/template/exec.go (indirect, isTrue, printableValue), Go 1.26.
import { goFloat } from '../../../apimachinery/go/quote.ts';
import { isMap } from '../../../apimachinery/json.ts';
import { goText } from '../go-value.ts';

/** A number that did not come from the data: a constant, a length, an index. */
export class GoNumber {
  readonly type: 'int' | 'uint8' | 'float64' | 'complex128';
  readonly value: number;
  readonly imaginary: number;

  constructor(type: GoNumber['type'], value: number, imaginary = 0) {
    this.type = type;
    this.value = value;
    this.imaginary = imaginary;
  }
}

/** A value as reflection holds it; `isBoxed` when it was taken out of an `interface {}`. Undefined is no value at all. */
export interface Held {
  readonly of: unknown;
  readonly isBoxed: boolean;
}
export type Value = Held | undefined;

export const plain = (of: unknown): Held => ({ of, isBoxed: false });
export const boxed = (of: unknown): Held => ({ of, isBoxed: true });
export const int = (value: number): Held => plain(new GoNumber('int', value));

export function typeText(value: Held): string {
  return value.isBoxed ? 'interface {}' : typeOf(value.of);
}

/** Type of what is within. */
export function typeOf(of: unknown): string {
  if (of instanceof GoNumber) return of.type;
  if (Array.isArray(of)) return '[]interface {}';
  if (isMap(of)) return 'map[string]interface {}';
  if (typeof of === 'number') return Number.isInteger(of) ? 'int64' : 'float64';
  if (typeof of === 'boolean') return 'bool';
  return typeof of === 'string' ? 'string' : 'interface {}';
}

/** The value itself, out of its box; undefined for nil. */
export function unboxed(value: Value): Value {
  if (!value?.isBoxed) return value;
  return isNil(value.of) ? undefined : plain(value.of);
}

export function isNil(of: unknown): boolean {
  return of === null || of === undefined;
}

/** Undefined for what is no number or a complex one. */
export function numberOf(of: unknown): number | undefined {
  if (of instanceof GoNumber) return of.type === 'complex128' ? undefined : of.value;
  return typeof of === 'number' ? of : undefined;
}

export function isTrue(value: Value): boolean {
  const of = unboxed(value)?.of;
  if (isNil(of)) return false;
  if (Array.isArray(of)) return of.length > 0;
  if (isMap(of) && !(of instanceof GoNumber)) return Object.keys(of).length > 0;
  return of instanceof GoNumber ? of.value !== 0 || of.imaginary !== 0 : Boolean(of);
}

/** What stands in the output for a value. */
export function printed(value: Value): string {
  return value === undefined || (isNil(value.of) && !value.isBoxed) ? '<no value>' : valueText(value.of);
}

/** `%v` */
export function valueText(of: unknown): string {
  if (!(of instanceof GoNumber)) return goText(of);
  if (of.type === 'float64') return goFloat(of.value);
  if (of.type !== 'complex128') return goText(of.value);
  const sign = of.imaginary < 0 || Object.is(of.imaginary, -0) ? '' : '+';
  return `(${goFloat(of.value)}${sign}${goFloat(of.imaginary)}i)`;
}
