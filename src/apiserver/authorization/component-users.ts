// Which user each component of a cluster acts as: policies look at it, and often let the system pass.
// Behaviour: cmd/kube-controller-manager/app/controllermanager.go (use-service-account-credentials, which kubeadm sets),
// [apiserver]/pkg/authentication/user, plugin/pkg/auth/authorizer/rbac/bootstrappolicy/controller_policy.go, Kubernetes v1.36.3.
import type { ClusterReader } from '../cluster-reader.ts';
import type { Cause, User } from '../request.ts';
import { impersonated } from './users.ts';

/** The accounts of controllers that are called otherwise than the controller. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  'cloud-node-controller': 'cloud-controller-manager',
  'cloud-node-lifecycle-controller': 'cloud-controller-manager',
  'daemonset-controller': 'daemon-set-controller',
  'endpoint-slice-controller': 'endpointslice-controller',
  'endpoint-slice-mirroring-controller': 'endpointslicemirroring-controller',
  ephemeral_volume: 'ephemeral-volume-controller',
  'garbage-collector-controller': 'generic-garbage-collector',
  'node-ipam-controller': 'node-controller',
  'persistentvolume-controller': 'persistent-volume-binder',
  'pod-garbage-collector-controller': 'pod-garbage-collector',
  resource_claim: 'resource-claim-controller',
  'root-ca-certificate-publisher-controller': 'root-ca-cert-publisher',
  route_controller: 'route-controller',
  'serviceaccount-controller': 'service-account-controller',
  volume_expand: 'expand-controller',
};

const SCHEDULER = 'default-scheduler';
const API_SERVER = 'kube-apiserver';
const KUBELET = 'kubelet';

/** Undefined for what is no component of Kubernetes. */
export function componentUser({ who, object }: Cause, reader: ClusterReader): User | undefined {
  if (who === SCHEDULER) return { name: 'system:kube-scheduler', groups: ['system:authenticated'] };
  if (who === API_SERVER) return { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };
  if (who === KUBELET)
    return { name: `system:node:${nodeOf(object, reader)}`, groups: ['system:nodes', 'system:authenticated'] };
  const account = ACCOUNTS[who] ?? (who.endsWith('-controller') || who.endsWith('-autoscaler') ? who : undefined);
  return account === undefined ? undefined : impersonated(`system:serviceaccount:kube-system:${account}`, []);
}

function nodeOf(object: Cause['object'], reader: ClusterReader): string {
  if (!object || object.resource === 'nodes') return object?.name ?? '';
  const found = reader.get(object.resource, object.namespace, object.name);
  return (found as { readonly spec?: { readonly nodeName?: string } } | undefined)?.spec?.nodeName ?? '';
}
