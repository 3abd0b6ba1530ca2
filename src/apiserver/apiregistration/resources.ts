// The resources of apiregistration.k8s.io.
import type { Resource } from '../resource.ts';
import { apiServiceResource } from './api-service/strategy.ts';

export const apiregistrationResources: readonly Resource[] = [apiServiceResource];
