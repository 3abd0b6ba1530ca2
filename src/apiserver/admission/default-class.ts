// Which of several objects marked as default counts: the newest, and of equally old ones the first by name.
// Behaviour: pkg/volume/util/storageclass.go (GetDefaultClass), plugin/pkg/admission/network/defaultingressclass/admission.go, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import { parseTime } from '../../apimachinery/time/time.ts';

export function newestDefault<T extends KubeObject>(
  classes: readonly T[],
  annotations: readonly string[],
): T | undefined {
  let best: T | undefined;
  for (const candidate of classes) {
    if (!annotations.some((key) => candidate.metadata.annotations?.[key] === 'true')) continue;
    if (!best || isBefore(candidate, best)) best = candidate;
  }
  return best;
}

function isBefore({ metadata: a }: KubeObject, { metadata: b }: KubeObject): boolean {
  const born = [a, b].map(({ creationTimestamp }) => parseTime(creationTimestamp ?? '') ?? Number.NEGATIVE_INFINITY);
  if (born[0] === born[1]) return (a.name ?? '') < (b.name ?? '');
  return born[0]! > born[1]!;
}
