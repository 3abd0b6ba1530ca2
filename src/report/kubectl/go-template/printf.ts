// fmt.Sprintf, Sprint and Sprintln for the values a template can have.
// Behaviour: fmt/print.go, fmt/format.go, Go 1.26.
// Differs: %b, %o, %x of floats, %p and the `#` of %v of maps and lists are written as %v writes them.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { isMap } from '../../../apimachinery/json.ts';
import { floatText } from './float-text.ts';
import { GoNumber, isNil, numberOf, typeOf, valueText } from './values.ts';

interface Flags {
  readonly minus: boolean;
  readonly plus: boolean;
  readonly sharp: boolean;
  readonly space: boolean;
  readonly zero: boolean;
  readonly width: number | undefined;
  readonly precision: number | undefined;
}

const DIRECTIVE = /%([-+# 0]*)(?:\[(\d+)\])?(\*|\d+)?(?:\.(?:\[(\d+)\])?(\*|\d*))?(?:\[(\d+)\])?(.)?/gsu;

/** Operands side by side, with a blank between two of which neither is a text. */
export function sprint(args: readonly unknown[]): string {
  let text = '';
  args.forEach((arg, i) => {
    if (i > 0 && typeof arg !== 'string' && typeof args[i - 1] !== 'string') text += ' ';
    text += valueText(arg);
  });
  return text;
}

export function sprintln(args: readonly unknown[]): string {
  return `${args.map(valueText).join(' ')}\n`;
}

export function sprintf(format: string, args: readonly unknown[]): string {
  let next = 0;
  let isReordered = false;
  const take = (): { readonly value: unknown } | undefined => {
    const value = next < args.length ? { value: args[next] } : undefined;
    next += 1;
    return value;
  };
  const jump = (index: string | undefined): boolean => {
    if (index === undefined) return true;
    isReordered = true;
    const at = Number(index) - 1;
    if (at < 0 || at >= args.length) return false;
    next = at;
    return true;
  };
  const sizeOf = (text: string | undefined): Size => {
    if (text === undefined) return undefined;
    if (text !== '*') return Number(text);
    const value = numberOf(take()?.value);
    return value === undefined ? 'bad' : value;
  };
  const text = format.replace(
    DIRECTIVE,
    (
      _,
      signs: string,
      first?: string,
      width?: string,
      beforePrecision?: string,
      precision?: string,
      last?: string,
      verb?: string,
    ) => {
      let problems = '';
      let isGood = jump(first);
      const wide = sizeOf(width);
      if (wide === 'bad') problems += '%!(BADWIDTH)';
      isGood = jump(beforePrecision) && isGood;
      const precise = sizeOf(precision);
      if (precise === 'bad') problems += '%!(BADPREC)';
      isGood = jump(last) && isGood;
      if (verb === undefined) return `${problems}%!(NOVERB)`;
      if (verb === '%') return `${problems}%`;
      if (!isGood) return `${problems}%!${verb}(BADINDEX)`;
      const arg = take();
      if (!arg) return `${problems}%!${verb}(MISSING)`;
      return problems + formatted(arg.value, verb, flagsOf(signs, verb, wide, precise));
    },
  );
  if (isReordered || next >= args.length) return text;
  const extra = args.slice(next).map((arg) => (isNil(arg) ? '<nil>' : `${typeOf(arg)}=${valueText(arg)}`));
  return `${text}%!(EXTRA ${extra.join(', ')})`;
}

/** A size is what the directive says, or what an operand says in its place, if that is a number. */
type Size = number | 'bad' | undefined;

function flagsOf(signs: string, verb: string, wide: Size, precise: Size): Flags {
  const width = typeof wide === 'number' ? wide : undefined;
  const minus = signs.includes('-') || (width !== undefined && width < 0);
  return {
    minus,
    plus: signs.includes('+') && verb !== 'v',
    sharp: signs.includes('#'),
    space: signs.includes(' '),
    zero: signs.includes('0') && !minus,
    width: width === undefined ? undefined : Math.abs(width),
    precision: typeof precise === 'number' && precise >= 0 ? precise : undefined,
  };
}

function formatted(arg: unknown, verb: string, flags: Flags): string {
  if (isNil(arg)) return verb === 'v' || verb === 'T' ? padded('<nil>', flags) : `%!${verb}(<nil>)`;
  if (verb === 'T') return padded(typeOf(arg), flags);
  if (Array.isArray(arg)) {
    if (verb === 'p') return badVerb(arg, verb, flags);
    return `[${arg.map((item) => formatted(item, verb, flags)).join(' ')}]`;
  }
  if (isMap(arg) && !(arg instanceof GoNumber)) {
    const parts = Object.keys(arg)
      .sort(compareBytes)
      .map((key) => `${formatted(key, verb, flags)}:${formatted(arg[key], verb, flags)}`);
    return `map[${parts.join(' ')}]`;
  }
  if (typeof arg === 'boolean')
    return verb === 't' || verb === 'v' ? padded(String(arg), flags) : badVerb(arg, verb, flags);
  if (typeof arg === 'string') return textFormatted(arg, verb, flags);
  if (arg instanceof GoNumber && arg.type === 'complex128') {
    if (!'vgGeEfF'.includes(verb)) return badVerb(arg, verb, flags);
    const imaginary = floatFormatted(arg, arg.imaginary, verb, { ...flags, plus: true });
    return `(${floatFormatted(arg, arg.value, verb, flags)}${imaginary}i)`;
  }
  const value = numberOf(arg) ?? 0;
  return typeOf(arg) === 'float64' ? floatFormatted(arg, value, verb, flags) : intFormatted(arg, value, verb, flags);
}

function badVerb(arg: unknown, verb: string, flags: Flags): string {
  return `%!${verb}(${typeOf(arg)}=${formatted(arg, 'v', flags)})`;
}

function textFormatted(text: string, verb: string, flags: Flags): string {
  const cut = flags.precision === undefined ? text : [...text].slice(0, flags.precision).join('');
  switch (verb) {
    case 'v':
      return padded(flags.sharp ? quoted(text, false) : cut, flags);
    case 's':
      return padded(cut, flags);
    case 'q':
      return padded(quoted(cut, flags.sharp), flags);
    case 'x':
    case 'X': {
      const hex = Buffer.from(text, 'utf8').subarray(0, flags.precision).toString('hex');
      const pairs = flags.space ? (hex.match(/../g) ?? []).join(flags.sharp ? ' 0x' : ' ') : hex;
      const all = flags.sharp && hex !== '' ? `0x${pairs}` : pairs;
      return padded(verb === 'X' ? all.toUpperCase() : all, flags);
    }
    default:
      return badVerb(text, verb, flags);
  }
}

function quoted(text: string, isRaw: boolean): string {
  return isRaw && !/[`\x00-\x08\x0a-\x1f\x7f]/.test(text) ? `\`${text}\`` : goQuote(text);
}

const BASES: Readonly<Record<string, number>> = { d: 10, v: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };
const PREFIXES: Readonly<Record<string, string>> = { b: '0b', o: '0', x: '0x', X: '0X' };

function intFormatted(arg: unknown, value: number, verb: string, flags: Flags): string {
  if (verb === 'c') return padded(String.fromCodePoint(Math.max(0, value)), flags);
  if (verb === 'q') return padded(characterText(value), flags);
  if (verb === 'U') {
    const code = `U+${value.toString(16).toUpperCase().padStart(4, '0')}`;
    return padded(flags.sharp ? `${code} ${characterText(value)}` : code, flags);
  }
  const base = Object.hasOwn(BASES, verb) ? BASES[verb] : undefined;
  if (base === undefined) return badVerb(arg, verb, flags);
  if (flags.precision === 0 && value === 0) return padded('', { ...flags, zero: false });
  const lower = Math.abs(value).toString(base);
  const digits = verb === 'X' ? lower.toUpperCase() : lower;
  const prefix = verb === 'O' ? '0o' : flags.sharp ? (PREFIXES[verb] ?? '') : '';
  return padNumber(signOf(value < 0, flags) + prefix, digits.padStart(flags.precision ?? 0, '0'), {
    ...flags,
    zero: flags.zero && flags.precision === undefined,
  });
}

function characterText(code: number): string {
  const character = String.fromCodePoint(code >= 0 && code <= 0x10ffff ? code : 0xfffd);
  if (character === "'") return "'\\''";
  return character === '"' ? "'\"'" : `'${goQuote(character).slice(1, -1)}'`;
}

function floatFormatted(arg: unknown, value: number, verb: string, flags: Flags): string {
  if (!'vgGeEfF'.includes(verb)) return badVerb(arg, verb, flags);
  const shape = verb === 'v' ? 'g' : (verb.toLowerCase() as 'e' | 'f' | 'g');
  const precision = flags.precision ?? (shape === 'g' ? undefined : 6);
  const text = floatText(Math.abs(value), shape, precision);
  const isNegative = value < 0 || Object.is(value, -0);
  return padNumber(signOf(isNegative, flags), verb === verb.toLowerCase() ? text : text.toUpperCase(), flags);
}

function signOf(isNegative: boolean, { plus, space }: Flags): string {
  return isNegative ? '-' : plus ? '+' : space ? ' ' : '';
}

/** Zeros go between the sign and the digits. */
function padNumber(sign: string, digits: string, flags: Flags): string {
  if (!flags.zero || flags.width === undefined) return padded(sign + digits, flags);
  return sign + digits.padStart(flags.width - sign.length, '0');
}

function padded(text: string, { width, minus, zero }: Flags): string {
  if (width === undefined) return text;
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  return minus ? text + ' '.repeat(missing) : (zero ? '0' : ' ').repeat(missing) + text;
}
