// Which capabilities containers may add, and that they drop all others.
// Behaviour: [pod-security-admission]/policy/check_capabilities_{baseline,restricted}.go, Kubernetes v1.36.3.
import { visitContainers } from '../../../core/pod-spec/visit-containers.ts';
import {
  type Check,
  type CheckPod,
  containersText,
  containersWhere,
  exceptOnWindows,
  joinQuoted,
  sorted,
} from '../check.ts';

const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

const onlyDefaults: CheckPod = (spec) => {
  const { containers, capabilities } = adding(spec, (name) => !DEFAULT_CAPABILITIES.has(name));
  if (containers.length === 0) return undefined;
  return { reason: 'non-default capabilities', detail: mustNotAdd(containers, capabilities) };
};

const dropAll: CheckPod = (spec) => {
  const keeping = containersWhere(spec, ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'));
  const { containers, capabilities } = adding(spec, (name) => name !== 'NET_BIND_SERVICE');
  const details: string[] = [];
  if (keeping.length > 0) details.push(`${containersText(keeping)} must set securityContext.capabilities.drop=["ALL"]`);
  if (containers.length > 0) details.push(mustNotAdd(containers, capabilities));
  if (details.length === 0) return undefined;
  return { reason: 'unrestricted capabilities', detail: details.join('; ') };
};

interface Adding {
  readonly containers: readonly string[];
  readonly capabilities: readonly string[];
}

function adding(spec: Parameters<CheckPod>[0], isForbidden: (capability: string) => boolean): Adding {
  const containers: string[] = [];
  const capabilities: string[] = [];
  visitContainers(spec, ({ name, securityContext }) => {
    const forbidden = securityContext?.capabilities?.add?.filter(isForbidden) ?? [];
    if (forbidden.length === 0) return;
    containers.push(name);
    capabilities.push(...forbidden);
  });
  return { containers, capabilities: sorted(capabilities) };
}

function mustNotAdd(containers: readonly string[], capabilities: readonly string[]): string {
  return `${containersText(containers)} must not include ${joinQuoted(capabilities)} in securityContext.capabilities.add`;
}

export const capabilitiesBaseline: Check = {
  id: 'capabilities_baseline',
  level: 'baseline',
  versions: [{ since: 0, check: onlyDefaults }],
};

export const capabilitiesRestricted: Check = {
  id: 'capabilities_restricted',
  level: 'restricted',
  overrides: [capabilitiesBaseline.id],
  versions: [
    { since: 22, check: dropAll },
    { since: 25, check: exceptOnWindows(dropAll) },
  ],
};
