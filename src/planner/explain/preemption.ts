// Whom the scheduler evicted for a pod, where else it might have, and which rule decided between the nodes.
// Behaviour: pkg/scheduler/framework/preemption/preemption.go (pickOneNodeForPreemption), Kubernetes v1.36.3.
import type { PodDisruptionBudget } from '../../schema/generated/types/policy-v1.ts';
import { decidePod } from '../scheduler/explain/decision.ts';
import { CycleState } from '../scheduler/framework/cycle-state.ts';
import type { PodInfo } from '../scheduler/framework/pod-info.ts';
import type { Framework } from '../scheduler/framework/runtime.ts';
import { type Cost, costOf } from '../scheduler/preemption/candidates.ts';
import { numCandidates, type PreemptionOptions } from '../scheduler/preemption/evaluator.ts';
import { selectVictimsOnNode } from '../scheduler/preemption/victims.ts';
import type { ExplainedPreemption, ExplainedVictim } from './pod-explanation.ts';

/** kube-scheduler's rules in their order; the lower the better. */
const RULES: readonly { readonly why: string; readonly of: (cost: Cost, now: number) => number }[] = [
  { why: 'evicting there violates the fewest disruption budgets', of: ({ violations }) => violations },
  { why: 'the most important victim there is the least important', of: ({ highest }) => highest },
  { why: 'the priorities of the victims there add up to the least', of: ({ sum }) => sum },
  { why: 'the fewest pods have to go there', of: ({ count }) => count },
  {
    why: 'the most important victims there started last',
    of: ({ started, hasUnstarted }, now) => -(hasUnstarted ? Math.min(started, now) : started),
  },
];
const ONLY = 'it is the only node where eviction helps';
const TIE = 'nothing tells it from the others: kubeplan takes the first by name, kube-scheduler any of them';

interface Candidate {
  readonly node: string;
  readonly cost: Cost;
}

export function explainPreemption(
  framework: Framework,
  options: PreemptionOptions,
  pod: PodInfo,
): ExplainedPreemption | undefined {
  const { nominated, victims = [], nodes } = decidePod(framework, pod);
  if (nominated === undefined) return undefined;
  const state = new CycleState();
  framework.runPreFilterPlugins(state, pod);
  const budgets = framework.handle.objects.list<PodDisruptionBudget>('poddisruptionbudgets.policy');
  const potential = nodes.filter(({ status }) => status === 'Unschedulable');
  const wanted = numCandidates(options, potential.length);
  const candidates: Candidate[] = [];
  for (const { node } of potential) {
    const nodeInfo = framework.handle.snapshot.get(node);
    const selection = nodeInfo && selectVictimsOnNode(framework.handle, state, pod, nodeInfo, budgets);
    if (!selection || 'status' in selection) continue;
    candidates.push({ node, cost: costOf(selection.victims) });
    if (candidates.length >= wanted && candidates.some(({ cost }) => cost.violations === 0)) break;
  }
  const gone = new Set(victims.map(({ uid }) => uid));
  const others = framework.handle.snapshot.get(nominated)?.pods ?? [];
  return {
    node: nominated,
    victims: victims.map(victimOf),
    spared: others.filter(({ priority, uid }) => priority < pod.priority && !gone.has(uid)).map(victimOf),
    candidates: candidates.map(({ node, cost: { count, violations, highest } }) => ({
      node,
      victims: count,
      violations,
      highestPriority: highest,
    })),
    why: whyThere(candidates, framework.handle.now()),
  };
}

/** The rule that leaves one node. */
function whyThere(candidates: readonly Candidate[], now: number): string {
  if (candidates.length <= 1) return ONLY;
  let left = candidates;
  for (const { why, of } of RULES) {
    const values = left.map(({ cost }) => of(cost, now));
    const best = Math.min(...values);
    left = left.filter((_candidate, i) => values[i] === best);
    if (left.length === 1) return why;
  }
  return TIE;
}

function victimOf({ namespace, name, priority, status }: PodInfo): ExplainedVictim {
  return { namespace, name, priority, ...(status.startTime ? { startTime: status.startTime } : {}) };
}
