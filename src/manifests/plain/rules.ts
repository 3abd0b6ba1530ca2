// What is within the plain part of YAML, and what is left to the full parser.

export const BEYOND = Symbol('beyond the plain part of YAML');
/** Control characters, tabs, odd line ends and separators: rare, and full of special rules. */
export const UNUSUAL =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|(?<![\ud800-\udbff])[\udc00-\udfff]/;
export const MAX_DEPTH = 100;
/** A key that is text in every reading and needs no quotes. */
export const KEY = /([A-Za-z_][\w./-]*|"[^"\\]*"|'[^']*'):(?: +|$)/y;
export const KEY_WORDS = new Set([
  'y',
  'Y',
  'n',
  'N',
  'yes',
  'Yes',
  'YES',
  'no',
  'No',
  'NO',
  'on',
  'On',
  'ON',
  'off',
  'Off',
  'OFF',
  'true',
  'True',
  'TRUE',
  'false',
  'False',
  'FALSE',
  'null',
  'Null',
  'NULL',
  '__proto__',
]);
/** What a plain scalar must not begin with. */
export const INDICATORS = '[]{},#&*!|>\'"%@`?:';

export function keyName(raw: string): string {
  const first = raw.charCodeAt(0);
  const name = first === 34 || first === 39 ? raw.slice(1, -1) : raw;
  if (name === '__proto__' || (name === raw && KEY_WORDS.has(raw))) throw BEYOND;
  return name;
}

/** Infinities and NaN have no JSON: the full parser words it. */
export function finite<T>(value: T): T {
  if (typeof value === 'number' && !Number.isFinite(value)) throw BEYOND;
  return value;
}
