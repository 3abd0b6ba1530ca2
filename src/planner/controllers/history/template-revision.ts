// What a ControllerRevision keeps of its owner: the pod template, as a patch that replaces it.
// Behaviour: getPatch, ApplyRevision and setMatchesLatestExistingRevision in pkg/controller/statefulset/stateful_set_utils.go and pkg/controller/daemon/update.go, Kubernetes v1.36.3.
import { goMarshal } from '../../../apimachinery/go/json.ts';
import { defaultPodTemplate } from '../../../apiserver/core/pod-spec/defaults.ts';
import { decodeObject } from '../../../schema/decode/decode-object.ts';
import type { ControllerRevision } from '../../../schema/generated/types/apps-v1.ts';
import type { PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import type { JsonValue } from '../../../schema/generated/types/meta-v1.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';

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

/** The template of a revision as Go reads it; the owner's own when the data holds none that reads. */
export function templateOfRevision(
  { data }: ControllerRevision,
  fallback: PodTemplateSpec,
  kubernetesVersion: string,
): PodTemplateSpec {
  if (typeof data !== 'object' || data === null || data === templatePatch(fallback)) return fallback;
  const known = templates.get(data);
  if (known !== undefined) return known;
  const { template } = (data as { readonly spec?: { readonly template?: JsonObject } }).spec ?? {};
  if (template === undefined) return fallback;
  const { $patch: _replace, ...value } = template;
  // Versions reach this point checked.
  const version = kubernetesVersion as KubernetesVersion;
  const decoded = decodeObject<PodTemplateSpec>(version, 'core/v1.PodTemplateSpec', { value }, { strict: false });
  const read = decoded.ok ? decoded.object : fallback;
  templates.set(data, read);
  return read;
}

type JsonObject = { readonly [key: string]: JsonValue };

const templates = new WeakMap<object, PodTemplateSpec>();

/**
 * Whether a revision would be the one of this template if it were written today: an older version may have left out
 * fields that are defaulted since, or have written ones that are left out now.
 */
export function isRevisionOf(
  revision: ControllerRevision,
  template: PodTemplateSpec,
  kubernetesVersion: string,
): boolean {
  const today = defaultPodTemplate(templateOfRevision(revision, template, kubernetesVersion));
  return revisionText(templatePatch(today)) === revisionText(templatePatch(template));
}
