// On which nodes a DaemonSet's pods are to run, and on which they may at least go on running.
// Behaviour: pkg/controller/daemon/daemon_controller.go (NodeShouldRunDaemonPod), Kubernetes v1.36.3.
import type { DaemonSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Node, PodTemplateSpec } from '../../../schema/generated/types/core-v1.ts';
import { RequiredNodeAffinity } from '../../../selectors/node-selector.ts';
import { findMatchingUntoleratedTaint, preventsScheduling, type Toleration } from '../../../selectors/toleration.ts';
import { daemonTolerations } from './pod-template.ts';

/** 'run': a pod belongs there; 'continue': one that is there may stay; 'leave': it must go. */
export type Verdict = 'run' | 'continue' | 'leave';

interface Known {
  readonly labels: Node['metadata']['labels'];
  readonly taints: Node['spec']['taints'];
  readonly verdict: Verdict;
}

/** What one template asks of nodes; remembers its verdict on a node until labels or taints change. */
class Placement {
  readonly #nodeName: string;
  readonly #affinity: RequiredNodeAffinity;
  readonly #tolerations: readonly Toleration[];
  readonly #known = new Map<string, Known>();

  constructor({ spec }: PodTemplateSpec) {
    this.#nodeName = spec.nodeName ?? '';
    this.#affinity = new RequiredNodeAffinity({ spec });
    this.#tolerations = daemonTolerations(spec);
  }

  verdict(node: Node): Verdict {
    const { name = '', labels } = node.metadata;
    const { taints } = node.spec;
    const known = this.#known.get(name);
    if (known && known.labels === labels && known.taints === taints) return known.verdict;
    const verdict = this.#decide(node);
    this.#known.set(name, { labels, taints, verdict });
    return verdict;
  }

  #decide(node: Node): Verdict {
    if (this.#nodeName !== '' && this.#nodeName !== node.metadata.name) return 'leave';
    if (!this.#affinity.matches(node)) return 'leave';
    const { taints } = node.spec;
    if (!findMatchingUntoleratedTaint(taints, this.#tolerations, preventsScheduling)) return 'run';
    const evicting = findMatchingUntoleratedTaint(taints, this.#tolerations, ({ effect }) => effect === 'NoExecute');
    return evicting ? 'leave' : 'continue';
  }
}

const placements = new WeakMap<PodTemplateSpec, Placement>();

export function placementOf({ spec: { template } }: DaemonSet): Placement {
  let placement = placements.get(template);
  if (!placement) {
    placement = new Placement(template);
    placements.set(template, placement);
  }
  return placement;
}
