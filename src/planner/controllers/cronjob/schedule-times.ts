// Which run of a CronJob is due and when the next one will be.
// Behaviour: pkg/controller/cronjob/utils.go (mostRecentScheduleTime, nextScheduleTime), Kubernetes v1.36.3.
import { parseTime } from '../../../apimachinery/time/time.ts';
import type { CronJob } from '../../../schema/generated/types/batch-v1.ts';
import type { Schedule } from './schedule.ts';

const SECOND = 1000;
/** The clock of the controller and that of the schedule may differ a little. */
const NEXT_SCHEDULE_DELTA = 100;
const MANY = 100;

const TOO_CLOSE = 'time difference between two schedules is less than 1 second';

interface Missed {
  readonly earliest: number;
  readonly mostRecent?: number;
  readonly count: 'none' | 'few' | 'many';
  readonly error?: string;
}

/** The last time at or before now, counted from the last run or the creation. */
function missedSchedules(
  { metadata, status, spec }: CronJob,
  now: number,
  schedule: Schedule,
  hasDeadline: boolean,
): Missed {
  let earliest = parseTime(status.lastScheduleTime ?? metadata.creationTimestamp ?? '') ?? 0;
  if (hasDeadline && spec.startingDeadlineSeconds !== undefined)
    earliest = Math.max(earliest, now - spec.startingDeadlineSeconds * SECOND);
  const first = schedule.next(earliest);
  const second = schedule.next(first);
  if (now < first) return { earliest, count: 'none' };
  if (now < second) return { earliest, mostRecent: first, count: 'none' };

  const between = Math.round((second - first) / SECOND);
  if (between < 1) return { earliest, count: 'none', error: TOO_CLOSE };
  const missed = Math.floor(Math.floor((now - first) / SECOND) / between) + 1;
  let mostRecent: number | undefined;
  // The gap between the first two is taken for all, so the search begins one gap early.
  for (let time = schedule.next(first + (missed - 2) * between * SECOND); time <= now; time = schedule.next(time))
    mostRecent = time;
  const count = missed > MANY ? 'many' : 'few';
  return mostRecent === undefined ? { earliest, count } : { earliest, mostRecent, count };
}

interface DueRun {
  readonly at?: number;
  readonly hasMissedMany: boolean;
  readonly error?: string;
}

/** The run that should have been started last, if it is later than the one that was. */
export function dueRun(cronJob: CronJob, now: number, schedule: Schedule): DueRun {
  const { mostRecent, count, error } = missedSchedules(cronJob, now, schedule, true);
  if (mostRecent === undefined) return { hasMissedMany: false, ...(error === undefined ? {} : { error }) };
  return { at: mostRecent, hasMissedMany: count === 'many' };
}

/** Milliseconds until the run after the last one that was due. */
export function untilNextRun(cronJob: CronJob, now: number, schedule: Schedule): number {
  const { earliest, mostRecent, count, error } = missedSchedules(cronJob, now, schedule, false);
  const fallback = error === undefined && count === 'none' ? earliest : now;
  return schedule.next(mostRecent ?? fallback) + NEXT_SCHEDULE_DELTA - now;
}
