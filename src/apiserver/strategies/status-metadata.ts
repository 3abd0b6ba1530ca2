// Which metadata a write of the status may change: next to none.
// Behaviour: [apimachinery]/pkg/apis/meta/v1/helpers.go (ResetObjectMetaForStatus), Kubernetes v1.36.3.
import type { KubeObject, ObjectMeta } from '../../apimachinery/object.ts';

const KEPT = [
  'deletionTimestamp',
  'generation',
  'selfLink',
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
] as const satisfies readonly (keyof ObjectMeta)[];

export function metadataForStatus<T extends KubeObject>({ metadata }: T, old: T): T['metadata'] {
  const next: Record<string, unknown> = { ...metadata };
  for (const field of KEPT) {
    if (old.metadata[field] === undefined) delete next[field];
    else next[field] = old.metadata[field];
  }
  // Every field is one of the new or of the old metadata.
  return next as T['metadata'];
}
