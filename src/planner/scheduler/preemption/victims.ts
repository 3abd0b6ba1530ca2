// The pods to evict from one node so that a pod fits there: as few and as unimportant as possible.
// Behaviour: pkg/scheduler/framework/plugins/defaultpreemption/default_preemption.go (SelectVictimsOnNode),
// pkg/scheduler/util/utils.go (MoreImportantPod), Kubernetes v1.36.3.
import { goSort } from '../../../apimachinery/go/sort.ts';
import { mustParseTime } from '../../../apimachinery/time/time.ts';
import type { PodDisruptionBudget } from '../../../schema/generated/types/policy-v1.ts';
import type { CycleState } from '../framework/cycle-state.ts';
import { compileSelector, LabelSetSelector } from '../framework/label-set.ts';
import type { NodeInfo } from '../framework/node-info.ts';
import type { Handle } from '../framework/plugin.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import {
  errorStatus,
  isSuccess,
  type MaybeStatus,
  type Status,
  unschedulableAndUnresolvable,
} from '../framework/status.ts';

const NO_VICTIMS = 'No preemption victims found for incoming pod';

export interface Victims {
  /** Most important first. */
  readonly pods: readonly PodInfo[];
  readonly numPDBViolations: number;
}

export type VictimSelection = { readonly victims: Victims } | { readonly status: Status };

const NO_VICTIMS_STATUS: VictimSelection = { status: unschedulableAndUnresolvable(NO_VICTIMS) };

/** A node on which pods can be taken away and put back to see whether another pod would fit. */
export interface Trial {
  remove(victim: PodInfo): void;
  add(victim: PodInfo): void;
  /** Why the pod does not fit as things stand. */
  verdict(): MaybeStatus;
}

/** Works on copies: the cycle and the node stay as they are. */
export function selectVictimsOnNode(
  handle: Handle,
  cycle: CycleState,
  pod: PodInfo,
  original: NodeInfo,
  budgets: readonly PodDisruptionBudget[],
): VictimSelection {
  return selectVictims(pod, original, budgets, () => {
    const state = cycle.clone();
    const nodeInfo = original.clone();
    return {
      remove(victim) {
        nodeInfo.removePod(victim.uid);
        handle.runPreFilterExtensionRemovePod(state, pod, victim, nodeInfo);
      },
      add(victim) {
        nodeInfo.addPod(victim);
        handle.runPreFilterExtensionAddPod(state, pod, victim, nodeInfo);
      },
      verdict: () => handle.runFilterPluginsWithNominatedPods(state, pod, nodeInfo),
    };
  });
}

export function selectVictims(
  pod: PodInfo,
  { name, pods }: NodeInfo,
  budgets: readonly PodDisruptionBudget[],
  startTrial: () => Trial,
): VictimSelection {
  const candidates = pods.filter((other) => other.priority < pod.priority);
  if (candidates.length === 0) return NO_VICTIMS_STATUS;
  const trial = startTrial();
  for (const candidate of candidates) trial.remove(candidate);
  const status = trial.verdict();
  if (status && !isSuccess(status)) return { status };

  goSort(candidates, isMoreImportant);
  const { violating, others } = splitByBudgets(candidates, budgets);
  const victims: PodInfo[] = [];
  // Whoever still fits beside the pod stays; budgets and importance decide who is asked first.
  const reprieve = (candidate: PodInfo): boolean => {
    trial.add(candidate);
    if (isSuccess(trial.verdict())) return true;
    trial.remove(candidate);
    victims.push(candidate);
    return false;
  };
  let numPDBViolations = 0;
  for (const candidate of violating) if (!reprieve(candidate)) numPDBViolations += 1;
  for (const candidate of others) reprieve(candidate);
  if (victims.length === 0) return nobodyToEvict(name);
  if (violating.length > 0 && others.length > 0) goSort(victims, isMoreImportant);
  return { victims: { pods: victims, numPDBViolations } };
}

/** Milliseconds since the epoch; undefined for a pod that has not started, which counts as starting now. */
export function startTimeOf({ status }: PodInfo): number | undefined {
  return status.startTime === undefined ? undefined : mustParseTime(status.startTime);
}

/**
 * Higher priority, then earlier start. Upstream reads the clock for each pod that has not started, so of two such pods the
 * one asked about first always is the more important one; goSort depends on it.
 */
function isMoreImportant(a: PodInfo, b: PodInfo): boolean {
  if (a.priority !== b.priority) return a.priority > b.priority;
  const [first, second] = [startTimeOf(a), startTimeOf(b)];
  if (second === undefined) return true;
  return first !== undefined && first < second;
}

interface Budget {
  readonly namespace: string;
  readonly selector: LabelSetSelector;
  readonly disruptedPods: Readonly<Record<string, unknown>>;
  allowed: number;
}

/** Everybody could stay after all, which should not be: upstream reports it as a failure of its own. */
function nobodyToEvict(node: string): VictimSelection {
  return { status: errorStatus(`expected at least one victim pod on node ${JSON.stringify(node)}`) };
}

function splitByBudgets(
  pods: readonly PodInfo[],
  list: readonly PodDisruptionBudget[],
): { readonly violating: readonly PodInfo[]; readonly others: readonly PodInfo[] } {
  if (list.length === 0) return { violating: [], others: pods };
  const budgets = compileBudgets(list);
  const violating: PodInfo[] = [];
  const others: PodInfo[] = [];
  for (const pod of pods) (violates(pod, budgets) ? violating : others).push(pod);
  return { violating, others };
}

export function compileBudgets(list: readonly PodDisruptionBudget[]): readonly Budget[] {
  return list.flatMap(({ metadata, spec, status }): Budget[] => {
    const selector = compileSelector(spec?.selector);
    // Unlike for the disruption controller, an empty selector covers no pod here.
    if (selector === undefined || selector.isEmpty()) return [];
    return [
      {
        namespace: metadata.namespace ?? '',
        selector: LabelSetSelector.of(selector),
        disruptedPods: status?.disruptedPods ?? {},
        allowed: status?.disruptionsAllowed ?? 0,
      },
    ];
  });
}

/** Charges the budgets of a pod up to the first that its eviction violates; undefined when it violates none. */
export function violatedBudget(pod: PodInfo, budgets: readonly Budget[]): Budget | undefined {
  if (Object.keys(pod.labels).length === 0) return undefined;
  return budgets.find((budget) => isCharged(pod, budget) && --budget.allowed < 0);
}

function isCharged(pod: PodInfo, { namespace, selector, disruptedPods }: Budget): boolean {
  // The API server has already charged those that are named.
  return namespace === pod.namespace && selector.matches(pod.labelSet) && !Object.hasOwn(disruptedPods, pod.name);
}

function violates(pod: PodInfo, budgets: readonly Budget[]): boolean {
  if (Object.keys(pod.labels).length === 0) return false;
  let isViolation = false;
  for (const budget of budgets) {
    if (!isCharged(pod, budget)) continue;
    budget.allowed -= 1;
    if (budget.allowed < 0) isViolation = true;
  }
  return isViolation;
}
