// The digest of a described cluster is that of its JSON, although it is never written as a whole.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jsonPieces } from '../../../src/planner/changes/digests.ts';

const digests = suite('digests');

digests('any value: its pieces are its JSON', () => {
  const long = fc
    .tuple(fc.nat(200), fc.constantFrom<unknown>('a', null, undefined, 7, { b: [] }))
    .map(([length, each]) => new Array<unknown>(length).fill(each));
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.jsonValue(),
      long,
      fc.constantFrom({ toJSON: () => 'own' }, new Date(0), undefined),
      fc.dictionary(fc.constantFrom('a', '"', '1', 'b'), tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(value, (each) => {
      assert.is([...jsonPieces(each)].join(''), JSON.stringify(each) ?? 'null');
    }),
    { numRuns: 1000 },
  );
});

digests('a long list deep in an object comes in pieces', () => {
  const value = { spec: { objects: new Array(1000).fill({ kind: 'Pod' }) } };
  const pieces = [...jsonPieces(value)];
  assert.ok(pieces.every(({ length }) => length < 2000));
  assert.is(pieces.join(''), JSON.stringify(value));
});
digests.run();
