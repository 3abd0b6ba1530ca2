// PodGroups get a finalizer that keeps them while pods refer to them.
// Behaviour: plugin/pkg/admission/scheduling/podgroupprotection/admission.go, Kubernetes v1.36.3.
import type { PodGroup } from '../../schema/generated/types/scheduling-v1alpha2.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { subjectOf } from './chain/subject.ts';

export const POD_GROUP_PROTECTION = 'scheduling.k8s.io/podgroup-protection';

export const podGroupProtection: AdmissionPlugin = {
  name: 'PodGroupProtection',
  operations: ['CREATE'],
  resources: ['podgroups.scheduling.k8s.io'],
  mutate(attributes, { features }) {
    const group = subjectOf<PodGroup>(attributes, { plural: 'podgroups', group: 'scheduling.k8s.io' });
    if (!group || !features.isEnabled('GenericWorkload')) return undefined;
    const { finalizers = [] } = group.metadata;
    if (finalizers.includes(POD_GROUP_PROTECTION)) return undefined;
    return { ...group, metadata: { ...group.metadata, finalizers: [...finalizers, POD_GROUP_PROTECTION] } };
  },
};
