// The functions a template may call: Go's own and kubectl's two.
// Behaviour: text/template/funcs.go, Go 1.26; staging/src/k8s.io/cli-runtime/pkg/printers/{template,jsonpath}.go, Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { isMap } from '../../../apimachinery/json.ts';
import { sprint, sprintf, sprintln } from './printf.ts';
import {
  boxed,
  GoNumber,
  type Held,
  int,
  isNil,
  isTrue,
  numberOf,
  plain,
  typeOf,
  unboxed,
  type Value,
  valueText,
} from './values.ts';

/** What a call fails with, without the words about where. */
export class CallError extends Error {}

/** `call` of something else; its words name what was called. */
export class NotAFunction extends CallError {}

/** What a parameter takes: any value as it is, any value out of its box, or a text. */
export type Parameter = 'value' | 'any' | 'string';

export interface TemplateFunction {
  readonly fixed: readonly Parameter[];
  /** Further arguments, where there may be any. */
  readonly rest?: Parameter;
  call(args: readonly Value[]): Value;
}

export const FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  // These two are evaluated only as far as needed: see execute.ts.
  and: { fixed: ['value'], rest: 'value', call: ([first]) => first },
  or: { fixed: ['value'], rest: 'value', call: ([first]) => first },
  call: { fixed: ['value'], rest: 'value', call: callValue },
  html: { fixed: [], rest: 'any', call: (args) => plain(htmlText(sprint(valuesOf(args)))) },
  index: { fixed: ['value'], rest: 'value', call: ([item, ...indexes]) => index(item, indexes) },
  slice: { fixed: ['value'], rest: 'value', call: ([item, ...indexes]) => slice(item, indexes) },
  js: { fixed: [], rest: 'any', call: (args) => plain(scriptText(sprint(valuesOf(args)))) },
  len: { fixed: ['value'], call: ([item]) => int(lengthOf(item)) },
  not: { fixed: ['value'], call: ([value]) => plain(!isTrue(value)) },
  print: { fixed: [], rest: 'any', call: (args) => plain(sprint(valuesOf(args))) },
  printf: { fixed: ['string'], rest: 'any', call: printf },
  println: { fixed: [], rest: 'any', call: (args) => plain(sprintln(valuesOf(args))) },
  urlquery: { fixed: [], rest: 'any', call: (args) => plain(queryText(sprint(valuesOf(args)))) },
  eq: { fixed: ['value'], rest: 'value', call: ([first, ...others]) => plain(isEqual(first, others)) },
  ne: { fixed: ['value', 'value'], call: ([a, b]) => plain(!isEqual(a, [b])) },
  lt: { fixed: ['value', 'value'], call: ([a, b]) => plain(isLess(a, b)) },
  le: { fixed: ['value', 'value'], call: ([a, b]) => plain(isLess(a, b) || isEqual(a, [b])) },
  gt: { fixed: ['value', 'value'], call: ([a, b]) => plain(!(isLess(a, b) || isEqual(a, [b]))) },
  ge: { fixed: ['value', 'value'], call: ([a, b]) => plain(!isLess(a, b)) },
  exists: { fixed: ['any'], rest: 'any', call: ([item, ...indexes]) => plain(exists(item, indexes)) },
  base64decode: { fixed: ['string'], call: ([text]) => plain(decoded(String(text?.of))) },
};

export const FUNCTION_NAMES: ReadonlySet<string> = new Set(Object.keys(FUNCTIONS));

function valuesOf(args: readonly Value[]): unknown[] {
  return args.map((arg) => arg?.of ?? null);
}

function printf([format, ...args]: readonly Value[]): Value {
  return plain(sprintf(String(format?.of), valuesOf(args)));
}

function callValue([fn]: readonly Value[]): Value {
  const inner = unboxed(fn);
  if (!inner) throw new CallError('call of nil');
  throw new NotAFunction(typeOf(inner.of));
}

function index(given: Value, indexes: readonly Value[]): Value {
  let item = unboxed(given);
  if (!item) throw new CallError('index of untyped nil');
  for (const one of indexes) {
    const at = unboxed(one);
    if (isNil(item.of)) throw new CallError('index of nil pointer');
    const { of }: Held = item;
    if (Array.isArray(of)) item = boxed(of[indexOf(at, of.length, false)] ?? null);
    else if (typeof of === 'string') {
      const bytes = Buffer.from(of, 'utf8');
      item = plain(new GoNumber('uint8', bytes[indexOf(at, bytes.length, false)] ?? 0));
    } else if (isMap(of) && !(of instanceof GoNumber)) {
      if (!at) throw new CallError('value is nil; should be of type string');
      if (typeof at.of !== 'string') throw new CallError(`value has type ${typeOf(at.of)}; should be string`);
      item = boxed(Object.hasOwn(of, at.of) ? of[at.of] : null);
    } else throw new CallError(`can't index item of type ${typeOf(of)}`);
  }
  return item;
}

function indexOf(at: Value, length: number, isEndAllowed: boolean): number {
  if (!at) throw new CallError('cannot index slice/array with nil');
  const value = numberOf(at.of);
  if (value === undefined || typeOf(at.of) === 'float64')
    throw new CallError(`cannot index slice/array with type ${typeOf(at.of)}`);
  if (value < 0 || value > length) throw new CallError(`index out of range: ${value}`);
  if (value === length && !isEndAllowed) throw new CallError('reflect: slice index out of range');
  return value;
}

function slice(given: Value, indexes: readonly Value[]): Value {
  const item = unboxed(given);
  if (!item) throw new CallError('slice of untyped nil');
  if (indexes.length > 3) throw new CallError(`too many slice indexes: ${indexes.length}`);
  const { of } = item;
  const isText = typeof of === 'string';
  if (isText && indexes.length === 3) throw new CallError('cannot 3-index slice a string');
  if (!isText && !Array.isArray(of)) throw new CallError(`can't slice item of type ${typeOf(of)}`);
  const all = isText ? Buffer.from(of, 'utf8') : of;
  const places = indexes.map((at) => indexOf(unboxed(at), all.length, true));
  const [from = 0, to = all.length, end] = places;
  if (from > to) throw new CallError(`invalid slice index: ${from} > ${to}`);
  if (end !== undefined && to > end) throw new CallError(`invalid slice index: ${to} > ${end}`);
  const part = all.slice(from, to);
  return plain(Buffer.isBuffer(part) ? part.toString('utf8') : part);
}

function lengthOf(given: Value): number {
  if (given?.isBoxed && isNil(given.of)) throw new CallError('len of nil pointer');
  const of = given?.of;
  if (typeof of === 'string') return Buffer.byteLength(of, 'utf8');
  if (Array.isArray(of)) return of.length;
  if (isMap(of) && !(of instanceof GoNumber)) return Object.keys(of).length;
  if (given === undefined || isNil(of)) throw new CallError('reflect: call of reflect.Value.Type on zero Value');
  throw new CallError(`len of type ${typeOf(of)}`);
}

type Basis = 'bool' | 'int' | 'uint' | 'float' | 'complex' | 'string' | undefined;

function basisOf(value: Value): Basis {
  if (!value) return undefined;
  switch (typeOf(value.of)) {
    case 'bool':
      return 'bool';
    case 'string':
      return 'string';
    case 'int':
    case 'int64':
      return 'int';
    case 'uint8':
      return 'uint';
    case 'float64':
      return 'float';
    case 'complex128':
      return 'complex';
    default:
      return undefined;
  }
}

const isInteger = (basis: Basis): boolean => basis === 'int' || basis === 'uint';

function isEqual(first: Value, others: readonly Value[]): boolean {
  const left = unboxed(first);
  if (others.length === 0) throw new CallError('missing argument for comparison');
  return others.some((other) => {
    const right = unboxed(other);
    const [a, b] = [basisOf(left), basisOf(right)];
    if (a !== b && !(isInteger(a) && isInteger(b))) {
      if (left && right)
        throw new CallError(`incompatible types for comparison: ${typeOf(left.of)} and ${typeOf(right.of)}`);
      return false;
    }
    if (a !== undefined) return plainOf(left) === plainOf(right);
    if (!left || !right) return !left && !right;
    const [x, y] = [typeOf(left.of), typeOf(right.of)];
    if (x !== y) throw new CallError(`non-comparable types ${reflected(left)}: ${x}, ${y}: ${valueText(right.of)}`);
    throw new CallError(`non-comparable type ${reflected(right)}: ${y}`);
  });
}

/** A value of reflection as %s prints it: that of its content. */
function reflected({ of }: Held): string {
  return sprintf('%s', [of]);
}

function plainOf(value: Value): unknown {
  const of = value?.of;
  return of instanceof GoNumber && of.type === 'complex128' ? valueText(of) : (numberOf(of) ?? of);
}

function isLess(first: Value, second: Value): boolean {
  const [left, right] = [unboxed(first), unboxed(second)];
  const [a, b] = [basisOf(left), basisOf(right)];
  if (!left || !right || !a || !b) throw new CallError('invalid type for comparison');
  if (a !== b && !(isInteger(a) && isInteger(b)))
    throw new CallError(`incompatible types for comparison: ${typeOf(left.of)} and ${typeOf(right.of)}`);
  if (a === 'bool' || a === 'complex') throw new CallError('invalid type for comparison');
  if (a === 'string') return compareBytes(String(left.of), String(right.of)) < 0;
  return (numberOf(left.of) ?? 0) < (numberOf(right.of) ?? 0);
}

function exists(item: Value, indexes: readonly Value[]): boolean {
  let of: unknown = item?.of;
  for (const { of: at } of indexes.map((one) => one ?? plain(null))) {
    if (Array.isArray(of)) {
      const place = numberOf(at);
      if (place === undefined || typeOf(at) === 'float64' || place < 0 || place >= of.length) return false;
      of = of[place];
    } else if (isMap(of) && !(of instanceof GoNumber)) {
      if (!isNil(at) && typeof at !== 'string') return false;
      const key = isNil(at) ? '' : String(at);
      of = Object.hasOwn(of, key) ? of[key] : null;
    } else return false;
  }
  return indexes.length === 0 || !isNil(of);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function decoded(text: string): string {
  const packed = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(packed)) {
    const at = badByte(packed);
    throw new CallError(`base64 decode failed: illegal base64 data at input byte ${at}`);
  }
  return Buffer.from(packed, 'base64').toString('utf8');
}

/** Where Go's decoder stops. */
function badByte(text: string): number {
  const wrong = text.search(/[^A-Za-z0-9+/]/);
  if (wrong < 0) return text.length - (text.length % 4);
  if (text[wrong] !== '=') return wrong;
  const place = wrong % 4;
  if (place < 2) return wrong;
  if (place === 2 && wrong + 1 < text.length) return text[wrong + 1] === '=' ? wrong + 2 : wrong;
  return wrong + 1;
}

const HTML: Readonly<Record<string, string>> = {
  '\0': '\ufffd',
  '"': '&#34;',
  "'": '&#39;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

function htmlText(text: string): string {
  return text.replace(/[\0"'&<>]/g, (character) => HTML[character] ?? character);
}

const SCRIPT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
};

function scriptText(text: string): string {
  return text.replace(/[\\'"<>&=]|[^\x20-\x7f]/gu, (character) => {
    const known = SCRIPT[character];
    if (known !== undefined) return known;
    if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)) return character;
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

function queryText(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
