// CEL's types: how they are named, printed, compared and assigned.
// Behaviour: cel-go v0.26.0 common/types/types.go, checker/{types,format,mapping}.go.

export type Kind =
  | 'any'
  | 'bool'
  | 'bytes'
  | 'double'
  | 'duration'
  | 'dyn'
  | 'error'
  | 'int'
  | 'list'
  | 'map'
  | 'null'
  | 'opaque'
  | 'param'
  | 'string'
  | 'struct'
  | 'timestamp'
  | 'type'
  | 'uint'
  | 'unknown';

export class CelType {
  readonly kind: Kind;
  readonly name: string;
  readonly params: readonly CelType[];
  /** Whether null fits it too, as a google.protobuf wrapper. */
  readonly nullable: boolean;
  #text: string | undefined;

  constructor(kind: Kind, name: string, params: readonly CelType[] = [], nullable = false) {
    this.kind = kind;
    this.name = name;
    this.params = params;
    this.nullable = nullable;
  }

  /** As the type checker's messages print it. */
  format(): string {
    return (this.#text ??= formatType(this));
  }

  /** As an expression's output type prints. */
  toString(): string {
    if (this.kind === 'param') return `<${this.name}>`;
    if (this.nullable) return `wrapper(${this.name})`;
    return this.params.length === 0 ? this.name : `${this.name}(${this.params.join(', ')})`;
  }
}

const SHORT: Partial<Readonly<Record<Kind, string>>> = {
  any: 'any',
  duration: 'duration',
  error: '!error!',
  null: 'null',
  timestamp: 'timestamp',
};

function formatType(type: CelType): string {
  const short = SHORT[type.kind];
  if (short !== undefined) return short;
  if (type.nullable) return `wrapper(${type.name})`;
  if (type.kind === 'param' || type.params.length === 0) return type.name;
  return `${type.name}(${type.params.map((param) => param.format()).join(', ')})`;
}

export const ANY = new CelType('any', 'google.protobuf.Any');
export const BOOL = new CelType('bool', 'bool');
export const BYTES = new CelType('bytes', 'bytes');
export const DOUBLE = new CelType('double', 'double');
export const DURATION = new CelType('duration', 'google.protobuf.Duration');
export const DYN = new CelType('dyn', 'dyn');
export const ERROR = new CelType('error', 'error');
export const INT = new CelType('int', 'int');
export const NULL = new CelType('null', 'null_type');
export const STRING = new CelType('string', 'string');
export const TIMESTAMP = new CelType('timestamp', 'google.protobuf.Timestamp');
export const TYPE = new CelType('type', 'type');
export const UINT = new CelType('uint', 'uint');
export const UNKNOWN = new CelType('unknown', 'unknown');

export const list = (element: CelType): CelType => new CelType('list', 'list', [element]);
export const map = (key: CelType, value: CelType): CelType => new CelType('map', 'map', [key, value]);
export const optional = (param: CelType): CelType => new CelType('opaque', 'optional_type', [param]);
export const opaque = (name: string): CelType => new CelType('opaque', name);
export const struct = (name: string): CelType => new CelType('struct', name);
export const param = (name: string): CelType => new CelType('param', name);
export const typeOf = (type: CelType): CelType => new CelType('type', 'type', [type]);

export const wrapper = (type: CelType): CelType => new CelType(type.kind, type.name, [], true);

export const LIST = list(DYN);
export const MAP = map(DYN, DYN);
export const OPTIONAL = opaque('optional_type');
export const QUANTITY = struct('kubernetes.Quantity');
export const URL_TYPE = struct('kubernetes.URL');
export const SEMVER = struct('kubernetes.Semver');
export const FORMAT = struct('kubernetes.NamedFormat');
export const IP = opaque('net.IP');
export const CIDR = opaque('net.CIDR');

export function isExact(a: CelType, b: CelType, paramNames = true): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.params.length !== b.params.length) return false;
  if ((paramNames || a.kind !== 'param') && a.name !== b.name) return false;
  return a.params.every((part, index) => isExact(part, b.params[index] as CelType, paramNames));
}

/** Equal but for the names of type parameters. */
export const isEquivalent = (a: CelType, b: CelType): boolean => isExact(a, b, false);

export const isDyn = (type: CelType): boolean => type.kind === 'dyn' || type.kind === 'any';

export function unwrapOptional(type: CelType): CelType | undefined {
  return type.kind === 'opaque' && type.name === 'optional_type' ? type.params[0] : undefined;
}

/** What stands for each type parameter so far. */
export type Mapping = ReadonlyMap<string, CelType>;
type Growing = Map<string, CelType>;

export function substitute(mapping: Mapping, type: CelType, paramToDyn: boolean): CelType {
  const found = mapping.get(type.format());
  if (found !== undefined) return substitute(mapping, found, paramToDyn);
  if (type.kind === 'param') return paramToDyn ? DYN : type;
  if (type.params.length === 0 || !['opaque', 'list', 'map', 'type'].includes(type.kind)) return type;
  return new CelType(
    type.kind,
    type.name,
    type.params.map((part) => substitute(mapping, part, paramToDyn)),
  );
}

/** The mapping under which every type of the second list fits the first, if there is one. */
export function assignableList(
  mapping: Mapping,
  first: readonly CelType[],
  second: readonly CelType[],
): Mapping | undefined {
  const grown: Growing = new Map(mapping);
  return listFits(grown, first, second) ? grown : undefined;
}

export function assignable(mapping: Mapping, first: CelType, second: CelType): Mapping | undefined {
  const grown: Growing = new Map(mapping);
  return fits(grown, first, second) ? grown : undefined;
}

function listFits(mapping: Growing, first: readonly CelType[], second: readonly CelType[]): boolean {
  return first.length === second.length && first.every((type, index) => fits(mapping, type, second[index] as CelType));
}

function fits(mapping: Growing, first: CelType, second: CelType): boolean {
  if (second.kind === 'param') {
    const { valid, known } = fitsParam(mapping, first, second);
    if (valid) return true;
    if (known) return false;
  }
  if (first.kind === 'param') return fitsParam(mapping, second, first).valid;
  const lax = (type: CelType): boolean => isDyn(type) || type.kind === 'error';
  if (lax(first) || lax(second)) return true;
  if (first.kind === 'null') return isNullable(second);
  if (second.kind === 'null') return isNullable(first);
  if (first.kind === 'type') return second.kind === 'type';
  if (first.kind === 'opaque' || first.kind === 'list' || first.kind === 'map') {
    return first.kind === second.kind && first.name === second.name && listFits(mapping, first.params, second.params);
  }
  return first.kind === second.kind && first.name === second.name;
}

const NULLABLE: ReadonlySet<Kind> = new Set<Kind>(['opaque', 'struct', 'any', 'duration', 'timestamp', 'null']);
const isNullable = (type: CelType): boolean => type.nullable || NULLABLE.has(type.kind);

function fitsParam(mapping: Growing, type: CelType, parameter: CelType): { valid: boolean; known: boolean } {
  if (isExact(type, parameter)) return { valid: true, known: true };
  const known = mapping.get(parameter.format());
  if (known === undefined) {
    if (!isFree(mapping, parameter, type)) return { valid: false, known: false };
    mapping.set(parameter.format(), type);
    return { valid: true, known: false };
  }
  if (isExact(type, known)) return { valid: true, known: true };
  if (!fits(mapping, type, known)) return { valid: false, known: true };
  const general = mostGeneral(type, known);
  if (isFree(mapping, parameter, general)) mapping.set(parameter.format(), general);
  return { valid: true, known: true };
}

export function mostGeneral(a: CelType, b: CelType): CelType {
  return isEqualOrLessSpecific(a, b) ? a : b;
}

function isEqualOrLessSpecific(a: CelType, b: CelType): boolean {
  if (isDyn(a) || a.kind === 'param') return true;
  if (isDyn(b) || b.kind === 'param' || a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'opaque':
    case 'list':
    case 'map':
      return (
        a.name === b.name &&
        a.params.length === b.params.length &&
        a.params.every((part, index) => isEqualOrLessSpecific(part, b.params[index] as CelType))
      );
    case 'type':
      return true;
    default:
      return isExact(a, b);
  }
}

/** Whether a parameter does not occur in the type it would stand for. */
function isFree(mapping: Mapping, parameter: CelType, within: CelType): boolean {
  if (isExact(parameter, within)) return false;
  if (within.kind === 'param') {
    const known = mapping.get(within.format());
    return known === undefined || isFree(mapping, parameter, known);
  }
  return within.params.every((part) => isFree(mapping, parameter, part));
}
