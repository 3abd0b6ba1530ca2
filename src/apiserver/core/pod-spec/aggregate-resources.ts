// What the containers of a pod ask for together: their sum, or the largest init container if that is more.
// Behaviour: [component-helpers]/resource/helpers.go (AggregateContainerRequests, AggregateContainerLimits), Kubernetes v1.36.3.
import { mustParseQuantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { PodSpec } from '../../../schema/generated/types/core-v1.ts';
import { isRestartableInitContainer } from './visit-containers.ts';

export type ResourceList = Readonly<Record<string, string>>;

export function aggregateContainerResources(spec: PodSpec, which: 'requests' | 'limits'): Map<string, Quantity> {
  const total = new Map<string, Quantity>();
  for (const { resources } of spec.containers ?? []) addResourceList(total, resources[which]);
  // While an init container runs, the sidecars started before it run too.
  const sidecars = new Map<string, Quantity>();
  const initialization = new Map<string, Quantity>();
  for (const container of spec.initContainers ?? []) {
    const list = container.resources[which];
    if (isRestartableInitContainer(container)) {
      addResourceList(total, list);
      addResourceList(sidecars, list);
      maxInto(initialization, sidecars);
    } else {
      const alone = new Map<string, Quantity>();
      addResourceList(alone, list);
      for (const [name, quantity] of sidecars) addTo(alone, name, quantity);
      maxInto(initialization, alone);
    }
  }
  maxInto(total, initialization);
  return total;
}

function addResourceList(total: Map<string, Quantity>, list: ResourceList | undefined): void {
  for (const name in list) addTo(total, name, mustParseQuantity(list[name] ?? '0'));
}

function addTo(total: Map<string, Quantity>, name: string, quantity: Quantity): void {
  const before = total.get(name);
  total.set(name, before === undefined ? quantity : before.add(quantity));
}

function maxInto(total: Map<string, Quantity>, list: ReadonlyMap<string, Quantity>): void {
  for (const [name, quantity] of list) {
    const before = total.get(name);
    if (before === undefined || quantity.cmp(before) > 0) total.set(name, quantity);
  }
}
