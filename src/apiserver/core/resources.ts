// The resources of the core group.
import type { Resource } from '../resource.ts';
import { configMapResource } from './config-map/strategy.ts';
import { endpointsResource } from './endpoints/strategy.ts';
import { eventResource } from './event/strategy.ts';
import { limitRangeResource } from './limit-range/strategy.ts';
import { namespaceResource } from './namespace/strategy.ts';
import { nodeResource } from './node/strategy.ts';
import { persistentVolumeResource } from './persistent-volume/strategy.ts';
import { persistentVolumeClaimResource } from './persistent-volume-claim/strategy.ts';
import { podResource } from './pod/strategy.ts';
import { podTemplateResource } from './pod-template/strategy.ts';
import { replicationControllerResource } from './replication-controller/strategy.ts';
import { resourceQuotaResource } from './resource-quota/strategy.ts';
import { secretResource } from './secret/strategy.ts';
import { serviceResource } from './service/strategy.ts';
import { serviceAccountResource } from './service-account/strategy.ts';

export const coreResources: readonly Resource[] = [
  configMapResource,
  endpointsResource,
  eventResource,
  namespaceResource,
  nodeResource,
  podResource,
  podTemplateResource,
  replicationControllerResource,
  limitRangeResource,
  persistentVolumeResource,
  persistentVolumeClaimResource,
  resourceQuotaResource,
  secretResource,
  serviceAccountResource,
  serviceResource,
];
