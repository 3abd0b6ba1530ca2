// When a cron schedule comes round next.
// Behaviour: github.com/robfig/cron/v3 (spec.go, constantdelay.go), as vendored by Kubernetes v1.36.3.
import type { TimeZone } from './time-zone.ts';

/** The fields of a schedule; `anyDay…` when the field has a star, so that the other of the two decides alone. */
export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  /** 0 is Sunday. */
  readonly daysOfWeek: ReadonlySet<number>;
  readonly anyDayOfMonth: boolean;
  readonly anyDayOfWeek: boolean;
}

export interface Schedule {
  /** The first time after this one, milliseconds since the epoch; NEVER when there is none within five years. */
  next(after: number): number;
}

/** Go's zero time, which stands for "never" and comes before everything. */
export const NEVER = -62_135_596_800_000;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const YEARS = 5;

export function everySchedule(delay: number): Schedule {
  return { next: (after) => startOf(after, SECOND) + delay };
}

export function fieldSchedule(fields: CronFields, zone: TimeZone): Schedule {
  return { next: (after) => nextTime(fields, zone, after) };
}

// Goes up field by field; a field that wraps around sends the search back to the months.
function nextTime(fields: CronFields, zone: TimeZone, after: number): number {
  let time = startOf(after, SECOND) + SECOND;
  const lastYear = zone.localTime(time).year + YEARS;
  // Once a field was raised, all smaller ones are at their start.
  let isReset = false;
  search: while (zone.localTime(time).year <= lastYear) {
    for (const search of FIELDS) {
      const found = search(fields, zone, time, isReset);
      isReset ||= found.time !== time;
      time = found.time;
      if (found.hasWrapped) continue search;
    }
    return time;
  }
  return NEVER;
}

interface Step {
  readonly time: number;
  readonly hasWrapped: boolean;
}

function firstMonth({ months }: CronFields, zone: TimeZone, from: number, isReset: boolean): Step {
  let time = from;
  let local = zone.localTime(time);
  if (months.has(local.month)) return { time, hasWrapped: false };
  if (!isReset) time = zone.moment(local.year, local.month, 1);
  for (local = zone.localTime(time); !months.has(local.month); local = zone.localTime(time)) {
    time = addDate(zone, time, 1, 0);
    if (zone.localTime(time).month === 1) return { time, hasWrapped: true };
  }
  return { time, hasWrapped: false };
}

function firstDay(fields: CronFields, zone: TimeZone, from: number, isReset: boolean): Step {
  let time = from;
  let local = zone.localTime(time);
  if (dayMatches(fields, local)) return { time, hasWrapped: false };
  if (!isReset) time = zone.moment(local.year, local.month, local.day);
  for (local = zone.localTime(time); !dayMatches(fields, local); local = zone.localTime(time)) {
    time = addDate(zone, time, 0, 1);
    const { hour } = zone.localTime(time);
    // Midnight may not exist on the day of a clock change.
    if (hour !== 0) time += (hour > 12 ? 24 - hour : -hour) * HOUR;
    if (zone.localTime(time).day === 1) return { time, hasWrapped: true };
  }
  return { time, hasWrapped: false };
}

function dayMatches(fields: CronFields, { day, weekday }: { readonly day: number; readonly weekday: number }): boolean {
  const ofMonth = fields.daysOfMonth.has(day);
  const ofWeek = fields.daysOfWeek.has(weekday);
  return fields.anyDayOfMonth || fields.anyDayOfWeek ? ofMonth && ofWeek : ofMonth || ofWeek;
}

function firstHour({ hours }: CronFields, zone: TimeZone, from: number, isReset: boolean): Step {
  let time = from;
  let local = zone.localTime(time);
  if (hours.has(local.hour)) return { time, hasWrapped: false };
  if (!isReset) time = zone.moment(local.year, local.month, local.day, local.hour);
  for (local = zone.localTime(time); !hours.has(local.hour); local = zone.localTime(time)) {
    time += HOUR;
    if (zone.localTime(time).hour === 0) return { time, hasWrapped: true };
  }
  return { time, hasWrapped: false };
}

function firstMinute({ minutes }: CronFields, zone: TimeZone, from: number, isReset: boolean): Step {
  let time = from;
  if (minutes.has(zone.localTime(time).minute)) return { time, hasWrapped: false };
  if (!isReset) time = startOf(time, MINUTE);
  while (!minutes.has(zone.localTime(time).minute)) {
    time += MINUTE;
    if (zone.localTime(time).minute === 0) return { time, hasWrapped: true };
  }
  return { time, hasWrapped: false };
}

// Standard schedules know only the second 0.
function firstSecond(_fields: CronFields, zone: TimeZone, from: number): Step {
  const { second } = zone.localTime(from);
  if (second === 0) return { time: from, hasWrapped: false };
  return { time: startOf(from, SECOND) + (60 - second) * SECOND, hasWrapped: true };
}

const FIELDS = [firstMonth, firstDay, firstHour, firstMinute, firstSecond];

function addDate(zone: TimeZone, time: number, months: number, days: number): number {
  const { year, month, day, hour } = zone.localTime(time);
  return zone.moment(year, month + months, day + days, hour);
}

function startOf(time: number, unit: number): number {
  return Math.floor(time / unit) * unit;
}
