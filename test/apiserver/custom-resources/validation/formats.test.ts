// The formats that a schema may give a string: what kube-apiserver v1.36.3 accepts and what it refuses.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatCheck, isRecognizedFormat } from '../../../../src/apiserver/custom-resources/validation/formats.ts';

const test = suite('formats of strings');

const CASES: readonly (readonly [format: string, accepted: readonly string[], refused: readonly string[]])[] = [
  ['email', ['a@b.c', 'Bob <a@b.c>', 'a@b', '"a b"@c.d', '<a@b.c>'], ['a..b@c', 'a@b.c,', 'a b@c', '']],
  ['uri', ['http://a', '/x', 'a:b', 'http://[::1]:80/'], ['x', 'http://a b', 'http://a%zz', 'http://a:x', '', '%']],
  ['hostname', ['a', 'a.bc', 'A.BC', 'ä.com'], ['a.b', '-a', 'a_b', 'a..b', 'x'.repeat(64)]],
  ['ipv4', ['1.2.3.4', '01.2.3.4'], ['1.2.3', '1.2.3.400']],
  ['ipv6', ['::1', '::ffff:1.2.3.4'], ['1::2::3', 'fe80::1%eth0', '1.2.3.4']],
  ['cidr', ['1.2.3.4/8', '01.2.3.4/8', '::/0'], ['1.2.3.4', '1.2.3.4/33']],
  ['mac', ['00:11:22:33:44:55', '0011.2233.4455', '001122334455'], ['00:11', '00:11-22:33:44:55']],
  ['isbn', ['0321751043', '978-0321751041'], ['9780321751042']],
  ['creditcard', ['4111111111111111'], ['4111-1111-1111-1112']],
  ['byte', ['YQ=='], ['', 'YQ', 'a=']],
  ['date', ['2024-02-29'], ['2024-02-30', '24-1-1']],
  ['duration', ['1h', '2 hours', '1d', '3 minutes', '1.5h'], ['5', 'x', '2 foo']],
  [
    'date-time',
    ['2024-01-01T00:00:00Z', '2024-01-01t00:00:00.5+01:00'],
    ['2024-01-01T24:00:00Z', '2024-01-01T00:00:00'],
  ],
  ['k8s-short-name', ['a'], ['A', 'a.b']],
  ['k8s-long-name', ['a.b'], ['A']],
];

for (const [format, accepted, refused] of CASES)
  test(`${format} accepts and refuses what Kubernetes does`, () => {
    const isOfFormat = formatCheck(format)!;
    assert.equal(
      accepted.filter((text) => !isOfFormat(text)),
      [],
    );
    assert.equal(refused.filter(isOfFormat), []);
  });

test('a format that does not belong to the type is not recognized', () => {
  assert.is(isRecognizedFormat('int32', 'integer'), true);
  assert.is(isRecognizedFormat('int32', 'string'), false);
  assert.is(isRecognizedFormat('date-time', ''), true);
  assert.is(isRecognizedFormat('bogus', 'string'), false);
  assert.is(isRecognizedFormat('uuid', 'boolean'), false);
});

test.run();
