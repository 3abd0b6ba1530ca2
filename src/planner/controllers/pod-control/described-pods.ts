// Which pods a description speaks of: by namespace and labels, or by the workload that they belong to.
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import { LABEL_POD_TEMPLATE_HASH } from '../../../apimachinery/well-known/labels.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import { matchesLabels } from './selector-index.ts';

export interface DescribedPods {
  /** `default` when left out. */
  readonly namespace?: string;
  readonly matchLabels?: Readonly<Record<string, string>>;
  /** `Deployment/web`, `StatefulSet/db`, `Pod/one`. */
  readonly workload?: string;
}

const DEFAULT_NAMESPACE = 'default';

export function isDescribed(
  pod: Pod,
  { namespace = DEFAULT_NAMESPACE, matchLabels, workload }: DescribedPods,
): boolean {
  return (
    namespace === pod.metadata.namespace &&
    (matchLabels === undefined || matchesLabels(matchLabels, pod.metadata.labels)) &&
    (workload === undefined || workloadsOf(pod).includes(workload))
  );
}

/** The pod itself, its controller, and the Deployment whose ReplicaSet made it. */
function workloadsOf(pod: Pod): readonly string[] {
  const found = [`Pod/${pod.metadata.name}`];
  const owner = controllerOf(pod);
  if (!owner) return found;
  found.push(`${owner.kind}/${owner.name}`);
  const hash = pod.metadata.labels?.[LABEL_POD_TEMPLATE_HASH];
  if (owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`))
    found.push(`Deployment/${owner.name.slice(0, -hash.length - 1)}`);
  return found;
}
