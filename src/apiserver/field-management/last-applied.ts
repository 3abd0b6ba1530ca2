// The annotation of client-side apply, kept up to date by server-side apply for those who go back.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/{lastapplied,lastappliedupdater}.go, Kubernetes v1.36.3.
import { goMarshal } from '../../apimachinery/go/json.ts';
import { byteLength } from '../../apimachinery/go/utf8.ts';
import { isMap, type JsonMap } from '../../apimachinery/json.ts';
import { LAST_APPLIED } from '../../apimachinery/well-known/annotations.ts';

const TOTAL_ANNOTATION_SIZE_LIMIT = 256 * 1024;

/** The object with the annotation saying what is applied now; the very same object when it has no such annotation. */
export function setLastApplied(object: JsonMap, applied: JsonMap): JsonMap {
  const { metadata } = object;
  const annotations = isMap(metadata) ? metadata['annotations'] : undefined;
  if (!isMap(metadata) || !isMap(annotations) || !annotations[LAST_APPLIED]) return object;
  const text = lastAppliedText(applied);
  if (annotations[LAST_APPLIED] === text) return object;
  const next: JsonMap = { ...annotations, [LAST_APPLIED]: text };
  const size = Object.entries(next).reduce((sum, [key, value]) => sum + byteLength(key) + byteLength(String(value)), 0);
  const { [LAST_APPLIED]: _, ...others } = next;
  const kept = size > TOTAL_ANNOTATION_SIZE_LIMIT ? others : next;
  return { ...object, metadata: { ...metadata, annotations: kept } };
}

/** The object as it was applied, without the annotation itself, in one line. */
function lastAppliedText(applied: JsonMap): string {
  const { metadata } = applied;
  if (!isMap(metadata)) return `${goMarshal(applied)}\n`;
  const { annotations, ...rest } = metadata;
  if (!isMap(annotations)) return `${goMarshal({ ...applied, metadata: rest })}\n`;
  const { [LAST_APPLIED]: _, ...others } = annotations;
  return `${goMarshal({ ...applied, metadata: { ...rest, annotations: others } })}\n`;
}
