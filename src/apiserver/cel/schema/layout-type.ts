// The types that built-in kinds declare, as their OpenAPI definitions have them.
// Behaviour: k8s.io/apiserver pkg/cel/openapi/resolver/{definitions,refs}.go, pkg/cel/common/schemas.go over
// pkg/generated/openapi/zz_generated.openapi.go, Kubernetes v1.36.3: amounts have no type there, and so have no field in CEL.
import { type KubernetesVersion, type SpecialType, structLayout, type TypeRef } from '../../../schema/layout.ts';
import {
  DECL_BOOL,
  DECL_DYN,
  DECL_INT,
  DECL_STRING,
  DECL_TIMESTAMP,
  type DeclType,
  declListType,
  declMapType,
  declObjectType,
  declTypeOf,
  escapeName,
} from './decl-type.ts';

const DECL_DOUBLE = declTypeOf({ type: 'number' })!;
const DECL_BYTES = declTypeOf({ type: 'string', format: 'byte' })!;
const NO_FIELDS = declObjectType('object', new Map());

const SPECIALS: Readonly<Record<SpecialType, DeclType | undefined>> = {
  IntOrString: DECL_DYN,
  Time: DECL_TIMESTAMP,
  MicroTime: DECL_TIMESTAMP,
  RawExtension: NO_FIELDS,
  FieldsV1: NO_FIELDS,
  // The definitions of these say no type, or several.
  Quantity: undefined,
  JSON: undefined,
  JSONSchemaPropsOrBool: undefined,
  JSONSchemaPropsOrArray: undefined,
  JSONSchemaPropsOrStringArray: undefined,
};

const known = new Map<string, DeclType>();

export function declTypeOfStruct(version: KubernetesVersion, typeId: string): DeclType {
  const key = `${version} ${typeId}`;
  let declared = known.get(key);
  if (!declared) known.set(key, (declared = structType(version, typeId, new Set())));
  return declared;
}

/** `within`: the structs around; inside of itself a struct has no fields. */
function structType(version: KubernetesVersion, typeId: string, within: ReadonlySet<string>): DeclType {
  if (within.has(typeId)) return NO_FIELDS;
  const fields = new Map<string, DeclType>();
  addFields(version, typeId, new Set([...within, typeId]), fields);
  return declObjectType('object', fields);
}

function addFields(
  version: KubernetesVersion,
  typeId: string,
  within: ReadonlySet<string>,
  into: Map<string, DeclType>,
): void {
  for (const { jsonName, inline, type } of structLayout(version, typeId).fields) {
    if (jsonName === '-') continue;
    if (inline || jsonName === '') {
      const embedded = type.kind === 'pointer' ? type.element : type;
      if (embedded.kind === 'struct') addFields(version, embedded.typeId, within, into);
      continue;
    }
    const declared = declTypeOfRef(version, type, within);
    const name = escapeName(jsonName);
    if (declared && name !== undefined) into.set(name, declared);
  }
}

function declTypeOfRef(version: KubernetesVersion, type: TypeRef, within: ReadonlySet<string>): DeclType | undefined {
  switch (type.kind) {
    case 'scalar':
      if (type.scalar === 'bool') return DECL_BOOL;
      if (type.scalar === 'string') return DECL_STRING;
      return type.scalar.startsWith('float') ? DECL_DOUBLE : DECL_INT;
    case 'bytes':
      return DECL_BYTES;
    case 'pointer':
      return declTypeOfRef(version, type.element, within);
    case 'slice': {
      const element = declTypeOfRef(version, type.element, within);
      return element && declListType(element, -1);
    }
    case 'map': {
      const element = declTypeOfRef(version, type.element, within);
      return element && declMapType(element, -1);
    }
    case 'struct':
      return structType(version, type.typeId, within);
    case 'special':
      return SPECIALS[type.special];
    case 'interface':
      return undefined;
  }
}

/** A custom resource: what its definition says, with the metadata that every object has. */
export function declTypeOfCustom(version: KubernetesVersion, schema: object | undefined): DeclType {
  const { fields = new Map<string, DeclType>() } = declTypeOf({ ...schema, type: 'object' }) ?? {};
  const withMeta = new Map(fields);
  withMeta.set('apiVersion', DECL_STRING);
  withMeta.set('kind', DECL_STRING);
  withMeta.set('metadata', declTypeOfStruct(version, 'meta/v1.ObjectMeta'));
  return declObjectType('object', withMeta);
}
