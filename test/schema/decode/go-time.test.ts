import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseBase64 } from '../../../src/schema/decode/base64.ts';
import { parseMicroTime, parseTime } from '../../../src/schema/decode/go-time.ts';

const test = suite('times and base64');

test('times are written in UTC, without fraction', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['2024-01-02T03:04:05Z', '2024-01-02T03:04:05Z'],
    ['2024-01-02T03:04:05.999Z', '2024-01-02T03:04:05Z'],
    ['2024-01-02T03:04:05,5Z', '2024-01-02T03:04:05Z'],
    ['2024-01-02T3:04:05Z', '2024-01-02T03:04:05Z'],
    ['2024-01-01T00:30:00+01:00', '2023-12-31T23:30:00Z'],
    ['0099-01-01T00:00:00Z', '0099-01-01T00:00:00Z'],
    ['0001-01-01T00:00:00Z', undefined],
  ];
  for (const [text, want] of cases) assert.equal(parseTime(text), { ok: true, text: want }, text);
});

test('micro times have six digits of fraction', () => {
  assert.equal(parseMicroTime('2024-01-02T03:04:05.123456+00:00'), { ok: true, text: '2024-01-02T03:04:05.123456Z' });
  assert.equal(parseMicroTime('2024-01-02T03:04:05Z'), {
    ok: false,
    error: 'parsing time "2024-01-02T03:04:05Z" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "Z" as ".000000"',
  });
});

test("what is wrong with a time is said in Go's words", () => {
  const layout = '"2006-01-02T15:04:05Z07:00"';
  const cases: readonly (readonly [string, string])[] = [
    ['yesterday', `parsing time "yesterday" as ${layout}: cannot parse "yesterday" as "2006"`],
    ['2024-1-01T00:00:00Z', `parsing time "2024-1-01T00:00:00Z" as ${layout}: cannot parse "1-01T00:00:00Z" as "01"`],
    ['2024-01-01', `parsing time "2024-01-01" as ${layout}: cannot parse "" as "T"`],
    ['2024-13-01T00:00:00Z', 'parsing time "2024-13-01T00:00:00Z": month out of range'],
    ['2024-02-30T00:00:00Z', 'parsing time "2024-02-30T00:00:00Z": day out of range'],
    ['2024-01-01T24:00:00Z', 'parsing time "2024-01-01T24:00:00Z": hour out of range'],
    ['2024-01-01T00:00:00Zx', 'parsing time "2024-01-01T00:00:00Zx": extra text: "x"'],
    ['2024-01-01T00:00:00+25:00', 'parsing time "2024-01-01T00:00:00+25:00": time zone offset hour out of range'],
    ['é', `parsing time "\\xc3\\xa9" as ${layout}: cannot parse "\\xc3\\xa9" as "2006"`],
  ];
  for (const [text, want] of cases) assert.equal(parseTime(text), { ok: false, error: want }, text);
});

test('base64 is canonical, and its first wrong byte is named', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', ''],
    ['YWJj', 'YWJj'],
    ['YW\nJj\r\n', 'YWJj'],
    ['YR==', 'YQ=='],
    ['YWJ=', 'YWI='],
    ['YW', 'illegal base64 data at input byte 0'],
    ['YWJjYW', 'illegal base64 data at input byte 4'],
    ['YW=', 'illegal base64 data at input byte 3'],
    ['YW=x', 'illegal base64 data at input byte 2'],
    ['Y Q=', 'illegal base64 data at input byte 1'],
    ['Y===', 'illegal base64 data at input byte 1'],
    ['YQ==YQ==', 'illegal base64 data at input byte 4'],
  ];
  for (const [text, want] of cases) {
    const parsed = parseBase64(text);
    assert.is(parsed.ok ? parsed.text : parsed.error, want, text);
  }
});

test.run();
