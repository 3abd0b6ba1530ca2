// Reads the text of an amount: what fits an int64 by a fast path, the rest exactly.
// Behaviour: ParseQuantity in staging/src/k8s.io/apimachinery/pkg/api/resource/quantity.go, Kubernetes v1.36.3.
import { MAX_INT64 } from '../go/integer-limits.ts';
import { type Amount, MAX_POWER, type QuantityFormat, SCALE_NANO } from './amount.ts';
import {
  compareAmounts,
  isZero,
  MAX_INT64_DIGITS,
  multiply,
  negate,
  normal,
  roundAway,
  toInteger,
} from './exact-integer.ts';
import { interpretSuffix, type Suffix } from './suffix.ts';

export const ERR_FORMAT_WRONG =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
export const ERR_NUMERIC = 'unable to parse numeric part of quantity';
export const ERR_SUFFIX = "unable to parse quantity's suffix";

/** Sign, leading zeros, integer digits, fraction, suffix. Looser than ERR_FORMAT_WRONG says: "+" and "." are zero. */
const GRAMMAR = /^([+-]?)(0*)([0-9]*)(?:(\.)([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)$/;

/** The amount, or what is wrong with the text. */
export function parseAmount(text: string): Amount | string {
  if (text === '') return ERR_FORMAT_WRONG;
  if (text === '0') return { unscaled: 0, scale: 0, format: 'DecimalSI', infDec: false, cachedText: '0' };
  const match = GRAMMAR.exec(text);
  if (match === null) return ERR_FORMAT_WRONG;
  const sign = match[1] ?? '';
  const integer = match[3] === undefined || match[3] === '' ? '0' : match[3];
  const fraction = match[5] ?? '';
  const suffix = interpretSuffix(match[6] ?? '');
  if (suffix === undefined) return ERR_SUFFIX;
  return parseFast(text, sign, integer, fraction, suffix) ?? parseSlow(match, sign, integer, fraction, suffix);
}

/** Amounts that fit an int64 with room to spare; undefined sends the text to the slow path. */
function parseFast(text: string, sign: string, integer: string, fraction: string, suffix: Suffix): Amount | undefined {
  const digits = integer.length + fraction.length;
  let scale = -fraction.length;
  let factor = 1;
  if (suffix.base === 10) {
    if (digits > MAX_INT64_DIGITS) return undefined;
    scale += suffix.exponent;
  } else {
    // 2^10 has about three decimal digits.
    if (fraction !== '' || 14 - integer.length - Math.floor((suffix.exponent * 3) / 10) < 0) return undefined;
    factor = 2 ** suffix.exponent;
  }
  if (scale < SCALE_NANO) return undefined;
  const shifted = integer + fraction;
  const value = toInteger(shifted);
  const product = multiply(value, factor);
  const signed = sign === '-' ? negate(product) : product;
  const canonical =
    suffix.base === 2
      ? suffix.exponent % 10 === 0 && Number(BigInt(value) & 7n) !== 0
      : scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
  return { unscaled: signed, scale, format: suffix.format, infDec: false, cachedText: canonical ? text : '' };
}

function parseSlow(
  match: RegExpExecArray,
  sign: string,
  integer: string,
  fraction: string,
  suffix: Suffix,
): Amount | string {
  // inf.Dec wants a digit somewhere, leading zeros included.
  if (`${match[2] ?? ''}${match[3] ?? ''}${fraction}` === '') return ERR_NUMERIC;
  let amount = toInteger(integer + fraction);
  let scale = -fraction.length;
  let format: QuantityFormat = suffix.format;
  if (suffix.base === 10) scale = (scale + suffix.exponent) | 0;
  else amount = normal(BigInt(amount) << BigInt(suffix.exponent));
  // Differs: upstream would set out to compute such a power of ten.
  if (scale > MAX_POWER && !isZero(amount)) return ERR_NUMERIC;
  // Whoever asks for too little shall get something: amounts below a nano are rounded up to it.
  if (!isZero(amount)) {
    amount = roundAway(amount, scale, SCALE_NANO);
    scale = SCALE_NANO;
  }
  if (format === 'BinarySI') {
    if (compareAmounts(amount, scale, MAX_INT64, 0) > 0) {
      amount = MAX_INT64;
      scale = 0;
    }
    if (compareAmounts(amount, scale, 1, 0) < 0 && !isZero(amount)) format = 'DecimalSI';
  }
  return { unscaled: sign === '-' ? negate(amount) : amount, scale, format, infDec: true, cachedText: '' };
}
