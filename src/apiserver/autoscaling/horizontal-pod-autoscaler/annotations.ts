// The annotations in which autoscaling/v1 keeps what it has no fields for.
// Behaviour: pkg/apis/autoscaling/{annotations,helpers}.go, Kubernetes v1.36.3.
import type { ObjectMeta } from '../../../schema/generated/types/meta-v1.ts';

export const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
export const CURRENT_METRICS = 'autoscaling.alpha.kubernetes.io/current-metrics';
export const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions';
export const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior';

const ROUND_TRIP = [
  METRICS,
  BEHAVIOR,
  'autoscaling.alpha.kubernetes.io/scale-down-tolerance',
  'autoscaling.alpha.kubernetes.io/scale-up-tolerance',
  CURRENT_METRICS,
  CONDITIONS,
];

export function withoutRoundTripAnnotations(metadata: ObjectMeta): ObjectMeta {
  const { annotations, ...rest } = metadata;
  if (!annotations || !ROUND_TRIP.some((key) => annotations[key] !== undefined)) return metadata;
  const kept = Object.entries(annotations).filter(([key]) => !ROUND_TRIP.includes(key));
  return kept.length > 0 ? { ...rest, annotations: Object.fromEntries(kept) } : rest;
}
