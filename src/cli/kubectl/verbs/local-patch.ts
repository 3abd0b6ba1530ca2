// A patch that kubectl applies to an object by itself.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/{patch/patch.go,util/override_options.go}, Kubernetes v1.36.3.
import type { Json, JsonMap } from '../../../apimachinery/json.ts';
import { applyJsonPatch, decodeJsonPatch } from '../../../apimachinery/patches/json-patch.ts';
import { applyMergePatch, BAD_JSON_PATCH } from '../../../apimachinery/patches/merge-patch.ts';
import { applyStrategicMergePatch } from '../../../apimachinery/patches/strategic-merge-patch/apply.ts';
import { BAD_JSON_DOCUMENT } from '../../../apimachinery/patches/strategic-merge-patch/directives.ts';
import { structPatchSchema } from '../../../apiserver/field-management/types/struct-patch-schema.ts';
import { typeIdOfKind } from '../../../schema/kinds.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';

export type LocalPatchType = 'json' | 'merge' | 'strategic';
export type PatchText = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly error: string };

export function locallyPatched(
  object: JsonMap,
  patch: PatchText,
  type: LocalPatchType,
  version: KubernetesVersion,
): PatchText {
  switch (type) {
    case 'json': {
      if (!patch.ok) return patch;
      const operations = decodeJsonPatch(patch.value);
      return typeof operations === 'string' ? { ok: false, error: operations } : applyJsonPatch(object, operations);
    }
    case 'merge':
      return patch.ok ? applyMergePatch(object, patch.value) : { ok: false, error: BAD_JSON_PATCH };
    case 'strategic': {
      const typeId = typeIdOfKind(String(object['apiVersion']), String(object['kind']), version);
      if (!patch.ok || typeId === undefined) return { ok: false, error: BAD_JSON_DOCUMENT };
      return applyStrategicMergePatch(object, patch.value, structPatchSchema(version, typeId));
    }
  }
}
