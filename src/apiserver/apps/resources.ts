// The resources of the group apps.
import type { Resource } from '../resource.ts';
import { deploymentResource } from './deployment/strategy.ts';
import { replicaSetResource } from './replica-set/strategy.ts';

export const appsResources: readonly Resource[] = [deploymentResource, replicaSetResource];
