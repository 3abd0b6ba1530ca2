// Keeps the status of PodDisruptionBudgets: how many pods are healthy, how many have to be, how many evictions are left.
// Behaviour: pkg/controller/disruption/disruption.go, Kubernetes v1.36.3.
// Differs: of several budgets over a pod upstream wakes an arbitrary one; here all of them, named in turn by the event.
import { setCondition } from '../../../apimachinery/conditions.ts';
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { getScaledValueFromIntOrPercent, type IntOrString } from '../../../apimachinery/int-or-string.ts';
import { formatTime, parseTime } from '../../../apimachinery/time/time.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { Condition } from '../../../schema/generated/types/meta-v1.ts';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '../../../schema/generated/types/policy-v1.ts';
import { compileLabelSelector, type Selector } from '../../../selectors/label-selector.ts';
import { labelSelectorText } from '../../../selectors/label-selector-text.ts';
import {
  type ControllerFactory,
  keyFor,
  type SyncContext,
  type SyncResult,
  splitKey,
} from '../../engine/controller.ts';
import { DISRUPTION_TARGET, withPodCondition } from '../../objects/pod-condition.ts';
import { isPodReady, isPodTerminal, podCondition } from '../pod-control/pod-state.ts';
import { podsSelectedBy, SelectorIndex } from '../pod-control/selector-index.ts';
import { expectedScale } from './expected-pods.ts';

const BUDGETS = 'poddisruptionbudgets.policy';
/** How long an evicted pod may stay before it counts as healthy again. */
const DELETION_TIMEOUT = 120_000;
/** How long a pod may carry DisruptionTarget without being deleted. */
const STALE_DISRUPTION_TIMEOUT = 120_000;
const DISRUPTION_ALLOWED = 'DisruptionAllowed';
/** Marks keys of pods; a budget's key has two parts. */
const POD = 'pod';

const NOTHING: readonly string[] = [];

export const disruptionController: ControllerFactory = () => {
  const budgets = new SelectorIndex();
  const selectors = new Map<string, Selector>();
  /** Pods of several budgets as they were at each write since their last sync: every one is an event. */
  const contested = new Map<string, Pod[]>();
  /** Which of several budgets the next event names. */
  const turns = new Map<string, number>();

  const budgetsFor = ({ metadata }: Pod): readonly string[] =>
    budgets
      .find(metadata.namespace ?? '', metadata.labels)
      .filter((key) => selectors.get(key)?.matches(metadata.labels));

  return {
    name: 'disruption-controller',
    watches: [
      { resource: BUDGETS, keys: noteBudget },
      { resource: 'pods', keys: notePod },
    ],
    sync(key, context) {
      const [first = '', second = '', third] = key.split('/');
      if (first === POD && third !== undefined) return syncPod(second, third, context);
      const budget = context.reader.get<PodDisruptionBudget>(BUDGETS, first, second);
      return budget && syncBudget(budget, context);
    },
  };

  function noteBudget({ type, object }: StoreEvent): readonly string[] {
    const budget = object as PodDisruptionBudget;
    const key = keyFor(budget);
    const { selector } = budget.spec;
    const isThere = type !== 'DELETED' && selector !== undefined;
    budgets.set(key, budget.metadata.namespace ?? '', isThere ? (selector.matchLabels ?? {}) : undefined);
    if (isThere) selectors.set(key, compileLabelSelector(selector));
    else selectors.delete(key);
    return [key];
  }

  function notePod({ type, object, previous }: StoreEvent): readonly string[] {
    const pod = object as Pod;
    if (budgets.isEmpty && staleIn(pod, 0) === undefined) return NOTHING;
    const keys = [...budgetsFor(pod)];
    const isContested = keys.length > 1;
    if (type === 'MODIFIED' && previous && isUnchanged(previous as Pod, pod)) keys.length = 0;
    const key = keyFor(pod);
    if (isContested) contested.set(key, [...(contested.get(key) ?? []), pod]);
    if (isContested || (type !== 'DELETED' && staleIn(pod, 0) !== undefined)) keys.push(`${POD}/${key}`);
    return keys;
  }

  /** Says that several budgets claim a pod, and takes back a disruption that did not come. */
  function syncPod(namespace: string, name: string, context: SyncContext): SyncResult | undefined {
    const key = `${namespace}/${name}`;
    for (const seen of contested.get(key) ?? []) noteContest(seen, namespace, context);
    contested.delete(key);
    const pod = context.reader.get<Pod>('pods', namespace, name);
    if (!pod) return undefined;
    const wait = staleIn(pod, context.now);
    if (wait === undefined) return undefined;
    if (wait > 0) return { requeueAfter: wait };
    const reset = withPodCondition(pod, { type: DISRUPTION_TARGET, status: 'False' }, context.now);
    return context.on(pod).updateStatus('pods', reset).ok ? undefined : { retry: true };
  }

  function noteContest(pod: Pod, namespace: string, { recorder }: SyncContext): void {
    const found = budgetsFor(pod);
    if (found.length < 2) return;
    const turn = turns.get(namespace) ?? 0;
    turns.set(namespace, turn + 1);
    const chosen = splitKey(found[turn % found.length]!).name;
    recorder.event(
      pod,
      'Warning',
      'MultiplePodDisruptionBudgets',
      `Pod "${namespace}"/"${pod.metadata.name}" matches multiple PodDisruptionBudgets.  Chose "${chosen}" arbitrarily.`,
    );
  }

  function syncBudget(budget: PodDisruptionBudget, context: SyncContext): SyncResult | undefined {
    const { reader, recorder, now } = context;
    const selector = compileLabelSelector(budget.spec.selector);
    const pods = budget.spec.selector
      ? podsSelectedBy(budget.spec.selector.matchLabels ?? {}, budget.metadata.namespace ?? '', reader).filter(
          ({ metadata }) => selector.matches(metadata.labels),
        )
      : [];
    if (pods.length === 0) recorder.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    const wanted = wantedPods(budget, pods, context);
    if (typeof wanted === 'string') {
      const message = `Failed to calculate the number of expected pods: ${wanted}`;
      recorder.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message);
      return write(budget, failedStatus(budget, wanted, now), context);
    }
    if (wanted.unmanaged.length > 0) recorder.event(budget, 'Warning', 'UnmanagedPods', unmanagedText(budget));

    const { disruptedPods, recheckAt } = disruptedPodsOf(budget, pods, context);
    const isGoing = ({ metadata }: Pod) => {
      const since = disruptedPods[metadata.name ?? ''];
      return (
        metadata.deletionTimestamp !== undefined || (since !== undefined && timeOf(since) + DELETION_TIMEOUT > now)
      );
    };
    const currentHealthy = pods.filter((pod) => !isGoing(pod) && isPodReady(pod)).length;
    const status = statusOf(budget, { currentHealthy, ...wanted, disruptedPods }, now);
    if (!semanticDeepEqual(status, budget.status)) {
      const result = write(budget, status, context);
      if (result) return result;
    }
    // The timeout is over only after its last moment.
    return recheckAt === undefined ? undefined : { requeueAfter: recheckAt - now + 1 };
  }
};

function isUnchanged(old: Pod, pod: Pod): boolean {
  return (
    isPodReady(old) === isPodReady(pod) &&
    old.metadata.deletionTimestamp === pod.metadata.deletionTimestamp &&
    semanticDeepEqual(old.metadata.labels, pod.metadata.labels) &&
    semanticDeepEqual(old.metadata.ownerReferences, pod.metadata.ownerReferences)
  );
}

interface WantedPods {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  readonly unmanaged: readonly string[];
}

function wantedPods({ spec }: PodDisruptionBudget, pods: readonly Pod[], context: SyncContext): WantedPods | string {
  const { minAvailable, maxUnavailable } = spec;
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { expectedPods: pods.length, desiredHealthy: minAvailable, unmanaged: [] };
  const share = maxUnavailable ?? minAvailable;
  if (share === undefined) return { expectedPods: 0, desiredHealthy: 0, unmanaged: [] };
  const scale = expectedScale(pods, context);
  if (!scale.ok) return scale.error;
  const scaled = getScaledValueFromIntOrPercent(share as IntOrString, scale.count, true);
  if (!scaled.ok) return scaled.error;
  const desiredHealthy = maxUnavailable === undefined ? scaled.value : Math.max(scale.count - scaled.value, 0);
  return { expectedPods: scale.count, desiredHealthy, unmanaged: scale.unmanaged };
}

/** Evicted pods that are still there, and when the first of them counts again. */
function disruptedPodsOf(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  { recorder, now }: SyncContext,
): { readonly disruptedPods: Readonly<Record<string, string>>; readonly recheckAt: number | undefined } {
  const disruptedPods: Record<string, string> = {};
  let recheckAt: number | undefined;
  for (const pod of pods) {
    const since = budget.status.disruptedPods?.[pod.metadata.name ?? ''];
    if (since === undefined || pod.metadata.deletionTimestamp) continue;
    const end = timeOf(since) + DELETION_TIMEOUT;
    if (end < now) {
      // Upstream names the namespace twice.
      const { namespace } = budget.metadata;
      recorder.event(
        pod,
        'Warning',
        'NotDeleted',
        `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`,
      );
      continue;
    }
    disruptedPods[pod.metadata.name ?? ''] = since;
    recheckAt = recheckAt === undefined ? end : Math.min(recheckAt, end);
  }
  return { disruptedPods, recheckAt };
}

const SUFFICIENT = { status: 'True', reason: 'SufficientPods', message: '' };
const INSUFFICIENT = { status: 'False', reason: 'InsufficientPods', message: '' };

function statusOf(
  { metadata, status }: PodDisruptionBudget,
  counted: Omit<WantedPods, 'unmanaged'> & {
    readonly currentHealthy: number;
    readonly disruptedPods: Readonly<Record<string, string>>;
  },
  now: number,
): PodDisruptionBudgetStatus {
  const { currentHealthy, desiredHealthy, expectedPods, disruptedPods } = counted;
  const { generation } = metadata;
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(currentHealthy - desiredHealthy, 0);
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    ...(Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: withCondition(status, disruptionsAllowed > 0 ? SUFFICIENT : INSUFFICIENT, generation, now),
  };
}

/** What stays sure when nothing can be counted: no eviction is allowed. */
function failedStatus({ status }: PodDisruptionBudget, message: string, now: number): PodDisruptionBudgetStatus {
  const failed = { status: 'False', reason: 'SyncFailed', message };
  const conditions = withCondition(status, failed, status.observedGeneration, now);
  return { ...status, disruptionsAllowed: 0, conditions };
}

function withCondition(
  status: PodDisruptionBudgetStatus,
  said: typeof SUFFICIENT,
  observedGeneration: number | undefined,
  now: number,
): readonly Condition[] {
  const next = { type: DISRUPTION_ALLOWED, ...said, ...(observedGeneration ? { observedGeneration } : {}) };
  // Conditions of a budget always have a reason and a message.
  return setCondition(status.conditions, next, formatTime(now)) as readonly Condition[];
}

function write(
  budget: PodDisruptionBudget,
  status: PodDisruptionBudgetStatus,
  { client }: SyncContext,
): SyncResult | undefined {
  const answer = client.updateStatus(BUDGETS, { ...budget, status });
  return answer.ok || answer.status.reason === 'NotFound' ? undefined : { retry: true };
}

/** Milliseconds until a pod that was to be disrupted counts as forgotten; undefined when that never happens. */
function staleIn(pod: Pod, now: number): number | undefined {
  const condition = podCondition(pod, DISRUPTION_TARGET);
  if (pod.metadata.deletionTimestamp || condition?.status !== 'True' || isPodTerminal(pod)) return undefined;
  if (condition.reason === 'TerminationByKubelet') return undefined;
  return Math.max(timeOf(condition.lastTransitionTime ?? '') + STALE_DISRUPTION_TIMEOUT - now, 0);
}

function timeOf(text: string): number {
  return parseTime(text) ?? 0;
}

function unmanagedText({ spec }: PodDisruptionBudget): string {
  return (
    `Pods selected by this PodDisruptionBudget (selector: ${labelSelectorText(spec.selector)}) were found to be unmanaged. ` +
    'As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. ' +
    'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.'
  );
}
