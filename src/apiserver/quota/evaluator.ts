// What is counted against quotas for one resource, and which quotas it counts against.
// Behaviour: [apiserver]/pkg/quota/v1/{interfaces.go,generic/evaluator.go}, Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { ResourceQuota, ScopedResourceSelectorRequirement } from '../../schema/generated/types/core-v1.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import type { ResourceName } from '../store/store.ts';
import { count } from './resource-list.ts';

export interface QuotaContext {
  readonly reader: ClusterReader;
  /** Simulated time, milliseconds since the epoch. */
  readonly now: number;
}

/** A request as far as quotas ask about it. */
interface QuotaOperation {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly subresource: string;
  readonly object: KubeObject;
  readonly oldObject?: KubeObject | undefined;
}

export interface Evaluator {
  readonly resource: ResourceName;
  /** Whether a request may change what is used. */
  handles(operation: QuotaOperation): boolean;
  /** Of the names that a quota limits, those that this resource is counted under. */
  matchingResources(names: readonly string[], context: QuotaContext): readonly string[];
  matchesScope(scope: ScopedResourceSelectorRequirement, object: KubeObject): boolean;
  /** Why an object may not be created while a quota limits these names; nothing when it may. */
  constraintError?(names: readonly string[], object: KubeObject): string | undefined;
  usage(object: KubeObject, context: QuotaContext): ReadonlyMap<string, Quantity>;
  /** Whether an update of a stored object gives something back. */
  releasesOnUpdate?(object: KubeObject, old: KubeObject, context: QuotaContext): boolean;
}

/** The scopes of a quota in one form: spec.scopes ask for mere existence. */
export function scopesOf({ spec }: ResourceQuota): readonly ScopedResourceSelectorRequirement[] {
  const scopes = (spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' }));
  return [...scopes, ...(spec.scopeSelector?.matchExpressions ?? [])];
}

export function matchesQuota(
  evaluator: Evaluator,
  quota: ResourceQuota,
  object: KubeObject,
  context: QuotaContext,
): boolean {
  const names = Object.keys(quota.status.hard ?? {});
  if (evaluator.matchingResources(names, context).length === 0) return false;
  return scopesOf(quota).every((scope) => evaluator.matchesScope(scope, object));
}

/** Whether one of the values (or their absence) is what a scope selector asks for. */
export function matchesScopeValues(
  { operator, values = [] }: ScopedResourceSelectorRequirement,
  present: readonly string[],
): boolean {
  switch (operator) {
    case 'In':
      return present.some((value) => values.includes(value));
    case 'NotIn':
      return present.length === 0 || present.some((value) => !values.includes(value));
    case 'Exists':
      return present.length > 0;
    case 'DoesNotExist':
      return present.length === 0;
    default:
      return false;
  }
}

/** `count/deployments.apps`: every object in storage counts. */
export function objectCountName(resource: ResourceName): string {
  return `count/${resource}`;
}

/** Counts objects and nothing else; `alias` is an older name for the same. */
export function objectCountEvaluator(resource: ResourceName, alias?: string): Evaluator {
  const names = alias ? [objectCountName(resource), alias] : [objectCountName(resource)];
  const usage = new Map(names.map((name) => [name, count(1)]));
  return {
    resource,
    handles: ({ operation, subresource }) => subresource === '' && operation === 'CREATE',
    matchingResources: (wanted) => intersection(wanted, names),
    matchesScope: () => false,
    usage: () => usage,
  };
}

export function intersection(a: readonly string[], b: readonly string[]): readonly string[] {
  return [...new Set(a)].filter((name) => b.includes(name)).sort();
}
