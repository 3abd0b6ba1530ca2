import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fieldErrorMessage } from '../../../src/apimachinery/field-error.ts';
import { FieldPath } from '../../../src/apimachinery/field-path.ts';
import {
  isCIdentifier,
  isConfigMapKey,
  isDecimalInteger,
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isDns1123SubdomainWithUnderscore,
  isDomainPrefixedKey,
  isDomainPrefixedPath,
  isEnvVarName,
  isFullyQualifiedDomainName,
  isFullyQualifiedName,
  isHttpHeaderName,
  isPathSegmentName,
  isQualifiedName,
  isRelaxedEnvVarName,
  isValidLabelValue,
  isValidPercent,
  isValidPortName,
  isValidPortNum,
  isWildcardDns1123Subdomain,
} from '../../../src/apimachinery/validation/names.ts';

const names = suite('names');
const long = (n: number) => 'a'.repeat(n);

for (const { rule, check, good, bad } of [
  {
    rule: 'DNS-1123 label',
    check: isDns1123Label,
    good: ['a', '0', 'a-1', 'a--1--2--b', long(63)],
    bad: ['', 'A', '-a', 'a-', 'a.b', 'a_b', ' a', 'a\n', long(64)],
  },
  {
    rule: 'DNS-1123 subdomain',
    check: isDns1123Subdomain,
    good: ['a', 'a.b', '0.1', 'a-1.b', long(253)],
    bad: ['', '.', 'a.', '.a', 'a..b', 'A.b', 'a_b', long(254)],
  },
  {
    rule: 'DNS-1123 subdomain with underscores',
    check: isDns1123SubdomainWithUnderscore,
    good: ['a_b', '_a.b', 'a._b'],
    bad: ['__a', 'a_', 'A'],
  },
  { rule: 'wildcard', check: isWildcardDns1123Subdomain, good: ['*.a', '*.a.b'], bad: ['*', '*a.b', 'a.*.b', 'a.b'] },
  { rule: 'DNS-1035 label', check: isDns1035Label, good: ['a', 'a-1'], bad: ['', '0a', 'A', 'a-', long(64)] },
  {
    rule: 'qualified name',
    check: isQualifiedName,
    good: ['a', 'A.b_c-d', 'a.b/c', '1/2', long(63), `${long(253)}/a`],
    bad: ['', '/', 'a/', '/a', 'a/b/c', '-a', 'a-', 'A/b', 'a b', long(64), `${long(254)}/a`],
  },
  {
    rule: 'label value',
    check: isValidLabelValue,
    good: ['', 'a', 'A.b_c-d', long(63)],
    bad: ['-', 'a-', '_a', 'a b', 'a/b', 'é', long(64)],
  },
  { rule: 'C identifier', check: isCIdentifier, good: ['a', '_', 'A1'], bad: ['', '1a', 'a-b', 'a.b'] },
  {
    rule: 'port name',
    check: isValidPortName,
    good: ['a', 'http', '8080-a', long(15)],
    bad: ['', '80', '-a', 'a-', 'a--b', 'A', long(16)],
  },
  { rule: 'percent', check: isValidPercent, good: ['0%', '93%', '150%'], bad: ['', '%', '-1%', '1.5%', '5'] },
  { rule: 'HTTP header', check: isHttpHeaderName, good: ['X-Header'], bad: ['', 'X_Header', 'X:Y'] },
  {
    rule: 'environment variable',
    check: isEnvVarName,
    good: ['a', '_A.b-c', '.a'],
    bad: ['', '1a', 'a=b', '.', '..', '..a', 'a b'],
  },
  {
    rule: 'relaxed environment variable',
    check: isRelaxedEnvVarName,
    good: ['a', '1a', 'a b', '..', ':'],
    bad: ['', 'a=b', 'a\n', 'é'],
  },
  {
    rule: 'ConfigMap key',
    check: isConfigMapKey,
    good: ['a', 'A.b_c', '...a'.slice(2), long(253)],
    bad: ['', '.', '..', '..a', 'a/b', long(254)],
  },
  {
    rule: 'decimal integer',
    check: isDecimalInteger,
    good: ['0', '-1', '9223372036854775808'],
    bad: ['', '-', '-0', '01', '+1', '1.0'],
  },
  { rule: 'path segment', check: isPathSegmentName, good: ['', 'a', '...'], bad: ['.', '..', 'a/b', 'a%b'] },
]) {
  names(`${rule} takes what is valid`, () => {
    for (const value of good) assert.equal(check(value), [], value);
  });
  names(`${rule} refuses what is not`, () => {
    for (const value of bad) assert.ok(check(value).length > 0, value);
  });
}

for (const { got, want } of [
  {
    got: isDns1123Label('A'),
    want: [
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
  },
  { got: isDns1123Label('a.b'), want: ['must not contain dots'] },
  { got: isDns1123Label(long(64)), want: ['must be no more than 63 characters'] },
  { got: isValidLabelValue(long(64)), want: ['must be no more than 63 bytes'] },
  {
    got: isDns1123Subdomain('A'),
    want: [
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ],
  },
  {
    got: isQualifiedName('a/'),
    want: [
      'name part must be non-empty',
      "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
    ],
  },
  {
    got: isQualifiedName('a/b/c'),
    want: [
      "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
    ],
  },
  { got: isValidPortNum(0), want: ['must be between 1 and 65535, inclusive'] },
]) {
  names(`says "${want[0]?.slice(0, 60)}"`, () => assert.equal(got, want));
}

names('whatever is a label is a subdomain, a label value and a name too', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/), (label) => {
      assert.equal(isDns1123Label(label), []);
      assert.equal(isDns1123Subdomain(label), []);
      assert.equal(isValidLabelValue(label), []);
      assert.equal(isQualifiedName(label), []);
    }),
  );
});

names.run();

const qualified = suite('names as fields');
const path = FieldPath.of('f');

for (const { got, want } of [
  { got: isFullyQualifiedName(path, 'a.b.c'), want: [] },
  { got: isFullyQualifiedName(path, ''), want: ['f: Required value'] },
  {
    got: isFullyQualifiedName(path, 'a.b'),
    want: ['f: Invalid value: "a.b": should be a domain with at least three segments separated by dots'],
  },
  { got: isFullyQualifiedDomainName(path, 'a.b.'), want: [] },
  {
    got: isFullyQualifiedDomainName(path, 'a'),
    want: ['f: Invalid value: "a": should be a domain with at least two segments separated by dots'],
  },
  { got: isDomainPrefixedPath(path, 'a.io/b/c'), want: [] },
  {
    got: isDomainPrefixedPath(path, 'a.io/'),
    want: ['f: Invalid value: "a.io/": must be a domain-prefixed path (such as "acme.io/foo")'],
  },
  { got: isDomainPrefixedKey(path, 'a.io/b'), want: [] },
  {
    got: isDomainPrefixedKey(path, 'b'),
    want: ['f: Invalid value: "b": must be a domain-prefixed key (such as "acme.io/foo")'],
  },
]) {
  qualified(want[0] ?? 'valid', () => assert.equal(got.map(fieldErrorMessage), want));
}

qualified.run();
