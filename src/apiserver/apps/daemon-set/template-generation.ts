// The count of a DaemonSet's templates: a field of older versions that v1 keeps in an annotation.
// Behaviour: pkg/apis/apps/v1/conversion.go, Kubernetes v1.36.3.
// Differs: an annotation that is no number counts as 0; upstream refuses to decode such a DaemonSet.
import { parseGoInt } from '../../../apimachinery/go/int.ts';
import { TEMPLATE_GENERATION } from '../../../apimachinery/well-known/annotations.ts';
import type { DaemonSet } from '../../../schema/generated/types/apps-v1.ts';
import { withAnnotation } from '../annotations.ts';

export function templateGenerationOf({ metadata }: DaemonSet): number {
  const text = metadata.annotations?.[TEMPLATE_GENERATION];
  if (text === undefined) return 0;
  const parsed = parseGoInt(text, 64, 'ParseInt');
  return parsed.ok ? Number(parsed.value) : 0;
}

export function withTemplateGeneration(set: DaemonSet, generation: number): DaemonSet {
  const metadata = withAnnotation(set, TEMPLATE_GENERATION, String(generation));
  return metadata === set.metadata ? set : { ...set, metadata };
}
