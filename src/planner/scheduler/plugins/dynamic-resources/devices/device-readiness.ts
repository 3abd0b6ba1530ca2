// Whether the devices of an allocation are set up on their node, as their driver says in conditions.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/dynamicresources.go (isClaimReadyForBinding), Kubernetes v1.36.3.
import type { ResourceClaim } from '../../../../../schema/generated/types/resource-v1.ts';

/** A text says that they never will be. */
export function bindingReadiness({ metadata, status }: ResourceClaim): boolean | string {
  if (!status?.allocation) return false;
  for (const result of status.allocation.devices.results ?? []) {
    if ((result.bindingConditions?.length ?? 0) === 0) continue;
    const device = status.devices?.find(
      ({ driver, pool, device: name, shareID }) =>
        driver === result.driver && pool === result.pool && name === result.device && shareID === result.shareID,
    );
    if (!device) return false;
    const conditionOf = (type: string) =>
      device.conditions?.find((condition) => condition.type === type && condition.status === 'True');
    for (const type of result.bindingFailureConditions ?? []) {
      const failed = conditionOf(type);
      if (failed)
        return `device binding failed: claim=${metadata.name}, reason=${failed.reason}, message=${JSON.stringify(failed.message)}`;
    }
    if (!result.bindingConditions?.every(conditionOf)) return false;
  }
  return true;
}

export function waitsForDevices({ status }: ResourceClaim): boolean {
  return (
    status?.allocation?.devices.results?.some(({ bindingConditions = [] }) => bindingConditions.length > 0) ?? false
  );
}
