// What an expression can name: variables, types with their fields, functions, and the types that can be constructed.
// Behaviour: cel-go v0.26.0 checker/env.go; k8s.io/apiserver pkg/cel/environment/base.go, Kubernetes v1.36.3.
import type { FunctionDecl, Overload } from '../library/declaration.ts';
import type { MoreMacros } from '../parser/macros.ts';
import type { DeclType } from '../schema/decl-type.ts';
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import type { CelError, CelValue } from '../values/value.ts';

/** A struct type whose fields are known, or, without them, of any name. */
export interface StructType {
  readonly type: CelType;
  field(name: string): CelType | undefined;
  /** Makes a value of it; undefined for types that cannot be constructed. */
  readonly create?: (fields: ReadonlyMap<string, CelValue>) => CelValue | CelError;
  /** Whether a selected field that is absent reads as null instead of failing. */
  readonly dynamic?: boolean;
  /** A message of google.protobuf that stands for a plain value. */
  readonly wellKnown?: boolean;
}

export interface Environment {
  readonly variables: ReadonlyMap<string, CelType>;
  readonly functions: ReadonlyMap<string, FunctionDecl>;
  structType(name: string): StructType | undefined;
  /** The type of a variable as a schema describes it, for the size estimates. */
  readonly sizes?: DeclType;
  /** What it has beside the macros of all environments. */
  readonly macros?: MoreMacros;
}

const A = types.param('A');
const IDENTIFIERS: ReadonlyMap<string, CelType> = new Map(
  [
    types.BOOL,
    types.BYTES,
    types.DOUBLE,
    types.DURATION,
    types.INT,
    types.list(A),
    types.map(A, types.param('B')),
    types.NULL,
    types.STRING,
    types.TIMESTAMP,
    types.TYPE,
    types.UINT,
    types.IP,
    types.CIDR,
    types.OPTIONAL,
  ].map((type) => [type.name, types.typeOf(type)]),
);

export function standardIdentifier(name: string): CelType | undefined {
  return IDENTIFIERS.get(name);
}

/** Joins declarations of the same function in the order in which libraries are loaded. */
export function functionTable(...libraries: readonly (readonly FunctionDecl[])[]): ReadonlyMap<string, FunctionDecl> {
  const table = new Map<string, FunctionDecl>();
  for (const decl of libraries.flat()) {
    const known = table.get(decl.name);
    const overloads: Overload[] = [...(known?.overloads ?? []), ...decl.overloads];
    table.set(decl.name, { ...known, ...decl, overloads });
  }
  return table;
}
