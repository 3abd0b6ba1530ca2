// What a schema cannot say of a custom resource: lists whose keys repeat, and resources embedded in it.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/schema/{listtype,objectmeta}/validation.go, Kubernetes v1.36.3.
import { duplicate, type FieldError, invalid, required } from '../../../apimachinery/field-error.ts';
import { childOf, type FieldPath, indexOf, keyOf } from '../../../apimachinery/field-path.ts';
import { compareBytes, goMarshal } from '../../../apimachinery/go/json.ts';
import { isJsonList, isMap, type Json } from '../../../apimachinery/json.ts';
import type { ObjectMeta } from '../../../apimachinery/object.ts';
import { isDns1035Label, isPathSegmentName, isPathSegmentPrefix } from '../../../apimachinery/validation/names.ts';
import { validateObjectMeta } from '../../../apimachinery/validation/object-meta.ts';
import { additionalSchema, type StructuralSchema } from '../structural-schema.ts';

type Path = FieldPath | undefined;
type Visit = (value: Json, schema: StructuralSchema, path: Path) => readonly FieldError[];

/** Calls `visit` for every value that the schema knows of, its children after it. */
function walk(value: Json, schema: StructuralSchema | undefined, path: Path, visit: Visit): readonly FieldError[] {
  if (!schema) return [];
  const errors = [...visit(value, schema, path)];
  if (isJsonList(value)) {
    for (const [i, item] of value.entries()) errors.push(...walk(item, schema.items, indexOf(path, i), visit));
  } else if (isMap(value)) {
    const additional = additionalSchema(schema);
    for (const key of Object.keys(value).sort(compareBytes)) {
      const each = value[key] ?? null;
      const field = schema.properties?.[key];
      errors.push(
        ...(field ? walk(each, field, childOf(path, key), visit) : walk(each, additional, keyOf(path, key), visit)),
      );
    }
  }
  return errors;
}

export function validateListTypes(object: Json, schema: StructuralSchema | undefined): readonly FieldError[] {
  return walk(object, schema, undefined, (value, at, path) => {
    if (!isJsonList(value)) return [];
    switch (at['x-kubernetes-list-type']) {
      case 'set':
        return repeated(value.map((item) => goMarshal(item))).map((i) => duplicate(indexOf(path, i), value[i] ?? null));
      case 'map':
        return validateListMap(value, at['x-kubernetes-list-map-keys'] ?? [], path);
      default:
        return [];
    }
  });
}

const NOT_AN_OBJECT = 'must be an object for an array of list-type map';

function validateListMap(value: readonly Json[], keys: readonly string[], path: Path): readonly FieldError[] {
  const wrong = value.findIndex((item) => item !== null && !isMap(item));
  if (wrong >= 0) return [invalid(indexOf(path, wrong), value[wrong], NOT_AN_OBJECT)];
  const ids = value.map((item) => {
    const map = isMap(item) ? item : {};
    return Object.fromEntries(keys.filter((key) => Object.hasOwn(map, key)).map((key) => [key, map[key] ?? null]));
  });
  return repeated(ids.map((id) => goMarshal(id))).map((i) => duplicate(indexOf(path, i), ids[i]));
}

/** The second place of each text that repeats. */
function repeated(texts: readonly string[]): readonly number[] {
  const counts = new Map<string, number>();
  return texts.flatMap((text, i) => {
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    return count === 2 ? [i] : [];
  });
}

/** Resources embedded in the value; the value itself is one only where its schema says so. */
export function validateEmbedded(
  object: Json,
  schema: StructuralSchema | undefined,
  root?: FieldPath,
): readonly FieldError[] {
  return walk(object, schema, root, (value, at, path) =>
    at['x-kubernetes-embedded-resource'] && isMap(value) ? validateEmbeddedResource(value, path) : [],
  );
}

function validateEmbeddedResource(value: { readonly [key: string]: Json }, path: Path): readonly FieldError[] {
  const errors: FieldError[] = [];
  const { apiVersion, kind, metadata } = value;
  if (apiVersion === undefined) errors.push(required(childOf(path, 'apiVersion'), ''));
  if (kind === undefined) errors.push(required(childOf(path, 'kind'), ''));
  if (apiVersion !== undefined) errors.push(...validateApiVersion(apiVersion, childOf(path, 'apiVersion')));
  if (kind !== undefined) errors.push(...validateKind(kind, childOf(path, 'kind')));
  if (isMap(metadata)) {
    // Metadata was read as ObjectMeta when the object was decoded.
    const meta = metadata as unknown as ObjectMeta;
    const named = meta.name ? meta : { ...meta, name: 'fakename' };
    errors.push(
      ...validateObjectMeta(named, (meta.namespace ?? '') !== '', validatePathSegment, childOf(path, 'metadata')),
    );
  }
  return errors;
}

function validatePathSegment(name: string, isPrefix: boolean): readonly string[] {
  return isPrefix ? isPathSegmentPrefix(name) : isPathSegmentName(name);
}

function validateApiVersion(value: Json, path: FieldPath): readonly FieldError[] {
  if (typeof value !== 'string') return [invalid(path, value, 'must be a string')];
  if (value === '') return [invalid(path, value, 'must not be empty')];
  return value.split('/').length > 2 ? [invalid(path, value, `unexpected GroupVersion string: ${value}`)] : [];
}

function validateKind(value: Json, path: FieldPath): readonly FieldError[] {
  if (typeof value !== 'string') return [invalid(path, value, 'must be a string')];
  if (value === '') return [invalid(path, value, 'must not be empty')];
  const errors = isDns1035Label(value.toLowerCase());
  if (errors.length === 0) return [];
  return [invalid(path, value, `may have mixed case, but should otherwise match: ${errors.join(',')}`)];
}
