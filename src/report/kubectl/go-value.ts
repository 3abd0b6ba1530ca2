// Text of a decoded JSON value as Go's fmt prints it with %v.
// Behaviour: fmt/print.go; maps are printed in key order.
import { compareBytes } from '../../apimachinery/go/json.ts';
import { goFloat } from '../../apimachinery/go/quote.ts';
import { isMap } from '../../apimachinery/json.ts';

export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : goFloat(value);
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isMap(value)) {
    const entries = Object.keys(value)
      .sort(compareBytes)
      .map((key) => `${key}:${goText(value[key])}`);
    return `map[${entries.join(' ')}]`;
  }
  return String(value);
}
