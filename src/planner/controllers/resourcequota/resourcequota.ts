// Keeps the status of ResourceQuotas: what is limited, and what is used of it after something was given back.
// Behaviour: pkg/controller/resourcequota/{resource_quota_controller,resource_quota_monitor}.go, Kubernetes v1.36.3.
// Differs: the full recount of all quotas every five minutes is left out; nothing here is ever missed.
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import { calculateUsage, evaluatorFor } from '../../../apiserver/quota/registry.ts';
import { amountsOf, maskAmounts, resourceListOf, sameAmounts } from '../../../apiserver/quota/resource-list.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { ResourceQuota } from '../../../schema/generated/types/core-v1.ts';
import { ANY_RESOURCE, type ControllerFactory, keyFor, splitKey } from '../../engine/controller.ts';

const QUOTAS = 'resourcequotas';

export const resourceQuotaController: ControllerFactory = () => {
  /** Namespaces with quotas: writes elsewhere are not looked at. */
  const limited = new Map<string, Set<string>>();
  return {
    name: 'resourcequota-controller',
    watches: [
      { resource: QUOTAS, keys: noteQuota },
      { resource: ANY_RESOURCE, keys: (event, reader) => quotasToRecount(event, reader) },
    ],
    sync(key, context) {
      const { namespace, name } = splitKey(key);
      const quota = context.reader.get<ResourceQuota>(QUOTAS, namespace, name);
      if (!quota) return undefined;
      const hard = amountsOf(quota.spec.hard);
      const before = amountsOf(quota.status.used);
      const used = maskAmounts(new Map([...before, ...calculateUsage(quota, context)]), hard.keys());
      const isSame =
        quota.status.hard &&
        quota.status.used &&
        sameAmounts(hard, amountsOf(quota.status.hard)) &&
        sameAmounts(used, before);
      if (isSame) return undefined;
      const status = { hard: resourceListOf(hard), used: resourceListOf(used) };
      return context.client.updateStatus(QUOTAS, { ...quota, status }).ok ? undefined : { retry: true };
    },
  };

  function noteQuota({ type, object, previous }: StoreEvent): readonly string[] {
    const quota = object as ResourceQuota;
    const { namespace = '', name = '' } = quota.metadata;
    const names = limited.get(namespace) ?? new Set();
    if (type === 'DELETED') names.delete(name);
    else limited.set(namespace, names.add(name));
    if (names.size === 0) limited.delete(namespace);
    const old = type === 'MODIFIED' ? (previous as ResourceQuota | undefined) : undefined;
    // Usage is written by this controller and by admission; only limits are news.
    return old && sameAmounts(amountsOf(old.spec.hard), amountsOf(quota.spec.hard)) ? [] : [keyFor(quota)];
  }

  /** Quotas of the namespace that count what was deleted, or what an update gave back. */
  function quotasToRecount(
    { type, resource, object, previous, at }: StoreEvent,
    reader: ClusterReader,
  ): readonly string[] {
    const { namespace } = object.metadata;
    const names = namespace === undefined || type === 'ADDED' ? undefined : limited.get(namespace);
    const evaluator = names && evaluatorFor(resource);
    if (!names || !evaluator) return [];
    const context = { reader, now: at };
    if (type === 'MODIFIED' && !(previous && evaluator.releasesOnUpdate?.(object, previous, context))) return [];
    const keys: string[] = [];
    for (const name of [...names].sort()) {
      const quota = reader.get<ResourceQuota>(QUOTAS, namespace, name);
      if (quota && evaluator.matchingResources(Object.keys(quota.status.hard ?? {}), context).length > 0)
        keys.push(keyFor(quota));
    }
    return keys;
  }
};
