// The resources of resource.k8s.io.
import type { Resource } from '../resource.ts';
import { deviceClassResource } from './device-class/strategy.ts';
import { resourceClaimResource } from './resource-claim/strategy.ts';
import { resourceClaimTemplateResource } from './resource-claim-template/strategy.ts';
import { resourceSliceResource } from './resource-slice/strategy.ts';

export const resourceResources: readonly Resource[] = [
  deviceClassResource,
  resourceClaimResource,
  resourceClaimTemplateResource,
  resourceSliceResource,
];
