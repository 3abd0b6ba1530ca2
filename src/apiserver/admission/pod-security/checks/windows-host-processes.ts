// No container runs as a process of a Windows host.
// Behaviour: [pod-security-admission]/policy/check_windowsHostProcess.go, Kubernetes v1.36.3.
import { type Check, type CheckPod, containersWhere, settersText } from '../check.ts';

const check: CheckPod = (spec) => {
  const bad = containersWhere(spec, ({ securityContext }) => securityContext?.windowsOptions?.hostProcess === true);
  const setters = settersText(spec.securityContext?.windowsOptions?.hostProcess === true, bad);
  if (!setters) return undefined;
  return { reason: 'hostProcess', detail: `${setters} must not set securityContext.windowsOptions.hostProcess=true` };
};

export const windowsHostProcess: Check = {
  id: 'windowsHostProcess',
  level: 'baseline',
  versions: [{ since: 0, check }],
};
