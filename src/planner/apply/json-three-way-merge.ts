// The merge patch from what was applied last, what is wanted and what is there, for kinds without types: custom resources.
// Behaviour: [apimachinery]/pkg/util/jsonmergepatch/patch.go, pkg/util/mergepatch/util.go, Kubernetes v1.36.3.
import { isJsonList, isMap, type Json, type JsonMap } from '../../apimachinery/json.ts';
import { applyMergePatch, createMergePatch } from '../../apimachinery/patches/merge-patch.ts';
import { goText } from '../../apimachinery/patches/strategic-merge-patch/directives.ts';
import { writeYaml } from '../../manifests/writer/write-yaml.ts';

interface ThreeWays {
  readonly original: JsonMap;
  readonly modified: JsonMap;
  readonly current: JsonMap;
}

type MergedPatch = { readonly ok: true; readonly patch: JsonMap } | { readonly ok: false; readonly error: string };

/** Additions and changes come from what is there, deletions from what was applied last. */
export function createThreeWayJsonMergePatch({ original, modified, current }: ThreeWays): MergedPatch {
  const changes = withoutNulls(asMap(createMergePatch(current, modified)));
  const deletions = onlyNulls(asMap(createMergePatch(original, modified)));
  if (haveConflicts(changes, deletions))
    return {
      ok: false,
      error: `patch:\n${writeYaml(changes)}\nconflicts with changes made from original to current:\n${writeYaml(deletions)}\n`,
    };
  const merged = applyMergePatch(deletions, changes);
  if (!merged.ok) return { ok: false, error: merged.error };
  const patch = asMap(merged.value);
  return isAboutTheSameObject(patch)
    ? { ok: true, patch }
    : { ok: false, error: `precondition failed for: ${goText(patch)}` };
}

function asMap(value: Json): JsonMap {
  return isMap(value) ? value : {};
}

function withoutNulls(map: JsonMap): JsonMap {
  return filtered(map, (value) => (value === null ? undefined : value), true);
}

function onlyNulls(map: JsonMap): JsonMap {
  return filtered(map, (value) => (value === null ? null : undefined), false);
}

/** An empty object in a patch is a value; one that gets empty by filtering is nothing. */
function filtered(map: JsonMap, keep: (value: Json) => Json | undefined, keepsEmpty: boolean): JsonMap {
  const result: Record<string, Json> = {};
  for (const [key, value] of Object.entries(map)) {
    if (isMap(value)) {
      const isEmpty = Object.keys(value).length === 0;
      const inner = isEmpty ? value : filtered(value, keep, keepsEmpty);
      if (isEmpty ? keepsEmpty : Object.keys(inner).length > 0) result[key] = inner;
    } else {
      const kept = keep(value);
      if (kept !== undefined) result[key] = kept;
    }
  }
  return result;
}

function haveConflicts(left: Json, right: Json): boolean {
  if (isMap(left)) {
    if (!isMap(right)) return true;
    return Object.entries(left).some(([key, value]) => {
      const other = right[key];
      return other !== undefined && haveConflicts(value, other);
    });
  }
  if (isJsonList(left)) {
    if (!isJsonList(right) || left.length !== right.length) return true;
    return left.some((item, i) => haveConflicts(item, right[i] ?? null));
  }
  return left !== right;
}

function isAboutTheSameObject(patch: JsonMap): boolean {
  const { metadata } = patch;
  if (Object.hasOwn(patch, 'apiVersion') || Object.hasOwn(patch, 'kind')) return false;
  return !isMap(metadata) || !Object.hasOwn(metadata, 'name');
}
