// Whether the taints of a device keep a request away from it.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/resourceclaim/devicetoleration.go and
// structured/internal/incubating/allocator_incubating.go (taintPreventsAllocation), Kubernetes v1.36.3.
import type { DeviceTaint, DeviceToleration } from '../../../../schema/generated/types/resource-v1.ts';

export function isKeptAway(taints: readonly DeviceTaint[], tolerations: readonly DeviceToleration[]): boolean {
  return taints.some(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
      !tolerations.some((toleration) => tolerates(toleration, taint)),
  );
}

function tolerates({ key, operator, value, effect }: DeviceToleration, taint: DeviceTaint): boolean {
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  return operator === 'Exists' || ((!operator || operator === 'Equal') && (value ?? '') === (taint.value ?? ''));
}
