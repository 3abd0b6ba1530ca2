// An object as `-o kyaml` prints it: YAML in braces and brackets, every text quoted, a document's header before it.
// Behaviour: sigs.k8s.io/yaml/kyaml/kyaml.go, staging/src/k8s.io/cli-runtime/pkg/printers/kyaml.go, Kubernetes v1.36.3.
// Differs: a U+0085 within a text stays; kubectl reads the JSON that it wrote as YAML, to which it is a line break.
import { goMarshal } from '../../apimachinery/go/json.ts';
import { isPrintable } from '../../apimachinery/go/quote.ts';
import { isMap } from '../../apimachinery/json.ts';
import { entriesOf } from './json-output.ts';

const STEP = '  ';
/** Ends a line of a text without being part of it. */
const FOLD = '\\\n';
/** What needs no quotes as a key: letters, digits and `_` anywhere, `-`, `.` and `/` inside. */
const PLAIN_KEY = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_./-]*[\p{L}\p{N}_])?$/u;
const WORDS = new Set('null ~ t f true false y yes on n no off .inf -.inf +.inf .nan'.split(' '));
/** What Go reads as a number once the underscores are gone. */
const INTEGER = /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|[1-9]\d*|0)$/;
const FLOAT =
  /^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|0[xX](?:[\da-fA-F]+\.?[\da-fA-F]*|\.[\da-fA-F]+)[pP][-+]?\d+)$/;
const INFINITE = /^(?:[-+]?inf(?:inity)?|nan)$/i;
const BASE_60 = /^[-+]?[1-9][\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/;
const DAY =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)| (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;
const BLANK = /^[\t\v\f\r \x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\0', '\\0'],
  ['\x1b', '\\e'],
  ['\x85', '\\N'],
  ['\xa0', '\\_'],
  ['\u2028', '\\L'],
  ['\u2029', '\\P'],
]);

export function kyamlText(value: unknown): string {
  return `---\n${nodeText(value, '', true)}\n`;
}

/** Of a Go struct: its fields stand in the order given. */
export function kyamlTextInOrder(value: unknown): string {
  return `---\n${nodeText(value, '', false)}\n`;
}

function nodeText(value: unknown, indent: string, isSorted: boolean): string {
  if (Array.isArray(value)) return listText(value, indent, isSorted);
  const entries = entriesOf(value, isSorted);
  if (entries) return mapText(entries, indent, isSorted);
  return typeof value === 'string' ? quoted(value, indent + STEP) : goMarshal(value ?? null);
}

function mapText(entries: readonly (readonly [string, unknown])[], indent: string, isSorted: boolean): string {
  if (entries.length === 0) return '{}';
  const inner = indent + STEP;
  const lines = entries.map(([key, value]) => `${inner}${keyText(key)}: ${nodeText(value, inner, isSorted)},\n`);
  return `{\n${lines.join('')}${indent}}`;
}

/** Maps and lists stand bracket by bracket, anything else on a line of its own. */
function listText(list: readonly unknown[], indent: string, isSorted: boolean): string {
  if (list.length === 0) return '[]';
  if (list.every((item) => Array.isArray(item) || isMap(item)))
    return `[${list.map((item) => nodeText(item, indent, isSorted)).join(', ')}]`;
  const inner = indent + STEP;
  return `[\n${list.map((item) => `${inner}${nodeText(item, inner, isSorted)},\n`).join('')}${indent}]`;
}

function keyText(key: string): string {
  return PLAIN_KEY.test(key) && !isAmbiguous(key) ? key : `"${[...key].map(escaped).join('')}"`;
}

/** Whether a reader of YAML might take the text for something else. */
function isAmbiguous(text: string): boolean {
  const digits = text.replaceAll('_', '');
  return (
    WORDS.has(text.toLowerCase()) ||
    isInteger(digits) ||
    (FLOAT.test(digits) && (/[xX]/.test(digits) || Number.isFinite(Number(digits)))) ||
    INFINITE.test(digits) ||
    BASE_60.test(text) ||
    isTime(text)
  );
}

/** Too large ones count as numbers only where they can be floats. */
function isInteger(digits: string): boolean {
  if (!INTEGER.test(digits)) return false;
  const unsigned = digits.replace(/^[-+]/, '');
  const size = BigInt(/^0\d/.test(unsigned) ? `0o${unsigned.slice(1)}` : unsigned);
  return size < 2n ** 63n || (digits.startsWith('-') && size === 2n ** 63n);
}

function isTime(text: string): boolean {
  const found = DAY.exec(text);
  if (!found) return false;
  const [, year, month, day, h = '0', m = '0', s = '0', hour = h, minute = m, second = s] = found;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (date.getUTCMonth() !== Number(month) - 1 || Number(day) < 1) return false;
  return Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

/** A text of several lines is folded after each, with what it begins with under what is quoted. */
function quoted(text: string, indent: string): string {
  if (!text.includes('\n')) return `"${[...text].map((char) => (char === '\t' ? char : escaped(char))).join('')}"`;
  let out = `"${FOLD}`;
  for (const char of text) {
    if (out.endsWith('\n')) out += indent + (BLANK.test(char) ? '\\' : ' ');
    if (char === '\n') out += `\\n${FOLD}`;
    else out += char === '\t' ? char : escaped(char);
  }
  return `${out}${out.endsWith('\n') ? '' : FOLD}${indent}"`;
}

function escaped(char: string): string {
  if (char !== '\xa0' && isPrintable(char) && char !== '"' && char !== '\\') return char;
  const short = ESCAPES.get(char);
  if (short !== undefined) return short;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, width: number): string {
  return code.toString(16).padStart(width, '0');
}
