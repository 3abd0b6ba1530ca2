// The types that an OpenAPI schema declares, with the sizes the cost estimate needs; escaped property names.
// Behaviour: k8s.io/apiserver pkg/cel/{types,escaping,limits}.go, pkg/cel/common/schemas.go, Kubernetes v1.36.3.
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';

const MAX_REQUEST_BYTES = 3_145_728;

/** The part of a structural schema that CEL reads. */
export interface CelSchema {
  readonly type?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly items?: CelSchema;
  readonly properties?: Readonly<Record<string, CelSchema>>;
  readonly additionalProperties?: CelSchema | boolean;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly maxProperties?: number;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

export interface DeclType {
  readonly type: CelType;
  readonly maxElements: bigint;
  readonly minSerializedSize: number;
  readonly key?: DeclType;
  readonly element?: DeclType;
  readonly fields?: ReadonlyMap<string, DeclType>;
  /** What a field of any name is taken for in estimates. */
  readonly anyField?: DeclType;
}

const simple = (type: CelType, minSerializedSize: number, maxElements = 0): DeclType => ({
  type,
  minSerializedSize,
  maxElements: BigInt(maxElements),
});
const atLeastZero = (value: number): number => Math.max(0, value);

export function declListType(element: DeclType, maxItems: number): DeclType {
  return { type: types.list(element.type), maxElements: BigInt(maxItems), minSerializedSize: 2, element };
}

export function declMapType(element: DeclType, maxProperties: number): DeclType {
  const key = simple(types.STRING, 2);
  return {
    type: types.map(key.type, element.type),
    maxElements: BigInt(maxProperties),
    minSerializedSize: 2,
    key,
    element,
  };
}

export function declObjectType(name: string, fields: ReadonlyMap<string, DeclType>, minSerializedSize = 2): DeclType {
  return { type: types.struct(name), maxElements: 0n, minSerializedSize, fields };
}

export const DECL_STRING = simple(types.STRING, 2);
export const DECL_BOOL = simple(types.BOOL, 4);
export const DECL_INT = simple(types.INT, 1);
export const DECL_DYN = simple(types.DYN, 1);
export const DECL_TIMESTAMP = simple(types.TIMESTAMP, 12);
const DECL_DOUBLE = simple(types.DOUBLE, 1);

/** Undefined where the schema gives no type. */
export function declTypeOf(schema: CelSchema, isRoot = false): DeclType | undefined {
  if (schema['x-kubernetes-int-or-string']) {
    return simple(
      types.DYN,
      1,
      schema.maxLength === undefined ? MAX_REQUEST_BYTES - 2 : atLeastZero(schema.maxLength) * 4,
    );
  }
  const full = isRoot ? withTypeAndMeta(schema) : schema;
  switch (full.type) {
    case 'array':
      return arrayType(full);
    case 'object':
      return typeof full.additionalProperties === 'object'
        ? mapType(full, full.additionalProperties)
        : objectType(full);
    case 'string':
      return stringType(full);
    case 'boolean':
      return DECL_BOOL;
    case 'number':
      return DECL_DOUBLE;
    case 'integer':
      return DECL_INT;
    default:
      return undefined;
  }
}

const nested = (schema: CelSchema): DeclType | undefined =>
  declTypeOf(schema, schema['x-kubernetes-embedded-resource'] === true);

function arrayType(schema: CelSchema): DeclType | undefined {
  const item = schema.items === undefined ? undefined : nested(schema.items);
  if (item === undefined) return undefined;
  const most = schema.maxItems ?? Math.floor((MAX_REQUEST_BYTES - 2) / (item.minSerializedSize + 1));
  return declListType(item, atLeastZero(most));
}

function mapType(schema: CelSchema, values: CelSchema): DeclType | undefined {
  const value = nested(values);
  if (value === undefined) return undefined;
  const most = schema.maxProperties ?? Math.floor((MAX_REQUEST_BYTES - 2) / (value.minSerializedSize + 6));
  return declMapType(value, atLeastZero(most));
}

function objectType(schema: CelSchema): DeclType {
  const fields = new Map<string, DeclType>();
  let size = 2;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const type = nested(property);
    if (type === undefined) continue;
    const escaped = escapeName(name);
    if (escaped !== undefined) fields.set(escaped, type);
    if (schema.required?.includes(name) && (property.default === undefined || property.default === null)) {
      size += Buffer.byteLength(name) + type.minSerializedSize + 4;
    }
  }
  return declObjectType('object', fields, size);
}

function stringType(schema: CelSchema): DeclType {
  const longest = { duration: 32, date: 12, 'date-time': 32 }[schema.format ?? ''] ?? MAX_REQUEST_BYTES - 2;
  switch (schema.format) {
    case 'byte':
      return simple(types.BYTES, 2, schema.maxLength === undefined ? longest : atLeastZero(schema.maxLength));
    case 'duration':
      return simple(types.DURATION, 3, longest);
    case 'date':
      return simple(types.TIMESTAMP, 12, longest);
    case 'date-time':
      return simple(types.TIMESTAMP, 21, longest);
    default:
      break;
  }
  if (schema.maxLength !== undefined) return simple(types.STRING, 2, atLeastZero(schema.maxLength) * 4);
  if (schema.enum !== undefined && schema.enum.length > 0) {
    const lengths = schema.enum.map((value) => (typeof value === 'string' ? Buffer.byteLength(value) : 0));
    return simple(types.STRING, 2, Math.max(0, ...lengths));
  }
  return simple(types.STRING, 2, longest);
}

/** An embedded resource or a root always has apiVersion, kind and metadata with name and generateName. */
export function withTypeAndMeta(schema: CelSchema): CelSchema {
  const { properties } = schema;
  const meta = properties?.metadata;
  if (
    properties?.kind?.type === 'string' &&
    properties.apiVersion?.type === 'string' &&
    meta?.type === 'object' &&
    meta.properties?.name?.type === 'string' &&
    meta.properties.generateName?.type === 'string'
  ) {
    return schema;
  }
  const text: CelSchema = { type: 'string' };
  const metadata: CelSchema = { type: 'object', properties: { name: text, generateName: text } };
  return { ...schema, properties: { ...properties, kind: text, apiVersion: text, metadata } };
}

/** Names every object type after the path it is found at. */
export function nameTypes(type: DeclType, name: string): DeclType {
  if (type.fields !== undefined) {
    const own = type.type.name === 'object' ? name : type.type.name;
    const fields = new Map<string, DeclType>();
    for (const [field, fieldType] of type.fields) fields.set(field, nameTypes(fieldType, `${own}.${field}`));
    return { ...type, type: types.struct(own), fields };
  }
  if (type.element === undefined) return type;
  const element = nameTypes(type.element, `${name}.${type.key === undefined ? '@idx' : '@elem'}`);
  const named = type.key === undefined ? types.list(element.type) : types.map(type.key.type, element.type);
  return { ...type, type: named, element };
}

/** Every object type inside, by its name. */
export function objectTypes(type: DeclType, into = new Map<string, DeclType>()): ReadonlyMap<string, DeclType> {
  if (type.fields !== undefined) {
    into.set(type.type.name, type);
    for (const field of type.fields.values()) objectTypes(field, into);
  }
  if (type.element !== undefined) objectTypes(type.element, into);
  return into;
}

// ---- escaped names

const RESERVED = new Set([
  'true',
  'false',
  'null',
  'in',
  'as',
  'break',
  'const',
  'continue',
  'else',
  'for',
  'function',
  'if',
  'import',
  'let',
  'loop',
  'package',
  'namespace',
  'return',
  'var',
  'void',
  'while',
]);
const ESCAPES: Readonly<Record<string, string>> = {
  __: '__underscores__',
  '.': '__dot__',
  '-': '__dash__',
  '/': '__slash__',
};
const UNESCAPES: Readonly<Record<string, string>> = { underscores: '__', dot: '.', dash: '-', slash: '/' };

/** The identifier that stands for a property name, if one can. */
export function escapeName(name: string): string | undefined {
  if (!/^[A-Za-z_.\-/][A-Za-z0-9_.\-/]*$/.test(name)) return undefined;
  if (RESERVED.has(name)) return `__${name}__`;
  return name.replace(/__|[-./]/g, (part) => ESCAPES[part] ?? part);
}

export function unescapeName(escaped: string): string | undefined {
  let valid = true;
  const name = escaped.replace(/__[^_]+__/g, (part) => {
    const contents = part.slice(2, -2);
    const known = Object.hasOwn(UNESCAPES, contents) ? UNESCAPES[contents] : undefined;
    if (known !== undefined) return known;
    if (!RESERVED.has(contents) || part.length !== escaped.length) valid = false;
    return contents;
  });
  return valid ? name : undefined;
}
