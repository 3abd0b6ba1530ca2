// How objects count the changes to what they ask for.
// Behaviour: PrepareForCreate and PrepareForUpdate in pkg/registry/<group>/<resource>/strategy.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';

export function withGeneration<T extends KubeObject>(object: T, generation: number): T {
  return { ...object, metadata: { ...object.metadata, generation } };
}

export function withNextGeneration<T extends KubeObject>(object: T, old: T): T {
  return withGeneration(object, (old.metadata.generation ?? 0) + 1);
}
