// `--overrides` of run and expose: a patch on the object that the flags make.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/util/{override_options,helpers}.go, Kubernetes v1.36.3.
import { isMap, type Json, type JsonMap } from '../../../apimachinery/json.ts';
import { describeValue } from '../../../schema/decode/decode-run.ts';
import { parseJson, plainJson } from '../../../schema/decode/json-tree.ts';
import { typeIdOfKind } from '../../../schema/kinds.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import type { ParsedArguments } from '../arguments.ts';
import { KubectlError } from '../outcome.ts';
import { type LocalPatchType, locallyPatched, type PatchText } from './local-patch.ts';
import { encoded } from './requests.ts';

const META = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
/** Where Kubernetes' source makes the scheme that is asked. */
const SCHEME = 'pkg/runtime/scheme.go:111';

const TYPES: readonly LocalPatchType[] = ['json', 'merge', 'strategic'];

/** The object, a struct of a known kind, with what --overrides says. Throws KubectlError. */
export function overridden(object: JsonMap, given: ParsedArguments, version: KubernetesVersion): JsonMap {
  const text = given.value('overrides') ?? '';
  if (text === '') return object;
  const result = patched(object, text, given.value('override-type') || 'merge', version);
  if (!result.ok) throw new KubectlError(result.error);
  if (!isMap(result.value))
    throw new KubectlError(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${describeValue(result.value)} into Go value of type ${META}`,
    );
  const { apiVersion, kind } = result.value;
  if (typeIdOfKind(String(apiVersion), String(kind), version) === undefined)
    throw new KubectlError(`no kind "${kind}" is registered for version "${apiVersion}" in scheme "${SCHEME}"`);
  return encoded(result.value, version);
}

function patched(object: JsonMap, text: string, type: string, version: KubernetesVersion): PatchText {
  const known = TYPES.find((each) => each === type);
  if (!known) return { ok: false, error: `invalid override type: ${type}` };
  const parsed = parseJson(text);
  // What was read as JSON is JSON.
  const patch: PatchText = parsed.ok ? { ok: true, value: plainJson(parsed.tree.value) as Json } : parsed;
  return locallyPatched(object, patch, known, version);
}
