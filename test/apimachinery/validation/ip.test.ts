import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fieldErrorMessage } from '../../../src/apimachinery/field-error.ts';
import { FieldPath } from '../../../src/apimachinery/field-path.ts';
import { ipText, networkContains, parseCidr, parseIp } from '../../../src/apimachinery/ip-address.ts';
import {
  isValidCidr,
  isValidCidrForLegacyField,
  isValidInterfaceAddress,
  isValidIp,
  isValidIpForLegacyField,
  warningsForCidr,
  warningsForIp,
} from '../../../src/apimachinery/validation/ip.ts';

const ips = suite('IP addresses');
const path = FieldPath.of('ip');

for (const { text, want } of [
  { text: '10.9.8.7', want: '10.9.8.7' },
  { text: '010.009.008.007', want: '10.9.8.7' },
  { text: '::ffff:1.2.3.4', want: '1.2.3.4' },
  { text: '2001:DB8::0001', want: '2001:db8::1' },
  { text: '2001:db8:0:1:0:0:0:1', want: '2001:db8:0:1::1' },
  { text: '::', want: '::' },
  { text: '1:0:0:2:0:0:0:3', want: '1:0:0:2::3' },
  { text: '1:2:3:4:5:6:7:8', want: '1:2:3:4:5:6:7:8' },
  { text: '1:0:2:3:4:5:6:7', want: '1:0:2:3:4:5:6:7' },
  { text: '1.2.3', want: undefined },
  { text: '1.2.3.256', want: undefined },
  { text: 'fe80::1%eth0', want: undefined },
  { text: '1::2::3', want: undefined },
  { text: '1:2:3:4:5:6:7::8', want: undefined },
  { text: '', want: undefined },
]) {
  ips(`${text} is ${want ?? 'no address'}`, () => {
    const ip = parseIp(text);
    assert.is(ip === undefined ? undefined : ipText(ip), want);
  });
}

for (const { got, want } of [
  { got: isValidIp(path, '10.0.0.1'), want: [] },
  {
    got: isValidIp(path, 'x'),
    want: ['ip: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
  },
  { got: isValidIp(path, '010.0.0.1'), want: ['ip: Invalid value: "010.0.0.1": must not have leading 0s'] },
  {
    got: isValidIp(path, '::ffff:1.2.3.4'),
    want: ['ip: Invalid value: "::ffff:1.2.3.4": must not be an IPv4-mapped IPv6 address'],
  },
  { got: isValidIp(path, 'AB::1'), want: ['ip: Invalid value: "AB::1": must be in canonical form ("ab::1")'] },
  { got: isValidIpForLegacyField(path, '010.0.0.1', false, []), want: [] },
  { got: isValidIpForLegacyField(path, '010.0.0.1', true, ['010.0.0.1']), want: [] },
  { got: isValidCidr(path, '10.0.0.0/8'), want: [] },
  {
    got: isValidCidr(path, '10.0.0.1/8'),
    want: ['ip: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length'],
  },
  {
    got: isValidCidr(path, '10.0.0.0/08'),
    want: ['ip: Invalid value: "10.0.0.0/08": must not have leading 0s in IP or prefix length'],
  },
  {
    got: isValidCidr(path, '10.0.0.0'),
    want: ['ip: Invalid value: "10.0.0.0": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'],
  },
  { got: isValidCidrForLegacyField(path, '10.0.0.1/8', false, []), want: [] },
  { got: isValidInterfaceAddress(path, '10.0.0.1/8'), want: [] },
  {
    got: isValidInterfaceAddress(path, '::ffff:192.168.0.1/120'),
    want: ['ip: Invalid value: "::ffff:192.168.0.1/120": must be in canonical form ("192.168.0.1/24")'],
  },
]) {
  ips(want[0] ?? 'valid', () => assert.equal(got.map(fieldErrorMessage), want));
}

for (const { got, want } of [
  { got: warningsForIp(path, '10.0.0.1'), want: [] },
  {
    got: warningsForIp(path, '10.0.0.01'),
    want: ['ip: non-standard IP address "10.0.0.01" is invalid: use "10.0.0.1"'],
  },
  {
    got: warningsForIp(path, '2001:db8::0001'),
    want: ['ip: IPv6 address "2001:db8::0001" should be in RFC 5952 canonical format ("2001:db8::1")'],
  },
  { got: warningsForCidr(path, '10.0.0.0/8'), want: [] },
  {
    got: warningsForCidr(path, '10.0.0.1/8'),
    want: ['ip: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or "10.0.0.1/32"?)'],
  },
  {
    got: warningsForCidr(path, '2001:DB8::/32'),
    want: ['ip: IPv6 CIDR value "2001:DB8::/32" should be in RFC 5952 canonical format ("2001:db8::/32")'],
  },
]) {
  ips(want[0] ?? 'no warning', () => assert.equal(got, want));
}

ips('a network has the addresses of its own family inside its prefix', () => {
  const network = parseCidr('10.1.0.0/16');
  const has = (text: string) => networkContains(network!, parseIp(text)!);
  assert.equal([has('10.1.2.3'), has('10.2.0.1'), has('::1')], [true, false, false]);
});

/** Numbers, and what nearly is one. */
const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '00', '01', '255', '256', '0x1', ' 1'));
const dotted = fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));

ips('the usual form of an address is told apart from all others', () => {
  fc.assert(
    fc.property(fc.oneof(dotted, fc.ipV4(), fc.ipV6()), (text) => {
      const ip = parseIp(text);
      const isPlain = ip !== undefined && !text.includes(':') && ipText(ip) === text;
      const says = [
        ...isValidIpForLegacyField(FieldPath.of('ip'), text, true, []),
        ...warningsForIp(FieldPath.of('ip'), text),
      ];
      if (isPlain) assert.equal(says, []);
      else if (!text.includes(':')) assert.ok(says.length > 0);
    }),
    { numRuns: 300 },
  );
});

ips.run();
