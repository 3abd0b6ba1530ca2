// A number of a template: integer in any base, float, or character.
// Behaviour: text/template/parse/node.go (newNumber), strconv.ParseInt and ParseFloat, Go 1.26.
// Differs: integers beyond 2^53 lose their last digits, and complex numbers are not known.
import { goQuote } from '../../../apimachinery/go-quote.ts';
import { goUnquote } from './go-unquote.ts';
import type { NumberNode } from './nodes.ts';

const DECIMAL = /^[+-]?(?:0|[1-9](?:_?\d)*)$/;
const PREFIXED = /^([+-]?)(0[xX](?:_?[\da-fA-F])+|0[oO]?(?:_?[0-7])+|0[bB](?:_?[01])+)$/;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

export function numberNode(at: number, text: string, isCharacter: boolean): NumberNode | { readonly error: string } {
  const node = (value: number, isInt: boolean): NumberNode => ({
    type: 'number',
    at,
    text,
    value,
    isInt,
    isFloat: true,
  });
  if (isCharacter) {
    const value = goUnquote(text);
    if (value === undefined || value === '') return { error: 'invalid syntax' };
    if ([...value].length !== 1) return { error: `malformed character constant: ${text}` };
    return node(value.codePointAt(0) ?? 0, true);
  }
  const integer = integerOf(text);
  if (integer !== undefined) {
    if (integer > 0x7fff_ffff_ffff_ffffn || integer < -0x8000_0000_0000_0000n)
      return { error: `integer overflow: ${goQuote(text)}` };
    return node(Number(integer), true);
  }
  if (/^[+-]?0\d+$/.test(text)) return { error: `integer overflow: ${goQuote(text)}` };
  if (!FLOAT.test(text)) return { error: `illegal number syntax: ${goQuote(text)}` };
  const value = Number(text);
  return node(value, Number.isInteger(value));
}

function integerOf(text: string): bigint | undefined {
  if (DECIMAL.test(text)) return BigInt(text.replace(/^\+|_/g, ''));
  const [, sign = '', digits] = PREFIXED.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const plain = digits.replaceAll('_', '');
  const value = BigInt(/^0[0-7]/.test(plain) ? `0o${plain.slice(1)}` : plain);
  return sign === '-' ? -value : value;
}
