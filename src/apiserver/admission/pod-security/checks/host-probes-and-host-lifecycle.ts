// Probes and lifecycle handlers ask their own pod and no other host.
// Behaviour: [pod-security-admission]/policy/check_hostProbesAndhostLifecycle.go, Kubernetes v1.36.3.
import type { LifecycleHandler, Probe } from '../../../../schema/generated/types/core-v1.ts';
import { type AnyContainer, visitContainers } from '../../../core/pod-spec/visit-containers.ts';
import { type Check, type CheckPod, containersText, joinQuoted, plural, sorted } from '../check.ts';

const check: CheckPod = (spec) => {
  const containers: string[] = [];
  const asked: string[] = [];
  visitContainers(spec, (container) => {
    const own = hostsOf(container);
    if (own.length > 0) containers.push(container.name);
    asked.push(...own);
  });
  if (containers.length === 0) return undefined;
  const names = sorted(containers);
  const hosts = sorted(asked);
  const verb = names.length === 1 ? 'uses' : 'use';
  return {
    reason: 'probe or lifecycle host',
    detail: `${containersText(names)} ${verb} ${plural('probe or lifecycle host', hosts)} ${joinQuoted(hosts)}`,
  };
};

function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: AnyContainer): readonly string[] {
  const handlers: readonly (Probe | LifecycleHandler | undefined)[] = [
    livenessProbe,
    readinessProbe,
    startupProbe,
    lifecycle?.postStart,
    lifecycle?.preStop,
  ];
  return handlers
    .flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
    .filter((host): host is string => Boolean(host));
}

export const hostProbesAndHostLifecycle: Check = {
  id: 'hostProbesAndHostLifecycle',
  level: 'baseline',
  versions: [{ since: 34, check }],
};
