// Nobody asks to run as user 0.
// Behaviour: [pod-security-admission]/policy/check_runAsUser.go, Kubernetes v1.36.3.
import { type Check, type CheckPod, containersWhere, exceptInUserNamespace, settersText } from '../check.ts';

const notAsZero: CheckPod = (spec) => {
  const bad = containersWhere(spec, ({ securityContext }) => securityContext?.runAsUser === 0);
  const setters = settersText(spec.securityContext?.runAsUser === 0, bad);
  return setters ? { reason: 'runAsUser=0', detail: `${setters} must not set runAsUser=0` } : undefined;
};

export const runAsUser: Check = {
  id: 'runAsUser',
  level: 'restricted',
  versions: [
    { since: 23, check: notAsZero },
    { since: 35, check: exceptInUserNamespace(notAsZero) },
  ],
};
