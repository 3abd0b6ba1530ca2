// What a plain (unquoted) YAML scalar means to Kubernetes: YAML 1.1 words, numbers in Go's forms, everything else text.
// Behaviour: go.yaml.in/yaml v2 resolve.go as used by sigs.k8s.io/yaml v1.6, Kubernetes v1.36.3.
import { MAX_UINT64, MIN_INT64 } from '../apimachinery/go/integer-limits.ts';
import { DASH, DOT, PLUS } from './character-codes.ts';

/** A number keeps its exact digits as a bigint where a JavaScript number could not hold them. */
export type ScalarValue = string | number | bigint | boolean | null;

const WORDS = new Map<string, ScalarValue>([
  ...words(true, 'y Y yes Yes YES true True TRUE on On ON'),
  ...words(false, 'n N no No NO false False FALSE off Off OFF'),
  ...words(null, '~ null Null NULL'),
  ['', null],
  ...words(Number.NaN, '.nan .NaN .NAN'),
  ...words(Number.POSITIVE_INFINITY, '.inf .Inf .INF +.inf +.Inf +.INF'),
  ...words(Number.NEGATIVE_INFINITY, '-.inf -.Inf -.INF'),
]);

const LONGEST_WORD = Math.max(...[...WORDS.keys()].map(({ length }) => length));
/** Where the dash behind a year stands. */
const YEAR = 4;

function words(value: ScalarValue, list: string): [string, ScalarValue][] {
  return list.split(' ').map((word) => [word, value]);
}

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** What begins with a point goes to Go's ParseFloat as it is, underscores between digits and all. */
const FRACTION = /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]+)|(0|[1-9][0-9]*))$/;
const TIMESTAMP =
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ][0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})?)?$/;

export function resolvePlainScalar(text: string): ScalarValue {
  const first = text.charCodeAt(0);
  const isNumeric = (first >= 48 && first <= 57) || first === PLUS || first === DASH;
  const word = text.length <= LONGEST_WORD ? WORDS.get(text) : undefined;
  if (word !== undefined) return word;
  if ((!isNumeric && first !== DOT) || isAddressOrName(text)) return text;
  if (first === DOT) return FRACTION.test(text) ? finite(Number(text.replaceAll('_', '')), text) : text;
  if (TIMESTAMP.test(text)) return text;
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  return resolveInteger(plain) ?? (FLOAT.test(plain) ? finite(Number(plain), text) : text);
}

/** What looks like a number at its start and is none: `10.0.0.1`, `0b18eafa-8042-4cc6`. Found out without the patterns of numbers. */
function isAddressOrName(text: string): boolean {
  const point = text.indexOf('.');
  if (point >= 0 && text.includes('.', point + 1)) return true;
  // A sign stands at the start or in an exponent, a dash behind the year of a time.
  const dash = text.indexOf('-', 1);
  return dash > YEAR && !'eE_'.includes(text[dash - 1]!);
}

/** Whether the number that this text means is written as an integer. */
export function isPlainInteger(text: string): boolean {
  return resolveInteger(text.replaceAll('_', '')) !== undefined;
}

export function isTimestamp(text: string): boolean {
  return TIMESTAMP.test(text);
}

function resolveInteger(plain: string): number | bigint | undefined {
  const match = INTEGER.exec(plain);
  if (!match) return undefined;
  const [, sign, hex, octal, binary, leadingZero, decimal] = match;
  const digits =
    hex !== undefined
      ? `0x${hex}`
      : binary !== undefined
        ? `0b${binary}`
        : decimal !== undefined
          ? decimal
          : `0o${octal ?? leadingZero}`;
  const small = Number(digits);
  if (Number.isSafeInteger(small)) return sign === '-' ? -small + 0 : small;
  const exact = sign === '-' ? -BigInt(digits) : BigInt(digits);
  return exact >= MIN_INT64 && exact <= MAX_UINT64 ? exact : undefined;
}

/** Go's ParseFloat refuses what overflows; the scalar then stays text. */
function finite(value: number, text: string): number | string {
  return Number.isFinite(value) ? value : text;
}
