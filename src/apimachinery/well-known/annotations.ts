// Annotations that several parts set or read.
// Behaviour: staging/src/k8s.io/api/core/v1/annotation_key_constants.go and those of apps, batch, networking and storage, Kubernetes v1.36.3.

export const JOB_COMPLETION_INDEX = 'batch.kubernetes.io/job-completion-index';
/** kubectl's memory of the manifest; in a Secret's it holds the secret values. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
export const BETA_STORAGE_CLASS = 'volume.beta.kubernetes.io/storage-class';
export const STORAGE_PROVISIONER = 'volume.kubernetes.io/storage-provisioner';
export const CONFIG_MIRROR = 'kubernetes.io/config.mirror';
export const CONFIG_SOURCE = 'kubernetes.io/config.source';
export const POD_DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost';
export const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';
export const DEPRECATED_TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';
export const DEPLOYMENT_REVISION = 'deployment.kubernetes.io/revision';
export const ROLLBACK_TO = 'deprecated.deployment.rollback.to';
export const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation';
export const INGRESS_CLASS = 'kubernetes.io/ingress.class';
export const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod';
export const SECCOMP_CONTAINER_PREFIX = 'container.seccomp.security.alpha.kubernetes.io/';
export const APP_ARMOR_CONTAINER_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';
export const ENFORCE_MOUNTABLE_SECRETS = 'kubernetes.io/enforce-mountable-secrets';
export const LEADER_ELECTION = 'control-plane.alpha.kubernetes.io/leader';
export const MIGRATED_PLUGINS = 'storage.alpha.kubernetes.io/migrated-plugins';
export const EXTENDED_RESOURCE_CLAIM = 'resource.kubernetes.io/extended-resource-claim';
