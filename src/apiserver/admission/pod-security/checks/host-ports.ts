// No container takes a port of the node.
// Behaviour: [pod-security-admission]/policy/check_hostPorts.go, Kubernetes v1.36.3.
import { visitContainers } from '../../../core/pod-spec/visit-containers.ts';
import { type Check, type CheckPod, containersText, plural, sorted } from '../check.ts';

const check: CheckPod = (spec) => {
  const containers: string[] = [];
  const taken: string[] = [];
  visitContainers(spec, ({ name, ports = [] }) => {
    const own = ports.filter(({ hostPort }) => hostPort).map(({ hostPort }) => String(hostPort));
    if (own.length > 0) containers.push(name);
    taken.push(...own);
  });
  if (containers.length === 0) return undefined;
  const ports = sorted(taken);
  const verb = containers.length === 1 ? 'uses' : 'use';
  return {
    reason: 'hostPort',
    detail: `${containersText(containers)} ${verb} ${plural('hostPort', ports)} ${ports.join(', ')}`,
  };
};

export const hostPorts: Check = { id: 'hostPorts', level: 'baseline', versions: [{ since: 0, check }] };
