// What a Job's pod failure policy says about a failed pod.
// Behaviour: pkg/controller/job/pod_failure_policy.go, Kubernetes v1.36.3.
import type {
  PodFailurePolicy,
  PodFailurePolicyOnExitCodesRequirement,
  PodFailurePolicyOnPodConditionsPattern,
  PodFailurePolicyRule,
} from '../../../schema/generated/types/batch-v1.ts';
import type { ContainerStatus, Pod, PodCondition } from '../../../schema/generated/types/core-v1.ts';

interface FailureVerdict {
  /** Whether the failure counts towards the back-off limit. */
  readonly isCounted: boolean;
  readonly failsIndex?: boolean;
  /** Why the whole Job fails; absent when it does not. */
  readonly jobFailure?: string;
}

const COUNTED: FailureVerdict = { isCounted: true };

/** The first rule that matches decides; without one the failure counts. */
export function matchPodFailurePolicy(policy: PodFailurePolicy | undefined, pod: Pod): FailureVerdict {
  const rules = policy?.rules ?? [];
  for (const [index, rule] of rules.entries()) {
    const cause = causeOf(rule, pod);
    if (cause !== undefined) return verdictOf(rule, `${cause} matching ${rule.action} rule at index ${index}`);
  }
  return COUNTED;
}

function verdictOf({ action }: PodFailurePolicyRule, message: string): FailureVerdict {
  switch (action) {
    case 'Ignore':
      return { isCounted: false };
    case 'FailIndex':
      return { isCounted: true, failsIndex: true };
    case 'FailJob':
      return { isCounted: true, jobFailure: message };
    default:
      return COUNTED;
  }
}

function causeOf({ onExitCodes, onPodConditions }: PodFailurePolicyRule, pod: Pod): string | undefined {
  const { namespace, name } = pod.metadata;
  if (onExitCodes !== undefined) {
    const container = containerMatching(pod, onExitCodes);
    if (container === undefined) return undefined;
    const { exitCode } = container.state.terminated ?? {};
    return `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${exitCode}`;
  }
  const condition = onPodConditions && conditionMatching(pod, onPodConditions);
  return condition && `Pod ${namespace}/${name} has condition ${condition.type}`;
}

function containerMatching(
  { status }: Pod,
  { containerName, operator, values = [] }: PodFailurePolicyOnExitCodesRequirement,
): ContainerStatus | undefined {
  return [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].find(({ name, state }) => {
    const exitCode = state.terminated?.exitCode ?? 0;
    if (exitCode === 0 || (containerName !== undefined && containerName !== name)) return false;
    if (operator === 'In') return values.includes(exitCode);
    return operator === 'NotIn' && !values.includes(exitCode);
  });
}

function conditionMatching(
  { status }: Pod,
  patterns: readonly PodFailurePolicyOnPodConditionsPattern[],
): PodCondition | undefined {
  return status.conditions?.find((condition) =>
    patterns.some(({ type, status: wanted }) => condition.type === type && condition.status === wanted),
  );
}
