import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ERR_FORMAT_WRONG, ERR_NUMERIC, ERR_SUFFIX } from '../../../src/apimachinery/quantity/parse-amount.ts';
import {
  mustParseQuantity,
  parseQuantity,
  parseQuantityOrError,
  Quantity,
  quantityFromJson,
} from '../../../src/apimachinery/quantity/quantity.ts';

const parsing = suite('Quantity parsing');

for (const { text, canonical, format, value, milli } of [
  { text: '0', canonical: '0', format: 'DecimalSI', value: 0, milli: 0 },
  { text: '0Ki', canonical: '0', format: 'BinarySI', value: 0, milli: 0 },
  { text: '00', canonical: '0', format: 'DecimalSI', value: 0, milli: 0 },
  { text: '100m', canonical: '100m', format: 'DecimalSI', value: 1, milli: 100 },
  { text: '1000m', canonical: '1', format: 'DecimalSI', value: 1, milli: 1000 },
  { text: '0.5', canonical: '500m', format: 'DecimalSI', value: 1, milli: 500 },
  { text: '1.5', canonical: '1500m', format: 'DecimalSI', value: 2, milli: 1500 },
  { text: '.5', canonical: '500m', format: 'DecimalSI', value: 1, milli: 500 },
  { text: '1.', canonical: '1.', format: 'DecimalSI', value: 1, milli: 1000 },
  { text: '10000', canonical: '10k', format: 'DecimalSI', value: 10000, milli: 10000000 },
  { text: '1e3', canonical: '1e3', format: 'DecimalExponent', value: 1000, milli: 1000000 },
  { text: '12E6', canonical: '12E6', format: 'DecimalExponent', value: 12e6, milli: 12e9 },
  { text: '12.5E6', canonical: '12500e3', format: 'DecimalExponent', value: 12.5e6, milli: 12.5e9 },
  { text: '1Ki', canonical: '1Ki', format: 'BinarySI', value: 1024, milli: 1024000 },
  { text: '1024Mi', canonical: '1Gi', format: 'BinarySI', value: 2 ** 30, milli: 1000 * 2 ** 30 },
  { text: '1.5Gi', canonical: '1536Mi', format: 'BinarySI', value: 1.5 * 2 ** 30, milli: 1500 * 2 ** 30 },
  { text: '0.5Ki', canonical: '512', format: 'BinarySI', value: 512, milli: 512000 },
  { text: '0.0001Ki', canonical: '102400u', format: 'DecimalSI', value: 1, milli: 103 },
  { text: '1.1Ki', canonical: '1126400m', format: 'BinarySI', value: 1127, milli: 1126400 },
  { text: '0.1m', canonical: '100u', format: 'DecimalSI', value: 1, milli: 1 },
  { text: '0.0000000001', canonical: '1n', format: 'DecimalSI', value: 1, milli: 1 },
  { text: '-1.5', canonical: '-1500m', format: 'DecimalSI', value: -2, milli: -1500 },
  { text: '-0', canonical: '0', format: 'DecimalSI', value: 0, milli: 0 },
  // What the parser of Go takes although its message says otherwise.
  { text: '+', canonical: '0', format: 'DecimalSI', value: 0, milli: 0 },
  { text: '.', canonical: '0', format: 'DecimalSI', value: 0, milli: 0 },
]) {
  parsing(`${text} is ${canonical}`, () => {
    const quantity = mustParseQuantity(text);
    assert.is(quantity.toString(), canonical);
    assert.is(quantity.format, format);
    assert.is(quantity.value(), value);
    assert.is(quantity.milliValue(), milli);
  });
}

for (const { text, error } of [
  { text: '', error: ERR_FORMAT_WRONG },
  { text: 'abc', error: ERR_FORMAT_WRONG },
  { text: '1..2', error: ERR_FORMAT_WRONG },
  { text: '1 Gi', error: ERR_FORMAT_WRONG },
  { text: '1Gi ', error: ERR_FORMAT_WRONG },
  { text: '0x10', error: ERR_FORMAT_WRONG },
  { text: '1Kii', error: ERR_SUFFIX },
  { text: '1K', error: ERR_SUFFIX },
  { text: '1mm', error: ERR_SUFFIX },
  { text: '1e', error: ERR_SUFFIX },
  { text: '1e9223372036854775808', error: ERR_SUFFIX },
  { text: '-.e-99', error: ERR_NUMERIC },
]) {
  parsing(`${JSON.stringify(text)} is refused: ${error}`, () => {
    const parsed = parseQuantityOrError(text);
    assert.equal(parsed, { ok: false, error });
    assert.is(parseQuantity(text), undefined);
  });
}

parsing('binary amounts are capped at the largest int64', () => {
  assert.is(mustParseQuantity('9Ei').toString(), '9223372036854775807');
  assert.is(mustParseQuantity('9Ei').valueInt64(), 9223372036854775807n);
});

parsing('amounts beyond the suffixes print without one', () => assert.is(mustParseQuantity('1000E').toString(), '1'));

parsing('an absurd exponent neither hangs nor compares wrongly', () => {
  const huge = mustParseQuantity('1e999999999');
  assert.is(huge.cmp(mustParseQuantity('9E')), 1);
  assert.is(huge.neg().cmp(huge), -1);
  assert.is(huge.toString(), '1e999999999');
  assert.is(huge.add(mustParseQuantity('1')).cmp(huge), 0);
});

// The state that the hash of a pod template sees.
for (const { text, unscaled, scale, cached, infDec } of [
  { text: '0', unscaled: 0, scale: 0, cached: '0', infDec: false },
  { text: '500m', unscaled: 500, scale: -3, cached: '500m', infDec: false },
  { text: '1000m', unscaled: 1000, scale: -3, cached: '', infDec: false },
  { text: '0.5', unscaled: 5, scale: -1, cached: '', infDec: false },
  { text: '100Mi', unscaled: 104857600, scale: 0, cached: '100Mi', infDec: false },
  { text: '128Mi', unscaled: 134217728, scale: 0, cached: '', infDec: false },
  { text: '2k', unscaled: 2, scale: 3, cached: '2k', infDec: false },
  { text: '1.5Gi', unscaled: 1610612736000000000n, scale: -9, cached: '', infDec: true },
]) {
  parsing(`${text} is kept as ${unscaled}e${scale}, text ${JSON.stringify(cached)}`, () => {
    const q = mustParseQuantity(text);
    assert.equal([q.unscaled, q.scale, q.cachedText, q.infDec], [unscaled, scale, cached, infDec]);
  });
}

for (const { json, want } of [
  { json: ' 1Gi\n', want: '1Gi' },
  { json: 0.5, want: '500m' },
  { json: 1e21, want: '1e+21' },
  { json: null, want: '0' },
  { json: undefined, want: '0' },
]) {
  parsing(`the JSON value ${JSON.stringify(json)} is ${want}`, () => {
    const parsed = quantityFromJson(json);
    assert.is(parsed.ok ? parsed.value.toString() : parsed.error, want);
  });
}

parsing.run();

const arithmetic = suite('Quantity arithmetic');

for (const { a, b, sum, difference } of [
  { a: '100m', b: '200m', sum: '300m', difference: '-100m' },
  { a: '1', b: '1Ki', sum: '1025', difference: '-1023' },
  { a: '1Gi', b: '512Mi', sum: '1536Mi', difference: '512Mi' },
  { a: '0', b: '1Ki', sum: '1Ki', difference: '-1Ki' },
  { a: '1Ki', b: '1024', sum: '2Ki', difference: '0' },
  { a: '9E', b: '9E', sum: '18E', difference: '0' },
  { a: '1n', b: '1', sum: '1000000001n', difference: '-999999999n' },
]) {
  arithmetic(`${a} + ${b} = ${sum}, ${a} - ${b} = ${difference}`, () => {
    assert.is(mustParseQuantity(a).add(mustParseQuantity(b)).toString(), sum);
    assert.is(mustParseQuantity(a).sub(mustParseQuantity(b)).toString(), difference);
  });
}

for (const { text, scale, want, exact } of [
  { text: '1500m', scale: 0, want: '2', exact: false },
  { text: '-1500m', scale: 0, want: '-2', exact: false },
  { text: '1', scale: -3, want: '1', exact: true },
  { text: '1k', scale: 0, want: '1k', exact: true },
  { text: '1', scale: 3, want: '1k', exact: false },
  { text: '0', scale: 3, want: '0', exact: true },
]) {
  arithmetic(`${text} rounded up to 10^${scale} is ${want}`, () => {
    assert.is(mustParseQuantity(text).roundUp(scale).toString(), want);
    assert.is(mustParseQuantity(text).isExactAt(scale), exact);
  });
}

arithmetic('a value too large for int64 shows how Go overflows', () => {
  assert.is(mustParseQuantity('999999999999999999').milliValueInt64(), BigInt.asIntN(64, 999999999999999999000n));
  assert.is(mustParseQuantity('1E').milliValueInt64(), 0n);
  assert.is(mustParseQuantity('1000E').valueInt64(), 0n);
  assert.is(mustParseQuantity('1000E').asInt64(), undefined);
});

arithmetic('a fraction of a negative inf.Dec is rounded as upstream rounds it', () => {
  const tooLong = mustParseQuantity('-1.0000000000000000005');
  assert.is(tooLong.infDec, true);
  assert.is(tooLong.value(), 0);
});

arithmetic('mul keeps the format and negates', () => {
  assert.is(mustParseQuantity('128Mi').mul(3).toString(), '384Mi');
  assert.is(mustParseQuantity('250m').mul(-4).toString(), '-1');
  assert.is(Quantity.of(5, 'BinarySI').mul(0).toString(), '0');
});

arithmetic('quantities made from numbers print in their format', () => {
  assert.is(Quantity.of(2048, 'BinarySI').toString(), '2Ki');
  assert.is(Quantity.of(1023, 'BinarySI').toString(), '1023');
  assert.is(Quantity.ofMilli(1500, 'DecimalSI').toString(), '1500m');
  assert.is(mustParseQuantity('1.5Gi').asApproximateFloat(), 1.5 * 2 ** 30);
  assert.is(mustParseQuantity('100m').asApproximateFloat(), 0.1);
});

arithmetic('an operation leaves its operands alone', () => {
  const a = mustParseQuantity('1');
  a.add(mustParseQuantity('2'));
  a.neg();
  assert.is(a.toString(), '1');
});

arithmetic.run();

const laws = suite('Quantity laws');

const suffix = fc.constantFrom(
  '',
  'n',
  'u',
  'm',
  'k',
  'M',
  'G',
  'T',
  'P',
  'E',
  'Ki',
  'Mi',
  'Gi',
  'Ti',
  'Pi',
  'e3',
  'E-3',
);
const number = fc
  .tuple(fc.constantFrom('', '-'), fc.integer({ min: 0, max: 999_999 }), fc.option(fc.integer({ min: 0, max: 9999 })))
  .map(([sign, whole, fraction]) => `${sign}${whole}${fraction === null ? '' : `.${fraction}`}`);
const quantity = fc.tuple(number, suffix).map(([n, s]) => mustParseQuantity(n + s));

laws('the canonical text is a fixed point and means the same amount', () => {
  fc.assert(
    fc.property(quantity, (q) => {
      const again = q.reparsed();
      assert.is(again.toString(), q.toString());
      assert.is(again.cmp(q), 0);
    }),
  );
});

laws('cmp is a total order that agrees with exact rational arithmetic', () => {
  const exact = (q: Quantity) => BigInt(q.unscaled) * 10n ** BigInt(q.scale + 40);
  fc.assert(
    fc.property(quantity, quantity, quantity, (a, b, c) => {
      assert.is(a.cmp(b), exact(a) === exact(b) ? 0 : exact(a) < exact(b) ? -1 : 1);
      assert.is(a.cmp(b) + b.cmp(a), 0);
      if (a.cmp(b) <= 0 && b.cmp(c) <= 0) assert.ok(a.cmp(c) <= 0);
    }),
  );
});

laws('addition is commutative and undone by subtraction', () => {
  fc.assert(
    fc.property(quantity, quantity, (a, b) => {
      assert.is(a.add(b).cmp(b.add(a)), 0);
      assert.is(a.add(b).sub(b).cmp(a), 0);
      assert.is(a.sub(a).sign(), 0);
      assert.is(a.add(a.neg()).sign(), 0);
    }),
  );
});

laws('values are rounded away from zero and never by a whole unit', () => {
  fc.assert(
    fc.property(quantity, (q) => {
      if (q.infDec || q.cmpInt(2n ** 62n) > 0 || q.cmpInt(-(2n ** 62n)) < 0) return;
      const rounded = Quantity.of(q.valueInt64(), 'DecimalSI');
      assert.is(Math.abs(rounded.cmp(q)), q.isExactAt(0) ? 0 : 1);
      assert.is(q.sub(rounded).cmpInt(1), -1);
      assert.is(q.sub(rounded).cmpInt(-1), 1);
    }),
  );
});

laws.run();
