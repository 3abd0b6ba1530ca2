// The resources of the group batch.
import type { Resource } from '../resource.ts';
import { cronJobResource } from './cron-job/strategy.ts';
import { jobResource } from './job/strategy.ts';

export const batchResources: readonly Resource[] = [cronJobResource, jobResource];
