// Reads and writes RFC 3339 times as Go does, with Go's words for what is wrong.
// Behaviour: time/format.go and time/format_rfc3339.go of Go 1.26; staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/time.go and
// micro_time.go, Kubernetes v1.36.3.

const RFC3339 = '2006-01-02T15:04:05Z07:00';
const RFC3339_MICRO = '2006-01-02T15:04:05.000000Z07:00';

/** `text` is the canonical form; without one the time is Go's zero time, which is written as null. */
export type ParsedTime =
  | { readonly ok: true; readonly text: string | undefined }
  | { readonly ok: false; readonly error: string };

class TimeFailure extends Error {}

/** A character as its UTF-8 bytes in hexadecimal, the way time.quote writes what is not plain ASCII. */
function escapeBytes(character: string): string {
  const whole = /^\p{Surrogate}$/u.test(character) ? '\ufffd' : character;
  return encodeURIComponent(whole).toLowerCase().replaceAll('%', '\\x');
}

function quote(text: string): string {
  let out = '"';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 32 || code >= 128) out += escapeBytes(character);
    else out += character === '"' || character === '\\' ? `\\${character}` : character;
  }
  return `${out}"`;
}

const isDigit = (text: string, at: number) => {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
};

function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

class TimeReader {
  readonly layout: string;
  readonly original: string;
  rest: string;

  constructor(layout: string, text: string) {
    this.layout = layout;
    this.original = text;
    this.rest = text;
  }

  bad(element: string, value: string): TimeFailure {
    return new TimeFailure(
      `parsing time ${quote(this.original)} as ${quote(this.layout)}: cannot parse ${quote(value)} as ${quote(element)}`,
    );
  }

  outOfRange(what: string): TimeFailure {
    return new TimeFailure(`parsing time ${quote(this.original)}: ${what} out of range`);
  }

  skip(prefix: string): void {
    if (!this.rest.startsWith(prefix)) throw this.bad(prefix, this.rest);
    this.rest = this.rest.slice(prefix.length);
  }

  year(): number {
    if (!/^\d{4}/.test(this.rest)) throw this.bad('2006', this.rest);
    const year = Number(this.rest.slice(0, 4));
    this.rest = this.rest.slice(4);
    return year;
  }

  /** One or two digits; two are required where the layout says so. */
  digits(element: string, fixed: boolean): number {
    if (!isDigit(this.rest, 0) || (fixed && !isDigit(this.rest, 1))) throw this.bad(element, this.rest);
    const width = isDigit(this.rest, 1) ? 2 : 1;
    const value = Number(this.rest.slice(0, width));
    this.rest = this.rest.slice(width);
    return value;
  }

  /** Nanoseconds of `.123` or `,123`; more than nine digits are cut. */
  fraction(width: number): number {
    const digits = this.rest.slice(1, Math.min(width, 10));
    this.rest = this.rest.slice(width);
    return Number(digits.padEnd(9, '0'));
  }

  seconds(): { readonly second: number; readonly nanos: number } {
    const second = this.digits('05', true);
    if (second >= 60) throw this.outOfRange('second');
    if (this.layout === RFC3339_MICRO) {
      if (!/^[.,]\d{6}/.test(this.rest)) throw this.bad('.000000', this.rest);
      return { second, nanos: this.fraction(7) };
    }
    const width = /^[.,]\d+/.exec(this.rest)?.[0].length ?? 0;
    return { second, nanos: width === 0 ? 0 : this.fraction(width) };
  }

  /** Seconds east of Greenwich. */
  offset(): number {
    if (this.rest.startsWith('Z')) {
      this.rest = this.rest.slice(1);
      return 0;
    }
    const hold = this.rest;
    const match = /^([\s\S])([\s\S]{2}):([\s\S]{2})/.exec(hold);
    if (!match) throw this.bad('Z07:00', hold);
    const [all, sign, hourText = '', minuteText = ''] = match;
    this.rest = hold.slice(all.length);
    const good = /^\d\d$/.test(hourText) && /^\d\d$/.test(minuteText);
    const hours = /^\d\d$/.test(hourText) ? Number(hourText) : 0;
    const minutes = good ? Number(minuteText) : 0;
    if (hours > 24) throw this.outOfRange('time zone offset hour');
    if (minutes > 60) throw this.outOfRange('time zone offset minute');
    if (!good || (sign !== '+' && sign !== '-')) throw this.bad('Z07:00', hold);
    return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60;
  }

  read(): { readonly date: Date; readonly nanos: number } {
    const year = this.year();
    this.skip('-');
    const month = this.digits('01', true);
    if (month < 1 || month > 12) throw this.outOfRange('month');
    this.skip('-');
    const day = this.digits('02', true);
    this.skip('T');
    const hour = this.digits('15', false);
    if (hour >= 24) throw this.outOfRange('hour');
    this.skip(':');
    const minute = this.digits('04', true);
    if (minute >= 60) throw this.outOfRange('minute');
    this.skip(':');
    const { second, nanos } = this.seconds();
    const offset = this.offset();
    if (this.rest !== '')
      throw new TimeFailure(`parsing time ${quote(this.original)}: extra text: ${quote(this.rest)}`);
    if (day < 1 || day > daysIn(month, year)) throw this.outOfRange('day');
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    date.setUTCHours(hour, minute, second - offset);
    return { date, nanos };
  }
}

const pad = (value: number, width: number) => String(value).padStart(width, '0');

function dateText(date: Date): string {
  const year = date.getUTCFullYear();
  const years = year < 0 ? `-${pad(-year, 4)}` : pad(year, 4);
  const day = `${years}-${pad(date.getUTCMonth() + 1, 2)}-${pad(date.getUTCDate(), 2)}`;
  return `${day}T${pad(date.getUTCHours(), 2)}:${pad(date.getUTCMinutes(), 2)}:${pad(date.getUTCSeconds(), 2)}`;
}

function isZeroTime(date: Date, nanos: number): boolean {
  return nanos === 0 && dateText(date) === '0001-01-01T00:00:00';
}

function parse(layout: string, text: string): ParsedTime {
  try {
    const { date, nanos } = new TimeReader(layout, text).read();
    if (isZeroTime(date, nanos)) return { ok: true, text: undefined };
    const fraction = layout === RFC3339_MICRO ? `.${pad(Math.trunc(nanos / 1000), 6)}` : '';
    return { ok: true, text: `${dateText(date)}${fraction}Z` };
  } catch (error) {
    if (error instanceof TimeFailure) return { ok: false, error: error.message };
    throw error;
  }
}

/** The usual text is canonical already: whole seconds in UTC. The 29th of February is looked at more closely. */
const USUAL =
  /^(?!0001)\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** metav1.Time: whole seconds in UTC. */
export function parseTime(text: string): ParsedTime {
  return USUAL.test(text) ? { ok: true, text } : parse(RFC3339, text);
}

/** metav1.MicroTime: exactly six digits of fraction in the text. */
export function parseMicroTime(text: string): ParsedTime {
  return parse(RFC3339_MICRO, text);
}
