// An object as `-o yaml` prints it.
// Behaviour: sigs.k8s.io/yaml (JSONToYAML) and staging/src/k8s.io/cli-runtime/pkg/printers/yaml.go, Kubernetes v1.36.3.
import { goFloat } from '../../apimachinery/go/quote.ts';
import { isMap } from '../../apimachinery/json.ts';
import { yamlScalar } from './yaml-scalar.ts';

export function yamlText(value: unknown): string {
  if (isMap(value) && Object.keys(value).length > 0) return `${mapLines(value, 0)}\n`;
  if (Array.isArray(value) && value.length > 0) return `${listLines(value, 0)}\n`;
  return `${scalarText(value, 0, 0)}\n`;
}

function mapLines(map: Readonly<Record<string, unknown>>, indent: number): string {
  const pad = ' '.repeat(indent);
  return Object.keys(map)
    .sort(compareKeys)
    .map((key) => {
      const name = yamlScalar(key, { indent, column: indent, isKey: true });
      const value = map[key];
      if (isMap(value) && Object.keys(value).length > 0) return `${pad}${name}:\n${mapLines(value, indent + 2)}`;
      if (Array.isArray(value) && value.length > 0) return `${pad}${name}:\n${listLines(value, indent)}`;
      return `${pad}${name}: ${scalarText(value, indent + 2, indent + name.length + 2)}`;
    })
    .join('\n');
}

function listLines(list: readonly unknown[], indent: number): string {
  const pad = ' '.repeat(indent);
  return list
    .map((value) => {
      if (isMap(value) && Object.keys(value).length > 0)
        return `${pad}- ${mapLines(value, indent + 2).slice(indent + 2)}`;
      if (Array.isArray(value) && value.length > 0) return `${pad}- ${listLines(value, indent + 2).slice(indent + 2)}`;
      return `${pad}- ${scalarText(value, indent + 2, indent + 2)}`;
    })
    .join('\n');
}

function scalarText(value: unknown, indent: number, column: number): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return '[]';
  if (typeof value === 'object') return '{}';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : goFloat(value);
  return typeof value === 'string' ? yamlScalar(value, { indent, column, isKey: false }) : String(value);
}

/** Numbers within keys are compared by value, letters come after everything else. */
function compareKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  let inDigits = false;
  for (let i = 0; i < left.length && i < right.length; i++) {
    const x = left[i]!;
    const y = right[i]!;
    if (x === y) {
      inDigits = isDigit(x);
      continue;
    }
    const isLeftLetter = isLetter(x);
    const isRightLetter = isLetter(y);
    if (isLeftLetter && isRightLetter) return x < y ? -1 : 1;
    if (isLeftLetter || isRightLetter) return (inDigits ? isLeftLetter : isRightLetter) ? -1 : 1;
    return compareNumbers(left, right, i);
  }
  return left.length - right.length;
}

function compareNumbers(left: readonly string[], right: readonly string[], at: number): number {
  let prefix = '';
  if (left[at] === '0' || right[at] === '0') {
    for (let j = at - 1; j >= 0 && isDigit(left[j]!); j--) {
      if (left[j] !== '0') {
        prefix = '1';
        break;
      }
    }
  }
  const x = digitsFrom(left, at);
  const y = digitsFrom(right, at);
  const [m, n] = [BigInt(`0${prefix}${x}`), BigInt(`0${prefix}${y}`)];
  if (m !== n) return m < n ? -1 : 1;
  if (x.length !== y.length) return x.length - y.length;
  return left[at]! < right[at]! ? -1 : 1;
}

function digitsFrom(characters: readonly string[], from: number): string {
  let to = from;
  while (to < characters.length && isDigit(characters[to]!)) to++;
  return characters.slice(from, to).join('');
}

function isDigit(character: string): boolean {
  return /\p{Nd}/u.test(character);
}

function isLetter(character: string): boolean {
  return /\p{L}/u.test(character);
}
