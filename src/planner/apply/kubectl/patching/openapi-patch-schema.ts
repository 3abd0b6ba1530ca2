// The strategic merge patch rules of a built-in kind as kubectl reads them from the server's OpenAPI documents.
// Behaviour: [apimachinery]/pkg/util/strategicpatch/{meta,types}.go (PatchMetaFromOpenAPIV3, PatchMetaFromOpenAPI), Kubernetes v1.36.3.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import type {
  PatchLookup,
  PatchMeta,
  PatchSchema,
} from '../../../../apimachinery/patches/strategic-merge-patch/patch-schema.ts';
import { findField } from '../../../../apiserver/field-management/types/struct-patch-schema.ts';
import { type FieldLayout, type KubernetesVersion, type TypeRef, typeRefOf } from '../../../../schema/layout.ts';

/** OpenAPI v3 and v2 hold the same rules and differ in what they say of an unknown field. */
type OpenApiDocument = 'v3' | 'v2';

export function openApiPatchSchema(version: KubernetesVersion, typeId: string, document: OpenApiDocument): PatchSchema {
  return new OpenApiPatchSchema(version, typeRefOf(version, typeId), document);
}

class OpenApiPatchSchema implements PatchSchema {
  readonly #version: KubernetesVersion;
  readonly #type: TypeRef;
  readonly #document: OpenApiDocument;

  constructor(version: KubernetesVersion, type: TypeRef, document: OpenApiDocument) {
    this.#version = version;
    this.#type = type.kind === 'pointer' ? type.element : type;
    this.#document = document;
  }

  get name(): string {
    return 'Struct';
  }

  lookupStruct(key: string): PatchLookup {
    const field = this.#field(key, 'kind');
    return typeof field === 'string' ? { ok: false, error: field } : this.#found(field, field.type);
  }

  lookupSlice(key: string): PatchLookup {
    const field = this.#field(key, 'slice');
    if (typeof field === 'string') return { ok: false, error: field };
    const type = field.type.kind === 'pointer' ? field.type.element : field.type;
    if (type.kind === 'slice') return this.#found(field, type.element);
    if (this.#document === 'v3' || type.kind === 'struct' || type.kind === 'special') return this.#found(field, type);
    return { ok: false, error: `expected slice, but got ${shapeOf(type)}` };
  }

  #found(field: FieldLayout, type: TypeRef): PatchLookup {
    return { ok: true, schema: new OpenApiPatchSchema(this.#version, type, this.#document), meta: metaOf(field) };
  }

  /** The field, or what is wrong with asking for it. */
  #field(key: string, wanted: 'kind' | 'slice'): FieldLayout | string {
    const type = this.#type;
    const field = type.kind === 'struct' ? findField(this.#version, type.typeId, key) : undefined;
    if (field) return field;
    if (this.#document === 'v3') return `unable to find api field "${key}"`;
    if (type.kind === 'struct') return `unable to find api field ${goQuote(key)} in ${modelName(type.typeId)}`;
    return `expected ${wanted}, but got ${shapeOf(type)}`;
  }
}

function metaOf({ patchStrategy, patchMergeKey }: FieldLayout): PatchMeta {
  return { strategies: patchStrategy === undefined ? [] : patchStrategy.split(','), mergeKey: patchMergeKey ?? '' };
}

function shapeOf({ kind }: TypeRef): string {
  return kind === 'map' ? 'map' : kind === 'slice' ? 'slice' : 'primitive';
}

const ROOTS: Readonly<Record<string, string>> = {
  meta: 'io.k8s.apimachinery.pkg.apis.meta',
  apiextensions: 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  apiregistration: 'io.k8s.kube-aggregator.pkg.apis.apiregistration',
};

/** `apps/v1.Deployment` as OpenAPI calls it. */
function modelName(typeId: string): string {
  const [group = '', rest = ''] = typeId.split('/');
  return `${ROOTS[group] ?? `io.k8s.api.${group}`}.${rest}`;
}
