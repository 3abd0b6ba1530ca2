// Whether the taints of a device keep a request away from it.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/resourceclaim/devicetoleration.go and
// structured/internal/incubating/allocator_incubating.go (taintPreventsAllocation), Kubernetes v1.36.3.
import type { DeviceTaint, DeviceToleration } from '../../../../../schema/generated/types/resource-v1.ts';
import { toleratesTaint } from '../../../../../selectors/toleration.ts';

export function isKeptAway(taints: readonly DeviceTaint[], tolerations: readonly DeviceToleration[]): boolean {
  return taints.some(
    (taint) =>
      (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') &&
      !tolerations.some((toleration) => toleratesTaint(toleration, taint)),
  );
}
