// The schedule of a CronJob, read from its text and its time zone.
// Behaviour: github.com/robfig/cron/v3 (parser.go, ParseStandard), formatSchedule in pkg/controller/cronjob/cronjob_controllerv2.go, Kubernetes v1.36.3.
import { parseDuration } from '../../../apimachinery/duration.ts';
import type { CronJob } from '../../../schema/generated/types/batch-v1.ts';
import { type CronFields, everySchedule, fieldSchedule, type Schedule } from './next-run.ts';
import { TimeZone } from './time-zone.ts';

const known = new Map<string, Schedule | string>();

/** The schedule, or why it does not read; the API server refuses most of what does not. */
export function scheduleOf({ spec }: CronJob): Schedule | string {
  const { schedule, timeZone } = spec;
  // A zone in the text wins over the field.
  const text = schedule.includes('TZ') || timeZone === undefined ? schedule : `TZ=${timeZone} ${schedule}`;
  let read = known.get(text);
  if (read === undefined) {
    read = parse(text);
    known.set(text, read);
  }
  return read;
}

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const MINUTE: Bounds = { least: 0, most: 59 };
const HOUR: Bounds = { least: 0, most: 23 };
const DAY_OF_MONTH: Bounds = { least: 1, most: 31 };
const MONTH: Bounds = {
  least: 1,
  most: 12,
  names: ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
};
const DAY_OF_WEEK: Bounds = { least: 0, most: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] };

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

class Unreadable extends Error {}

function parse(text: string): Schedule | string {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

function read(text: string): Schedule {
  const prefix = /^(?:CRON_)?TZ=(\S*) +(.*)$/s.exec(text);
  const zone = TimeZone.named(prefix?.[1] ?? '');
  if (!zone) throw new Unreadable(`provided bad location ${prefix?.[1]}: unknown time zone ${prefix?.[1]}`);
  const spec = (prefix?.[2] ?? text).trim();
  if (spec.startsWith(EVERY)) return readEvery(spec);
  const plain = DESCRIPTORS.get(spec) ?? spec;
  if (plain.startsWith('@')) throw new Unreadable(`unrecognized descriptor: ${plain}`);
  const fields = plain.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5)
    throw new Unreadable(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  return fieldSchedule(readFields(fields), zone);
}

function readEvery(spec: string): Schedule {
  const duration = parseDuration(spec.slice(EVERY.length));
  if (!duration.ok) throw new Unreadable(`failed to parse duration ${spec}: ${duration.error}`);
  // Less than a second counts as one, and fractions are cut.
  return everySchedule(Math.max(Math.trunc(Number(duration.nanos) / 1e9), 1) * 1000);
}

function readFields([
  minute = '',
  hour = '',
  dayOfMonth = '',
  month = '',
  dayOfWeek = '',
]: readonly string[]): CronFields {
  return {
    minutes: readField(minute, MINUTE),
    hours: readField(hour, HOUR),
    daysOfMonth: readField(dayOfMonth, DAY_OF_MONTH),
    months: readField(month, MONTH),
    daysOfWeek: readField(dayOfWeek, DAY_OF_WEEK),
    anyDayOfMonth: hasStar(dayOfMonth),
    anyDayOfWeek: hasStar(dayOfWeek),
  };
}

// A star with a step larger than 1 restricts the field.
function hasStar(field: string): boolean {
  return field.split(',').some((part) => /^[*?](?:-[^/]*)?(?:\/\+?0*1)?$/.test(part));
}

function readField(field: string, bounds: Bounds): ReadonlySet<number> {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    if (part === '') continue;
    const [range = '', step, ...more] = part.split('/');
    if (more.length > 0) throw new Unreadable(`too many slashes: ${part}`);
    const { first, last } = readRange(range, step !== undefined, bounds);
    if (first < bounds.least || last > bounds.most || first > last) throw new Unreadable(`out of range: ${part}`);
    const by = step === undefined ? 1 : readNumber(step, []);
    if (by === 0) throw new Unreadable(`step of range should be a positive number: ${part}`);
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return values;
}

function readRange(
  range: string,
  hasStep: boolean,
  { least, most, names = [] }: Bounds,
): { first: number; last: number } {
  const [low = '', high, ...more] = range.split('-');
  if (low === '*' || low === '?') return { first: least, last: most };
  if (more.length > 0) throw new Unreadable(`too many hyphens: ${range}`);
  const first = readNumber(low, names);
  if (high !== undefined) return { first, last: readNumber(high, names) };
  // A single value with a step goes on to the end: 10/20 is 10, 30 and 50.
  return { first, last: hasStep ? most : first };
}

function readNumber(text: string, names: readonly string[]): number {
  const named = text === '' ? -1 : names.indexOf(text.toLowerCase());
  if (named >= 0) return named;
  if (!/^\+?[0-9]+$/.test(text)) throw new Unreadable(`failed to parse int from ${text}`);
  return Number(text);
}
