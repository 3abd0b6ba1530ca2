// Columns of what dynamic resource allocation goes by: claims of devices and the slices that offer them.
// Behaviour: pkg/printers/internalversion/printers.go, Kubernetes v1.36.3.
import type { ResourceClaim, ResourceSlice } from '../../../schema/generated/types/resource-v1.ts';
import { ageOf, tablePrinter } from './printer.ts';

export const resourceClaimPrinter = tablePrinter<ResourceClaim>('Name|State|Age', (object, now) => [
  object.metadata.name ?? '',
  stateOf(object),
  ageOf(object, now),
]);

export const resourceSlicePrinter = tablePrinter<ResourceSlice>('Name|Node|Driver|Pool|Age', (object, now) => {
  const { nodeName = '', driver, pool } = object.spec;
  return [object.metadata.name ?? '', nodeName, driver, pool.name, ageOf(object, now)];
});

function stateOf({ metadata, status }: ResourceClaim): string {
  const { allocation, reservedFor = [] } = status ?? {};
  const isDeleted = metadata.deletionTimestamp !== undefined;
  const states = isDeleted ? ['deleted'] : [];
  if (allocation) states.push('allocated', ...(reservedFor.length > 0 ? ['reserved'] : []));
  else if (!isDeleted) states.push('pending');
  return states.join(',');
}
