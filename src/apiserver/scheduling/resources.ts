// The resources of scheduling.k8s.io.
import type { Resource } from '../resource.ts';
import { podGroupResource } from './pod-group/strategy.ts';
import { priorityClassResource } from './priority-class/strategy.ts';
import { workloadResource } from './workload/strategy.ts';

export const schedulingResources: readonly Resource[] = [priorityClassResource, podGroupResource, workloadResource];
