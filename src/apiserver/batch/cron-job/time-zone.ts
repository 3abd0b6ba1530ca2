// Which time zones there are, and how far their clocks are from UTC at a moment.
// Behaviour: time.LoadLocation, Go 1.26; validateTimeZone in pkg/apis/batch/validation/validation.go, Kubernetes v1.36.3.
// Differs: the zones are those of the JavaScript engine; it ignores case, so a name that it calls otherwise and whose parts do
// not begin with capitals is unknown here.
import { civilFromDays } from '../../../apimachinery/time/time.ts';

export interface TimeZone {
  /** Milliseconds to add to UTC for the clock of the zone at this moment. */
  offset(millis: number): number;
}

export const UTC: TimeZone = { offset: () => 0 };

const DAY = 86_400_000;
const ODD_NAME = /^[+-]|(?:^|[/_])[a-z]/;

const zones = new Map<string, TimeZone | undefined>();
let spellings: ReadonlyMap<string, string> | undefined;

/** The zone of this name, exactly as written; undefined when there is none. */
export function timeZone(name: string): TimeZone | undefined {
  if (name === '' || name === 'UTC') return UTC;
  if (!zones.has(name)) zones.set(name, load(name));
  return zones.get(name);
}

function load(name: string): TimeZone | undefined {
  spellings ??= new Map(Intl.supportedValuesOf('timeZone').map((zone) => [zone.toLowerCase(), zone]));
  const spelling = spellings.get(name.toLowerCase());
  if (spelling === undefined ? ODD_NAME.test(name) : spelling !== name) return undefined;
  try {
    return new IntlTimeZone(name);
  } catch {
    return undefined;
  }
}

class IntlTimeZone implements TimeZone {
  readonly #format: Intl.DateTimeFormat;

  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  offset(millis: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(millis)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    const whole = Math.floor(millis / 1000) * 1000;
    return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
  }
}

/** What the clock of a zone shows. */
export interface ClockTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

export function clockTime(millis: number, zone: TimeZone): ClockTime {
  const local = millis + zone.offset(millis);
  const days = Math.floor(local / DAY);
  const seconds = Math.floor((local - days * DAY) / 1000);
  const weekday = (((days + 4) % 7) + 7) % 7;
  const { year, month, day } = civilFromDays(days);
  return {
    year,
    month,
    day,
    weekday,
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
  };
}

/** The moment at which a clock shows this time; where it never does or does so twice, the one that Go's time.Date picks. */
export function momentOf(localMillis: number, zone: TimeZone): number {
  return localMillis - zone.offset(localMillis - zone.offset(localMillis));
}
