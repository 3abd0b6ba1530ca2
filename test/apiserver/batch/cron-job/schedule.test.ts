import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { nextTime, parseSchedule } from '../../../../src/apiserver/batch/cron-job/schedule.ts';
import { timeZone } from '../../../../src/apiserver/batch/cron-job/time-zone.ts';

const errors = suite('cron schedules that are none');

// Every text is what robfig/cron's standard parser answers.
for (const { text, error } of [
  { text: '', error: 'empty spec string' },
  { text: '* * * *', error: 'expected exactly 5 fields, found 4: [* * * *]' },
  { text: '60 * * * *', error: 'end of range (60) above maximum (59): 60' },
  { text: '* * 0 * *', error: 'beginning of range (0) below minimum (1): 0' },
  { text: '*/0 * * * *', error: 'step of range should be a positive number: */0' },
  { text: '5-1 * * * *', error: 'beginning of range (5) beyond end of range (1): 5-1' },
  { text: '1-2-3 * * * *', error: 'too many hyphens: 1-2-3' },
  { text: '1/2/3 * * * *', error: 'too many slashes: 1/2/3' },
  { text: '-1 * * * *', error: 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax' },
  { text: '* * * foo *', error: 'failed to parse int from foo: strconv.Atoi: parsing "foo": invalid syntax' },
  { text: '@fortnightly', error: 'unrecognized descriptor: @fortnightly' },
  { text: '@every x', error: 'failed to parse duration @every x: time: invalid duration "x"' },
  { text: 'TZ=Nowhere/X 0 0 * * *', error: 'provided bad location Nowhere/X: unknown time zone Nowhere/X' },
]) {
  errors(`${JSON.stringify(text)}: ${error}`, () => assert.equal(parseSchedule(text), { ok: false, error }));
}
errors.run();

const times = suite('times of a cron schedule');

function following(text: string, zoneName: string, start: string, count: number): readonly string[] {
  const parsed = parseSchedule(text);
  assert.ok(parsed.ok, text);
  const zone = timeZone(zoneName)!;
  const found: string[] = [];
  let at: number | undefined = Date.parse(start);
  while (found.length < count) {
    at = nextTime(parsed.schedule, at, zone);
    if (at === undefined) break;
    found.push(new Date(at).toISOString().replace('.000', ''));
  }
  return found;
}

// As answered by robfig/cron's Next.
for (const { name, text, zone = 'UTC', from, next } of [
  {
    name: 'an hour that the clock skips is skipped',
    text: '30 2 * * *',
    zone: 'Europe/Berlin',
    from: '2026-03-28T12:00:00Z',
    next: ['2026-03-30T00:30:00Z', '2026-03-31T00:30:00Z'],
  },
  {
    name: 'an hour that the clock repeats is due twice',
    text: '30 2 * * *',
    zone: 'Europe/Berlin',
    from: '2026-10-24T12:00:00Z',
    next: ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-10-26T01:30:00Z'],
  },
  {
    name: 'a midnight that the clock skips is skipped with its day',
    text: '0 0 * * *',
    zone: 'America/Sao_Paulo',
    from: '2018-11-02T12:00:00Z',
    next: ['2018-11-03T03:00:00Z', '2018-11-05T02:00:00Z'],
  },
  {
    name: 'the 29th of February waits for a leap year',
    text: '0 0 29 2 *',
    from: '2026-01-01T00:00:00Z',
    next: ['2028-02-29T00:00:00Z', '2032-02-29T00:00:00Z'],
  },
  { name: 'the 30th of February never comes', text: '0 0 30 2 *', from: '2026-01-01T00:00:00Z', next: [] },
  {
    name: 'of day and weekday one is enough where both are named',
    text: '0 9 1-2 * mon',
    from: '2026-01-01T00:00:00Z',
    next: ['2026-01-01T09:00:00Z', '2026-01-02T09:00:00Z', '2026-01-05T09:00:00Z'],
  },
  {
    name: 'minutes are those of the zone',
    text: '5/20 * * * *',
    zone: 'Asia/Kathmandu',
    from: '2026-01-01T00:00:00Z',
    next: ['2026-01-01T00:20:00Z', '2026-01-01T00:40:00Z'],
  },
  {
    name: 'a delay is counted from the last time',
    text: '@every 90m',
    from: '2026-01-01T00:00:30Z',
    next: ['2026-01-01T01:30:30Z', '2026-01-01T03:00:30Z'],
  },
  {
    name: 'a zone in the schedule goes before the one asked for',
    text: 'CRON_TZ=Asia/Tokyo 0 0 * * *',
    from: '2026-01-01T00:00:00Z',
    next: ['2026-01-01T15:00:00Z', '2026-01-02T15:00:00Z'],
  },
]) {
  times(name, () => assert.equal(following(text, zone, from, next.length || 1), next));
}

times('the next time comes later and is due', () => {
  const minutes = fc.tuple(fc.integer({ min: 1, max: 59 }), fc.integer({ min: 0, max: Date.UTC(2040, 0, 1) }));
  fc.assert(
    fc.property(minutes, ([step, start]) => {
      const parsed = parseSchedule(`*/${step} * * * *`);
      assert.ok(parsed.ok);
      const next = nextTime(parsed.schedule, start)!;
      assert.ok(next > start && next - start <= 3_600_000);
      assert.is(new Date(next).getUTCMinutes() % step, 0);
      assert.is(next % 60_000, 0);
    }),
  );
});
times.run();
