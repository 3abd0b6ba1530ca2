// Which devices claims hold already, whole or in part.
// Behaviour: pkg/scheduler/framework/plugins/dynamicresources/{allocateddevices,dra_manager}.go, Kubernetes v1.36.3.
import type { AllocationResult, ResourceClaim } from '../../../../../schema/generated/types/resource-v1.ts';
import { addCapacities, type Capacities, quantityOf } from '../devices/consumed-capacity.ts';

type DeviceId = string;

export function deviceId(driver: string, pool: string, device: string): DeviceId {
  return `${driver}/${pool}/${device}`;
}

export interface AllocatedDevices {
  /** Held by one claim alone. */
  readonly whole: ReadonlySet<DeviceId>;
  readonly shared: ReadonlySet<DeviceId>;
  /** What shared devices have given away. */
  readonly taken: ReadonlyMap<DeviceId, Capacities>;
}

/** `pending`: allocations that are decided but not yet written. */
export function allocatedDevices(
  claims: readonly ResourceClaim[],
  pending: Iterable<AllocationResult>,
): AllocatedDevices {
  const whole = new Set<DeviceId>();
  const shared = new Set<DeviceId>();
  const taken = new Map<DeviceId, Capacities>();
  const add = ({ devices }: AllocationResult): void => {
    for (const { driver, pool, device, adminAccess, shareID, consumedCapacity } of devices.results ?? []) {
      if (adminAccess) continue;
      const id = deviceId(driver, pool, device);
      if (shareID === undefined) {
        whole.add(id);
        continue;
      }
      shared.add(id);
      if (!consumedCapacity) continue;
      const amounts = Object.entries(consumedCapacity).map(([name, amount]) => [name, quantityOf(amount)] as const);
      taken.set(id, addCapacities(taken.get(id), new Map(amounts)));
    }
  };
  for (const { status } of claims) if (status?.allocation) add(status.allocation);
  for (const allocation of pending) add(allocation);
  return { whole, shared, taken };
}

export function isAllocated({ whole, shared, taken }: AllocatedDevices, id: DeviceId): boolean {
  return whole.has(id) || shared.has(id) || taken.has(id);
}
