import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  civilFromDays,
  daysFromCivil,
  formatMicroTime,
  formatTime,
  parseMicroTime,
  parseMicroTimeOrError,
  parseTime,
  parseTimeOrError,
} from '../../../src/apimachinery/time/time.ts';

const times = suite('time');

for (const { text, want } of [
  { text: '1970-01-01T00:00:00Z', want: 0 },
  { text: '2026-01-02T03:04:05Z', want: 1767323045000 },
  { text: '2026-01-02T03:04:05.999Z', want: 1767323045000 },
  { text: '2026-01-02T03:04:05+02:30', want: 1767314045000 },
  { text: '2026-01-02T3:04:05Z', want: 1767323045000 },
  { text: '2024-02-29T00:00:00Z', want: 1709164800000 },
  { text: '0001-01-01T00:00:00Z', want: -62135596800000 },
  { text: '2025-02-29T00:00:00Z', want: undefined },
  { text: '2026-01-02 03:04:05Z', want: undefined },
  { text: 'soon', want: undefined },
]) {
  times(`${text} is ${want}`, () => assert.is(parseTime(text), want));
}

for (const { text, error } of [
  { text: '', error: 'parsing time "" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"' },
  { text: 'x"', error: 'parsing time "x\\"" as "2006-01-02T15:04:05Z07:00": cannot parse "x\\"" as "2006"' },
  {
    text: '2026-1-02T03:04:05Z',
    error: 'parsing time "2026-1-02T03:04:05Z" as "2006-01-02T15:04:05Z07:00": cannot parse "1-02T03:04:05Z" as "01"',
  },
  { text: '2026-13-02T03:04:05Z', error: 'parsing time "2026-13-02T03:04:05Z": month out of range' },
  { text: '2026-02-30T03:04:05Z', error: 'parsing time "2026-02-30T03:04:05Z": day out of range' },
  { text: '2026-02-03T24:04:05Z', error: 'parsing time "2026-02-03T24:04:05Z": hour out of range' },
  { text: '2026-02-03T23:04:05Zx', error: 'parsing time "2026-02-03T23:04:05Zx": extra text: "x"' },
  {
    text: '2026-02-03T23:04:05',
    error: 'parsing time "2026-02-03T23:04:05" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"',
  },
]) {
  times(`${JSON.stringify(text)} is refused as Go refuses it`, () => {
    assert.equal(parseTimeOrError(text), { ok: false, error });
  });
}

times('a MicroTime has exactly six digits after the point', () => {
  assert.is(parseMicroTime('1970-01-01T00:00:01.000005Z'), 1_000_005);
  assert.equal(parseMicroTimeOrError('2026-02-03T23:04:05Z'), {
    ok: false,
    error: 'parsing time "2026-02-03T23:04:05Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  });
});

times('times are printed in UTC, cut to what the type keeps', () => {
  assert.is(formatTime(1767323045999), '2026-01-02T03:04:05Z');
  assert.is(formatTime(-1), '1969-12-31T23:59:59Z');
  assert.is(formatMicroTime(1767323045999.25), '2026-01-02T03:04:05.999250Z');
});

times('a second read back is the second printed', () => {
  fc.assert(
    fc.property(fc.integer({ min: -62_135_596_800, max: 253_402_300_799 }), (seconds) => {
      assert.is(parseTime(formatTime(seconds * 1000)), seconds * 1000);
    }),
  );
});

times('days and dates convert both ways, in step with the calendar of the engine', () => {
  fc.assert(
    fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (days) => {
      const { year, month, day } = civilFromDays(days);
      assert.is(daysFromCivil(year, month, day), days);
      const date = new Date(days * 86_400_000);
      assert.equal([year, month, day], [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
    }),
  );
});

times.run();
