// Everything that runs in the engine, in the order in which ties at one moment are broken.
// A new controller is a folder under controllers/ and a line here.
import { cloudNodeController } from './cloud/node-controller.ts';
import { cloudNodeLifecycleController } from './cloud/node-lifecycle.ts';
import { routeController } from './cloud/route-controller.ts';
import { serviceController } from './cloud/service-controller.ts';
import { volumeAttacher } from './cloud/volume-attacher.ts';
import { volumeDeleter } from './cloud/volume-deleter.ts';
import { volumeProvisioner } from './cloud/volume-provisioner.ts';
import { volumeResizer } from './cloud/volume-resizer.ts';
import { attachDetachController } from './controllers/attachdetach/attachdetach.ts';
import { clusterRoleAggregationController } from './controllers/clusterrole-aggregation/clusterrole-aggregation.ts';
import { crdFinalizer } from './controllers/crd-finalizer/crd-finalizer.ts';
import { cronJobController } from './controllers/cronjob/cronjob-controller.ts';
import { daemonSetController } from './controllers/daemon/daemonset-controller.ts';
import { deploymentController } from './controllers/deployment/deployment-controller.ts';
import { deviceTaintEvictionController } from './controllers/devicetainteviction/devicetainteviction.ts';
import { disruptionController } from './controllers/disruption/disruption.ts';
import { endpointController } from './controllers/endpoint/endpoint.ts';
import { endpointSliceController } from './controllers/endpointslice/endpointslice.ts';
import { endpointSliceMirroringController } from './controllers/endpointslice-mirroring/endpointslice-mirroring.ts';
import { ephemeralVolumeController } from './controllers/ephemeral-volume/ephemeral-volume.ts';
import { expandController } from './controllers/expand/expand.ts';
import { garbageCollector } from './controllers/garbagecollector/garbagecollector.ts';
import { horizontalController } from './controllers/horizontal/horizontal.ts';
import { jobController } from './controllers/job/job-controller.ts';
import { namespaceController } from './controllers/namespace/namespace.ts';
import { nodeIpamController } from './controllers/node-ipam/node-ipam.ts';
import { nodeLifecycleController } from './controllers/nodelifecycle/nodelifecycle.ts';
import { persistentVolumeClaimBinder } from './controllers/persistentvolume/claim-binder.ts';
import { persistentVolumeBinder } from './controllers/persistentvolume/volume-binder.ts';
import { podGarbageCollector } from './controllers/podgc/podgc.ts';
import { podGroupProtectionController } from './controllers/podgroup-protection/podgroup-protection.ts';
import { pvProtectionController } from './controllers/pv-protection/pv-protection.ts';
import { pvcProtectionController } from './controllers/pvc-protection/pvc-protection.ts';
import { replicaSetController } from './controllers/replicaset/replicaset-controller.ts';
import { replicationController } from './controllers/replication/replication-controller.ts';
import { podGroupClaimController } from './controllers/resourceclaim/group-claims.ts';
import { resourceClaimController } from './controllers/resourceclaim/resourceclaim.ts';
import { resourceQuotaController } from './controllers/resourcequota/resourcequota.ts';
import { rootCACertPublisher } from './controllers/root-ca/root-ca.ts';
import { serviceAccountController } from './controllers/serviceaccount/serviceaccount.ts';
import { statefulSetController } from './controllers/statefulset/statefulset-controller.ts';
import { taintEvictionController } from './controllers/tainteviction/tainteviction.ts';
import { ttlController } from './controllers/ttl/ttl.ts';
import { ttlAfterFinishedController } from './controllers/ttl-after-finished/ttl-after-finished.ts';
import { validatingAdmissionPolicyStatusController } from './controllers/validatingadmissionpolicystatus/validatingadmissionpolicystatus.ts';
import type { ControllerFactory } from './engine/controller.ts';
import { nodeKubelet, podKubelet } from './kubelet/kubelet.ts';
import { memoryEviction } from './kubelet/nodes/eviction.ts';
import { staticPods } from './kubelet/pods/static-pods.ts';
import { schedulerFactory } from './scheduler/scheduler.ts';

export const COMPONENTS: readonly ControllerFactory[] = [
  crdFinalizer,
  namespaceController,
  serviceAccountController,
  clusterRoleAggregationController,
  validatingAdmissionPolicyStatusController,
  rootCACertPublisher,
  nodeIpamController,
  // Told of a new node it looks again at once, before anybody has the node ready.
  schedulerFactory,
  nodeKubelet,
  staticPods,
  cloudNodeController,
  cloudNodeLifecycleController,
  routeController,
  nodeLifecycleController,
  deploymentController,
  replicaSetController,
  replicationController,
  statefulSetController,
  daemonSetController,
  jobController,
  cronJobController,
  pvcProtectionController,
  pvProtectionController,
  podGroupProtectionController,
  ephemeralVolumeController,
  podGroupClaimController,
  resourceClaimController,
  volumeProvisioner,
  volumeDeleter,
  volumeAttacher,
  volumeResizer,
  serviceController,
  persistentVolumeBinder,
  persistentVolumeClaimBinder,
  attachDetachController,
  expandController,
  endpointController,
  endpointSliceController,
  endpointSliceMirroringController,
  podKubelet,
  memoryEviction,
  disruptionController,
  resourceQuotaController,
  horizontalController,
  taintEvictionController,
  deviceTaintEvictionController,
  ttlAfterFinishedController,
  ttlController,
  podGarbageCollector,
  garbageCollector,
];
