// Names of resources that several parts ask for, as the store knows them: the plural, with the group where it has one.

export const PVS = 'persistentvolumes';
export const PVCS = 'persistentvolumeclaims';
export const CSI_DRIVERS = 'csidrivers.storage.k8s.io';
export const CSI_NODES = 'csinodes.storage.k8s.io';
export const VOLUME_ATTACHMENTS = 'volumeattachments.storage.k8s.io';
export const CUSTOM_RESOURCE_DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';
export const ENDPOINT_SLICES = 'endpointslices.discovery.k8s.io';
export const POD_GROUPS = 'podgroups.scheduling.k8s.io';
export const RESOURCE_CLAIMS = 'resourceclaims.resource.k8s.io';
export const VALIDATING_ADMISSION_POLICIES = 'validatingadmissionpolicies.admissionregistration.k8s.io';
