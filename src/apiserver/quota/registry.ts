// Which evaluator counts a resource, and what a quota's namespace uses in all.
// Behaviour: pkg/quota/v1/evaluator/core/registry.go, pkg/quota/v1/install/registry.go and CalculateUsage in
// [apiserver]/pkg/quota/v1/resources.go, Kubernetes v1.36.3.
import type { Quantity } from '../../apimachinery/quantity/quantity.ts';
import type { ResourceQuota } from '../../schema/generated/types/core-v1.ts';
import type { ResourceName } from '../store/store.ts';
import { type Evaluator, objectCountEvaluator, type QuotaContext, scopesOf } from './evaluator.ts';
import { persistentVolumeClaimEvaluator } from './persistent-volume-claims.ts';
import { podEvaluator } from './pods.ts';
import { resourceClaimEvaluator } from './resource-claims.ts';
import { addAmounts, count, maskAmounts } from './resource-list.ts';
import { serviceEvaluator } from './services.ts';

/** Evaluators that do more than count objects under their name. */
const SPECIAL: ReadonlyMap<ResourceName, Evaluator> = new Map(
  [
    podEvaluator,
    serviceEvaluator,
    persistentVolumeClaimEvaluator,
    resourceClaimEvaluator,
    objectCountEvaluator('configmaps', 'configmaps'),
    objectCountEvaluator('resourcequotas', 'resourcequotas'),
    objectCountEvaluator('replicationcontrollers', 'replicationcontrollers'),
    objectCountEvaluator('secrets', 'secrets'),
  ].map((evaluator) => [evaluator.resource, evaluator]),
);
const OBJECT_COUNT = 'count/';
/** Never counted. */
const IGNORED: ReadonlySet<ResourceName> = new Set(['bindings', 'events', 'events.events.k8s.io']);

const counted = new Map<ResourceName, Evaluator>();

/** The evaluator of a resource; undefined for what quotas ignore. */
export function evaluatorFor(resource: ResourceName): Evaluator | undefined {
  if (IGNORED.has(resource)) return undefined;
  const special = SPECIAL.get(resource);
  if (special) return special;
  const known = counted.get(resource) ?? objectCountEvaluator(resource);
  counted.set(resource, known);
  return known;
}

/** What is used of everything that a quota limits and somebody can count; other names are left out. */
export function calculateUsage(quota: ResourceQuota, context: QuotaContext): Map<string, Quantity> {
  const hard = Object.keys(quota.spec.hard ?? {});
  const scopes = scopesOf(quota);
  const matched = new Set<string>();
  let usage = new Map<string, Quantity>();
  for (const evaluator of evaluatorsOf(hard)) {
    const names = evaluator.matchingResources(hard, context);
    if (names.length === 0) continue;
    for (const name of names) matched.add(name);
    usage = addAmounts(usage, new Map(names.map((name) => [name, count(0)])));
    for (const object of context.reader.list(evaluator.resource, quota.metadata.namespace))
      if (scopes.every((scope) => evaluator.matchesScope(scope, object)))
        usage = addAmounts(usage, maskAmounts(evaluator.usage(object, context), names));
  }
  return maskAmounts(usage, matched);
}

/** Evaluators that may count one of these names. */
function evaluatorsOf(names: readonly string[]): readonly Evaluator[] {
  const evaluators = new Set(SPECIAL.values());
  for (const name of names) {
    const evaluator = name.startsWith(OBJECT_COUNT) ? evaluatorFor(name.slice(OBJECT_COUNT.length)) : undefined;
    if (evaluator) evaluators.add(evaluator);
  }
  return [...evaluators];
}
