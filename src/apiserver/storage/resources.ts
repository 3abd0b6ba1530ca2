// The resources of storage.k8s.io.
import type { Resource } from '../resource.ts';
import { csiDriverResource } from './csi-driver/strategy.ts';
import { csiNodeResource } from './csi-node/strategy.ts';
import { csiStorageCapacityResource } from './csi-storage-capacity/strategy.ts';
import { storageClassResource } from './storage-class/strategy.ts';
import { volumeAttachmentResource } from './volume-attachment/strategy.ts';
import { volumeAttributesClassResource } from './volume-attributes-class/strategy.ts';

export const storageResources: readonly Resource[] = [
  csiDriverResource,
  csiNodeResource,
  csiStorageCapacityResource,
  storageClassResource,
  volumeAttachmentResource,
  volumeAttributesClassResource,
];
