// How large claims and volumes are, and how large a claim asks to be.
import { mustParseQuantity, type Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { PersistentVolume, PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';

export function requestOf({ spec }: PersistentVolumeClaim): Quantity {
  return mustParseQuantity(String(spec.resources.requests?.['storage'] ?? '0'));
}

export function capacityOf({ status }: PersistentVolumeClaim): Quantity {
  return mustParseQuantity(String(status.capacity?.['storage'] ?? '0'));
}

export function volumeCapacity({ spec }: PersistentVolume): Quantity {
  return mustParseQuantity(String(spec.capacity?.['storage'] ?? 0));
}
