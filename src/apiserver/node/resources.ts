// The resources of node.k8s.io.
import type { Resource } from '../resource.ts';
import { runtimeClassResource } from './runtime-class/strategy.ts';

export const nodeResources: readonly Resource[] = [runtimeClassResource];
