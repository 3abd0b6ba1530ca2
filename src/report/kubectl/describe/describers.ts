// Which describer a kind has; others are described field by field. A new kind is a line here.
// Behaviour: staging/src/k8s.io/kubectl/pkg/describe/describe.go (describerMap), Kubernetes v1.36.3.
import { describeRole, describeRoleBinding } from './access.ts';
import { describeHorizontalPodAutoscaler } from './autoscaler.ts';
import { describeCertificateSigningRequest } from './certificate-request.ts';
import {
  describeConfigMap,
  describeLimitRange,
  describeNamespace,
  describePriorityClass,
  describeResourceQuota,
  describeSecret,
  describeServiceAccount,
} from './configuration.ts';
import type { Describer } from './describer.ts';
import { describeGeneric } from './generic.ts';
import { describeNode } from './node.ts';
import { describePod } from './pod.ts';
import {
  describeEndpointSlice,
  describeEndpoints,
  describeIngress,
  describeIngressClass,
  describeIpAddress,
  describeNetworkPolicy,
  describeService,
  describeServiceCidr,
} from './services.ts';
import {
  describeCsiNode,
  describePersistentVolume,
  describePersistentVolumeClaim,
  describeStorageClass,
  describeVolumeAttributesClass,
} from './storage.ts';
import {
  describeCronJob,
  describeDaemonSet,
  describeDeployment,
  describeJob,
  describePodDisruptionBudget,
  describeReplicaSet,
  describeReplicationController,
  describeStatefulSet,
} from './workloads.ts';

const DESCRIBERS: Readonly<Record<string, Describer>> = {
  'CertificateSigningRequest.certificates.k8s.io': describeCertificateSigningRequest,
  Pod: describePod,
  ReplicationController: describeReplicationController,
  Secret: describeSecret,
  Service: describeService,
  ServiceAccount: describeServiceAccount,
  Node: describeNode,
  LimitRange: describeLimitRange,
  ResourceQuota: describeResourceQuota,
  PersistentVolume: describePersistentVolume,
  PersistentVolumeClaim: describePersistentVolumeClaim,
  Namespace: describeNamespace,
  Endpoints: describeEndpoints,
  ConfigMap: describeConfigMap,
  'EndpointSlice.discovery.k8s.io': describeEndpointSlice,
  'HorizontalPodAutoscaler.autoscaling': describeHorizontalPodAutoscaler,
  'Ingress.networking.k8s.io': describeIngress,
  'IngressClass.networking.k8s.io': describeIngressClass,
  'ServiceCIDR.networking.k8s.io': describeServiceCidr,
  'IPAddress.networking.k8s.io': describeIpAddress,
  'Job.batch': describeJob,
  'CronJob.batch': describeCronJob,
  'StatefulSet.apps': describeStatefulSet,
  'Deployment.apps': describeDeployment,
  'DaemonSet.apps': describeDaemonSet,
  'ReplicaSet.apps': describeReplicaSet,
  'StorageClass.storage.k8s.io': describeStorageClass,
  'CSINode.storage.k8s.io': describeCsiNode,
  'VolumeAttributesClass.storage.k8s.io': describeVolumeAttributesClass,
  'PodDisruptionBudget.policy': describePodDisruptionBudget,
  'Role.rbac.authorization.k8s.io': describeRole,
  'ClusterRole.rbac.authorization.k8s.io': describeRole,
  'RoleBinding.rbac.authorization.k8s.io': describeRoleBinding,
  'ClusterRoleBinding.rbac.authorization.k8s.io': describeRoleBinding,
  'NetworkPolicy.networking.k8s.io': describeNetworkPolicy,
  'PriorityClass.scheduling.k8s.io': describePriorityClass,
};

export function describerOf(group: string, kind: string): Describer {
  return DESCRIBERS[group === '' ? kind : `${kind}.${group}`] ?? describeGeneric;
}
