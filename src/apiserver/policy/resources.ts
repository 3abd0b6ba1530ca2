// The resources of policy.
import type { Resource } from '../resource.ts';
import { podDisruptionBudgetResource } from './pod-disruption-budget/strategy.ts';

export const policyResources: readonly Resource[] = [podDisruptionBudgetResource];
