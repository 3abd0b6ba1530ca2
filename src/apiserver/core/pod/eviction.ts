// Evicts a pod: deletes it if its disruption budget allows that, and charges the budget.
// Behaviour: pkg/registry/core/pod/storage/eviction.go, Kubernetes v1.36.3.
// Differs: nothing changes between reading the budget and writing it, so there are no retries.
import { findCondition, isConditionTrue, setCondition } from '../../../apimachinery/conditions.ts';
import { invalid } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import {
  badRequest,
  conflict,
  failure,
  forbidden,
  newInvalid,
  type Status,
  tooManyRequests,
} from '../../../apimachinery/status.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';
import type { DeleteOptions as EvictionOptions } from '../../../schema/generated/types/meta-v1.ts';
import type { Eviction, PodDisruptionBudget } from '../../../schema/generated/types/policy-v1.ts';
import { labelSelectorAsSelector } from '../../../selectors/label-selector.ts';
import type { PropagationPolicy } from '../../request.ts';
import type { ActionSubresource, DeleteOptions, SubresourceServer } from '../../resource.ts';
import { refused, succeeded } from './binding.ts';
import { withPodCondition } from './conditions.ts';

const NAME_DIFFERS = 'name in URL does not match name in Eviction object';
const NO_BROKEN_READS = 'can not be set for pod eviction, try after removing the option';
const TWO_BUDGETS = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
const WOULD_VIOLATE = "Cannot evict pod as it would violate the pod's disruption budget.";
const NEGATIVE = 'pdb disruptions allowed is negative';
const TOO_MANY_EVICTIONS = 'DisruptedPods map too big - too many evictions not confirmed by PDB controller';
const MAX_DISRUPTED_PODS = 2000;
const RETRY_SECONDS = 10;
const BUDGET_CAUSE = 'DisruptionBudget';
const BUDGETS = { group: 'policy', resource: 'poddisruptionbudget' };

export const evictPod: ActionSubresource = (request, subject, server) => {
  // The resource decodes its own objects and, under this path, evictions.
  const pod = subject as Pod;
  const eviction = request.object as Eviction;
  const options = eviction.deleteOptions ?? {};
  const { name = '' } = pod.metadata;
  if (eviction.metadata.name !== name) return refused(badRequest(NAME_DIFFERS));
  if (options.ignoreStoreReadErrorWithClusterBreakingPotential) {
    const path = FieldPath.of('deleteOptions', 'ignoreStoreReadErrorWithClusterBreakingPotential');
    return refused(newInvalid({ group: 'policy', kind: 'Eviction' }, name, [invalid(path, true, NO_BROKEN_READS)]));
  }
  const refusal = ignoresBudgets(pod) ? undefined : chargeBudget(pod, server);
  return refusal ? refused(refusal) : deletePod(pod, options, server);
};

/** A pod that has ended, has not begun or is being deleted is no disruption. */
function ignoresBudgets({ metadata, status }: Pod): boolean {
  const { phase } = status;
  return phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || !!metadata.deletionTimestamp;
}

/** Counts the eviction against the pod's budget; a refusal when the budget has nothing left. */
function chargeBudget(pod: Pod, server: SubresourceServer): Status | undefined {
  const [budget, second] = budgetsOf(pod, server);
  if (second) return failure(500, '', TWO_BUDGETS);
  if (!budget || mayGoUnready(pod, budget)) return undefined;
  const refusal = refusalOf(budget);
  if (refusal) return refusal;
  server.storeObject(charged(budget, pod, server.context.now));
  return undefined;
}

function budgetsOf({ metadata }: Pod, { context }: SubresourceServer): readonly PodDisruptionBudget[] {
  const budgets = context.reader.list<PodDisruptionBudget>('poddisruptionbudgets.policy', metadata.namespace);
  return budgets.filter(({ spec }) => {
    const selector = labelSelectorAsSelector(spec.selector);
    return selector.ok && selector.value.matches(metadata.labels);
  });
}

/** A pod that is not ready does not count as healthy, so it may go when the others suffice or the budget says so. */
function mayGoUnready({ status }: Pod, { spec, status: budget }: PodDisruptionBudget): boolean {
  if (isConditionTrue(status.conditions, 'Ready')) return false;
  if (spec.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  return budget.currentHealthy >= budget.desiredHealthy && budget.desiredHealthy > 0;
}

function refusalOf({ metadata, status }: PodDisruptionBudget): Status | undefined {
  const { name = '', generation = 0 } = metadata;
  const { disruptionsAllowed, observedGeneration = 0, disruptedPods = {} } = status;
  if (observedGeneration < generation) {
    return violation(`The disruption budget ${name} is still being processed by the server.`, RETRY_SECONDS);
  }
  if (disruptionsAllowed < 0) return forbidden(BUDGETS, name, NEGATIVE);
  if (Object.keys(disruptedPods).length > MAX_DISRUPTED_PODS) return forbidden(BUDGETS, name, TOO_MANY_EVICTIONS);
  return disruptionsAllowed === 0 ? violation(reasonOf(name, status), 0) : undefined;
}

function reasonOf(name: string, status: PodDisruptionBudget['status']): string {
  const { currentHealthy, desiredHealthy } = status;
  const condition = findCondition(status.conditions, 'DisruptionAllowed');
  const refuses = condition?.status === 'False' && condition.message !== '';
  if (refuses && condition.reason === 'SyncFailed') {
    return `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${condition.message}`;
  }
  if (currentHealthy <= desiredHealthy) {
    return `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  }
  const plain = `The disruption budget ${name} does not allow evicting pods currently`;
  return refuses ? `${plain} (${condition.reason}): ${condition.message}` : plain;
}

function violation(message: string, retryAfterSeconds: number): Status {
  const status = tooManyRequests(WOULD_VIOLATE, retryAfterSeconds);
  const details = status.details ?? { name: '', group: '', kind: '' };
  const causes = [...(details.causes ?? []), { reason: BUDGET_CAUSE, message, field: '' }];
  return { ...status, details: { ...details, causes } };
}

function charged(budget: PodDisruptionBudget, { metadata }: Pod, now: number): PodDisruptionBudget {
  const { status } = budget;
  const disruptionsAllowed = status.disruptionsAllowed - 1;
  const exhausted = {
    type: 'DisruptionAllowed',
    status: 'False',
    reason: 'InsufficientPods',
    message: '',
    ...(status.observedGeneration ? { observedGeneration: status.observedGeneration } : {}),
  };
  // A condition that is set here has all its fields.
  const conditions = (
    disruptionsAllowed === 0 ? setCondition(status.conditions, exhausted, formatTime(now)) : status.conditions
  ) as PodDisruptionBudget['status']['conditions'];
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed,
      disruptedPods: { ...status.disruptedPods, [metadata.name ?? '']: formatTime(now) },
      ...(conditions ? { conditions } : {}),
    },
  };
}

function deletePod(pod: Pod, options: EvictionOptions, server: SubresourceServer) {
  const failed = failedPrecondition(pod, options);
  if (failed) return refused(failed);
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
  };
  const marked = { ...pod, status: withPodCondition(pod.status, condition, server.context.now) };
  const answer = server.deleteObject(server.storeObject(marked), deleteOptions(options));
  return answer.ok ? succeeded() : answer;
}

function failedPrecondition({ metadata }: Pod, { preconditions }: EvictionOptions): Status | undefined {
  const { name = '', uid, resourceVersion } = metadata;
  const fail = (text: string) => conflict({ group: '', resource: 'Pod' }, name, text);
  if (preconditions?.uid && preconditions.uid !== uid) {
    return fail(
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (preconditions?.resourceVersion && preconditions.resourceVersion !== resourceVersion) {
    return fail(
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
  return undefined;
}

/** The condition has changed the resourceVersion, so that precondition has done its part. */
function deleteOptions({ gracePeriodSeconds, propagationPolicy, preconditions }: EvictionOptions): DeleteOptions {
  return {
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    // An unknown policy would not have been decoded.
    ...(propagationPolicy ? { propagationPolicy: propagationPolicy as PropagationPolicy } : {}),
    ...(preconditions?.uid ? { preconditions: { uid: preconditions.uid } } : {}),
  };
}
