// Which fields a write does not own because the strategy behind it sets them back.
// Behaviour: GetResetFields and GetResetFieldsFilter of pkg/registry/*/*/strategy.go,
// [apiextensions-apiserver]/pkg/registry/customresource/{strategy,status_strategy}.go, Kubernetes v1.36.3.
import { FieldSet } from './field-sets/field-set.ts';
import { type FieldPathElements, fieldPath } from './field-sets/path-element.ts';

type FieldFilter = (set: FieldSet) => FieldSet;

const SPEC = fieldPath('spec');
const STATUS = fieldPath('status');
const METADATA = fieldPath('metadata');

const withoutSpec = without(SPEC);
const withoutStatus = without(STATUS);
const withoutSpecAndMetadata = without(SPEC, METADATA);

/** Resources whose status only a status request writes. */
const WITH_STATUS = new Set([
  'apiservices.apiregistration.k8s.io',
  'cronjobs.batch',
  'customresourcedefinitions.apiextensions.k8s.io',
  'daemonsets.apps',
  'deployments.apps',
  'devicetaintrules.resource.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'horizontalpodautoscalers.autoscaling',
  'ingresses.networking.k8s.io',
  'jobs.batch',
  'namespaces',
  'nodes',
  'persistentvolumeclaims',
  'persistentvolumes',
  'poddisruptionbudgets.policy',
  'podgroups.scheduling.k8s.io',
  'pods',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'replicasets.apps',
  'replicationcontrollers',
  'resourceclaims.resource.k8s.io',
  'resourcepoolstatusrequests.resource.k8s.io',
  'resourcequotas',
  'servicecidrs.networking.k8s.io',
  'services',
  'statefulsets.apps',
  'storageversions.internal.apiserver.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'volumeattachments.storage.k8s.io',
]);

/** Resources whose status request leaves metadata alone too. */
const STATUS_KEEPS_METADATA = new Set([
  'apiservices.apiregistration.k8s.io',
  'devicetaintrules.resource.k8s.io',
  'flowschemas.flowcontrol.apiserver.k8s.io',
  'podgroups.scheduling.k8s.io',
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io',
  'resourceclaims.resource.k8s.io',
  'resourcepoolstatusrequests.resource.k8s.io',
  'servicecidrs.networking.k8s.io',
  'storageversions.internal.apiserver.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'volumeattachments.storage.k8s.io',
]);

/** By `resource` or `resource/subresource`, where it is not the usual. */
const OWN: Readonly<Record<string, FieldFilter>> = {
  'certificatesigningrequests.certificates.k8s.io': without(SPEC, STATUS),
  'certificatesigningrequests.certificates.k8s.io/approval': without(SPEC, fieldPath('status', 'certificate')),
  'certificatesigningrequests.certificates.k8s.io/status': without(SPEC, fieldPath('status', 'conditions')),
  'deployments.apps/status': without(SPEC, fieldPath('metadata', 'labels')),
  'namespaces/finalize': withoutStatus,
  'podcertificaterequests.certificates.k8s.io/status': withoutSpec,
  'pods/status': without(SPEC, fieldPath('metadata', 'deletionTimestamp'), fieldPath('metadata', 'ownerReferences')),
};

/** For the resource of a built-in kind, `deployments.apps`. */
export function resetFilterOf(resource: string, subresource: string): FieldFilter | undefined {
  const own = OWN[subresource === '' ? resource : `${resource}/${subresource}`];
  if (own) return own;
  if (!WITH_STATUS.has(resource)) return undefined;
  if (subresource === '') return withoutStatus;
  if (subresource !== 'status') return undefined;
  return STATUS_KEEPS_METADATA.has(resource) ? withoutSpecAndMetadata : withoutSpec;
}

/** For a custom resource that has a status subresource; only the version of the request knows what its strategy resets. */
export function customResetFilter(subresource: string, isRequestVersion: boolean): FieldFilter | undefined {
  if (subresource === 'status') return withoutSpecAndMetadata;
  return subresource === '' && isRequestVersion ? withoutStatus : undefined;
}

function without(...paths: readonly FieldPathElements[]): FieldFilter {
  const excluded = FieldSet.of(...paths);
  return (set) => set.recursiveDifference(excluded);
}
