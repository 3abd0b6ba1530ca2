// The OpenAPI definitions of each Kubernetes version as TypeBox schemas, and a self-contained JSON Schema for a kind.
// Behaviour: api/openapi-spec/v3 with the +enum types of staging/src/k8s.io/api, Kubernetes v1.34, v1.35 and v1.36.3.
// Large: import it only where a schema is asked for.
import type { TSchema } from '@sinclair/typebox';
import { definitionFiles } from './generated/definition-files.ts';
import { apiVersionOf, findKind, type GroupVersionKind, typeIdOfKind } from './kinds.ts';
import type { KubernetesVersion } from './layout.ts';

export type JsonSchema = { readonly [keyword: string]: unknown };

interface JsonSchemaOptions {
  /** Refuse properties that a definition does not name, as strict field validation does. */
  readonly strict?: boolean;
}

const built = new Map<string, TSchema>();

const packages: readonly (readonly [string, string])[] = [
  ['meta/', 'io.k8s.apimachinery.pkg.apis.meta.'],
  ['apiextensions/', 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.'],
  ['apiregistration/', 'io.k8s.kube-aggregator.pkg.apis.apiregistration.'],
];

/** `io.k8s.api.apps.v1.Deployment` for the type id `apps/v1.Deployment`. */
export function definitionNameOf(typeId: string): string {
  const special = packages.find(([prefix]) => typeId.startsWith(prefix));
  return special ? special[1] + typeId.slice(special[0].length) : `io.k8s.api.${typeId.replace('/', '.')}`;
}

function findBuilder(version: KubernetesVersion, name: string): (() => TSchema) | undefined {
  const match = /\.(\w+)\.(v\d\w*)\.\w+$/.exec(name);
  const file = match ? `${match[1]}-${match[2]}` : 'library';
  return definitionFiles[`v${version}`]?.[file]?.[name] ?? definitionFiles['shared']?.[file]?.[name];
}

/** The schema of a definition such as `io.k8s.api.core.v1.PodSpec`; it refers to others by their names. */
export function definition(version: KubernetesVersion, name: string): TSchema | undefined {
  const key = `${version} ${name}`;
  let schema = built.get(key);
  if (!schema) {
    schema = findBuilder(version, name)?.();
    if (schema) built.set(key, schema);
  }
  return schema;
}

/** A copy with local references; every name referred to is added to `needed`. */
function localCopy(value: unknown, needed: Set<string>, strict: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => localCopy(each, needed, strict));
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    if (key === '$ref' && typeof each === 'string') {
      needed.add(each);
      out[key] = `#/definitions/${each}`;
    } else {
      out[key] = localCopy(each, needed, strict);
    }
  }
  if (strict && 'properties' in out && Object.keys(out['properties'] as object).length > 0)
    out['additionalProperties'] = false;
  return out;
}

/** A JSON Schema (draft 7) of a kind that needs no other document; undefined where the version does not have the kind. */
export function jsonSchemaFor(
  version: KubernetesVersion,
  gvk: GroupVersionKind,
  options: JsonSchemaOptions = {},
): JsonSchema | undefined {
  const apiVersion = apiVersionOf(gvk.group, gvk.version);
  const typeId = findKind(apiVersion, gvk.kind, version)?.typeId ?? typeIdOfKind(apiVersion, gvk.kind, version);
  const root = typeId === undefined ? undefined : definition(version, definitionNameOf(typeId));
  if (!root) return undefined;
  const strict = options.strict ?? false;
  const needed = new Set<string>();
  const schema = localCopy(root, needed, strict) as Record<string, unknown>;
  const definitions: Record<string, unknown> = {};
  // The set grows while it is walked, until every definition that is referred to is there.
  for (const name of needed) {
    const other = definition(version, name);
    if (!other) throw new Error(`no definition ${name} in Kubernetes ${version}`);
    definitions[name] = localCopy(other, needed, strict);
  }
  const properties = {
    ...(schema['properties'] as object),
    apiVersion: { type: 'string', enum: [apiVersion] },
    kind: { type: 'string', enum: [gvk.kind] },
  };
  const sorted = Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)));
  const required = ['apiVersion', 'kind', ...((schema['required'] as readonly string[] | undefined) ?? [])];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: gvk.kind,
    ...schema,
    properties,
    required,
    definitions: sorted,
  };
}
