import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  add,
  divide,
  type Int64,
  int64Of,
  int64OfFloat,
  larger,
  multiply,
  multiplyDivide,
  subtract,
} from '../../../../src/planner/scheduler/framework/int64.ts';
import { addResource, emptyResource, type Resource } from '../../../../src/planner/scheduler/framework/resource.ts';

const int64 = suite('int64');

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
/** Of every size, and often next to where something changes. */
const anyInt64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.maxSafeInteger().map(BigInt),
  fc.integer({ min: -1000, max: 1000 }).map(BigInt),
  fc
    .tuple(fc.constantFrom(2n ** 53n, -(2n ** 53n), 2n ** 63n, 2n ** 62n), fc.integer({ min: -2, max: 2 }))
    .map(([base, offset]) => wrap(base + BigInt(offset))),
);

const OPERATIONS: readonly (readonly [string, (a: Int64, b: Int64) => Int64, (a: bigint, b: bigint) => bigint])[] = [
  ['add', add, (a, b) => wrap(a + b)],
  ['subtract', subtract, (a, b) => wrap(a - b)],
  ['multiply', multiply, (a, b) => wrap(a * b)],
  ['divide', divide, (a, b) => wrap(a / b)],
  ['larger', larger, (a, b) => (a - b > 0n ? a : b)],
];

for (const [name, ours, model] of OPERATIONS)
  int64(`${name} answers as int64 does, with a number wherever one is exact`, () => {
    fc.assert(
      fc.property(anyInt64, anyInt64, (a, b) => {
        fc.pre(name !== 'divide' || b !== 0n);
        const result = ours(int64Of(a), int64Of(b));
        assert.is(BigInt(result), model(a, b), `${a} ${b}`);
        assert.is(typeof result, Number.isSafeInteger(Number(result)) ? 'number' : 'bigint', `${a} ${b}`);
        assert.not.ok(Object.is(result, -0), `${a} ${b}`);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

int64('multiplyDivide wraps the product, then truncates', () => {
  const small = fc.maxSafeInteger();
  fc.assert(
    fc.property(small, small, small, (a, b, c) => {
      fc.pre(c !== 0);
      assert.is(multiplyDivide(a, b, c) + 0, Number(wrap(BigInt(a) * BigInt(b)) / BigInt(c)) + 0, `${a} ${b} ${c}`);
    }),
    { numRuns: 2000, seed: 1 },
  );
});

int64('a float is cut toward zero, one that does not fit becomes the least int64', () => {
  assert.equal([1.9, -1.9, 2 ** 60, 2 ** 63, -(2 ** 64), Number.NaN].map(int64OfFloat), [
    1,
    -1,
    2n ** 60n,
    -(2n ** 63n),
    -(2n ** 63n),
    -(2n ** 63n),
  ]);
});

int64('what is added to a node and taken away again leaves it as it was, on the way it is what int64 has', () => {
  const amount = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
  const resource = fc.record({ milliCPU: amount, memory: amount, ephemeralStorage: amount, foo: amount });
  fc.assert(
    fc.property(fc.array(resource, { maxLength: 6 }), (list) => {
      const sum = emptyResource();
      const of = ({ milliCPU, memory, ephemeralStorage, foo }: (typeof list)[number]): Resource => ({
        milliCPU: int64Of(milliCPU),
        memory: int64Of(memory),
        ephemeralStorage: int64Of(ephemeralStorage),
        allowedPodNumber: 0,
        scalars: new Map([['example.com/foo', int64Of(foo)]]),
      });
      for (const entry of list) addResource(sum, of(entry), 1);
      const total = (get: (entry: (typeof list)[number]) => bigint): bigint =>
        wrap(list.reduce((all, entry) => all + get(entry), 0n));
      assert.is(
        BigInt(sum.milliCPU),
        total(({ milliCPU }) => milliCPU),
      );
      assert.is(
        BigInt(sum.memory),
        total(({ memory }) => memory),
      );
      assert.is(
        BigInt(sum.ephemeralStorage),
        total(({ ephemeralStorage }) => ephemeralStorage),
      );
      assert.is(
        BigInt(sum.scalars?.get('example.com/foo') ?? 0),
        total(({ foo }) => foo),
      );
      for (const entry of list) addResource(sum, of(entry), -1);
      assert.equal([sum.milliCPU, sum.memory, sum.ephemeralStorage], [0, 0, 0]);
    }),
    { numRuns: 300, seed: 1 },
  );
});

int64.run();
