// The annotation in which client-side apply keeps what was applied last.
// Behaviour: staging/src/k8s.io/kubectl/pkg/util/apply.go, Kubernetes v1.36.3.
import { goMarshal } from '../../../../apimachinery/go/json.ts';
import { isMap, type Json, type JsonMap } from '../../../../apimachinery/json.ts';
import { LAST_APPLIED } from '../../../../apimachinery/well-known/annotations.ts';

/** The text of the annotation, empty when there is none. */
export function originalConfiguration(object: JsonMap): string {
  const text = annotationsOf(object)[LAST_APPLIED];
  return typeof text === 'string' ? text : '';
}

export function hasLastApplied(object: JsonMap): boolean {
  return Object.hasOwn(annotationsOf(object), LAST_APPLIED);
}

/** The object as the user wants it, without the annotation. */
export function plainConfiguration(object: JsonMap): JsonMap {
  const { [LAST_APPLIED]: _, ...annotations } = annotationsOf(object);
  return withAnnotations(object, withoutNulls(annotations));
}

/** The object as the user wants it, with the annotation that says so. */
export function annotatedConfiguration(object: JsonMap): JsonMap {
  const plain = plainConfiguration(object);
  return withAnnotations(plain, { ...annotationsOf(plain), [LAST_APPLIED]: configurationText(plain) });
}

export function configurationText(object: JsonMap): string {
  return `${goMarshal(object)}\n`;
}

function annotationsOf({ metadata }: JsonMap): JsonMap {
  const annotations: Json | undefined = isMap(metadata) ? metadata['annotations'] : undefined;
  return isMap(annotations) ? annotations : {};
}

/** kubectl reads annotations and labels as texts: null is the empty one. */
export function withoutNulls(texts: JsonMap): JsonMap {
  return Object.fromEntries(Object.entries(texts).map(([key, value]) => [key, value ?? '']));
}

function withAnnotations(object: JsonMap, annotations: JsonMap): JsonMap {
  const { metadata } = object;
  return { ...object, metadata: { ...(isMap(metadata) ? metadata : {}), annotations } };
}
