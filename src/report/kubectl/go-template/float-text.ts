// A positive float64 in the formats e, f and g.
// Behaviour: strconv.FormatFloat, Go 1.26.
import { goFloat } from '../../../apimachinery/go-quote.ts';

/** Without a precision: the shortest digits that tell it from every other. */
export function floatText(value: number, shape: 'e' | 'f' | 'g', precision: number | undefined): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : '+Inf';
  const digits = precision === undefined ? undefined : Math.min(precision, 100);
  if (shape === 'f') return digits === undefined ? String(value) : value.toFixed(digits);
  if (shape === 'e') return withExponent(value.toExponential(digits));
  if (digits === undefined) return goFloat(value);
  const significant = Math.max(digits, 1);
  const [mantissa = '', exponent = '0'] = value.toExponential(significant - 1).split('e');
  const short = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  if (Number(exponent) < -4 || Number(exponent) >= significant) return withExponent(`${short}e${exponent}`);
  const fixed = value.toFixed(Math.max(0, significant - 1 - Number(exponent)));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

function withExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}
