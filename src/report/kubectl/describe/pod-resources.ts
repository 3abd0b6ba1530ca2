// What a pod asks for in all.
// Behaviour: staging/src/k8s.io/component-helpers/resource/helpers.go, Kubernetes v1.36.3.
import { parseQuantity, Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Container, ContainerStatus, Pod } from '../../../schema/generated/types/core-v1.ts';

export type Amounts = ReadonlyMap<string, Quantity>;
type List = Readonly<Record<string, string>> | undefined;

/** Resources that may be given for the pod as a whole. */
const POD_LEVEL = /^(cpu|memory|hugepages-.*)$/;

interface PodResourceOptions {
  /** Whether what the kubelet has granted counts too. */
  readonly useStatus: boolean;
}

export function podRequests(pod: Pod, { useStatus }: PodResourceOptions): Amounts {
  return podAmounts(
    pod,
    (container, status) => {
      const asked = amountsOf(container.resources?.requests);
      if (!useStatus || !status?.resources) return asked;
      return larger(larger(asked, amountsOf(status.resources.requests)), amountsOf(status.allocatedResources));
    },
    pod.spec.resources?.requests,
    true,
  );
}

export function podLimits(pod: Pod, { useStatus }: PodResourceOptions): Amounts {
  return podAmounts(
    pod,
    (container, status) => {
      const asked = amountsOf(container.resources?.limits);
      return useStatus && status?.resources ? larger(asked, amountsOf(status.resources.limits)) : asked;
    },
    pod.spec.resources?.limits,
    false,
  );
}

function podAmounts(
  { spec, status }: Pod,
  of: (container: Container, status: ContainerStatus | undefined) => Amounts,
  podLevel: List,
  overheadAlways: boolean,
): Amounts {
  const statuses = new Map(
    [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].map((s) => [s.name, s]),
  );
  let total: Amounts = new Map();
  for (const container of spec.containers ?? []) total = sum(total, of(container, statuses.get(container.name)));
  let sidecars: Amounts = new Map();
  let init: Amounts = new Map();
  for (const container of spec.initContainers ?? []) {
    let amounts = of(container, statuses.get(container.name));
    if (container.restartPolicy === 'Always') {
      total = sum(total, amounts);
      sidecars = sum(sidecars, amounts);
      amounts = sidecars;
    } else amounts = sum(amounts, sidecars);
    init = larger(init, amounts);
  }
  total = larger(total, init);
  const atPodLevel = [...amountsOf(podLevel)].filter(([name]) => POD_LEVEL.test(name));
  total = new Map([...total, ...atPodLevel]);
  const overhead = amountsOf(spec.overhead);
  if (overheadAlways) return sum(total, overhead);
  return new Map(
    [...total].map(([name, amount]) => [name, overhead.has(name) ? amount.add(overhead.get(name)!) : amount]),
  );
}

function amountsOf(list: List): Amounts {
  return new Map(Object.entries(list ?? {}).map(([name, text]) => [name, parseQuantity(text) ?? Quantity.zero()]));
}

export function sum(a: Amounts, b: Amounts): Amounts {
  const total = new Map(a);
  for (const [name, amount] of b) total.set(name, total.get(name)?.add(amount) ?? amount);
  return total;
}

function larger(a: Amounts, b: Amounts): Amounts {
  const most = new Map(a);
  for (const [name, amount] of b) {
    const known = most.get(name);
    if (!known || amount.cmp(known) > 0) most.set(name, amount);
  }
  return most;
}
