// Which table printer a kind has. A new kind is a line here.
// Behaviour: pkg/printers/internalversion/printers.go (AddHandlers), Kubernetes v1.36.3.
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Table } from '../table.ts';
import { bindingPrinter, certificateSigningRequestPrinter, rolePrinter } from './access.ts';
import { horizontalPodAutoscalerPrinter, scalePrinter } from './autoscalers.ts';
import {
  admissionPolicyBindingPrinter,
  configMapPrinter,
  flowSchemaPrinter,
  leasePrinter,
  mutatingAdmissionPolicyPrinter,
  namedPrinter,
  podGroupPrinter,
  priorityClassPrinter,
  priorityLevelPrinter,
  resourceQuotaPrinter,
  runtimeClassPrinter,
  secretPrinter,
  unknownPrinter,
  validatingAdmissionPolicyPrinter,
  webhookPrinter,
} from './configuration.ts';
import { resourceClaimPrinter, resourceSlicePrinter } from './devices.ts';
import { eventPrinter, namespacePrinter, nodePrinter } from './nodes.ts';
import { podDisruptionBudgetPrinter, podPrinter, podTemplatePrinter } from './pods.ts';
import type { TablePrinter } from './printer.ts';
import {
  endpointSlicePrinter,
  endpointsPrinter,
  ingressClassPrinter,
  ingressPrinter,
  ipAddressPrinter,
  networkPolicyPrinter,
  serviceCidrPrinter,
  servicePrinter,
} from './services.ts';
import {
  csiDriverPrinter,
  csiNodePrinter,
  persistentVolumeClaimPrinter,
  persistentVolumePrinter,
  storageClassPrinter,
  volumeAttachmentPrinter,
  volumeAttributesClassPrinter,
} from './storage.ts';
import {
  controllerRevisionPrinter,
  cronJobPrinter,
  daemonSetPrinter,
  deploymentPrinter,
  jobPrinter,
  replicaSetPrinter,
  replicationControllerPrinter,
  statefulSetPrinter,
} from './workloads.ts';

/** By `kind.group`, the core group without. */
const PRINTERS: Readonly<Record<string, TablePrinter>> = {
  Pod: podPrinter,
  PodTemplate: podTemplatePrinter,
  'PodDisruptionBudget.policy': podDisruptionBudgetPrinter,
  'PodGroup.scheduling.k8s.io': podGroupPrinter,
  'Workload.scheduling.k8s.io': namedPrinter,
  ReplicationController: replicationControllerPrinter,
  'ReplicaSet.apps': replicaSetPrinter,
  'DaemonSet.apps': daemonSetPrinter,
  'Job.batch': jobPrinter,
  'CronJob.batch': cronJobPrinter,
  Service: servicePrinter,
  'Ingress.networking.k8s.io': ingressPrinter,
  'IngressClass.networking.k8s.io': ingressClassPrinter,
  'StatefulSet.apps': statefulSetPrinter,
  Endpoints: endpointsPrinter,
  Node: nodePrinter,
  Event: eventPrinter,
  'Event.events.k8s.io': eventPrinter,
  Namespace: namespacePrinter,
  Secret: secretPrinter,
  ServiceAccount: namedPrinter,
  PersistentVolume: persistentVolumePrinter,
  PersistentVolumeClaim: persistentVolumeClaimPrinter,
  'Deployment.apps': deploymentPrinter,
  'HorizontalPodAutoscaler.autoscaling': horizontalPodAutoscalerPrinter,
  'Scale.autoscaling': scalePrinter,
  ConfigMap: configMapPrinter,
  'NetworkPolicy.networking.k8s.io': networkPolicyPrinter,
  'Role.rbac.authorization.k8s.io': rolePrinter,
  'ClusterRole.rbac.authorization.k8s.io': rolePrinter,
  'RoleBinding.rbac.authorization.k8s.io': bindingPrinter,
  'ClusterRoleBinding.rbac.authorization.k8s.io': bindingPrinter,
  'CertificateSigningRequest.certificates.k8s.io': certificateSigningRequestPrinter,
  'Lease.coordination.k8s.io': leasePrinter,
  'StorageClass.storage.k8s.io': storageClassPrinter,
  'VolumeAttributesClass.storage.k8s.io': volumeAttributesClassPrinter,
  'ControllerRevision.apps': controllerRevisionPrinter,
  ResourceQuota: resourceQuotaPrinter,
  'PriorityClass.scheduling.k8s.io': priorityClassPrinter,
  'RuntimeClass.node.k8s.io': runtimeClassPrinter,
  'VolumeAttachment.storage.k8s.io': volumeAttachmentPrinter,
  'EndpointSlice.discovery.k8s.io': endpointSlicePrinter,
  'CSINode.storage.k8s.io': csiNodePrinter,
  'CSIDriver.storage.k8s.io': csiDriverPrinter,
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': webhookPrinter,
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': webhookPrinter,
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io': validatingAdmissionPolicyPrinter,
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io': admissionPolicyBindingPrinter,
  'MutatingAdmissionPolicy.admissionregistration.k8s.io': mutatingAdmissionPolicyPrinter,
  'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io': admissionPolicyBindingPrinter,
  'FlowSchema.flowcontrol.apiserver.k8s.io': flowSchemaPrinter,
  'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io': priorityLevelPrinter,
  'ServiceCIDR.networking.k8s.io': serviceCidrPrinter,
  'IPAddress.networking.k8s.io': ipAddressPrinter,
  'DeviceClass.resource.k8s.io': namedPrinter,
  'ResourceClaim.resource.k8s.io': resourceClaimPrinter,
  'ResourceClaimTemplate.resource.k8s.io': namedPrinter,
  'ResourceSlice.resource.k8s.io': resourceSlicePrinter,
};

export function printerOf(group: string, kind: string): TablePrinter {
  return PRINTERS[group === '' ? kind : `${kind}.${group}`] ?? unknownPrinter;
}

export function tableOf(printer: TablePrinter, objects: readonly KubeObject[], now: number): Table {
  return {
    columns: printer.columns,
    rows: objects.map((object) => ({ object, cells: printer.cells(object, now) })),
  };
}
