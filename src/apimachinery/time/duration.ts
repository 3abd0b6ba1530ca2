// Lengths of time: Go's text form in nanoseconds, and the short forms in which kubectl prints ages.
// Behaviour: time.ParseDuration and Duration.String, Go 1.26; apimachinery/pkg/util/duration/duration.go, Kubernetes v1.36.3.
import { timeQuote } from './time.ts';

type ParsedDuration = { readonly ok: true; readonly nanos: bigint } | { readonly ok: false; readonly error: string };

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1000n],
  ['\u00b5s', 1000n],
  ['\u03bcs', 1000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const LIMIT = 1n << 63n;

export function parseDuration(text: string): ParsedDuration {
  const negative = text.startsWith('-');
  let rest = negative || text.startsWith('+') ? text.slice(1) : text;
  if (rest === '0') return { ok: true, nanos: 0n };
  if (rest === '') return durationError('invalid duration', text);
  let total = 0n;
  while (rest !== '') {
    const match = /^([0-9]*)(?:\.([0-9]*))?([^.0-9]*)/.exec(rest);
    const whole = match?.[1] ?? '';
    const fraction = match?.[2] ?? '';
    if (match === null || (whole === '' && fraction === '')) return durationError('invalid duration', text);
    const count = BigInt(whole === '' ? '0' : whole);
    if (count > LIMIT) return durationError('invalid duration', text);
    const name = match[3] ?? '';
    if (name === '') return durationError('missing unit in duration', text);
    const unit = UNITS.get(name);
    if (unit === undefined) return durationError(`unknown unit ${timeQuote(name)} in duration`, text);
    const part = count * unit;
    if (count > LIMIT / unit) return durationError('invalid duration', text);
    total += part + fractionOf(fraction, unit);
    if (total > LIMIT) return durationError('invalid duration', text);
    rest = rest.slice(match[0].length);
  }
  if (negative) return { ok: true, nanos: -total };
  return total === LIMIT ? durationError('invalid duration', text) : { ok: true, nanos: total };
}

/** Float arithmetic, as upstream: the last nanosecond depends on it. */
function fractionOf(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > (LIMIT - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > LIMIT) break;
    value = next;
    scale *= 10;
  }
  return value === 0n ? 0n : BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

function durationError(message: string, text: string): ParsedDuration {
  return { ok: false, error: `time: ${message} ${timeQuote(text)}` };
}

/** Milliseconds of a duration; undefined when the text is none. */
export function durationMillis(text: string): number | undefined {
  const parsed = parseDuration(text);
  return parsed.ok ? Number(parsed.nanos) / 1e6 : undefined;
}

/** "1h2m3.5s", "0s", "1.5ms": what Duration.String and metav1.Duration print. */
export function formatDuration(nanos: bigint): string {
  if (nanos === 0n) return '0s';
  const negative = nanos < 0n;
  const size = negative ? -nanos : nanos;
  const text = size < 1_000_000_000n ? smallDuration(size) : largeDuration(size);
  return negative ? `-${text}` : text;
}

export function formatDurationMillis(millis: number): string {
  return formatDuration(BigInt(Math.round(millis * 1e6)));
}

function smallDuration(nanos: bigint): string {
  if (nanos < 1000n) return `${nanos}ns`;
  if (nanos < 1_000_000n) return `${decimalText(nanos, 3)}\u00b5s`;
  return `${decimalText(nanos, 6)}ms`;
}

function largeDuration(nanos: bigint): string {
  const minutes = nanos / 60_000_000_000n;
  const seconds = `${decimalText(nanos % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return seconds;
  const hours = minutes / 60n;
  const tail = `${minutes % 60n}m${seconds}`;
  return hours === 0n ? tail : `${hours}h${tail}`;
}

function decimalText(value: bigint, places: number): string {
  const divisor = 10n ** BigInt(places);
  const fraction = (value % divisor).toString().padStart(places, '0').replace(/0+$/, '');
  return fraction === '' ? String(value / divisor) : `${value / divisor}.${fraction}`;
}

const INVALID_AGE = '<invalid>';
const YEAR_HOURS = 24 * 365;

/** The age that kubectl get prints: two or three significant figures. */
export function humanDuration(millis: number): string {
  const seconds = Math.trunc(millis / 1000);
  if (seconds < -1) return INVALID_AGE;
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return two(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return two(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (days < 8) return two(days, 'd', hours % 24, 'h');
  if (hours < 2 * YEAR_HOURS) return `${days}d`;
  const years = Math.trunc(days / 365);
  return hours < 8 * YEAR_HOURS ? two(years, 'y', days % 365, 'd') : `${years}y`;
}

function two(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first}${firstUnit}` : `${first}${firstUnit}${second}${secondUnit}`;
}
