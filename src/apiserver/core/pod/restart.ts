// Whether a container that has ended is started again.
// Behaviour: pkg/api/v1/pod/util.go (ContainerShouldRestart, AllContainersCouldRestart), Kubernetes v1.36.3.
import type { Container, ContainerRestartRule, PodSpec } from '../../../schema/generated/types/core-v1.ts';

export function containerShouldRestart(
  container: Container,
  { restartPolicy }: PodSpec,
  exitCode: number,
  allowRestartAllContainers: boolean,
): boolean {
  if (container.restartPolicy !== undefined) {
    const action = matchingRule(container, exitCode)?.action;
    if (action === 'Restart' || (action === 'RestartAllContainers' && allowRestartAllContainers)) return true;
    const own = byPolicy(container.restartPolicy, exitCode);
    if (own !== undefined) return own;
  }
  return byPolicy(restartPolicy, exitCode) ?? true;
}

function byPolicy(policy: string | undefined, exitCode: number): boolean | undefined {
  switch (policy) {
    case 'Always':
      return true;
    case 'OnFailure':
      return exitCode !== 0;
    case 'Never':
      return false;
    default:
      return undefined;
  }
}

/** The first rule of a container that speaks about this exit code. */
function matchingRule(
  { restartPolicyRules }: Pick<Container, 'restartPolicyRules'>,
  exitCode: number,
): ContainerRestartRule | undefined {
  return restartPolicyRules?.find(({ exitCodes }) => {
    if (!exitCodes) return false;
    const isListed = exitCodes.values?.includes(exitCode) ?? false;
    return (exitCodes.operator === 'In' && isListed) || (exitCodes.operator === 'NotIn' && !isListed);
  });
}

export function allContainersCouldRestart({ containers = [], initContainers = [] }: PodSpec): boolean {
  return [...initContainers, ...containers].some(({ restartPolicyRules }) =>
    restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers'),
  );
}
