// The pods that a pod belongs with: what the Services, and the controller that owns it, select.
// Behaviour: pkg/scheduler/framework/plugins/helper/spread.go, Kubernetes v1.36.3.
import type { ReplicaSet, StatefulSet } from '../../../../schema/generated/types/apps-v1.ts';
import type { ReplicationController, Service } from '../../../../schema/generated/types/core-v1.ts';
import { addRequirements, type Labels, type Selector, selectorFromSet } from '../../../../selectors/label-selector.ts';
import { compileSelector } from '../../framework/label-set.ts';
import type { ClusterLister } from '../../framework/plugin.ts';
import type { PodInfo } from '../../framework/pod-info.ts';

/** An empty selector means that nothing is known: it spreads nothing. */
export function defaultSelector({ namespace, labels, metadata }: PodInfo, objects: ClusterLister): Selector {
  const merged: Record<string, string> = {};
  for (const { spec } of objects.list<Service>('services', namespace))
    if (spec.selector && isSubset(spec.selector, labels)) Object.assign(merged, spec.selector);
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  switch (owner && `${owner.apiVersion} ${owner.kind}`) {
    case 'v1 ReplicationController': {
      const found = objects.get<ReplicationController>('replicationcontrollers', namespace, owner?.name ?? '');
      return selectorFromSet({ ...merged, ...found?.spec.selector });
    }
    case 'apps/v1 ReplicaSet':
    case 'apps/v1 StatefulSet': {
      const resource = owner?.kind === 'ReplicaSet' ? 'replicasets.apps' : 'statefulsets.apps';
      const found = objects.get<ReplicaSet | StatefulSet>(resource, namespace, owner?.name ?? '');
      const own = found && compileSelector(found.spec.selector);
      // A selector that selects nothing adds no requirement.
      return addRequirements(selectorFromSet(merged), own?.requirements ?? []);
    }
    default:
      return selectorFromSet(merged);
  }
}

function isSubset(selector: Labels, labels: Labels): boolean {
  for (const key of Object.keys(selector)) if (labels[key] !== selector[key]) return false;
  return true;
}
