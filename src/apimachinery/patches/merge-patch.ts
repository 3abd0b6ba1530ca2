// Applies a JSON merge patch (RFC 7386) to a document.
// Behaviour: gopkg.in/evanphx/json-patch.v4 v4.13.0, merge.go.
import { isMap, type Json, type JsonMap, jsonEqual } from '../json.ts';
import type { PatchResult } from './json-patch.ts';

export const BAD_JSON_DOCUMENT = 'Invalid JSON Document';
export const BAD_JSON_PATCH = 'Invalid JSON Patch';

/** A null in the patch takes a field away; what the patch adds loses its own nulls. */
export function applyMergePatch(document: Json, patch: Json): PatchResult {
  if (document === null) return { ok: false, error: BAD_JSON_DOCUMENT };
  if (isMap(patch)) return { ok: true, value: isMap(document) ? merge(document, patch) : pruneNulls(patch) };
  // A list takes the place of the document, anything else is no patch.
  return Array.isArray(patch) ? { ok: true, value: pruneNulls(patch) } : { ok: false, error: BAD_JSON_PATCH };
}

/** A list that replaces an object of the same key keeps its nulls. */
function merge(document: JsonMap, patch: JsonMap): Json {
  const merged: Record<string, Json> = { ...document };
  for (const [key, value] of Object.entries(patch)) {
    const current = Object.hasOwn(merged, key) ? (merged[key] ?? null) : null;
    if (value === null) delete merged[key];
    else if (!isMap(current)) merged[key] = pruneNulls(value);
    else merged[key] = isMap(value) ? merge(current, value) : value;
  }
  return merged;
}

function pruneNulls(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => (item === null ? null : pruneNulls(item)));
  if (!isMap(value)) return value;
  const pruned: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) if (item !== null) pruned[key] = pruneNulls(item);
  return pruned;
}

// The patch that turns one document into the other.
// Behaviour: jsonpatch.CreateMergePatch: lists are replaced whole, equal parts are left out.
export function createMergePatch(original: Json, modified: Json): Json {
  if (!isMap(original) || !isMap(modified)) return modified;
  const patch: Record<string, Json> = {};
  for (const [key, value] of Object.entries(modified)) {
    if (!Object.hasOwn(original, key)) {
      patch[key] = value;
      continue;
    }
    const before = original[key] ?? null;
    if (isMap(before) && isMap(value)) {
      const inner = createMergePatch(before, value);
      if (isMap(inner) && Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!jsonEqual(before, value)) patch[key] = value;
  }
  for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) patch[key] = null;
  return patch;
}
