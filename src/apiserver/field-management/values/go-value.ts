// Decoded JSON as Go's fmt prints it where types disagree. Numbers of an applied object are float64.
// Behaviour: fmt %v, %#v and %T, Go 1.26.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goFloat, goQuote } from '../../../apimachinery/go/quote.ts';
import { isJsonList, isMap, type Json, type JsonMap } from '../../../apimachinery/json.ts';

/** `%v` */
export function goVerb(value: Json): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return goFloat(value);
  if (isJsonList(value)) return `[${value.map(goVerb).join(' ')}]`;
  if (isMap(value)) return `map[${sorted(value, (key, each) => `${key}:${goVerb(each)}`).join(' ')}]`;
  return String(value);
}

/** `%#v` */
export function goSyntax(value: Json): string {
  if (value === null) return 'interface {}(nil)';
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'number') return goFloat(value);
  if (isJsonList(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isMap(value))
    return `map[string]interface {}{${sorted(value, (key, each) => `${goQuote(key)}:${goSyntax(each)}`).join(', ')}}`;
  return String(value);
}

/** `%T` */
export function goTypeName(value: Json): string {
  if (value === null) return '<nil>';
  if (isJsonList(value)) return '[]interface {}';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return 'float64';
    default:
      return 'map[string]interface {}';
  }
}

function sorted(map: JsonMap, text: (key: string, value: Json) => string): string[] {
  return Object.keys(map)
    .sort(compareBytes)
    .map((key) => text(key, map[key] ?? null));
}
