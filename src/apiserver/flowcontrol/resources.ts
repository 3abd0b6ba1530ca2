// The resources of flowcontrol.apiserver.k8s.io.
import type { Resource } from '../resource.ts';
import { flowSchemaResource } from './flow-schema/strategy.ts';
import { priorityLevelConfigurationResource } from './priority-level-configuration/strategy.ts';

export const flowcontrolResources: readonly Resource[] = [flowSchemaResource, priorityLevelConfigurationResource];
