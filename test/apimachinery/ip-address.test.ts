// A quick reader of IPv4 addresses agrees with the one that reads every address.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ipv4Number, parseIp } from '../../src/apimachinery/ip-address.ts';

const addresses = suite('IP addresses');

addresses('any text: the number is that of the bytes, where the text is a plain address', () => {
  const part = fc.oneof(
    fc.integer({ min: 0, max: 300 }).map(String),
    fc.constantFrom('', '00', '01', 'a', '-1', ' 1', ':'),
  );
  const text = fc.oneof(
    fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.')),
    fc.ipV4(),
    fc.ipV6(),
  );
  fc.assert(
    fc.property(text, (each) => {
      const isPlain = parseIp(each) !== undefined && !each.includes(':') && !/(^|\.)0\d/.test(each);
      const expected = isPlain
        ? parseIp(each)!
            .slice(12)
            .reduce((all, byte) => all * 256 + byte, 0)
        : undefined;
      assert.is(ipv4Number(each), expected, each);
    }),
    { numRuns: 2000 },
  );
});
addresses.run();
