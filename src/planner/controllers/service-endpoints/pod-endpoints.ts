// When and how a pod stands behind a Service.
// Behaviour: [endpointslice]/util/controller_utils.go and [endpointslice]/utils.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { ipText, isIpv4, parseIp } from '../../../apimachinery/ip-address.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import type { Pod, Service, ServicePort } from '../../../schema/generated/types/core-v1.ts';
import { keyFor } from '../../engine/controller.ts';
import type { SelectorIndex } from '../pod-control/selector-index.ts';

export const HEADLESS = 'None';
export const HEADLESS_LABEL = 'service.kubernetes.io/headless';
export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';

export function shouldPodBeInEndpoints(pod: Pod, includeTerminating: boolean): boolean {
  const { phase, podIP, podIPs } = pod.status;
  if (phase === 'Failed' || phase === 'Succeeded') return false;
  if (!podIP && !podIPs?.length) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** Headless Services give each pod of their subdomain a name of its own. */
export function shouldSetHostname(pod: Pod, service: Service): boolean {
  const { hostname, subdomain = '' } = pod.spec;
  return (
    Boolean(hostname) && subdomain === service.metadata.name && service.metadata.namespace === pod.metadata.namespace
  );
}

export function isPodReady(pod: Pod): boolean {
  return pod.status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True';
}

export function isServiceIPSet(service: Service): boolean {
  const { clusterIP = '' } = service.spec;
  return clusterIP !== HEADLESS && clusterIP !== '';
}

/** The pod's port that a port of the Service stands for; undefined when a name finds none. */
export function findPort(pod: Pod, { targetPort, protocol }: ServicePort): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const container of [...(pod.spec.containers ?? []), ...sidecars])
    for (const port of container.ports ?? [])
      if (port.name === targetPort && port.protocol === protocol) return port.containerPort;
  return undefined;
}

/** The pod's addresses of one family, written as Go prints them. */
export function podAddresses(pod: Pod, family: 'IPv4' | 'IPv6'): readonly string[] {
  const addresses: string[] = [];
  for (const { ip = '' } of pod.status.podIPs ?? []) {
    const parsed = parseIp(ip);
    if (parsed && isIpv4(parsed) === (family === 'IPv4')) addresses.push(ipText(parsed));
  }
  return addresses;
}

const NOTHING: readonly string[] = [];

/** The Services whose endpoints a write to a pod may change. */
export function servicesForPodEvent(event: StoreEvent, services: SelectorIndex): readonly string[] {
  if (services.isEmpty) return NOTHING;
  const pod = event.object as Pod;
  const namespace = pod.metadata.namespace ?? '';
  const old = event.type === 'MODIFIED' ? (event.previous as Pod | undefined) : undefined;
  if (!old) return services.find(namespace, pod.metadata.labels);
  const podChanged = endpointsChanged(old, pod);
  const labelsChanged = !semanticDeepEqual(old.metadata.labels, pod.metadata.labels) || !sameHostname(old, pod);
  if (!podChanged && !labelsChanged) return [];
  const now = services.find(namespace, pod.metadata.labels);
  if (!labelsChanged) return now;
  const before = services.find(namespace, old.metadata.labels);
  if (podChanged) return [...new Set([...now, ...before])].sort();
  return [...now.filter((key) => !before.includes(key)), ...before.filter((key) => !now.includes(key))].sort();
}

function endpointsChanged(old: Pod, pod: Pod): boolean {
  if (old.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp) return true;
  if (isPodReady(old) !== isPodReady(pod)) return true;
  const before = old.status.podIPs ?? [];
  const now = pod.status.podIPs ?? [];
  return before.length !== now.length || before.some(({ ip }, i) => ip !== now[i]?.ip);
}

function sameHostname(a: Pod, b: Pod): boolean {
  return (a.spec.hostname ?? '') === (b.spec.hostname ?? '') && (a.spec.subdomain ?? '') === (b.spec.subdomain ?? '');
}

/** Keeps the index of Services with selectors, and looks at the Service itself. */
export function noteSelector(event: StoreEvent, services: SelectorIndex): readonly string[] {
  const service = event.object as Service;
  const key = keyFor(service);
  const selector = event.type === 'DELETED' ? undefined : service.spec.selector;
  services.set(key, service.metadata.namespace ?? '', selector);
  return [key];
}
