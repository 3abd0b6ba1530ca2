import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sha256 } from '../../../../src/planner/controllers/attachdetach/sha256.ts';

const hashes = suite('sha256');
hashes('the same as everybody else gets', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      assert.is(sha256(text), createHash('sha256').update(text, 'utf8').digest('hex'));
    }),
  );
});
hashes.run();
