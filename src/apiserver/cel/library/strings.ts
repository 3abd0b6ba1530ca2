// Strings: search, cut, split, join, quote.
// Behaviour: cel-go v0.26.0 ext/strings.go, version 2.
import { PlainList } from '../values/collections.ts';
import { valueText } from '../values/text.ts';
import { CelError, type CelValue, type ListValue } from '../values/value.ts';
import { type FunctionDecl, fn, global, member } from './declaration.ts';
import { formatString } from './format-string.ts';

const outOfRange = (index: bigint): CelError => new CelError(`index out of range: ${index}`);

function charAt(text: string, index: bigint): CelValue {
  const points = [...text];
  if (index < 0n || index > BigInt(points.length)) return outOfRange(index);
  return points[Number(index)] ?? '';
}

function matchesAt(points: readonly string[], part: readonly string[], at: number): boolean {
  return part.every((point, index) => points[at + index] === point);
}

function indexOf(text: string, part: string, offset: bigint): CelValue {
  if (part === '') return offset;
  if (offset < 0n) return outOfRange(offset);
  const points = [...text];
  const wanted = [...part];
  for (let i = Number(offset); i <= points.length - wanted.length; i++)
    if (matchesAt(points, wanted, i)) return BigInt(i);
  return -1n;
}

function lastIndexOf(text: string, part: string, offset: bigint): CelValue {
  if (part === '') return offset;
  if (offset < 0n) return outOfRange(offset);
  const points = [...text];
  const wanted = [...part];
  if (offset >= BigInt(points.length)) return -1n;
  for (let i = Math.min(Number(offset), points.length - wanted.length); i >= 0; i--)
    if (matchesAt(points, wanted, i)) return BigInt(i);
  return -1n;
}

function lastIndexOfAny(text: string, part: string): CelValue {
  const length = [...text].length;
  if (part === '') return BigInt(length);
  if (Buffer.byteLength(text) < Buffer.byteLength(part)) return -1n;
  return lastIndexOf(text, part, BigInt(length - 1));
}

function replace(text: string, old: string, by: string, limit: number): string {
  if (limit === 0 || old === by) return text;
  const most = limit < 0 ? Number.POSITIVE_INFINITY : limit;
  if (old !== '') {
    const parts = text.split(old);
    const head = parts.slice(0, most + 1);
    const rest = parts.slice(most + 1);
    return head.join(by) + (rest.length > 0 ? old + rest.join(old) : '');
  }
  // Between all characters, before the first and behind the last.
  const points = [...text];
  let out = '';
  for (let i = 0; i <= points.length; i++) out += (i < most ? by : '') + (points[i] ?? '');
  return out;
}

function split(text: string, separator: string, limit: number): CelValue {
  if (limit === 0) return new PlainList([]);
  const parts = separator === '' ? [...text] : text.split(separator);
  if (limit < 0 || parts.length <= limit) return new PlainList(parts);
  return new PlainList([...parts.slice(0, limit - 1), parts.slice(limit - 1).join(separator)]);
}

function substring(text: string, start: bigint, end?: bigint): CelValue {
  const points = [...text];
  const length = BigInt(points.length);
  if (end !== undefined && start > end) return new CelError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0n || start > length) return outOfRange(start);
  if (end !== undefined && (end < 0n || end > length)) return outOfRange(end);
  return points.slice(Number(start), end === undefined ? undefined : Number(end)).join('');
}

function join(list: ListValue, separator: string): CelValue {
  const parts: string[] = [];
  for (const item of list) {
    if (typeof item !== 'string') return new CelError(`join: invalid input: ${valueText(item)}`);
    parts.push(item);
  }
  return parts.join(separator);
}

const QUOTES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};
const quote = (text: string): string => `"${[...text].map((c) => QUOTES[c] ?? c).join('')}"`;

type S = string;
type I = bigint;
const lower = (text: string): string => text.replace(/[A-Z]/g, (c) => c.toLowerCase());
const upper = (text: string): string => text.replace(/[a-z]/g, (c) => c.toUpperCase());
/** What unicode.IsSpace takes. */
const trim = (text: string): string =>
  text.replace(
    /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+|[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/g,
    '',
  );

export const STRINGS: readonly FunctionDecl[] = [
  fn(
    'charAt',
    member('string_char_at_int', 'string, int -> string', (text, index) => charAt(text as S, index as I)),
  ),
  fn(
    'indexOf',
    member('string_index_of_string', 'string, string -> int', (text, part) => indexOf(text as S, part as S, 0n)),
    member('string_index_of_string_int', 'string, string, int -> int', (text, part, offset) =>
      indexOf(text as S, part as S, offset as I),
    ),
  ),
  fn(
    'lastIndexOf',
    member('string_last_index_of_string', 'string, string -> int', (text, part) =>
      lastIndexOfAny(text as S, part as S),
    ),
    member('string_last_index_of_string_int', 'string, string, int -> int', (text, part, offset) =>
      lastIndexOf(text as S, part as S, offset as I),
    ),
  ),
  fn(
    'lowerAscii',
    member('string_lower_ascii', 'string -> string', (text) => lower(text as S)),
  ),
  fn(
    'replace',
    member('string_replace_string_string', 'string, string, string -> string', (text, old, by) =>
      replace(text as S, old as S, by as S, -1),
    ),
    member('string_replace_string_string_int', 'string, string, string, int -> string', (text, old, by, limit) =>
      replace(text as S, old as S, by as S, Number(limit)),
    ),
  ),
  fn(
    'split',
    member('string_split_string', 'string, string -> list(string)', (text, separator) =>
      split(text as S, separator as S, -1),
    ),
    member('string_split_string_int', 'string, string, int -> list(string)', (text, separator, limit) =>
      split(text as S, separator as S, Number(limit)),
    ),
  ),
  fn(
    'substring',
    member('string_substring_int', 'string, int -> string', (text, start) => substring(text as S, start as I)),
    member('string_substring_int_int', 'string, int, int -> string', (text, start, end) =>
      substring(text as S, start as I, end as I),
    ),
  ),
  fn(
    'trim',
    member('string_trim', 'string -> string', (text) => trim(text as S)),
  ),
  fn(
    'upperAscii',
    member('string_upper_ascii', 'string -> string', (text) => upper(text as S)),
  ),
  fn(
    'format',
    member('string_format', 'string, list(dyn) -> string', (text, args) => formatString(text as S, args as ListValue), {
      variadic: true,
    }),
  ),
  fn(
    'strings.quote',
    global('strings_quote', 'string -> string', (text) => quote(text as S)),
  ),
  fn(
    'join',
    member('list_join', 'list(string) -> string', (list) => join(list as ListValue, '')),
    member('list_join_string', 'list(string), string -> string', (list, separator) =>
      join(list as ListValue, separator as S),
    ),
  ),
];
