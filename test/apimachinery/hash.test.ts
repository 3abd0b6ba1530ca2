import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { generateName, nextSuffix } from '../../src/apimachinery/generated-name.ts';
import { fnv32, fnv32a, fnv128a, SAFE_ALPHABET, safeEncodeString } from '../../src/apimachinery/hash.ts';

const hashes = suite('FNV');

for (const { text, h32, h32a, h128a } of [
  {
    text: '',
    h32: 2166136261,
    h32a: 2166136261,
    h128a: 0x6c62272e07bb014262b821756295c58dn,
  },
  {
    text: 'foobar',
    h32: 0x31f0b262,
    h32a: 0xbf9cf968,
    h128a: 0x343e1662793c64bf6f0d3597ba446f18n,
  },
]) {
  hashes(`of ${JSON.stringify(text)}`, () => {
    assert.equal([fnv32(text), fnv32a(text), fnv128a(text)], [h32, h32a, h128a]);
  });
}

hashes('continue where they stopped', () => {
  assert.is(fnv32a('bar', fnv32a('foo')), fnv32a('foobar'));
  assert.is(fnv32('bar', fnv32('foo')), fnv32('foobar'));
});

hashes('digits are written in the safe alphabet', () => assert.is(safeEncodeString('0123456789'), '456789bcdf'));
hashes.run();

const generated = suite('generated names');

generated('the base is cut to 58 bytes and five safe characters follow', () => {
  assert.is(generateName('a'.repeat(70), 'seed', 0).length, 63);
  assert.match(generateName('web-', 'seed', 0), new RegExp(`^web-[${SAFE_ALPHABET}]{5}$`));
  assert.is(Buffer.byteLength(generateName('é'.repeat(40), 'seed', 0)), 63);
});

generated('the same seed and counter give the same suffix', () => {
  assert.is(nextSuffix('a', 7), nextSuffix('a', 7));
  assert.is.not(nextSuffix('a', 7), nextSuffix('b', 7));
});

generated('no suffix comes twice for one seed', () => {
  const seen = new Set(Array.from({ length: 50_000 }, (_, i) => nextSuffix(1, i)));
  assert.is(seen.size, 50_000);
});

generated('every place uses every letter about equally often', () => {
  for (let place = 0; place < 5; place++) {
    const counts = new Map<string, number>();
    for (let i = 0; i < 2700; i++) {
      const letter = nextSuffix('x', i).charAt(place);
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    assert.is(counts.size, SAFE_ALPHABET.length);
    assert.ok(Math.max(...counts.values()) < 300);
  }
});

generated('a text hashes as its bytes do', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const bytes = new TextEncoder().encode(text);
      assert.equal([fnv32(text), fnv32a(text)], [fnv32(bytes), fnv32a(bytes)]);
    }),
  );
});
generated.run();
