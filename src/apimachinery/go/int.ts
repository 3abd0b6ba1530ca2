// Reads an integer as strconv.ParseInt and Atoi do in base 10, with their error texts.
// Behaviour: strconv/atoi.go, Go 1.26.
import { goQuote } from './quote.ts';

/** On a range error the value is the nearest representable one, as Go returns it. */
export type GoInteger =
  | { readonly ok: true; readonly value: bigint }
  | { readonly ok: false; readonly value: bigint; readonly error: string; readonly outOfRange: boolean };

export function parseGoInt(text: string, bits: 32 | 64, func: 'ParseInt' | 'Atoi'): GoInteger {
  if (!/^[+-]?[0-9]+$/.test(text)) {
    const error = `strconv.${func}: parsing ${goQuote(text)}: invalid syntax`;
    return { ok: false, value: 0n, error, outOfRange: false };
  }
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  const limit = 1n << BigInt(bits - 1);
  if (value >= -limit && value < limit) return { ok: true, value };
  const error = `strconv.${func}: parsing ${goQuote(text)}: value out of range`;
  return { ok: false, value: value < 0n ? -limit : limit - 1n, error, outOfRange: true };
}

/** As strconv.ParseUint in base 10: no sign allowed. */
export function parseGoUint(text: string, bits: 8 | 16 | 32 | 64): GoInteger {
  if (!/^[0-9]+$/.test(text)) {
    const error = `strconv.ParseUint: parsing ${goQuote(text)}: invalid syntax`;
    return { ok: false, value: 0n, error, outOfRange: false };
  }
  const value = BigInt(text);
  const limit = 1n << BigInt(bits);
  if (value < limit) return { ok: true, value };
  const error = `strconv.ParseUint: parsing ${goQuote(text)}: value out of range`;
  return { ok: false, value: limit - 1n, error, outOfRange: true };
}
