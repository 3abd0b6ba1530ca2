import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  durationMillis,
  formatDuration,
  formatDurationMillis,
  humanDuration,
  parseDuration,
} from '../../../src/apimachinery/time/duration.ts';

const parsing = suite('Go durations');

for (const { text, nanos, printed } of [
  { text: '0', nanos: 0n, printed: '0s' },
  { text: '5s', nanos: 5_000_000_000n, printed: '5s' },
  { text: '1h', nanos: 3_600_000_000_000n, printed: '1h0m0s' },
  { text: '1.5h', nanos: 5_400_000_000_000n, printed: '1h30m0s' },
  { text: '2h45m', nanos: 9_900_000_000_000n, printed: '2h45m0s' },
  { text: '-1.5s', nanos: -1_500_000_000n, printed: '-1.5s' },
  { text: '300ms', nanos: 300_000_000n, printed: '300ms' },
  { text: '1us', nanos: 1000n, printed: '1µs' },
  { text: '.5s', nanos: 500_000_000n, printed: '500ms' },
  { text: '1s1ns', nanos: 1_000_000_001n, printed: '1.000000001s' },
]) {
  parsing(`${text} is ${printed}`, () => {
    assert.equal(parseDuration(text), { ok: true, nanos });
    assert.is(formatDuration(nanos), printed);
  });
}

for (const { text, error } of [
  { text: '', error: 'time: invalid duration ""' },
  { text: 'abc', error: 'time: invalid duration "abc"' },
  { text: '10', error: 'time: missing unit in duration "10"' },
  { text: '3d', error: 'time: unknown unit "d" in duration "3d"' },
  { text: '1é', error: 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"' },
  { text: '9999999h', error: 'time: invalid duration "9999999h"' },
]) {
  parsing(`${JSON.stringify(text)} is refused: ${error}`, () => {
    assert.equal(parseDuration(text), { ok: false, error });
    assert.is(durationMillis(text), undefined);
  });
}

parsing('what is printed is read back as the same duration', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(1n << 62n), max: 1n << 62n }), (nanos) => {
      assert.equal(parseDuration(formatDuration(nanos)), { ok: true, nanos });
    }),
  );
});

parsing('milliseconds are a convenience', () => {
  assert.is(durationMillis('1m30s'), 90_000);
  assert.is(formatDurationMillis(90_500), '1m30.5s');
});

parsing.run();

const ages = suite('ages');
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

for (const { millis, human } of [
  { millis: -3000, human: '<invalid>' },
  { millis: -1000, human: '0s' },
  { millis: 0, human: '0s' },
  { millis: 119_000, human: '119s' },
  { millis: 2 * minute, human: '2m' },
  { millis: 9 * minute + 59_000, human: '9m59s' },
  { millis: 10 * minute + 5000, human: '10m' },
  { millis: 179 * minute, human: '179m' },
  { millis: 3 * hour, human: '3h' },
  { millis: 7 * hour + 30 * minute, human: '7h30m' },
  { millis: 47 * hour, human: '47h' },
  { millis: 2 * day + 5 * hour, human: '2d5h' },
  { millis: 8 * day + 5 * hour, human: '8d' },
  { millis: 729 * day, human: '729d' },
  { millis: 731 * day, human: '2y1d' },
  { millis: 9 * 365 * day + day, human: '9y' },
]) {
  ages(`${millis} ms are ${human}`, () => {
    assert.is(humanDuration(millis), human);
  });
}

ages.run();
