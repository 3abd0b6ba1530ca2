// Times as the API writes them (RFC 3339, seconds or microseconds) to and from milliseconds since 1970.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/{time,micro_time}.go, Kubernetes v1.36.3; time.Parse, Go 1.26.
// Differs: metav1.Time keeps a parsed fraction in memory until it is stored; here a time is cut to what the API writes.

const RFC3339 = '2006-01-02T15:04:05Z07:00';
const RFC3339_MICRO = '2006-01-02T15:04:05.000000Z07:00';

type ParsedTime = { readonly ok: true; readonly micros: number } | { readonly ok: false; readonly error: string };

/** Milliseconds since 1970, cut to the second; undefined when the text is no RFC 3339 time. */
export function parseTime(text: string): number | undefined {
  const parsed = parseTimeOrError(text);
  return parsed.ok ? Math.floor(parsed.micros / 1_000_000) * 1000 : undefined;
}

export function mustParseTime(text: string): number {
  const parsed = parseTimeOrError(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return Math.floor(parsed.micros / 1_000_000) * 1000;
}

/** Microseconds since 1970, which a number holds exactly for 285 years around it. */
export function parseMicroTime(text: string): number | undefined {
  const parsed = parseMicroTimeOrError(text);
  return parsed.ok ? parsed.micros : undefined;
}

export function parseTimeOrError(text: string): ParsedTime {
  return parse(text, RFC3339);
}

/** Unlike metav1.Time a MicroTime must be written with exactly six digits after the point. */
export function parseMicroTimeOrError(text: string): ParsedTime {
  return parse(text, RFC3339_MICRO);
}

/** "2026-01-02T15:04:05Z": what metav1.Time marshals to, the fraction cut off. */
export function formatTime(millis: number): string {
  const seconds = Math.floor(millis / 1000);
  if (seconds !== lastSeconds) {
    lastSeconds = seconds;
    lastText = `${dateAndClock(seconds)}Z`;
  }
  return lastText;
}

/** Much is written down at one moment: the last text is likely the next one too. */
let lastSeconds = 0;
let lastText = '1970-01-01T00:00:00Z';

/** "2026-01-02T15:04:05.000000Z": what metav1.MicroTime marshals to. */
export function formatMicroTime(millis: number): string {
  // A double holds today's milliseconds to a quarter of a microsecond.
  return formatMicros(Math.round(millis * 1000));
}

function formatMicros(micros: number): string {
  const seconds = Math.floor(micros / 1_000_000);
  return `${dateAndClock(seconds)}.${pad(micros - seconds * 1_000_000, 6)}Z`;
}

function dateAndClock(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const clock = seconds - days * 86_400;
  const { year, month, day } = civilFromDays(days);
  const time = `${pad(Math.floor(clock / 3600), 2)}:${pad(Math.floor(clock / 60) % 60, 2)}:${pad(clock % 60, 2)}`;
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T${time}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Days since 1970-01-01 to a date of the proleptic Gregorian calendar and back (eras of 400 years from 1 March). */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}

export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** What time.Parse reads at each step of the layout, in order. */
class Reader {
  readonly #text: string;
  readonly #layout: string;
  rest: string;

  constructor(text: string, layout: string) {
    this.#text = text;
    this.#layout = layout;
    this.rest = text;
  }

  literal(expected: string): void {
    for (const char of expected) {
      // Go reports what is left when the first differing character is met.
      if (!this.rest.startsWith(char)) this.fail(expected);
      this.rest = this.rest.slice(1);
    }
  }

  /** Two digits, or one where Go allows it. */
  number(element: string, fixed: boolean): number {
    const digits = (fixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/).exec(this.rest)?.[0];
    if (digits === undefined) return this.fail(element);
    this.rest = this.rest.slice(digits.length);
    return Number(digits);
  }

  fail(element: string, at = this.rest): never {
    const reading = `${timeQuote(this.#text)} as ${timeQuote(this.#layout)}`;
    throw new TimeError(`parsing time ${reading}: cannot parse ${timeQuote(at)} as ${timeQuote(element)}`);
  }

  failWith(message: string): never {
    throw new TimeError(`parsing time ${timeQuote(this.#text)}: ${message}`);
  }
}

class TimeError extends Error {}

function parse(text: string, layout: string): ParsedTime {
  try {
    return { ok: true, micros: read(new Reader(text, layout), layout === RFC3339_MICRO) };
  } catch (error) {
    if (error instanceof TimeError) return { ok: false, error: error.message };
    throw error;
  }
}

function read(reader: Reader, micro: boolean): number {
  const yearText = /^[0-9][\s\S]{3}/.exec(reader.rest)?.[0];
  if (yearText === undefined || !/^[0-9]{4}$/.test(yearText)) return reader.fail('2006');
  reader.rest = reader.rest.slice(4);
  const year = Number(yearText);
  reader.literal('-');
  const month = reader.number('01', true);
  if (month < 1 || month > 12) reader.failWith('month out of range');
  reader.literal('-');
  const day = reader.number('02', true);
  reader.literal('T');
  const hour = reader.number('15', false);
  if (hour > 23) reader.failWith('hour out of range');
  reader.literal(':');
  const minute = reader.number('04', true);
  if (minute > 59) reader.failWith('minute out of range');
  reader.literal(':');
  const second = reader.number('05', true);
  if (second > 59) reader.failWith('second out of range');
  const fraction = micro ? readMicros(reader) : readFraction(reader);
  const offset = readOffset(reader);
  if (reader.rest !== '') reader.failWith(`extra text: ${timeQuote(reader.rest)}`);
  if (day < 1 || day > daysInMonth(year, month)) reader.failWith('day out of range');
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset;
  return seconds * 1_000_000 + fraction;
}

/** A fraction that the layout does not name is read all the same, nine digits of it. */
function readFraction(reader: Reader): number {
  const match = /^[.,]([0-9]+)/.exec(reader.rest);
  if (match === null) return 0;
  reader.rest = reader.rest.slice(match[0].length);
  return Number((match[1] ?? '').slice(0, 6).padEnd(6, '0'));
}

function readMicros(reader: Reader): number {
  const match = /^[.,]([0-9]{6})/.exec(reader.rest);
  if (match === null) return reader.fail('.000000');
  reader.rest = reader.rest.slice(7);
  return Number(match[1]);
}

/** Seconds east of UTC. */
function readOffset(reader: Reader): number {
  if (reader.rest.startsWith('Z')) {
    reader.rest = reader.rest.slice(1);
    return 0;
  }
  const hold = reader.rest;
  if (hold.length < 6 || hold.charAt(3) !== ':') return reader.fail('Z07:00', hold);
  reader.rest = hold.slice(6);
  const sign = hold.charAt(0);
  const hours = twoDigits(hold.slice(1, 3));
  const minutes = hours === undefined ? undefined : twoDigits(hold.slice(4, 6));
  // Go checks with > rather than >=: offsets of 24 hours and 60 minutes are written.
  if (minutes !== undefined && minutes > 60) reader.failWith('time zone offset minute out of range');
  if (hours !== undefined && hours > 24) reader.failWith('time zone offset hour out of range');
  if (hours === undefined || minutes === undefined || (sign !== '+' && sign !== '-')) {
    return reader.fail('Z07:00', hold);
  }
  const seconds = (hours * 60 + minutes) * 60;
  return sign === '-' ? -seconds : seconds;
}

function twoDigits(text: string): number | undefined {
  return /^[0-9]{2}$/.test(text) ? Number(text) : undefined;
}

/** Package time has its own quoting: everything but printable ASCII as bytes. */
export function timeQuote(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (code >= 0x20 && code < 0x80) out += char;
    else for (const byte of utf8Bytes(code)) out += `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `${out}"`;
}

function utf8Bytes(code: number): readonly number[] {
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
  const tail = [0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
  if (code < 0x10000) return [0xe0 | (code >> 12), ...tail];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), ...tail];
}
