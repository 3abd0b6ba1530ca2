// Keeps the Endpoints object of each Service with a selector equal to the pods behind it.
// Behaviour: pkg/controller/endpoint/endpoints_controller.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { hasStatusCause } from '../../../apimachinery/status.ts';
import { LEADER_ELECTION } from '../../../apimachinery/well-known/annotations.ts';
import { LABEL_ENDPOINTS_MANAGED_BY } from '../../../apimachinery/well-known/labels.ts';
import type {
  EndpointAddress,
  EndpointSubset,
  Endpoints,
  Pod,
  Service,
} from '../../../schema/generated/types/core-v1.ts';
import {
  type ControllerFactory,
  keyFor,
  type SyncContext,
  type SyncResult,
  splitKey,
} from '../../engine/controller.ts';
import { podsSelectedBy, SelectorIndex } from '../pod-control/selector-index.ts';
import {
  findPort,
  HEADLESS,
  HEADLESS_LABEL,
  isPodReady,
  isServiceIPSet,
  noteSelector,
  podAddresses,
  servicesForPodEvent,
  shouldPodBeInEndpoints,
  shouldSetHostname,
  TRIGGER_TIME,
} from '../service-endpoints/pod-endpoints.ts';
import { repackSubsets } from '../service-endpoints/subsets.ts';
import { TriggerTimes } from '../service-endpoints/trigger-time.ts';

const MANAGED_BY = 'endpoint-controller';
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
const TRUNCATED = 'truncated';
const MAX_CAPACITY = 1000;

export const endpointController: ControllerFactory = () => {
  const services = new SelectorIndex();
  const triggerTimes = new TriggerTimes();
  return {
    name: 'endpoint-controller',
    watches: [
      { resource: 'services', keys: (event) => noteSelector(event, services) },
      { resource: 'pods', keys: (event) => servicesForPodEvent(event, services) },
      {
        resource: 'endpoints',
        keys: ({ type, object, cause }) => {
          // At the start leftovers without a Service are looked for; later only deletions matter.
          const isLeftover =
            type === 'ADDED' && cause.who === 'inventory' && !object.metadata.annotations?.[LEADER_ELECTION];
          return type === 'DELETED' || isLeftover ? [keyFor(object)] : [];
        },
      },
    ],
    sync: (key, context) => sync(key, context, triggerTimes),
  };
};

function sync(key: string, context: SyncContext, triggerTimes: TriggerTimes): SyncResult | undefined {
  const { client, reader, recorder } = context;
  const { namespace = '', name } = splitKey(key);
  const service = reader.get<Service>('services', namespace, name);
  const current = reader.get<Endpoints>('endpoints', namespace, name);
  if (!service) {
    triggerTimes.forget(key);
    if (current) client.delete('endpoints', { namespace, name });
    return undefined;
  }
  const { selector, type } = service.spec;
  if (type === 'ExternalName' || !selector) return undefined;

  const pods = podsSelectedBy(selector, namespace, reader);
  const triggerTime = triggerTimes.next(key, service, pods);
  const subsets = repackSubsets(subsetsOf(service, pods));
  if (current && isUpToDate(current, subsets, service)) return undefined;

  const truncated = truncate(subsets);
  const next = withMetadata(current, service, truncated ?? subsets, triggerTime, truncated !== undefined);
  const answer = current ? client.update<Endpoints>('endpoints', next) : client.create<Endpoints>('endpoints', next);
  if (answer.ok || hasStatusCause(answer.status, 'NamespaceTerminating')) return undefined;
  const { message } = answer.status;
  if (current)
    recorder.event(
      next,
      'Warning',
      'FailedToUpdateEndpoint',
      `Failed to update endpoint ${namespace}/${name}: ${message}`,
    );
  else
    recorder.event(
      next,
      'Warning',
      'FailedToCreateEndpoint',
      `Failed to create endpoint for service ${namespace}/${name}: ${message}`,
    );
  return { retry: true };
}

function subsetsOf(service: Service, pods: readonly Pod[]): readonly EndpointSubset[] {
  const publishNotReady = Boolean(service.spec.publishNotReadyAddresses);
  const ports = service.spec.ports ?? [];
  const subsets: EndpointSubset[] = [];
  for (const pod of pods) {
    if (!shouldPodBeInEndpoints(pod, publishNotReady)) continue;
    const address = addressOf(service, pod);
    if (!address) continue;
    const list = publishNotReady || isPodReady(pod) ? { addresses: [address] } : { notReadyAddresses: [address] };
    if (ports.length === 0 && service.spec.clusterIP === HEADLESS) subsets.push(list);
    for (const servicePort of ports) {
      const port = findPort(pod, servicePort);
      if (port === undefined) continue;
      const { name, protocol, appProtocol } = servicePort;
      subsets.push({
        ...list,
        ports: [
          {
            ...(name ? { name } : {}),
            port,
            ...(protocol ? { protocol } : {}),
            ...(appProtocol === undefined ? {} : { appProtocol }),
          },
        ],
      });
    }
  }
  return subsets;
}

/** The pod's address of the Service's first family. */
function addressOf(service: Service, pod: Pod): EndpointAddress | undefined {
  const { ipFamilies, clusterIP = '' } = service.spec;
  const wantsIPv6 = ipFamilies?.length
    ? ipFamilies[0] === 'IPv6'
    : (clusterIP !== '' && clusterIP !== HEADLESS ? clusterIP : (pod.status.podIP ?? '')).includes(':');
  const ip = podAddresses(pod, wantsIPv6 ? 'IPv6' : 'IPv4')[0];
  if (ip === undefined) return undefined;
  return {
    ip,
    ...(shouldSetHostname(pod, service) ? { hostname: pod.spec.hostname! } : {}),
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: {
      kind: 'Pod',
      namespace: pod.metadata.namespace ?? '',
      name: pod.metadata.name ?? '',
      uid: pod.metadata.uid ?? '',
    },
  };
}

function isUpToDate(
  { metadata, subsets = [] }: Endpoints,
  wanted: readonly EndpointSubset[],
  service: Service,
): boolean {
  if (!semanticDeepEqual(subsets, wanted) && !semanticDeepEqual(repackSubsets(subsets), wanted)) return false;
  const { [LABEL_ENDPOINTS_MANAGED_BY]: manager, [HEADLESS_LABEL]: _headless, ...labels } = metadata.labels ?? {};
  if (manager !== MANAGED_BY) return false;
  const {
    [LABEL_ENDPOINTS_MANAGED_BY]: _manager,
    [HEADLESS_LABEL]: _own,
    ...serviceLabels
  } = service.metadata.labels ?? {};
  if (!semanticDeepEqual(labels, serviceLabels)) return false;
  return countAddresses(subsets) <= MAX_CAPACITY && metadata.annotations?.[OVER_CAPACITY] === undefined;
}

function countAddresses(subsets: readonly EndpointSubset[]): number {
  return subsets.reduce(
    (n, { addresses, notReadyAddresses }) => n + (addresses?.length ?? 0) + (notReadyAddresses?.length ?? 0),
    0,
  );
}

/** At most a thousand addresses, ready ones first, each subset in proportion; undefined when there are no more. */
function truncate(subsets: readonly EndpointSubset[]): readonly EndpointSubset[] | undefined {
  const totalReady = subsets.reduce((n, { addresses }) => n + (addresses?.length ?? 0), 0);
  const total = countAddresses(subsets);
  if (total <= MAX_CAPACITY) return undefined;
  const cutsReady = totalReady > MAX_CAPACITY;
  const max = cutsReady ? MAX_CAPACITY : MAX_CAPACITY - totalReady;
  const outOf = cutsReady ? totalReady : total - totalReady;
  let left = max;
  return subsets.map(({ notReadyAddresses = [], ...subset }) => {
    const inSubset = cutsReady ? (subset.addresses?.length ?? 0) : notReadyAddresses.length;
    const share = Math.min(Math.ceil((inSubset / outOf) * max), left);
    const cut = (cutsReady ? (subset.addresses ?? []) : notReadyAddresses).slice(0, share);
    left -= cut.length;
    if (cut.length === 0) return subset;
    return cutsReady ? { ...subset, addresses: cut } : { ...subset, notReadyAddresses: cut };
  });
}

function withMetadata(
  current: Endpoints | undefined,
  service: Service,
  subsets: readonly EndpointSubset[],
  triggerTime: string | undefined,
  isTruncated: boolean,
): Endpoints {
  const { name = '', namespace = '', labels = {} } = service.metadata;
  const { [HEADLESS_LABEL]: _headless, ...others } = labels;
  const { [TRIGGER_TIME]: _time, [OVER_CAPACITY]: _capacity, ...annotations } = current?.metadata.annotations ?? {};
  const { annotations: _all, ...metadata } = current?.metadata ?? { name, namespace };
  const nextAnnotations = {
    ...annotations,
    ...(triggerTime === undefined ? {} : { [TRIGGER_TIME]: triggerTime }),
    ...(isTruncated ? { [OVER_CAPACITY]: TRUNCATED } : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      ...metadata,
      labels: {
        ...others,
        ...(isServiceIPSet(service) ? {} : { [HEADLESS_LABEL]: '' }),
        [LABEL_ENDPOINTS_MANAGED_BY]: MANAGED_BY,
      },
      ...(Object.keys(nextAnnotations).length > 0 ? { annotations: nextAnnotations } : {}),
    },
    ...(subsets.length > 0 ? { subsets } : {}),
  };
}
