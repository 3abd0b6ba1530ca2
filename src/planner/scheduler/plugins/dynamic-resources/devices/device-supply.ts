// What the allocator knows of the devices of the cluster, for all nodes.
// Behaviour: staging/src/k8s.io/dynamic-resource-allocation/structured/allocator.go (NewAllocator), Kubernetes v1.36.3.
import type { Quantity } from '../../../../../apimachinery/quantity/quantity.ts';
import type { AllocatedDevices } from '../allocation/allocated-devices.ts';
import type { ClassOf } from '../allocation/device-requests.ts';
import type { SliceIndex } from './device-pools.ts';

/** By counter set and counter. */
export type Counters = ReadonlyMap<string, ReadonlyMap<string, Quantity>>;

export interface DeviceSupply {
  readonly slices: SliceIndex;
  readonly allocated: AllocatedDevices;
  readonly classOf: ClassOf;
  /** Counters that are left of each pool's, found once. */
  readonly counters: Map<string, Counters>;
}
