// How large a claim is, and how large it asks to be.
import { mustParseQuantity, type Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { PersistentVolumeClaim } from '../../schema/generated/types/core-v1.ts';

export function requestOf({ spec }: PersistentVolumeClaim): Quantity {
  return mustParseQuantity(String(spec.resources.requests?.['storage'] ?? '0'));
}

export function capacityOf({ status }: PersistentVolumeClaim): Quantity {
  return mustParseQuantity(String(status.capacity?.['storage'] ?? '0'));
}
