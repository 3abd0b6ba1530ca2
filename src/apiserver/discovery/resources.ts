// The resources of discovery.k8s.io.
import type { Resource } from '../resource.ts';
import { endpointSliceResource } from './endpoint-slice/strategy.ts';

export const discoveryResources: readonly Resource[] = [endpointSliceResource];
