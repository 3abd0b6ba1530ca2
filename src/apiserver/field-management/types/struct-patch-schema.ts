// The strategic merge patch rules of a built-in type, read from the tags of its Go struct.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/meta.go (PatchMetaFromStruct) and
// staging/src/k8s.io/apimachinery/third_party/forked/golang/json/fields.go, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type {
  PatchLookup,
  PatchMeta,
  PatchSchema,
} from '../../../apimachinery/patches/strategic-merge-patch/patch-schema.ts';
import {
  type FieldLayout,
  findStructLayout,
  type KubernetesVersion,
  type TypeRef,
  typeRefOf,
} from '../../../schema/layout.ts';

const SLICE_OF_SLICE = 'unexpected slice of slice';

export function structPatchSchema(version: KubernetesVersion, typeId: string): PatchSchema {
  return new StructPatchSchema(version, typeRefOf(version, typeId));
}

class StructPatchSchema implements PatchSchema {
  readonly #version: KubernetesVersion;
  readonly #type: TypeRef;

  constructor(version: KubernetesVersion, type: TypeRef) {
    this.#version = version;
    this.#type = type;
  }

  get name(): string {
    return goKind(this.#type);
  }

  lookupStruct(key: string): PatchLookup {
    const found = this.#field(key);
    return typeof found === 'string' ? { ok: false, error: found } : this.#lookup(found.type, found);
  }

  lookupSlice(key: string): PatchLookup {
    const found = this.#field(key);
    if (typeof found === 'string') return { ok: false, error: found };
    const { type } = found;
    if (type.kind === 'bytes') return this.#lookup(BYTE, found);
    if (type.kind === 'slice') {
      if (type.element.kind === 'slice' || type.element.kind === 'bytes') return { ok: false, error: SLICE_OF_SLICE };
      return this.#lookup(type.element, found);
    }
    if (type.kind !== 'pointer')
      return { ok: false, error: `expected slice or array type, but got: ${goKind(this.#type)}` };
    return this.#lookup(type.element.kind === 'slice' ? type.element.element : type.element, found);
  }

  #lookup(type: TypeRef, field: FieldLayout): PatchLookup {
    return { ok: true, schema: new StructPatchSchema(this.#version, type), meta: metaOf(field) };
  }

  /** The field of this type, or what is wrong with asking for it. */
  #field(key: string): FieldLayout | string {
    const type = this.#type.kind === 'pointer' ? this.#type.element : this.#type;
    const kind = goKind(type);
    if (kind !== 'struct') return `merging an object in json but data type is not struct, instead is: ${kind}`;
    const found = type.kind === 'struct' ? findField(this.#version, type.typeId, key) : undefined;
    const name = type.goName.slice(type.goName.lastIndexOf('.') + 1);
    return found ?? `unable to find api field in struct ${name} for the json field ${goQuote(key)}`;
  }
}

const BYTE: TypeRef = { kind: 'scalar', scalar: 'uint8', goName: 'uint8' };
const NO_META: PatchMeta = { strategies: [''], mergeKey: '' };

function metaOf({ patchStrategy, patchMergeKey }: FieldLayout): PatchMeta {
  if (patchStrategy === undefined && patchMergeKey === undefined) return NO_META;
  return { strategies: (patchStrategy ?? '').split(','), mergeKey: patchMergeKey ?? '' };
}

const fieldsByName = new Map<string, ReadonlyMap<string, FieldLayout>>();

/** The field that decoding would fill from this key; fields of embedded structs count as the struct's own. */
export function findField(version: KubernetesVersion, typeId: string, key: string): FieldLayout | undefined {
  const id = `${version} ${typeId}`;
  let fields = fieldsByName.get(id);
  if (!fields) fieldsByName.set(id, (fields = new Map(namedFields(version, typeId))));
  return fields.get(key);
}

function namedFields(version: KubernetesVersion, typeId: string): (readonly [string, FieldLayout])[] {
  return (findStructLayout(version, typeId)?.fields ?? []).flatMap((field) => {
    if (field.jsonName === '-') return [];
    if (field.inline && field.type.kind === 'struct') return namedFields(version, field.type.typeId);
    return [[field.jsonName, field] as const];
  });
}

/** What reflect calls the kind of a type. */
function goKind(type: TypeRef): string {
  switch (type.kind) {
    case 'scalar':
      return type.scalar;
    case 'pointer':
      return 'ptr';
    case 'bytes':
    case 'slice':
      return 'slice';
    case 'special':
      return 'struct';
    default:
      return type.kind;
  }
}
