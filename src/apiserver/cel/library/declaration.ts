// How a function is declared: overloads with their signatures as text, what they do and what they cost.
// Behaviour: cel-go v0.26.0 common/decls/decls.go.
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import { CelError, type CelValue, ListValue, MapValue, type Trait, typeOfValue } from '../values/value.ts';

export type Implementation = (...args: CelValue[]) => CelValue;

export interface Overload {
  readonly id: string;
  readonly member: boolean;
  readonly args: readonly CelType[];
  readonly result: CelType;
  readonly params: readonly string[];
  readonly call: Implementation | undefined;
  /** Called with errors as well. */
  readonly nonStrict: boolean;
  /** Bound as a function of any number of arguments: those stop at the first that fails. */
  readonly variadic: boolean;
}

export interface FunctionDecl {
  readonly name: string;
  readonly overloads: readonly Overload[];
  /** One implementation for all overloads, for values with that trait. */
  readonly singleton?: { readonly call: Implementation; readonly trait?: Trait };
  readonly unguarded?: boolean;
}

const NAMED: Readonly<Record<string, CelType>> = {
  any: types.ANY,
  bool: types.BOOL,
  bytes: types.BYTES,
  double: types.DOUBLE,
  duration: types.DURATION,
  dyn: types.DYN,
  int: types.INT,
  null: types.NULL,
  string: types.STRING,
  timestamp: types.TIMESTAMP,
  type: types.TYPE,
  uint: types.UINT,
  quantity: types.QUANTITY,
  url: types.URL_TYPE,
  ip: types.IP,
  cidr: types.CIDR,
  semver: types.SEMVER,
  format: types.FORMAT,
  authorizer: types.struct('kubernetes.authorization.Authorizer'),
  pathcheck: types.struct('kubernetes.authorization.PathCheck'),
  groupcheck: types.struct('kubernetes.authorization.GroupCheck'),
  resourcecheck: types.struct('kubernetes.authorization.ResourceCheck'),
  decision: types.struct('kubernetes.authorization.Decision'),
};

/** A type written as text: list(A), map(string, int), optional(V), type(A), or a name. */
export function typeNamed(text: string): CelType {
  const trimmed = text.trim();
  const open = trimmed.indexOf('(');
  if (open < 0) return NAMED[trimmed] ?? types.param(trimmed);
  const inner = splitTypes(trimmed.slice(open + 1, -1)).map(typeNamed) as [CelType, CelType];
  switch (trimmed.slice(0, open)) {
    case 'list':
      return types.list(inner[0]);
    case 'map':
      return types.map(inner[0], inner[1]);
    case 'optional':
      return types.optional(inner[0]);
    default:
      return types.typeOf(inner[0]);
  }
}

function splitTypes(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const c of text) {
    if (c === ',' && depth === 0) {
      parts.push(part);
      part = '';
      continue;
    }
    depth += c === '(' ? 1 : c === ')' ? -1 : 0;
    part += c;
  }
  if (part.trim() !== '') parts.push(part);
  return parts;
}

interface Extras {
  readonly nonStrict?: boolean;
  readonly variadic?: boolean;
}

function overload(
  member: boolean,
  id: string,
  signature: string,
  call?: Implementation,
  extras: Extras = {},
): Overload {
  const [args = '', result = 'dyn'] = signature.split('->');
  const argTypes = splitTypes(args).map(typeNamed);
  const resultType = typeNamed(result);
  const params = new Set<string>();
  const collect = (type: CelType): void => {
    if (type.kind === 'param') params.add(type.name);
    for (const part of type.params) collect(part);
  };
  for (const type of [resultType, ...argTypes]) collect(type);
  return {
    id,
    member,
    args: argTypes,
    result: resultType,
    params: [...params],
    call,
    nonStrict: extras.nonStrict ?? false,
    variadic: extras.variadic ?? argTypes.length > 2,
  };
}

export const global = (id: string, signature: string, call?: Implementation, extras?: Extras): Overload =>
  overload(false, id, signature, call, extras);
export const member = (id: string, signature: string, call?: Implementation, extras?: Extras): Overload =>
  overload(true, id, signature, call, extras);

export function fn(name: string, ...overloads: Overload[]): FunctionDecl {
  return { name, overloads };
}

export function noMatch(name: string, args: readonly CelValue[]): CelError {
  const error = args.find((arg) => arg instanceof CelError);
  if (error !== undefined) return error as CelError;
  return new CelError(`no such overload: ${name}(${args.map((arg) => typeOfValue(arg).name).join(', ')})`);
}

export function matchesArguments(decl: FunctionDecl, candidate: Overload, args: readonly CelValue[]): boolean {
  if (args.length !== candidate.args.length) return false;
  return args.every((arg, index) => {
    if (arg instanceof CelError) return candidate.nonStrict;
    return decl.unguarded === true || isAssignableValue(candidate.args[index] as CelType, arg);
  });
}

/** Looks at a list's and a map's first element only, as upstream. */
function isAssignableValue(type: CelType, value: CelValue): boolean {
  if (type.kind === 'dyn' || type.kind === 'any' || type.kind === 'param') return true;
  if (type.name !== typeOfValue(value).name) return false;
  if (type.kind === 'list' && value instanceof ListValue) {
    return value.size === 0 || isAssignableValue(type.params[0] as CelType, value.at(0));
  }
  if (type.kind === 'map' && value instanceof MapValue) {
    const [key] = value.keys();
    if (key === undefined) return true;
    const element = value.find(key) ?? null;
    return isAssignableValue(type.params[0] as CelType, key) && isAssignableValue(type.params[1] as CelType, element);
  }
  return true;
}
