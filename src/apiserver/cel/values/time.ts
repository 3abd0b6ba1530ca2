// Timestamps read and printed as RFC 3339, and their parts in a time zone.
// Behaviour: Go 1.26 time; cel-go v0.26.0 common/stdlib/standard.go (inTimeZone).
import { civilFromDays, daysFromCivil, daysInMonth } from '../../../apimachinery/time/time.ts';
import { floorDivide, NANOS } from './numbers.ts';
import { CelError, Timestamp } from './value.ts';

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:[.,](\d+))?(Z|[+-]\d\d:\d\d)$/;
const DAY_SECONDS = 86_400;

export function parseTimestamp(text: string): Timestamp | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = match[8] ?? 'Z';
  let offset = 0;
  if (zone !== 'Z') {
    const hours = Number(zone.slice(1, 3));
    const minutes = Number(zone.slice(4, 6));
    if (hours > 24 || minutes > 60) return undefined;
    offset = (hours * 3600 + minutes * 60) * (zone.startsWith('-') ? -1 : 1);
  }
  const seconds = daysFromCivil(year, month, day) * DAY_SECONDS + hour * 3600 + minute * 60 + second - offset;
  const fraction = BigInt((match[7] ?? '').slice(0, 9).padEnd(9, '0'));
  return new Timestamp(BigInt(seconds) * NANOS + fraction, offset);
}

/** RFC 3339 with nanoseconds where there are any, in the zone it was written in unless another is asked. */
export function timestampText(value: Timestamp, offset = value.offsetSeconds): string {
  const local = value.nanos + BigInt(offset) * NANOS;
  const seconds = Number(floorDivide(local, NANOS));
  const fraction = String(local - BigInt(seconds) * NANOS)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const days = Math.floor(seconds / DAY_SECONDS);
  const { year, month, day } = civilFromDays(days);
  const clock = seconds - days * DAY_SECONDS;
  const pad = (part: number, width = 2): string => String(part).padStart(width, '0');
  const time = `${pad(Math.floor(clock / 3600))}:${pad(Math.floor(clock / 60) % 60)}:${pad(clock % 60)}`;
  const minutes = Math.trunc(Math.abs(offset) / 60);
  const zone = offset === 0 ? 'Z' : `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}T${time}${fraction === '' ? '' : `.${fraction}`}${zone}`;
}

export interface TimeParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly yearDay: number;
  readonly weekday: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
}

export function timeParts(value: Timestamp, zone: string): TimeParts | CelError {
  const offset = zoneOffset(value, zone);
  if (offset instanceof CelError) return offset;
  const local = value.nanos + BigInt(offset) * NANOS;
  const total = floorDivide(local, NANOS);
  const seconds = Number(total);
  const days = Math.floor(seconds / DAY_SECONDS);
  const clock = seconds - days * DAY_SECONDS;
  const { year, month, day } = civilFromDays(days);
  return {
    year,
    month,
    day,
    yearDay: days - daysFromCivil(year, 1, 1),
    weekday: (((days + 4) % 7) + 7) % 7,
    hours: Math.floor(clock / 3600),
    minutes: Math.floor(clock / 60) % 60,
    seconds: clock % 60,
    milliseconds: Number((local - total * NANOS) / 1_000_000n),
  };
}

function zoneOffset(value: Timestamp, zone: string): number | CelError {
  const colon = zone.indexOf(':');
  if (colon < 0) return namedOffset(value, zone);
  const hours = atoi(zone.slice(0, colon));
  if (hours instanceof CelError) return hours;
  const minutes = atoi(zone.slice(colon + 1));
  if (minutes instanceof CelError) return minutes;
  return (zone.startsWith('-') ? hours * 60 - minutes : hours * 60 + minutes) * 60;
}

function atoi(text: string): number | CelError {
  return /^[+-]?\d+$/.test(text)
    ? Number(text)
    : new CelError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
}

function namedOffset(value: Timestamp, zone: string): number | CelError {
  if (zone === '' || zone === 'UTC') return 0;
  // It would be the path of a file.
  if (/^[/\\]|\.\./.test(zone)) return new CelError('time: invalid location name');
  const unknown = new CelError(`unknown time zone ${zone}`);
  // The zone database answers to any case; Go's does not.
  if (!/^[A-Z][A-Za-z0-9_+\-/]*$/.test(zone)) return unknown;
  if (zone === 'Local') return 0;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
    const millis = Number(floorDivide(value.nanos, 1_000_000n));
    const text = format.formatToParts(new Date(millis)).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const match = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
    if (match === null) return unknown;
    const seconds = Number(match[2] ?? 0) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0);
    return match[1] === '-' ? -seconds : seconds;
  } catch {
    return unknown;
  }
}
