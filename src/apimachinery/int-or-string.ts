// A field that holds an int32 or a string: ports, and counts that may be percentages.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/intstr/intstr.go, Kubernetes v1.36.3.
import { type GoInteger, parseGoInt } from './go/int.ts';
import { goQuote } from './go/quote.ts';

export type IntOrString = number | string;

const NIL_VALUE = 'nil value for IntOrString';
const NOT_A_PERCENTAGE = 'invalid type: string is not a percentage';

/** Digits that fit an int32 become a number, everything else stays text. */
export function parseIntOrString(text: string): IntOrString {
  const parsed = parseGoInt(text, 32, 'ParseInt');
  return parsed.ok ? Number(parsed.value) : text;
}

/** The number of a number or of a numeric string; 0 for any other string, the nearest int64 when it is out of range. */
export function intValue(value: IntOrString): number {
  return typeof value === 'number' ? value : Number(parseGoInt(value, 64, 'Atoi').value);
}

export type ScaledValue =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly error: string };

/** The number itself, or its percentage of total; a string that is not a percentage is an error. */
export function getScaledValueFromIntOrPercent(
  value: IntOrString | undefined,
  total: number,
  roundUp: boolean,
): ScaledValue {
  if (value === undefined) return { ok: false, error: NIL_VALUE };
  if (typeof value === 'number') return { ok: true, value };
  if (!value.endsWith('%')) return invalidValue(NOT_A_PERCENTAGE);
  const percent: GoInteger = parseGoInt(value.slice(0, -1), 64, 'Atoi');
  if (!percent.ok) return invalidValue(`invalid value ${goQuote(value)}: ${percent.error}`);
  // float64 arithmetic in this order, as upstream: the product is rounded before the division.
  const share = (Number(percent.value) * total) / 100;
  return { ok: true, value: (roundUp ? Math.ceil(share) : Math.floor(share)) + 0 };
}

function invalidValue(reason: string): ScaledValue {
  return { ok: false, error: `invalid value for IntOrString: ${reason}` };
}
