// What every new cluster holds before anybody asks for anything.
// Behaviour: pkg/controlplane (system namespaces, the kubernetes Service, default ServiceCIDR), pkg/registry/scheduling/rest (system priority classes), Kubernetes v1.36.3.
import { ipText, parseCidr } from '../../apimachinery/ip-address.ts';

const DEFAULT_SERVICE_CIDR = '10.96.0.0/16';

/** A namespace as it is when nothing was done to it. */
export function activeNamespace(name: string): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}

/** `serviceCIDR`: the network that Services get their addresses from. */
export function bootstrapObjects(serviceCIDR = DEFAULT_SERVICE_CIDR): readonly Record<string, unknown>[] {
  const network = parseCidr(serviceCIDR) ?? parseCidr(DEFAULT_SERVICE_CIDR)!;
  const cidr = parseCidr(serviceCIDR) ? serviceCIDR : DEFAULT_SERVICE_CIDR;
  const bytes = [...network.network];
  bytes[bytes.length - 1] = bytes.at(-1)! + 1;
  const address = ipText(bytes);
  const family = network.bits === 32 ? 'IPv4' : 'IPv6';
  return [
    ...['default', 'kube-node-lease', 'kube-public', 'kube-system'].map(activeNamespace),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'ServiceCIDR',
      metadata: { name: 'kubernetes' },
      spec: { cidrs: [cidr] },
      status: {
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: '',
            message: 'Kubernetes default Service CIDR is ready',
            lastTransitionTime: null,
          },
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { component: 'apiserver', provider: 'kubernetes' },
      },
      spec: {
        type: 'ClusterIP',
        clusterIP: address,
        clusterIPs: [address],
        ipFamilies: [family],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
        sessionAffinity: 'None',
        ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
      },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IPAddress',
      metadata: {
        name: address,
        labels: {
          'ipaddress.kubernetes.io/ip-family': family,
          'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
        },
      },
      spec: { parentRef: { group: '', resource: 'services', namespace: 'default', name: 'kubernetes' } },
    },
    priorityClass(
      'system-cluster-critical',
      2_000_000_000,
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
    ),
    priorityClass(
      'system-node-critical',
      2_000_001_000,
      'Used for system critical pods that must not be moved from their current node.',
    ),
  ];
}

function priorityClass(name: string, value: number, description: string): Record<string, unknown> {
  return {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name, generation: 1 },
    value,
    description,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}
