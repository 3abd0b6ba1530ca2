// A number of a template: integer in any base, float, complex number, or character.
// Behaviour: text/template/parse/node.go (newNumber), strconv.ParseInt and ParseFloat, Go 1.26.
// Differs: integers beyond 2^53 lose their last digits.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { goUnquote } from './go-unquote.ts';
import type { NumberNode } from './nodes.ts';

const DECIMAL = /^[+-]?(?:0|[1-9](?:_?\d)*)$/;
const PREFIXED = /^([+-]?)(0[xX](?:_?[\da-fA-F])+|0[oO]?(?:_?[0-7])+|0[bB](?:_?[01])+)$/;
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const HEX_FLOAT =
  /^([+-]?)0[xX](?=_?\.?[\da-fA-F])((?:_?[\da-fA-F])*)\.?((?:[\da-fA-F](?:_?[\da-fA-F])*)?)[pP]([+-]?\d+)$/;
/** A real part, if there is one, and an imaginary one. */
const COMPLEX = /^([+-]?[^+-]*(?:[eEpP][+-]\d+)?(?=[+-]))?([+-]?.+)i$/;

export function numberNode(at: number, text: string, isCharacter: boolean): NumberNode | { readonly error: string } {
  const node = (value: number, isInt: boolean): NumberNode => ({
    type: 'number',
    at,
    text,
    value,
    isInt,
  });
  if (isCharacter) {
    const value = goUnquote(text);
    if (value === undefined || value === '') return { error: 'invalid syntax' };
    if ([...value].length !== 1) return { error: `malformed character constant: ${text}` };
    return node(value.codePointAt(0) ?? 0, true);
  }
  const [, real = '0', imaginary] = COMPLEX.exec(text) ?? [];
  if (imaginary !== undefined) {
    const [value, other] = [floatOf(real), floatOf(imaginary)];
    if (value !== undefined && other !== undefined)
      return { ...node(value, other === 0 && Number.isInteger(value)), imaginary: other };
    if (real !== '0') return { error: 'syntax error scanning complex number' };
  }
  const integer = integerOf(text);
  if (integer !== undefined) {
    if (integer > 0x7fff_ffff_ffff_ffffn || integer < -0x8000_0000_0000_0000n)
      return { error: `integer overflow: ${goQuote(text)}` };
    return node(Number(integer), true);
  }
  if (/^[+-]?0\d+$/.test(text)) return { error: `integer overflow: ${goQuote(text)}` };
  const value = floatOf(text);
  return value === undefined
    ? { error: `illegal number syntax: ${goQuote(text)}` }
    : node(value, Number.isInteger(value));
}

/** strconv.ParseFloat */
function floatOf(text: string): number | undefined {
  if (FLOAT.test(text)) return Number(text.replaceAll('_', ''));
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = HEX_FLOAT.exec(text) ?? [];
  const digits = (whole + fraction).replaceAll('_', '');
  if (digits === '') return undefined;
  const value = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent) - 4 * fraction.replaceAll('_', '').length);
  return sign === '-' ? -value : value;
}

function integerOf(text: string): bigint | undefined {
  if (DECIMAL.test(text)) return BigInt(text.replace(/^\+|_/g, ''));
  const [, sign = '', digits] = PREFIXED.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const plain = digits.replaceAll('_', '');
  const value = BigInt(/^0[0-7]/.test(plain) ? `0o${plain.slice(1)}` : plain);
  return sign === '-' ? -value : value;
}
