// A decoded JSON value as Go's fmt prints it with %#v.
// Behaviour: fmt/print.go (printValue with sharpV).
import { compareBytes } from '../../apimachinery/go/json.ts';
import { goQuote } from '../../apimachinery/go/quote.ts';
import { isMap } from '../../apimachinery/json.ts';
import { goText } from './go-value.ts';

export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isMap(value)) {
    const entries = Object.keys(value)
      .sort(compareBytes)
      .map((key) => `${goQuote(key)}:${goSyntax(value[key])}`);
    return `map[string]interface {}{${entries.join(', ')}}`;
  }
  return typeof value === 'string' ? goQuote(value) : goText(value);
}
