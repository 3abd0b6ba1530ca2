import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../../src/apiserver/cel/compile.ts';
import { plainEnvironment, ruleEnvironment } from '../../../src/apiserver/cel/environments.ts';
import { escapeName, unescapeName } from '../../../src/apiserver/cel/schema/decl-type.ts';
import { schemaValue } from '../../../src/apiserver/cel/schema/schema-values.ts';
import { equal, fromData } from '../../../src/apiserver/cel/values/collections.ts';

const test = suite('cel');
const environment = plainEnvironment({ m: 'dyn' });
const variables = new Map([['m', fromData({ a: 1, b: null, c: [1, 2] })]]);

function evaluate(source: string) {
  const compiled = compile(source, environment);
  return compiled.ok ? compiled.program.evaluate(variables) : compiled;
}

const TRUE: readonly string[] = [
  '1 + 2 * 3 == 7',
  '-7 / 2 == -3',
  '7 % -2 == 1',
  '2u < 3',
  '1.0 == dyn(1)',
  "'a' + 'b' == 'ab'",
  '[1, 2] + [3] == [1, 2, 3]',
  'has(m.b) && !has(m.x)',
  'm.?x.orValue(5) == 5',
  '[1, 2, 3].exists(x, x > 2)',
  '{1: 2}.all(k, v, k < v)',
  "'%s has %d: %.2f'.format(['x', 3, 1.5]) == 'x has 3: 1.50'",
  "quantity('1Ki').isGreaterThan(quantity('1k'))",
  "ip('::1').isLoopback()",
  "cidr('10.0.0.0/8').containsIP('10.1.2.3')",
  "semver('1.2.3').isLessThan(semver('1.10.0'))",
  "url('https://example.com:80/a?b=c').getPort() == '80'",
  "'abc 123'.find('[0-9]+') == '123'",
  "!format.dns1123Label().validate('ok').hasValue()",
  "timestamp('2024-02-29T12:00:00Z').getDayOfYear() == 59",
  'sets.equivalent([1, 2], [2, 1, 1])',
  '[3, 1, 2].sort() == [1, 2, 3]',
  "duration('90m') == duration('1h30m')",
  "double('1_0.5_0e1') == 105.0",
  "double('0x_1p1') == 2.0",
  "google.protobuf.Duration{seconds: 90, nanos: 1} > duration('90s')",
  "google.protobuf.Timestamp{seconds: 60} == timestamp('1970-01-01T00:01:00Z')",
];
for (const source of TRUE) {
  test(`${source} is true`, () => {
    const result = evaluate(source);
    assert.is(result.ok ? result.value : result.error, true);
  });
}

const ERRORS: readonly (readonly [string, string])[] = [
  [
    '1 +',
    "ERROR: <input>:1:4: Syntax error: mismatched input '<EOF>' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}\n | 1 +\n | ...^",
  ],
  [
    "1 + 'a'",
    "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | 1 + 'a'\n | ..^",
  ],
  ['google.protobuf.Any{} == 1', 'unsupported conversion to ref.Val: (*dynamicpb.Message)'],
  [
    'google.protobuf.Timestamp{op: 1}',
    "ERROR: <input>:1:29: undefined field 'op'\n | google.protobuf.Timestamp{op: 1}\n | ............................^",
  ],
  ["timestamp('2024-02-29T12:00:00Z').getHours('a/../b')", 'time: invalid location name'],
  ["double('1__0')", "program instantiation failed: type conversion error from 'string' to 'double'"],
  ['x.y', "ERROR: <input>:1:1: undeclared reference to 'x' (in container '')\n | x.y\n | ^"],
  ['1 / 0', 'division by zero'],
  ['m.x', 'no such key: x'],
  ['[1][5]', 'index out of bounds: 5'],
  ["int('a')", "program instantiation failed: type conversion error from 'string' to 'int'"],
];
for (const [source, message] of ERRORS) {
  test(`${source} fails with upstream's text`, () => {
    const result = evaluate(source);
    assert.is(result.ok ? 'no error' : result.error, message);
  });
}

test('an evaluation over the limit ends', () => {
  const compiled = compile('[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, a + b > 0))', environment);
  const result = compiled.ok ? compiled.program.evaluate(variables, 50) : compiled;
  assert.is(result.ok ? '' : result.error, 'operation cancelled: actual cost limit exceeded');
});

test('a schema types self and bounds the estimate', () => {
  const schema = {
    type: 'object',
    properties: { 'a-b': { type: 'string', maxLength: 10 }, namespace: { type: 'string' } },
  };
  const rule = ruleEnvironment(schema, { typeName: 'self' });
  if (rule === undefined) throw new Error('no declared type');
  const compiled = compile("self.a__dash__b.contains('x') && self.namespace == 'n'", rule);
  if (!compiled.ok) throw new Error(compiled.error);
  assert.ok(compiled.estimatedCost.max < 100n);
  const self = schemaValue({ 'a-b': 'xyz', namespace: 'n' }, schema);
  const result = compiled.program.evaluate(new Map([['self', self]]));
  assert.is(result.ok && result.value, true);
});

test('escaped property names come back', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9.\-/]{0,12}$/), (name) => {
      const escaped = escapeName(name);
      assert.is(escaped === undefined ? undefined : unescapeName(escaped), name);
    }),
  );
});

test('integers print and read back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), (value) => {
      const result = evaluate(`int(string(${value}))`);
      assert.ok(result.ok && equal(result.value, value) === true);
    }),
    { numRuns: 50 },
  );
});

test('hostile nesting ends quickly', () => {
  const result = evaluate(`${'('.repeat(5000)}1${')'.repeat(5000)}`);
  assert.not(result.ok);
});

test.run();
