// The admission plugins that are on by default, in the order in which they run.
// Behaviour: pkg/kubeapiserver/options/plugins.go (AllOrderedPlugins, DefaultOffAdmissionPlugins), Kubernetes v1.36.3.
//
// On by default upstream, and not here:
// - CertificateApproval, CertificateSigning and ClusterTrustBundleAttest, which only ask whether RBAC lets the user act
import { certificateSubjectRestriction } from '../certificate-subject-restriction/certificate-subject-restriction.ts';
import { defaultIngressClass } from '../default-ingress-class.ts';
import { defaultStorageClass } from '../default-storage-class.ts';
import { defaultTolerationSeconds } from '../default-toleration-seconds.ts';
import { jobValidation } from '../job-validation.ts';
import { limitRanger } from '../limit-ranger/limit-ranger.ts';
import { mutatingAdmissionPolicy } from '../mutating-admission-policy/mutating-admission-policy.ts';
import { namespaceLifecycle } from '../namespace-lifecycle.ts';
import { nodeDeclaredFeatureValidator } from '../node-declared-feature-validator.ts';
import { persistentVolumeClaimResize } from '../persistent-volume-claim-resize.ts';
import { podGroupProtection } from '../pod-group-protection.ts';
import { podGroupWorkloadExists } from '../pod-group-workload-exists.ts';
import { podResizeValidator } from '../pod-resize-validator.ts';
import { podSecurity } from '../pod-security/pod-security.ts';
import { podTopologyLabels } from '../pod-topology-labels.ts';
import { priority } from '../priority.ts';
import { resourceQuota } from '../resource-quota.ts';
import { runtimeClass } from '../runtime-class/runtime-class.ts';
import { serviceAccount } from '../service-account/service-account.ts';
import { storageObjectInUseProtection } from '../storage-object-in-use-protection.ts';
import { taintNodesByCondition } from '../taint-nodes-by-condition.ts';
import { validatingAdmissionPolicy } from '../validating-admission-policy/validating-admission-policy.ts';
import { mutatingAdmissionWebhook } from '../webhook/mutating-admission-webhook.ts';
import { validatingAdmissionWebhook } from '../webhook/validating-admission-webhook.ts';
import type { AdmissionPlugin } from './plugin.ts';

export const ADMISSION_PLUGINS: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  podGroupProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateSubjectRestriction,
  defaultIngressClass,
  podTopologyLabels,
  podGroupWorkloadExists,
  nodeDeclaredFeatureValidator,
  jobValidation,
  podResizeValidator,
  mutatingAdmissionPolicy,
  mutatingAdmissionWebhook,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
  resourceQuota,
];
