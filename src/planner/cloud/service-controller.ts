// Gives Services of type LoadBalancer an address of the cloud, and takes it back.
// Behaviour: cloud-provider/controllers/service/controller.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../apimachinery/deep-equal.ts';
import type { StoreEvent } from '../../apiserver/store/store.ts';
import type { LoadBalancerIngress, Node, Service } from '../../schema/generated/types/core-v1.ts';
import { type ControllerFactory, keyFor, type SyncContext, splitKey } from '../engine/controller.ts';
import { AddressPool } from '../kubelet/pods/pod-ips.ts';
import type { CloudOptions, DescribedCloud } from './description.ts';

const FINALIZER = 'service.kubernetes.io/load-balancer-cleanup';
const EXCLUDED_LABEL = 'node.kubernetes.io/exclude-from-external-load-balancers';
const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler';
const NO_NODES = 'There are no available nodes for LoadBalancer';
/** Upstream doubles this up to five minutes. */
const RETRY_DELAY = 5000;
/** Values that Go's strconv.ParseBool takes for false. */
const FALSE: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

export const serviceController: ControllerFactory<CloudOptions> = ({ cloud }) => {
  const balancers = cloud?.loadBalancers;
  const pool = balancers && 'network' in balancers ? AddressPool.of(balancers.network) : undefined;
  /** Nodes behind each Service's load balancer, as `name providerID`. */
  const hosts = new Map<string, string>();
  /** Services that changed themselves, as opposed to the nodes behind them. */
  const changed = new Set<string>();
  return {
    name: 'service-controller',
    watches: balancers
      ? [
          { resource: 'services', keys: keysOfService },
          { resource: 'nodes', keys: servicesOfNode },
        ]
      : [],
    sync(key, context) {
      const { namespace, name } = splitKey(key);
      const service = context.reader.get<Service>('services', namespace, name);
      if (!service) {
        hosts.delete(key);
        return undefined;
      }
      if (!wantsLoadBalancer(service) || needsCleanup(service)) return remove(service, context);
      const nodes = hostsFor(context);
      const text = nodes.map(({ metadata, spec }) => `${metadata.name} ${spec.providerID ?? ''}`).join();
      const before = hosts.get(key);
      hosts.set(key, text);
      if (changed.delete(key)) return ensure(service, nodes, context);
      if (before === undefined || before === text) return undefined;
      if (nodes.length === 0) context.recorder.event(service, 'Warning', 'UnAvailableLoadBalancer', NO_NODES);
      else context.recorder.event(service, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts');
      return undefined;
    },
  };

  function keysOfService({ type, object, previous, cause }: StoreEvent): readonly string[] {
    const service = object as Service;
    const key = keyFor(service);
    if (type === 'DELETED') {
      for (const { ip } of service.status.loadBalancer?.ingress ?? []) if (ip) pool?.free(ip);
      return hosts.has(key) ? [key] : [];
    }
    if (type === 'ADDED') for (const { ip } of service.status.loadBalancer?.ingress ?? []) if (ip) pool?.claim(ip);
    const isNew = type === 'ADDED' || !previous;
    const isConcerned = isNew ? wantsLoadBalancer(service) : needsUpdate(previous as Service, service);
    // A balancer that was there before the start is taken as it is.
    const isSettled =
      cause.who === 'inventory' && hasIngress(service) && service.metadata.finalizers?.includes(FINALIZER);
    if (isConcerned && !isSettled) changed.add(key);
    return isConcerned || needsCleanup(service) ? [key] : [];
  }

  function servicesOfNode({ type, object, previous }: StoreEvent): readonly string[] {
    if (hosts.size === 0) return [];
    const node = object as Node;
    const before = type === 'MODIFIED' ? (previous as Node | undefined) : undefined;
    const isSame = before && isIncluded(before) === isIncluded(node) && before.spec.providerID === node.spec.providerID;
    return isSame ? [] : [...hosts.keys()].sort();
  }

  /** Failures are tried again as changes are. */
  function ensure(service: Service, nodes: readonly Node[], { client, recorder }: SyncContext) {
    recorder.event(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
    let saved = service;
    if (!service.metadata.finalizers?.includes(FINALIZER)) {
      const finalizers = [...(service.metadata.finalizers ?? []), FINALIZER];
      const answer = client.update<Service>('services', { ...service, metadata: { ...service.metadata, finalizers } });
      if (!answer.ok)
        return fail(service, `failed to add load balancer cleanup finalizer: ${answer.status.message}`, recorder);
      saved = answer.object;
    }
    if (nodes.length === 0) recorder.event(service, 'Warning', 'UnAvailableLoadBalancer', NO_NODES);
    const ingress = ingressFor(saved, balancers, pool);
    if (!ingress)
      return fail(service, 'failed to ensure load balancer: no address is left in the described network', recorder);
    recorder.event(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
    return setIngress(saved, ingress, client)
      ? undefined
      : fail(service, 'failed to update load balancer status', recorder);
  }

  function fail(service: Service, why: string, recorder: SyncContext['recorder']) {
    recorder.event(service, 'Warning', 'SyncLoadBalancerFailed', `Error syncing load balancer: ${why}`);
    changed.add(keyFor(service));
    return { requeueAfter: RETRY_DELAY, routine: true };
  }

  function remove(service: Service, { client, recorder }: SyncContext) {
    const key = keyFor(service);
    hosts.delete(key);
    if (hasIngress(service)) {
      recorder.event(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
      for (const { ip } of service.status.loadBalancer?.ingress ?? []) if (ip) pool?.free(ip);
    }
    let saved = service;
    if (service.metadata.finalizers?.includes(FINALIZER)) {
      const { finalizers = [], ...metadata } = service.metadata;
      const others = finalizers.filter((finalizer) => finalizer !== FINALIZER);
      const next = { ...service, metadata: others.length > 0 ? { ...metadata, finalizers: others } : metadata };
      const answer = client.update<Service>('services', next);
      if (!answer.ok)
        return fail(service, `failed to remove load balancer cleanup finalizer: ${answer.status.message}`, recorder);
      saved = answer.object;
    }
    recorder.event(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
    // A Service that was only waiting for this is gone by now.
    if (service.metadata.deletionTimestamp === undefined) setIngress(saved, [], client);
    return undefined;
  }
};

function setIngress(service: Service, ingress: readonly LoadBalancerIngress[], client: SyncContext['client']): boolean {
  const before = (service.status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ({ ip, hostname }));
  const after = ingress.map(({ ip, hostname }) => ({ ip, hostname }));
  if (semanticDeepEqual(before, after)) return true;
  const loadBalancer = ingress.length > 0 ? { ingress } : {};
  return client.updateStatus('services', { ...service, status: { ...service.status, loadBalancer } }).ok;
}

function ingressFor(
  service: Service,
  balancers: DescribedCloud['loadBalancers'],
  pool: AddressPool | undefined,
): readonly LoadBalancerIngress[] | undefined {
  const { name, namespace } = service.metadata;
  const present = service.status.loadBalancer?.ingress;
  if (present && present.length > 0) return present;
  if (balancers && 'domain' in balancers) return [{ hostname: `${name}.${namespace}.${balancers.domain}` }];
  const wanted = service.spec.loadBalancerIP;
  if (wanted) pool?.claim(wanted);
  const ip = wanted || pool?.take();
  return ip ? [{ ip }] : undefined;
}

function hasIngress({ status }: Service): boolean {
  return (status.loadBalancer?.ingress ?? []).length > 0;
}

function wantsLoadBalancer({ spec }: Service): boolean {
  return spec.type === 'LoadBalancer' && spec.loadBalancerClass === undefined;
}

function needsCleanup({ metadata, spec }: Service): boolean {
  if (!metadata.finalizers?.includes(FINALIZER)) return false;
  return metadata.deletionTimestamp !== undefined || spec.type !== 'LoadBalancer';
}

function needsUpdate(before: Service, after: Service): boolean {
  if (!wantsLoadBalancer(before) && !wantsLoadBalancer(after)) return false;
  if (wantsLoadBalancer(before) !== wantsLoadBalancer(after)) return true;
  const shown = ({ metadata, spec }: Service) => [
    spec.loadBalancerSourceRanges,
    (spec.ports ?? []).map(({ name, protocol, port, nodePort, targetPort, appProtocol }) => [
      name,
      protocol,
      port,
      nodePort,
      targetPort,
      appProtocol,
    ]),
    spec.sessionAffinity,
    spec.sessionAffinityConfig,
    spec.loadBalancerIP,
    spec.externalIPs,
    metadata.annotations,
    metadata.uid,
    spec.externalTrafficPolicy,
    spec.healthCheckNodePort,
    spec.ipFamilies?.length,
  ];
  return !semanticDeepEqual(shown(before), shown(after));
}

/** Nodes that load balancers may send to; whether they are ready is for health checks to find out. */
function hostsFor({ reader }: SyncContext): readonly Node[] {
  return reader
    .list<Node>('nodes')
    .filter(
      (node) =>
        node.metadata.deletionTimestamp === undefined &&
        isIncluded(node) &&
        !node.spec.taints?.some(({ key }) => key === TO_BE_DELETED),
    );
}

function isIncluded({ metadata }: Node): boolean {
  const value = metadata.labels?.[EXCLUDED_LABEL];
  return value === undefined || FALSE.has(value);
}
