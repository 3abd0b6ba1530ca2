// Annotations that stand for fields of older versions of the workloads.
// Behaviour: [api]/apps/v1/types.go (DeprecatedRollbackTo, DeprecatedTemplateGeneration), Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';

/** Metadata of an object without one of its annotations. */
export function withoutAnnotation<T extends KubeObject>({ metadata }: T, key: string): T['metadata'] {
  const { annotations = {}, ...rest } = metadata;
  const { [key]: _, ...others } = annotations;
  return Object.keys(others).length > 0 ? { ...rest, annotations: others } : rest;
}

export function withAnnotation<T extends KubeObject>({ metadata }: T, key: string, value: string): T['metadata'] {
  if (metadata.annotations?.[key] === value) return metadata;
  return { ...metadata, annotations: { ...metadata.annotations, [key]: value } };
}
