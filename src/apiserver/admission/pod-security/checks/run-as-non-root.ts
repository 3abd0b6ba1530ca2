// Every container must be started as somebody else than root, by its own word or the pod's.
// Behaviour: [pod-security-admission]/policy/check_runAsNonRoot.go, Kubernetes v1.36.3.
import {
  type Check,
  type CheckPod,
  containersText,
  containersWhere,
  exceptInUserNamespace,
  settersText,
} from '../check.ts';

const REASON = 'runAsNonRoot != true';

const mustRunAsNonRoot: CheckPod = (spec) => {
  const ofPod = spec.securityContext?.runAsNonRoot;
  const allowing = containersWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === false);
  const setters = settersText(ofPod === false, allowing);
  if (setters) return { reason: REASON, detail: `${setters} must not set securityContext.runAsNonRoot=false` };
  if (ofPod === true) return undefined;
  const silent = containersWhere(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  if (silent.length === 0) return undefined;
  return { reason: REASON, detail: `pod or ${containersText(silent)} must set securityContext.runAsNonRoot=true` };
};

export const runAsNonRoot: Check = {
  id: 'runAsNonRoot',
  level: 'restricted',
  versions: [
    { since: 0, check: mustRunAsNonRoot },
    { since: 35, check: exceptInUserNamespace(mustRunAsNonRoot) },
  ],
};
