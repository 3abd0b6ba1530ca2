// No container may gain privileges that it was not started with, as through a set-user-ID file.
// Behaviour: [pod-security-admission]/policy/check_allowPrivilegeEscalation.go, Kubernetes v1.36.3.
import { type Check, type CheckPod, containersText, containersWhere, exceptOnWindows } from '../check.ts';

const mustForbid: CheckPod = (spec) => {
  const bad = containersWhere(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
  if (bad.length === 0) return undefined;
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersText(bad)} must set securityContext.allowPrivilegeEscalation=false`,
  };
};

export const allowPrivilegeEscalation: Check = {
  id: 'allowPrivilegeEscalation',
  level: 'restricted',
  versions: [
    { since: 8, check: mustForbid },
    { since: 25, check: exceptOnWindows(mustForbid) },
  ],
};
