// Topology spread constraints with their selectors compiled, and what counts towards them.
// Behaviour: pkg/scheduler/framework/plugins/podtopologyspread/common.go, Kubernetes v1.36.3.
import type { Node, TopologySpreadConstraint } from '../../../../schema/generated/types/core-v1.ts';
import { type Labels, type Selector, selectorFromSet } from '../../../../selectors/label-selector.ts';
import { RequiredNodeAffinity } from '../../../../selectors/node-selector.ts';
import { bothSelect, compileSelector, LabelSetSelector } from '../../framework/label-set.ts';
import type { NodeInfo } from '../../framework/node-info.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { findUntoleratedTaint } from '../taint-toleration/taint-toleration.ts';

export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly selector: LabelSetSelector;
  readonly minDomains: number;
  readonly honorsNodeAffinity: boolean;
  readonly honorsNodeTaints: boolean;
}

export type Unsatisfiable = 'DoNotSchedule' | 'ScheduleAnyway';

/** undefined when a label selector cannot be read. */
export function filterConstraints(
  constraints: readonly TopologySpreadConstraint[],
  podLabels: Labels,
  action: Unsatisfiable,
): readonly SpreadConstraint[] | undefined {
  const result: SpreadConstraint[] = [];
  for (const constraint of constraints) {
    if (constraint.whenUnsatisfiable !== action) continue;
    const own = compileSelector(constraint.labelSelector);
    if (own === undefined) return undefined;
    result.push({
      maxSkew: constraint.maxSkew,
      topologyKey: constraint.topologyKey,
      selector: LabelSetSelector.of(withMatchLabelKeys(own, constraint.matchLabelKeys ?? [], podLabels)),
      minDomains: constraint.minDomains ?? 1,
      honorsNodeAffinity: (constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor',
      honorsNodeTaints: constraint.nodeTaintsPolicy === 'Honor',
    });
  }
  return result;
}

/** Adds the pod's own values of these labels. */
function withMatchLabelKeys(selector: Selector, keys: readonly string[], podLabels: Labels): Selector {
  if (!selector.selectable) return selector;
  const own: Record<string, string> = {};
  for (const key of keys) {
    const value = podLabels[key];
    if (value !== undefined) own[key] = value;
  }
  return Object.keys(own).length === 0 ? selector : bothSelect(selectorFromSet(own), selector);
}

/** Says which nodes take part in counting for a constraint of this pod. */
export class NodeInclusion {
  readonly #pod: PodInfo;
  readonly #affinity: RequiredNodeAffinity;

  constructor(pod: PodInfo) {
    this.#pod = pod;
    this.#affinity = new RequiredNodeAffinity(pod);
  }

  includes({ honorsNodeAffinity, honorsNodeTaints }: SpreadConstraint, node: Node): boolean {
    if (honorsNodeAffinity && !this.#affinity.matches(node)) return false;
    return !honorsNodeTaints || findUntoleratedTaint(node.spec?.taints, this.#pod.spec.tolerations) === undefined;
  }
}

export function hasAllTopologyKeys(labels: Labels, constraints: readonly SpreadConstraint[]): boolean {
  for (const { topologyKey } of constraints) if (labels[topologyKey] === undefined) return false;
  return true;
}

/** An empty selector counts nothing; pods that are on their way out do not count. */
export function countPodsMatchSelector({ pods }: NodeInfo, selector: LabelSetSelector, namespace: string): number {
  if (selector.isEmpty) return 0;
  let count = 0;
  for (const pod of pods)
    if (pod.namespace === namespace && !pod.isTerminating && selector.matches(pod.labelSet)) count += 1;
  return count;
}
