// The resources of scheduling.k8s.io.
import type { Resource } from '../resource.ts';
import { priorityClassResource } from './priority-class/strategy.ts';

export const schedulingResources: readonly Resource[] = [priorityClassResource];
