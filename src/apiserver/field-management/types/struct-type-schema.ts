// The server-side apply type of a built-in kind, from the layout of its Go struct.
// Behaviour: k8s.io/kube-openapi pkg/schemaconv/{openapi,smd}.go over api/openapi-spec/v3, Kubernetes v1.36.3.
import type { Json } from '../../../apimachinery/json.ts';
import { type FieldLayout, type KubernetesVersion, structLayout, type TypeRef } from '../../../schema/layout.ts';
import {
  type Atom,
  deducedType,
  NO_FIELDS,
  type Scalar,
  type StructField,
  type TypeReference,
  UNTYPED,
  UNTYPED_ATOMIC,
  withOwnership,
} from './type-schema.ts';

const atoms = new Map<string, Atom>();

export function structType(version: KubernetesVersion, typeId: string): TypeReference {
  return () => structAtom(version, typeId);
}

function structAtom(version: KubernetesVersion, typeId: string): Atom {
  const key = `${version} ${typeId}`;
  let atom = atoms.get(key);
  if (!atom) {
    const fields = new Map(fieldsOf(version, typeId));
    const isAtomic = structLayout(version, typeId).mapType === 'atomic';
    // A struct without fields takes anything.
    atom = { map: { fields, isAtomic, ...(fields.size === 0 ? { elementType: deducedType } : {}) } };
    atoms.set(key, atom);
  }
  return atom;
}

function fieldsOf(version: KubernetesVersion, typeId: string): (readonly [string, StructField])[] {
  return structLayout(version, typeId).fields.flatMap((field) => {
    if (field.jsonName === '-') return [];
    if (field.inline && field.type.kind === 'struct') return fieldsOf(version, field.type.typeId);
    const fallback = defaultOf(field);
    const structField = { type: memoized(() => fieldAtom(version, field)) };
    return [[field.jsonName, fallback === undefined ? structField : { ...structField, default: fallback }] as const];
  });
}

function memoized(make: TypeReference): TypeReference {
  let atom: Atom | undefined;
  return () => (atom ??= make());
}

/** The default that OpenAPI states: the zero value where Go always writes the field. */
function defaultOf({ default: stated, omitEmpty, type }: FieldLayout): Json | undefined {
  // A default is a JSON value.
  if (stated !== undefined) return stated as Json;
  if (omitEmpty || type.kind !== 'scalar') return undefined;
  if (type.scalar === 'string') return '';
  return type.scalar === 'bool' ? false : 0;
}

function fieldAtom(version: KubernetesVersion, field: FieldLayout): Atom {
  const type = pointedTo(field.type);
  if (type.kind === 'slice') return listAtom(version, type.element, field);
  const atom = atomOf(version, type);
  return field.mapType === undefined ? atom : withOwnership(atom, field.mapType === 'atomic');
}

function pointedTo(type: TypeRef): TypeRef {
  return type.kind === 'pointer' ? pointedTo(type.element) : type;
}

function listAtom(version: KubernetesVersion, element: TypeRef, field: FieldLayout | undefined): Atom {
  const { isAtomic, keys } = ownershipOf(field);
  return { list: { elementType: memoized(() => atomOf(version, element)), isAtomic, keys } };
}

/** The list type, or what the patch strategy stands for where there is none. */
function ownershipOf(field: FieldLayout | undefined): { readonly isAtomic: boolean; readonly keys: readonly string[] } {
  if (field?.listType !== undefined)
    return { isAtomic: field.listType === 'atomic', keys: field.listType === 'map' ? (field.listMapKeys ?? []) : [] };
  if (!field?.patchStrategy?.startsWith('merge')) return { isAtomic: true, keys: [] };
  return { isAtomic: false, keys: field.patchMergeKey ? [field.patchMergeKey] : [] };
}

function atomOf(version: KubernetesVersion, type: TypeRef): Atom {
  switch (type.kind) {
    case 'scalar':
      return { scalar: scalarOf(type.scalar) };
    case 'bytes':
      return { scalar: 'string' };
    case 'pointer':
      return atomOf(version, type.element);
    case 'slice':
      return listAtom(version, type.element, undefined);
    case 'map':
      return {
        map: { fields: NO_FIELDS, elementType: memoized(() => atomOf(version, type.element)), isAtomic: false },
      };
    case 'struct':
      return structAtom(version, type.typeId);
    case 'interface':
      return UNTYPED;
    case 'special':
      return specialAtom(type.special);
  }
}

function scalarOf(scalar: string): Scalar {
  if (scalar === 'string') return 'string';
  return scalar === 'bool' ? 'boolean' : 'numeric';
}

function specialAtom(special: string): Atom {
  switch (special) {
    case 'Quantity':
    case 'Time':
    case 'MicroTime':
      return { scalar: 'untyped' };
    case 'RawExtension':
      return UNTYPED_ATOMIC;
    case 'FieldsV1':
      return { map: { fields: NO_FIELDS, elementType: deducedType, isAtomic: false } };
    default:
      // An IntOrString and the JSON types: OpenAPI gives them no type.
      return UNTYPED;
  }
}
