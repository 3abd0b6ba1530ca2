// The resources of coordination.k8s.io.
import type { Resource } from '../resource.ts';
import { leaseResource } from './lease/strategy.ts';

export const coordinationResources: readonly Resource[] = [leaseResource];
