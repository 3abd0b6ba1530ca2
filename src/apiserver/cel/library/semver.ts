// semver() and the order of versions.
// Behaviour: k8s.io/apiserver pkg/cel/library/semverlib.go, Kubernetes v1.36.3; blang/semver v4.
import { MAX_UINT64 } from '../../../apimachinery/go/integer-limits.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import * as types from '../values/types.ts';
import { CelError, type CelValue, KubernetesValue, noSuchOverload, textOf } from '../values/value.ts';
import { type FunctionDecl, fn, global, type Implementation, member } from './declaration.ts';

interface Version {
  readonly numbers: readonly [bigint, bigint, bigint];
  readonly pre: readonly string[];
  readonly build: readonly string[];
}
const PARTS = ['major', 'minor', 'patch'] as const;

class SemverValue extends KubernetesValue {
  readonly type = types.SEMVER;
  readonly version: Version;
  constructor(version: Version) {
    super();
    this.version = version;
  }
  equals(other: CelValue): boolean | CelError {
    return other instanceof SemverValue ? compareVersions(this.version, other.version) === 0 : noSuchOverload(other);
  }
  toString(): string {
    const { numbers, pre, build } = this.version;
    return (
      numbers.join('.') + (pre.length > 0 ? `-${pre.join('.')}` : '') + (build.length > 0 ? `+${build.join('.')}` : '')
    );
  }
}

function parseVersion(text: string): Version | CelError {
  if (text === '') return new CelError('Version string empty');
  const parts = splitN(text, '.', 3);
  if (parts.length !== 3) return new CelError('No Major.Minor.Patch elements found');
  let last = parts[2] as string;
  let build: readonly string[] = [];
  let pre: readonly string[] = [];
  const plus = last.indexOf('+');
  if (plus >= 0) {
    build = last.slice(plus + 1).split('.');
    last = last.slice(0, plus);
  }
  const minus = last.indexOf('-');
  if (minus >= 0) {
    pre = last.slice(minus + 1).split('.');
    last = last.slice(0, minus);
  }
  const numbers: bigint[] = [];
  for (const [index, part] of [parts[0] as string, parts[1] as string, last].entries()) {
    const number = numberPart(part, PARTS[index] as string);
    if (number instanceof CelError) return number;
    numbers.push(number);
  }
  for (const part of pre) {
    if (part === '') return new CelError('Prerelease is empty');
    if (/^[0-9]+$/.test(part)) {
      if (part.length > 1 && part.startsWith('0'))
        return new CelError(`Numeric PreRelease version must not contain leading zeroes ${goQuote(part)}`);
      if (BigInt(part) > MAX_UINT64)
        return new CelError(`strconv.ParseUint: parsing ${goQuote(part)}: value out of range`);
    } else if (!/^[0-9A-Za-z-]+$/.test(part)) {
      return new CelError(`Invalid character(s) found in prerelease ${goQuote(part)}`);
    }
  }
  for (const part of build) {
    if (part === '') return new CelError('Build meta data is empty');
    if (!/^[0-9A-Za-z-]+$/.test(part))
      return new CelError(`Invalid character(s) found in build meta data ${goQuote(part)}`);
  }
  return { numbers: numbers as [bigint, bigint, bigint], pre, build };
}

function numberPart(text: string, name: string): bigint | CelError {
  const title = name[0]?.toUpperCase() + name.slice(1);
  if (!/^[0-9]*$/.test(text)) return new CelError(`Invalid character(s) found in ${name} number ${goQuote(text)}`);
  if (text.length > 1 && text.startsWith('0'))
    return new CelError(`${title} number must not contain leading zeroes ${goQuote(text)}`);
  if (text === '') return new CelError('strconv.ParseUint: parsing "": invalid syntax');
  return BigInt(text) > MAX_UINT64
    ? new CelError(`strconv.ParseUint: parsing ${goQuote(text)}: value out of range`)
    : BigInt(text);
}

function splitN(text: string, separator: string, count: number): string[] {
  const parts = text.split(separator);
  return parts.length <= count ? parts : [...parts.slice(0, count - 1), parts.slice(count - 1).join(separator)];
}

/** A leading v and leading zeroes go, missing numbers are 0. */
function normalize(text: string): string | CelError {
  const parts = splitN(text.replace(/^v/, ''), '.', 3).map((part) => {
    if (part.length <= 1) return part;
    const trimmed = part.replace(/^0+/, '');
    return /^[0-9]/.test(trimmed) ? trimmed : `0${trimmed}`;
  });
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? ''))
    return new CelError('short version cannot contain PreRelease/Build meta data');
  while (parts.length < 3) parts.push('0');
  return parts.join('.');
}

function compareVersions(a: Version, b: Version): number {
  for (const [index, number] of a.numbers.entries()) {
    const other = b.numbers[index] as bigint;
    if (number !== other) return number < other ? -1 : 1;
  }
  if (a.pre.length === 0 || b.pre.length === 0)
    return Math.sign(b.pre.length - a.pre.length) * (a.pre.length === b.pre.length ? 0 : 1);
  for (let i = 0; i < Math.min(a.pre.length, b.pre.length); i++) {
    const order = comparePre(a.pre[i] as string, b.pre[i] as string);
    if (order !== 0) return order;
  }
  return Math.sign(a.pre.length - b.pre.length);
}

function comparePre(a: string, b: string): number {
  if (a === b) return 0;
  const numeric = [a, b].map((part) => /^[0-9]+$/.test(part));
  if (numeric[0] && numeric[1]) return BigInt(a) < BigInt(b) ? -1 : 1;
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  return a < b ? -1 : 1;
}

function read(value: CelValue | undefined, lax: CelValue | undefined): Version | CelError {
  const text = value === undefined ? undefined : textOf(value);
  if (text === undefined) return noSuchOverload(value);
  const source = lax === true ? normalize(text) : text;
  return source instanceof CelError ? source : parseVersion(source);
}

/** The version that a text gives strictly. */
export function semverOf(text: string): CelValue {
  const version = parseVersion(text);
  return version instanceof CelError ? version : new SemverValue(version);
}

const make: Implementation = (value, lax) => {
  const version = read(value, lax);
  return version instanceof CelError ? version : new SemverValue(version);
};
const test: Implementation = (value, lax) => !(read(value, lax) instanceof CelError);

const order = (name: string, id: string, result: string, use: (order: number) => CelValue): FunctionDecl =>
  fn(
    name,
    member(id, `semver, semver -> ${result}`, (a, b) =>
      a instanceof SemverValue && b instanceof SemverValue
        ? use(compareVersions(a.version, b.version))
        : noSuchOverload(a),
    ),
  );

export const SEMVER: readonly FunctionDecl[] = [
  fn(
    'semver',
    global('string_to_semver', 'string -> semver', make),
    global('string_bool_to_semver', 'string, bool -> semver', make),
  ),
  fn(
    'isSemver',
    global('is_semver_string', 'string -> bool', test),
    global('is_semver_string_bool', 'string, bool -> bool', test),
  ),
  order('isGreaterThan', 'semver_is_greater_than', 'bool', (result) => result === 1),
  order('isLessThan', 'semver_is_less_than', 'bool', (result) => result === -1),
  order('compareTo', 'semver_compare_to', 'int', (result) => BigInt(result)),
  ...PARTS.map((part, index) =>
    fn(
      part,
      member(`semver_${part}`, 'semver -> int', (value) =>
        value instanceof SemverValue
          ? BigInt.asIntN(64, value.version.numbers[index] as bigint)
          : noSuchOverload(value),
      ),
    ),
  ),
];
