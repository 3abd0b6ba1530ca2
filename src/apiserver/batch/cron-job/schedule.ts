// Reads cron schedules ("*/5 * * * 1-5", "@daily", "@every 1h") and finds the times at which they are due.
// Behaviour: github.com/robfig/cron/v3 (ParseStandard, SpecSchedule.Next), pkg/util/parsers/parsers.go, Kubernetes v1.36.3.
import { parseGoInt } from '../../../apimachinery/go/int.ts';
import { parseDuration } from '../../../apimachinery/time/duration.ts';
import { type ClockTime, clockTime, momentOf, type TimeZone, timeZone, UTC } from './time-zone.ts';

const EMPTY = 'empty spec string';
/** What Go's runtime says when the time zone has no end; upstream recovers from the panic. */
const NO_END_OF_ZONE = 'invalid schedule format: runtime error: slice bounds out of range [:-1]';

interface Field {
  /** Whether a value is due, by value. */
  readonly due: readonly boolean[];
  /** Whether the field leaves the choice to the others: it has a star. */
  readonly isStar: boolean;
}

interface FieldSchedule {
  readonly type: 'fields';
  readonly minute: Field;
  readonly hour: Field;
  readonly dayOfMonth: Field;
  readonly month: Field;
  readonly dayOfWeek: Field;
  /** The zone that the text names itself. */
  readonly zone?: TimeZone;
}

interface DelaySchedule {
  readonly type: 'delay';
  readonly delayMillis: number;
}

type CronSchedule = FieldSchedule | DelaySchedule;

type ParsedSchedule =
  | { readonly ok: true; readonly schedule: CronSchedule }
  | { readonly ok: false; readonly error: string };

interface Bounds {
  readonly min: bigint;
  readonly max: bigint;
  readonly names: readonly string[];
}

const MINUTES: Bounds = { min: 0n, max: 59n, names: [] };
const HOURS: Bounds = { min: 0n, max: 23n, names: [] };
const DAYS: Bounds = { min: 1n, max: 31n, names: [] };
const MONTHS: Bounds = {
  min: 1n,
  max: 12n,
  names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
const WEEKDAYS: Bounds = { min: 0n, max: 6n, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };

const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

const EVERY = '@every ';
const FIELD_COUNT = 5;

/** unicode.IsSpace: JavaScript's \s without U+FEFF, with U+0085. */
const SPACE = /[\t\n\v\f\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

class ScheduleError extends Error {}

/** ParseCronScheduleWithPanicRecovery. */
export function parseSchedule(text: string): ParsedSchedule {
  try {
    return { ok: true, schedule: parse(text) };
  } catch (error) {
    if (error instanceof ScheduleError) return { ok: false, error: error.message };
    throw error;
  }
}

function parse(text: string): CronSchedule {
  if (text === '') throw new ScheduleError(EMPTY);
  if (!text.startsWith('TZ=') && !text.startsWith('CRON_TZ=')) return parseTimes(text);
  const end = text.indexOf(' ');
  if (end < 0) throw new ScheduleError(NO_END_OF_ZONE);
  const name = text.slice(text.indexOf('=') + 1, end);
  const zone = timeZone(name);
  if (!zone) throw new ScheduleError(`provided bad location ${name}: ${locationError(name)}`);
  const schedule = parseTimes(trimSpace(text.slice(end)));
  return schedule.type === 'fields' ? { ...schedule, zone } : schedule;
}

/** time.LoadLocation's complaint about a name that it does not know. */
export function locationError(name: string): string {
  const isPath = name.includes('..') || name.startsWith('/') || name.startsWith('\\');
  return isPath ? 'time: invalid location name' : `unknown time zone ${name}`;
}

/** strings.TrimSpace */
function trimSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && SPACE.test(text.charAt(start))) start += 1;
  while (end > start && SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function parseTimes(text: string): CronSchedule {
  if (text.startsWith('@')) return parseDescriptor(text);
  return parseFields(text.split(SPACE).filter((field) => field !== ''));
}

function parseDescriptor(text: string): CronSchedule {
  const fields = DESCRIPTORS.get(text);
  if (fields !== undefined) return parseFields(fields.split(' '));
  if (!text.startsWith(EVERY)) throw new ScheduleError(`unrecognized descriptor: ${text}`);
  const duration = parseDuration(text.slice(EVERY.length));
  if (!duration.ok) throw new ScheduleError(`failed to parse duration ${text}: ${duration.error}`);
  const seconds = Number(duration.nanos / 1_000_000_000n);
  return { type: 'delay', delayMillis: Math.max(seconds, 1) * 1000 };
}

function parseFields(fields: readonly string[]): FieldSchedule {
  if (fields.length !== FIELD_COUNT) {
    throw new ScheduleError(`expected exactly ${FIELD_COUNT} fields, found ${fields.length}: [${fields.join(' ')}]`);
  }
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = fields;
  return {
    type: 'fields',
    minute: parseField(minute, MINUTES),
    hour: parseField(hour, HOURS),
    dayOfMonth: parseField(dayOfMonth, DAYS),
    month: parseField(month, MONTHS),
    dayOfWeek: parseField(dayOfWeek, WEEKDAYS),
  };
}

function parseField(text: string, bounds: Bounds): Field {
  const due: boolean[] = [];
  let isStar = false;
  for (const range of text.split(',')) {
    if (range !== '' && parseRange(range, bounds, due)) isStar = true;
  }
  return { due, isStar };
}

/** Marks the values of a range as due and says whether it counts as a star. */
function parseRange(text: string, bounds: Bounds, due: boolean[]): boolean {
  const [range = '', stepText, ...tooMany] = text.split('/');
  const limits = range.split('-');
  const isStar = limits[0] === '*' || limits[0] === '?';
  let start = bounds.min;
  let end = bounds.max;
  if (!isStar) {
    start = parseNumberOrName(limits[0] ?? '', bounds);
    if (limits.length > 2) throw new ScheduleError(`too many hyphens: ${text}`);
    end = limits.length === 2 ? parseNumberOrName(limits[1] ?? '', bounds) : start;
  }
  if (tooMany.length > 0) throw new ScheduleError(`too many slashes: ${text}`);
  let step = 1n;
  if (stepText !== undefined) {
    step = parseNumber(stepText);
    // "N/step" means "N-max/step".
    if (limits.length === 1) end = bounds.max;
  }
  if (start < bounds.min) {
    throw new ScheduleError(`beginning of range (${start}) below minimum (${bounds.min}): ${text}`);
  }
  if (end > bounds.max) throw new ScheduleError(`end of range (${end}) above maximum (${bounds.max}): ${text}`);
  if (start > end) throw new ScheduleError(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0n) throw new ScheduleError(`step of range should be a positive number: ${text}`);
  for (let value = start; value <= end; value += step) due[Number(value)] = true;
  return isStar && step === 1n;
}

function parseNumberOrName(text: string, { names }: Bounds): bigint {
  const named = text === '' ? -1 : names.indexOf(text.toLowerCase());
  return named >= 0 ? BigInt(named) : parseNumber(text);
}

function parseNumber(text: string): bigint {
  const parsed = parseGoInt(text, 64, 'Atoi');
  if (!parsed.ok) throw new ScheduleError(`failed to parse int from ${text}: ${parsed.error}`);
  if (parsed.value < 0n) throw new ScheduleError(`negative number (${parsed.value}) not allowed: ${text}`);
  return parsed.value;
}

const MINUTE = 60_000;
const HOUR = 3_600_000;
const SEARCHED_YEARS = 5;

/** The first time after `millis` at which the schedule is due; undefined when there is none within five years. */
export function nextTime(schedule: CronSchedule, millis: number, zone: TimeZone = UTC): number | undefined {
  const second = Math.floor(millis / 1000) * 1000;
  if (schedule.type === 'delay') return second + schedule.delayMillis;
  return search(schedule, second + 1000, schedule.zone ?? zone);
}

/** The steps of SpecSchedule.Next, so that it takes the same turns where clocks are changed. */
function search(schedule: FieldSchedule, from: number, zone: TimeZone): number | undefined {
  const { month, hour, minute } = schedule;
  const lastYear = clockTime(from, zone).year + SEARCHED_YEARS;
  let isReset = false;
  let moment = from;
  for (;;) {
    let now = clockTime(moment, zone);
    if (now.year > lastYear) return undefined;
    let wrapped = false;

    while (!wrapped && !month.due[now.month]) {
      const first = isReset ? now : clockTime(momentOf(Date.UTC(now.year, now.month - 1, 1), zone), zone);
      isReset = true;
      moment = momentOf(localMillis({ ...first, month: first.month + 1 }), zone);
      now = clockTime(moment, zone);
      wrapped = now.month === 1;
    }
    while (!wrapped && !isDayDue(schedule, now)) {
      const midnight = isReset ? now : clockTime(momentOf(Date.UTC(now.year, now.month - 1, now.day), zone), zone);
      isReset = true;
      moment = momentOf(localMillis({ ...midnight, day: midnight.day + 1 }), zone);
      now = clockTime(moment, zone);
      // Midnight may not exist on the day on which clocks are changed.
      if (now.hour !== 0) {
        moment += (now.hour > 12 ? 24 - now.hour : -now.hour) * HOUR;
        now = clockTime(moment, zone);
      }
      wrapped = now.day === 1;
    }
    while (!wrapped && !hour.due[now.hour]) {
      if (!isReset) moment = momentOf(Date.UTC(now.year, now.month - 1, now.day, now.hour), zone);
      isReset = true;
      moment += HOUR;
      now = clockTime(moment, zone);
      wrapped = now.hour === 0;
    }
    while (!wrapped && !minute.due[now.minute]) {
      if (!isReset) moment = Math.floor(moment / MINUTE) * MINUTE;
      isReset = true;
      moment += MINUTE;
      now = clockTime(moment, zone);
      wrapped = now.minute === 0;
    }
    // Schedules have no seconds: 0 is the only one that is ever due.
    if (!wrapped && now.second !== 0) {
      isReset = true;
      moment += (60 - now.second) * 1000;
      wrapped = true;
    }
    if (!wrapped) return moment;
  }
}

function localMillis({ year, month, day, hour, minute, second }: ClockTime): number {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** With a star in either field both must fit, without one either. */
function isDayDue(
  { dayOfMonth, dayOfWeek }: FieldSchedule,
  { day, weekday }: { readonly day: number; readonly weekday: number },
): boolean {
  const isDay = dayOfMonth.due[day] ?? false;
  const isWeekday = dayOfWeek.due[weekday] ?? false;
  return dayOfMonth.isStar || dayOfWeek.isStar ? isDay && isWeekday : isDay || isWeekday;
}
