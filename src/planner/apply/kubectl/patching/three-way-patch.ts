// The patch that client-side apply sends: strategic for the kinds that kubectl knows, a merge patch for all others.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/apply/patcher.go (patchSimple), Kubernetes v1.36.3.
import { isMap, type JsonMap } from '../../../../apimachinery/json.ts';
import { BAD_JSON_DOCUMENT as BAD_MERGE_DOCUMENT } from '../../../../apimachinery/patches/merge-patch.ts';
import { createThreeWayMergePatch } from '../../../../apimachinery/patches/strategic-merge-patch/create.ts';
import { BAD_JSON_DOCUMENT } from '../../../../apimachinery/patches/strategic-merge-patch/directives.ts';
import type { PatchSchema } from '../../../../apimachinery/patches/strategic-merge-patch/patch-schema.ts';
import { structPatchSchema } from '../../../../apiserver/field-management/types/struct-patch-schema.ts';
import type { Resource } from '../../../../apiserver/resource.ts';
import { writeYaml } from '../../../../manifests/writer/write-yaml.ts';
import { parseJson, plainJson } from '../../../../schema/decode/json-tree.ts';
import { typeIdOfKind } from '../../../../schema/kinds.ts';
import type { KubernetesVersion } from '../../../../schema/layout.ts';
import { createThreeWayJsonMergePatch } from '../../json-three-way-merge.ts';
import { openApiPatchSchema } from './openapi-patch-schema.ts';

interface ApplySources {
  /** What was applied last, as the annotation says it; empty for nothing. */
  readonly original: string;
  readonly modified: JsonMap;
  readonly current: JsonMap;
}

interface PatchedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly resource: Pick<Resource, 'custom'>;
  readonly version: KubernetesVersion;
  /** Whether the wanted object wins over what others have changed since. */
  readonly overwrite: boolean;
}

type ThreeWayPatch =
  | { readonly ok: true; readonly type: 'strategic' | 'merge'; readonly patch: JsonMap }
  | { readonly ok: false; readonly error: string };

/** `warn` is told why OpenAPI did not help. */
export function threeWayPatch(sources: ApplySources, kind: PatchedKind, warn: (text: string) => void): ThreeWayPatch {
  const { version, overwrite } = kind;
  const typeId = kind.resource.custom ? undefined : typeIdOfKind(kind.apiVersion, kind.kind, version);
  if (typeId === undefined) return mergePatch(sources);
  for (const document of ['v3', 'v2'] as const) {
    const patched = strategicPatch(sources, openApiPatchSchema(version, typeId, document), overwrite);
    if (patched.ok) return patched;
    warn(`warning: error calculating patch from openapi ${document === 'v3' ? 'v3 ' : ''}spec: ${patched.error}\n`);
  }
  return strategicPatch(sources, structPatchSchema(version, typeId), overwrite);
}

function strategicPatch(
  { original, modified, current }: ApplySources,
  schema: PatchSchema,
  overwrite: boolean,
): ThreeWayPatch {
  const applied = parsed(original);
  if (!applied) return { ok: false, error: BAD_JSON_DOCUMENT };
  const patched = createThreeWayMergePatch({ original: applied, modified, current }, schema, overwrite, writeYaml);
  return patched.ok ? { ok: true, type: 'strategic', patch: patched.value } : { ok: false, error: patched.error };
}

function mergePatch({ original, modified, current }: ApplySources): ThreeWayPatch {
  const applied = parsed(original);
  if (!applied) return { ok: false, error: BAD_MERGE_DOCUMENT };
  const patched = createThreeWayJsonMergePatch({ original: applied, modified, current });
  return patched.ok ? { ok: true, type: 'merge', patch: patched.patch } : patched;
}

function parsed(text: string): JsonMap | undefined {
  if (text === '') return {};
  const read = parseJson(text);
  if (!read.ok) return undefined;
  // JSON that was read without its numbers' texts is JSON.
  const value = plainJson(read.tree.value) as JsonMap | null;
  if (value === null) return {};
  return isMap(value) ? value : undefined;
}
