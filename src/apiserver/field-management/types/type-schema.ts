// The types of server-side apply: each says which of scalar, list and map a value may be, and how a list or map is owned.
// Behaviour: sigs.k8s.io/structured-merge-diff/v6 v6.3.3 schema/elements.go and
// k8s.io/kube-openapi pkg/schemaconv, as in Kubernetes v1.36.3.
import type { Json } from '../../../apimachinery/json.ts';

export type Scalar = 'numeric' | 'string' | 'boolean' | 'untyped';

/** Types refer to each other, so a reference is a function; it answers the same atom each time. */
export type TypeReference = () => Atom;

export interface StructField {
  readonly type: TypeReference;
  readonly default?: Json;
}

export interface MapAtom {
  readonly fields: ReadonlyMap<string, StructField>;
  /** The type of what is not among the fields; absent where nothing else may be. */
  readonly elementType?: TypeReference;
  readonly isAtomic: boolean;
}

export interface ListAtom {
  readonly elementType: TypeReference;
  readonly isAtomic: boolean;
  /** Empty for a set of scalars. */
  readonly keys: readonly string[];
}

export interface Atom {
  readonly scalar?: Scalar;
  readonly list?: ListAtom;
  readonly map?: MapAtom;
}

export const NO_FIELDS: ReadonlyMap<string, StructField> = new Map();

const untypedAtomic: TypeReference = () => UNTYPED_ATOMIC;
const deduced: TypeReference = () => DEDUCED;

/** Anything, owned as one. */
export const UNTYPED_ATOMIC: Atom = {
  scalar: 'untyped',
  list: { elementType: untypedAtomic, isAtomic: true, keys: [] },
  map: { fields: NO_FIELDS, elementType: untypedAtomic, isAtomic: true },
};

/** Anything; each key of a map is owned by itself, a list as one. */
export const DEDUCED: Atom = {
  scalar: 'untyped',
  list: { elementType: untypedAtomic, isAtomic: true, keys: [] },
  map: { fields: NO_FIELDS, elementType: deduced, isAtomic: false },
};

/** What a schema without a type stands for: any scalar, an atomic list, a map of whatever there is. */
export const UNTYPED: Atom = {
  scalar: 'untyped',
  list: { elementType: untypedAtomic, isAtomic: true, keys: [] },
  map: { fields: NO_FIELDS, elementType: deduced, isAtomic: false },
};

export const deducedType = deduced;
export const untypedAtomicType = untypedAtomic;

/** The same type with its list or map owned the other way. */
export function withOwnership(atom: Atom, isAtomic: boolean): Atom {
  if (atom.map) return { ...atom, map: { ...atom.map, isAtomic } };
  if (atom.list) return { ...atom, list: { ...atom.list, isAtomic } };
  return atom;
}
