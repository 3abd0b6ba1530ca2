// What a ControllerRevision keeps of its owner: the pod template, as a patch that replaces it.
// Behaviour: getPatch and ApplyRevision in pkg/controller/statefulset/stateful_set_utils.go and pkg/controller/daemon/update.go, Kubernetes v1.36.3.
import { goMarshal } from '../../../apimachinery/go-json.ts';
import type { ControllerRevision } from '../../../schema/generated/types/apps-v1.ts';
import type { PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import type { JsonValue } from '../../../schema/generated/types/meta-v1.ts';

const patches = new WeakMap<PodTemplateSpec, JsonValue>();
const texts = new WeakMap<object, string>();

/** The data of a revision; the same template gives the same object. */
export function templatePatch(template: PodTemplateSpec): JsonValue {
  const known = patches.get(template);
  if (known !== undefined) return known;
  // A decoded template holds nothing but JSON values.
  const patch = { spec: { template: { ...(template as unknown as Record<string, JsonValue>), $patch: 'replace' } } };
  patches.set(template, patch);
  return patch;
}

/** The bytes that upstream hashes and compares. */
export function revisionText(data: JsonValue | undefined): string {
  if (typeof data !== 'object' || data === null) return data === undefined ? '' : goMarshal(data);
  const known = texts.get(data);
  if (known !== undefined) return known;
  const text = goMarshal(data);
  texts.set(data, text);
  return text;
}

/** The template of a revision; the owner's own when the data holds none. */
export function templateOfRevision({ data }: ControllerRevision, fallback: PodTemplateSpec): PodTemplateSpec {
  if (data === templatePatch(fallback)) return fallback;
  const template = (
    data as { readonly spec?: { readonly template?: PodTemplateSpec & { $patch?: string } } } | undefined
  )?.spec?.template;
  if (template === undefined) return fallback;
  const known = templates.get(template);
  if (known !== undefined) return known;
  const { $patch: _replace, ...plain } = template;
  templates.set(template, plain);
  return plain;
}

const templates = new WeakMap<object, PodTemplateSpec>();
