// No container runs privileged, which switches most security mechanisms off.
// Behaviour: [pod-security-admission]/policy/check_privileged.go, Kubernetes v1.36.3.
import { type Check, type CheckPod, containersText, containersWhere } from '../check.ts';

const check: CheckPod = (spec) => {
  const bad = containersWhere(spec, ({ securityContext }) => securityContext?.privileged === true);
  if (bad.length === 0) return undefined;
  return { reason: 'privileged', detail: `${containersText(bad)} must not set securityContext.privileged=true` };
};

export const privileged: Check = { id: 'privileged', level: 'baseline', versions: [{ since: 0, check }] };
