// Local time in a time zone: what the clock shows at a moment, and the moment at which it shows a time.
// Behaviour: time.Time.In and time.Date, Go 1.26, over the time zone data that Intl brings.
import { daysFromCivil } from '../../../apimachinery/time.ts';

export interface LocalTime {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
}

export class TimeZone {
  readonly #format: Intl.DateTimeFormat | undefined;

  private constructor(format: Intl.DateTimeFormat | undefined) {
    this.#format = format;
  }

  static readonly UTC = new TimeZone(undefined);

  static readonly #known = new Map<string, TimeZone | undefined>();

  /** Undefined when there is no such zone. */
  static named(name: string): TimeZone | undefined {
    if (name === '' || name === 'UTC') return TimeZone.UTC;
    if (!TimeZone.#known.has(name)) TimeZone.#known.set(name, TimeZone.#load(name));
    return TimeZone.#known.get(name);
  }

  static #load(name: string): TimeZone | undefined {
    // Offsets such as +01:00 are zones to Intl, but no files of the time zone database.
    if (!/^[A-Za-z]/.test(name)) return undefined;
    try {
      return new TimeZone(
        new Intl.DateTimeFormat('en-US', {
          timeZone: name,
          calendar: 'gregory',
          numberingSystem: 'latn',
          hourCycle: 'h23',
          year: 'numeric',
          month: 'numeric',
          day: 'numeric',
          hour: 'numeric',
          minute: 'numeric',
          second: 'numeric',
        }),
      );
    } catch {
      return undefined;
    }
  }

  /** Milliseconds east of UTC at a moment. */
  offsetAt(millis: number): number {
    if (this.#format === undefined) return 0;
    const fields: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(millis)) fields[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = fields;
    return utcMillis(year, month, day, hour, minute, second) - Math.floor(millis / 1000) * 1000;
  }

  localTime(millis: number): LocalTime {
    const shown = new Date(millis + this.offsetAt(millis));
    return {
      year: shown.getUTCFullYear(),
      month: shown.getUTCMonth() + 1,
      day: shown.getUTCDate(),
      hour: shown.getUTCHours(),
      minute: shown.getUTCMinutes(),
      second: shown.getUTCSeconds(),
      weekday: shown.getUTCDay(),
    };
  }

  /** Fields may overflow: month 13 is January. A time that the clock skips or shows twice is read as Go reads it. */
  moment(year: number, month: number, day: number, hour = 0): number {
    const shown = Date.UTC(year, month - 1, day, hour);
    const offset = this.offsetAt(shown);
    if (offset === 0) return shown;
    return shown - this.offsetAt(shown - offset);
  }

  /** RFC 3339 with the offset of the zone. */
  format(millis: number): string {
    const minutes = Math.trunc(this.offsetAt(millis) / 60_000);
    const text = new Date(millis + minutes * 60_000).toISOString().slice(0, 19);
    if (minutes === 0) return `${text}Z`;
    return `${text}${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
  }
}

function utcMillis(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  return (daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second) * 1000;
}

function two(value: number): string {
  return String(Math.trunc(value)).padStart(2, '0');
}
