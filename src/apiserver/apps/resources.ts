// The resources of the group apps.
import type { Resource } from '../resource.ts';
import { controllerRevisionResource } from './controller-revision/strategy.ts';
import { daemonSetResource } from './daemon-set/strategy.ts';
import { deploymentResource } from './deployment/strategy.ts';
import { replicaSetResource } from './replica-set/strategy.ts';
import { statefulSetResource } from './stateful-set/strategy.ts';

export const appsResources: readonly Resource[] = [
  controllerRevisionResource,
  daemonSetResource,
  deploymentResource,
  replicaSetResource,
  statefulSetResource,
];
