// SELinux types are those of containers; user and role are nobody's to set.
// Behaviour: [pod-security-admission]/policy/check_seLinuxOptions.go, Kubernetes v1.36.3.
import type { SELinuxOptions } from '../../../../schema/generated/types/core-v1.ts';
import { visitContainers } from '../../../core/pod-spec/visit-containers.ts';
import { type Check, type CheckPod, joinQuoted, plural, settersText, sorted } from '../check.ts';

const TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t'];

function onlyTypes(allowed: readonly string[]): CheckPod {
  const isBad = ({ type = '', user, role }: SELinuxOptions): boolean =>
    !allowed.includes(type) || Boolean(user) || Boolean(role);
  return (spec) => {
    const bad: SELinuxOptions[] = [];
    const ofPod = spec.securityContext?.seLinuxOptions;
    if (ofPod && isBad(ofPod)) bad.push(ofPod);
    const isPodBad = bad.length > 0;
    const containers: string[] = [];
    visitContainers(spec, ({ name, securityContext }) => {
      const options = securityContext?.seLinuxOptions;
      if (!options || !isBad(options)) return;
      containers.push(name);
      bad.push(options);
    });
    const setters = settersText(isPodBad, containers);
    if (!setters) return undefined;
    const types = sorted(bad.map(({ type = '' }) => type).filter((type) => !allowed.includes(type)));
    const data: string[] = [];
    if (types.length > 0) data.push(`${plural('type', types)} ${joinQuoted(types)}`);
    if (bad.some(({ user }) => user)) data.push('user may not be set');
    if (bad.some(({ role }) => role)) data.push('role may not be set');
    return {
      reason: 'seLinuxOptions',
      detail: `${setters} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`,
    };
  };
}

export const seLinuxOptions: Check = {
  id: 'seLinuxOptions',
  level: 'baseline',
  versions: [
    { since: 0, check: onlyTypes(TYPES) },
    { since: 31, check: onlyTypes([...TYPES, 'container_engine_t']) },
  ],
};
