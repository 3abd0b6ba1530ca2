// The schedule of a CronJob in its time zone.
// Behaviour: formatSchedule in pkg/controller/cronjob/cronjob_controllerv2.go, time.Time.Format, Kubernetes v1.36.3.
import { nextTime, parseSchedule } from '../../../apiserver/batch/cron-job/schedule.ts';
import { type TimeZone, timeZone, UTC } from '../../../apiserver/batch/cron-job/time-zone.ts';
import type { CronJob } from '../../../schema/generated/types/batch-v1.ts';

export interface Schedule {
  /** The first time after this one, milliseconds since the epoch; NEVER when there is none within five years. */
  next(after: number): number;
}

/** Go's zero time, which stands for "never" and comes before everything. */
const NEVER = -62_135_596_800_000;

const known = new Map<string, Schedule | string>();

/** The schedule, or why it does not read. */
export function scheduleOf({ spec }: CronJob): Schedule | string {
  // A zone in the text wins over the field, and one that nobody knows counts for nothing.
  const zone = spec.schedule.includes('TZ') ? UTC : (timeZone(spec.timeZone ?? '') ?? UTC);
  const id = `${spec.timeZone ?? ''}\n${spec.schedule}`;
  let schedule = known.get(id);
  if (schedule === undefined) {
    schedule = read(spec.schedule, zone);
    known.set(id, schedule);
  }
  return schedule;
}

function read(text: string, zone: TimeZone): Schedule | string {
  const parsed = parseSchedule(text);
  if (!parsed.ok) return parsed.error;
  return { next: (after) => nextTime(parsed.schedule, after, zone) ?? NEVER };
}

/** RFC 3339 with the offset of the zone. */
export function formatInZone(millis: number, zone: TimeZone): string {
  const minutes = Math.trunc(zone.offset(millis) / 60_000);
  const text = new Date(millis + minutes * 60_000).toISOString().slice(0, 19);
  if (minutes === 0) return `${text}Z`;
  const distance = Math.abs(minutes);
  return `${text}${minutes < 0 ? '-' : '+'}${two(Math.trunc(distance / 60))}:${two(distance % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
