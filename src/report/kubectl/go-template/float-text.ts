// A positive float64 in the formats e, f and g.
// Behaviour: strconv.FormatFloat, Go 1.26.
import { goFloat } from '../../../apimachinery/go/quote.ts';

/** Without a precision: the shortest digits that tell it from every other. */
export function floatText(value: number, shape: 'e' | 'f' | 'g', precision: number | undefined): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : '+Inf';
  const digits = precision === undefined ? undefined : Math.min(precision, 100);
  if (shape === 'f') return digits === undefined ? String(value) : fixedText(value, digits);
  if (shape === 'e') return withExponent(digits === undefined ? value.toExponential() : exponentText(value, digits));
  if (digits === undefined) return goFloat(value);
  const significant = Math.max(digits, 1);
  const [mantissa = '', exponent = '0'] = exponentText(value, significant - 1).split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  if (Number(exponent) < -4 || Number(exponent) >= significant) return withExponent(`${short}e${exponent}`);
  const fixed = fixedText(value, Math.max(0, significant - 1 - Number(exponent)));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

const MOST_DIGITS = 100;

/** Halfway between two texts Go takes the even one, JavaScript the larger. */
function fixedText(value: number, digits: number): string {
  return evenOf(value.toFixed(digits), value.toFixed(MOST_DIGITS), digits);
}

function exponentText(value: number, digits: number): string {
  const [mantissa = '', exponent = ''] = value.toExponential(MOST_DIGITS).split('e');
  const [rounded = '', newExponent = ''] = value.toExponential(digits).split('e');
  const even = evenOf(rounded, mantissa, digits);
  return `${even}e${even === rounded ? newExponent : exponent}`;
}

function evenOf(rounded: string, exact: string, digits: number): string {
  const end = exact.indexOf('.') + 1 + digits;
  if (!/^50*$/.test(exact.slice(end))) return rounded;
  const cut = digits === 0 ? exact.slice(0, end - 1) : exact.slice(0, end);
  return Number(cut.at(-1)) % 2 === 0 ? cut : rounded;
}

function withExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
