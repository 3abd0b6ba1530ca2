// The server-side apply type of a custom resource, from the structural schema in its definition.
// Behaviour: k8s.io/kube-openapi pkg/schemaconv/{openapi,smd}.go and
// k8s.io/apiextensions-apiserver pkg/controller/openapi/builder/builder.go (buildKubeNative), Kubernetes v1.36.3.
import type { Json } from '../../../apimachinery/json.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import { structType } from './struct-type-schema.ts';
import {
  type Atom,
  DEDUCED,
  deducedType,
  type StructField,
  type TypeReference,
  untypedAtomicType,
} from './type-schema.ts';

/** The parts of apiextensions.k8s.io/v1 JSONSchemaProps that ownership depends on. */
export interface OwnershipSchema {
  readonly type?: string;
  readonly format?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, OwnershipSchema>>;
  readonly additionalProperties?: OwnershipSchema | boolean;
  readonly items?: OwnershipSchema | readonly OwnershipSchema[];
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: string;
}

const STRING: Atom = { scalar: 'string' };
const stringType: TypeReference = () => STRING;

/** Without a schema everything is deduced from the value. */
export function customResourceType(schema: OwnershipSchema | undefined, version: KubernetesVersion): TypeReference {
  if (!schema) return () => DEDUCED;
  let atom: Atom | undefined;
  return () => (atom ??= withTypeMeta(atomOf(schema, false, version), version));
}

/** The same with apiVersion, kind and the fields of ObjectMeta. */
function withTypeMeta(atom: Atom, version: KubernetesVersion): Atom {
  if (!atom.map) return atom;
  const fields = new Map<string, StructField>([
    ...atom.map.fields,
    ['apiVersion', { type: stringType }],
    ['kind', { type: stringType }],
    ['metadata', { type: structType(version, 'meta/v1.ObjectMeta') }],
  ]);
  return { ...atom, map: { ...atom.map, fields } };
}

function atomOf(schema: OwnershipSchema, preserves: boolean, version: KubernetesVersion): Atom {
  const isOpen = preserves || schema['x-kubernetes-preserve-unknown-fields'] === true;
  const atom = plainAtom(schema, isOpen, version);
  return schema['x-kubernetes-embedded-resource'] ? withTypeMeta(atom, version) : atom;
}

function plainAtom(schema: OwnershipSchema, isOpen: boolean, version: KubernetesVersion): Atom {
  switch (schema.type ?? '') {
    case 'object':
      return objectAtom(schema, isOpen, version);
    case 'array':
      return arrayAtom(schema, isOpen, version);
    case 'integer':
    case 'number':
      return { scalar: 'numeric' };
    case 'boolean':
      return { scalar: 'boolean' };
    case 'string':
      return { scalar: ['', 'byte'].includes(schema.format ?? '') ? 'string' : 'untyped' };
    default:
      return { scalar: 'untyped', ...arrayAtom(schema, isOpen, version), ...objectAtom(schema, isOpen, version) };
  }
}

function lazily(schema: OwnershipSchema, isOpen: boolean, version: KubernetesVersion): TypeReference {
  let atom: Atom | undefined;
  return () => (atom ??= atomOf(schema, isOpen, version));
}

function objectAtom(schema: OwnershipSchema, isOpen: boolean, version: KubernetesVersion): Atom {
  const properties = Object.entries(schema.properties ?? {});
  const fields = new Map(
    properties.map(([name, each]): [string, StructField] => {
      const type = lazily(each, isOpen, version);
      // A default of a schema is a JSON value.
      return [name, each.default === undefined ? { type } : { type, default: each.default as Json }];
    }),
  );
  const { additionalProperties: additional } = schema;
  const isFree = additional === undefined ? isOpen || properties.length === 0 : additional === true;
  const elementType =
    typeof additional === 'object' ? lazily(additional, isOpen, version) : isFree ? deducedType : undefined;
  const isAtomic = schema['x-kubernetes-map-type'] === 'atomic';
  return { map: { fields, isAtomic, ...(elementType ? { elementType } : {}) } };
}

function arrayAtom(schema: OwnershipSchema, isOpen: boolean, version: KubernetesVersion): Atom {
  const { items } = schema;
  const item = Array.isArray(items) ? items[0] : (items as OwnershipSchema | undefined);
  const listType = schema['x-kubernetes-list-type'];
  return {
    list: {
      elementType: item ? lazily(item, isOpen, version) : untypedAtomicType,
      isAtomic: listType !== 'set' && listType !== 'map',
      keys: listType === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : [],
    },
  };
}
