// Containers see /proc masked; a pod in a user namespace may see it all under the baseline.
// Behaviour: [pod-security-admission]/policy/check_procMount_{baseline,restricted}.go, Kubernetes v1.36.3.
import { visitContainers } from '../../../core/pod-spec/visit-containers.ts';
import { type Check, type CheckPod, containersText, exceptInUserNamespace, joinQuoted, sorted } from '../check.ts';

const mustMask: CheckPod = (spec) => {
  const containers: string[] = [];
  const types: string[] = [];
  visitContainers(spec, ({ name, securityContext }) => {
    const type = securityContext?.procMount;
    if (type === undefined || type === 'Default') return;
    containers.push(name);
    types.push(type);
  });
  if (containers.length === 0) return undefined;
  return {
    reason: 'procMount',
    detail: `${containersText(containers)} must not set securityContext.procMount to ${joinQuoted(sorted(types))}`,
  };
};

export const procMountBaseline: Check = {
  id: 'procMount',
  level: 'baseline',
  versions: [
    { since: 0, check: mustMask },
    { since: 35, check: exceptInUserNamespace(mustMask) },
  ],
};

export const procMountRestricted: Check = {
  id: 'procMount_restricted',
  level: 'restricted',
  overrides: [procMountBaseline.id],
  versions: [{ since: 35, check: mustMask }],
};
