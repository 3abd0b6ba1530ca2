// The name that was probably meant, among few names and among many.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NearNames } from '../../../src/planner/references/near-names.ts';

const MANY = Array.from({ length: 500 }, (_, i) => `unlike-${i}-${'z'.repeat(20)}`);

const near = suite('near names');
for (const [situation, name, others, want] of [
  ['one letter more', 'web', ['webs', 'db'], 'webs'],
  ['one letter less', 'webs', ['web'], 'web'],
  ['another letter', 'cart', ['card', 'dart'], 'card'],
  ['nothing like it', 'web', ['database'], undefined],
  ['no names at all', 'web', [], undefined],
] as const) {
  near(`${situation}, among few names`, () => assert.is(new NearNames(others).nearest(name), want));
  near(`${situation}, among many names`, () => assert.is(new NearNames([...others, ...MANY]).nearest(name), want));
}
near('two letters off in a long name, among few names: found', () => {
  assert.is(new NearNames(['frontend-config']).nearest('frontnd-confg'), 'frontend-config');
});
near('whatever is found among many names is one edit away', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(word, fc.array(word), (name, others) => {
      const few = new NearNames(others).nearest(name);
      const many = new NearNames([...others, ...MANY]).nearest(name);
      // Short names: both look one edit far.
      if (name.length < 8 && !others.includes(name)) assert.is(many === undefined, few === undefined);
    }),
  );
});
near.run();
