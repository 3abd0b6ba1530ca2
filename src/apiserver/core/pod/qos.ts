// Which quality-of-service class a pod's requests and limits put it into.
// Behaviour: pkg/apis/core/helper/qos/qos.go, Kubernetes v1.36.3.
import { mustParseQuantity, type Quantity } from '../../../apimachinery/quantity/quantity.ts';
import type { Pod, PodSpec, ResourceRequirements } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceList } from '../pod-spec/aggregate-resources.ts';

type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const COMPUTE_RESOURCES = ['cpu', 'memory'] as const;
type Totals = Map<string, Quantity>;

/** The class that the pod was given, or the one that its spec means. */
export function podQosClass({ spec, status }: Pick<Pod, 'spec' | 'status'>): string {
  return status.qosClass || computeQosClass(spec);
}

export function computeQosClass(spec: PodSpec): QosClass {
  const requests: Totals = new Map();
  const limits: Totals = new Map();
  // The pod's own resources take the place of its containers'.
  const all: readonly ResourceRequirements[] = spec.resources
    ? [spec.resources]
    : [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ resources }) => resources);
  let isGuaranteed = true;
  for (const resources of all) {
    addAmounts(requests, resources.requests);
    const limited = addAmounts(limits, resources.limits);
    const isAsked = spec.resources === undefined || Object.keys(resources.limits ?? {}).length > 0;
    if (isAsked && limited < COMPUTE_RESOURCES.length) isGuaranteed = false;
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  const isMatched = requests.size === limits.size && [...requests].every(([name, q]) => limits.get(name)?.equals(q));
  return isGuaranteed && isMatched ? 'Guaranteed' : 'Burstable';
}

/** Adds what is above zero and answers how many of the two resources that were. */
function addAmounts(totals: Totals, list: ResourceList | undefined): number {
  let found = 0;
  for (const name of COMPUTE_RESOURCES) {
    const text = list?.[name];
    const quantity = text === undefined ? undefined : mustParseQuantity(text);
    if (quantity === undefined || quantity.sign() <= 0) continue;
    totals.set(name, totals.get(name)?.add(quantity) ?? quantity);
    found++;
  }
  return found;
}
