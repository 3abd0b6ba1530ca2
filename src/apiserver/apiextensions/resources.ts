// The resources of apiextensions.k8s.io.
import type { Resource } from '../resource.ts';
import { customResourceDefinitionResource } from './custom-resource-definition/strategy.ts';

export const apiextensionsResources: readonly Resource[] = [customResourceDefinitionResource];
