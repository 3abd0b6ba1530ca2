// The number behind a pod's priority class, and that only one class is the default.
// Behaviour: plugin/pkg/admission/priority/admission.go, Kubernetes v1.36.3.
import type { Pod } from '../../schema/generated/types/core-v1.ts';
import type { PriorityClass } from '../../schema/generated/types/scheduling-v1.ts';
import type { PodGroup } from '../../schema/generated/types/scheduling-v1alpha2.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import type { AdmissionAttributes, AdmissionPlugin, AdmissionRefusal } from './chain/plugin.ts';
import { forbid } from './chain/refusal.ts';
import { oldSubjectOf, subjectOf } from './chain/subject.ts';

const NAME = 'Priority';
const CLASSES = 'priorityclasses.scheduling.k8s.io';
const COMPUTED = 'must not be provided in pod spec; priority admission controller computed';
const FROM_CLASS = 'from the given PriorityClass name';

export const priority: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'priorityclasses.scheduling.k8s.io', 'podgroups.scheduling.k8s.io'],
  subresources: [''],

  mutate(attributes, { reader, features }) {
    const group = subjectOf<PodGroup>(attributes, { plural: 'podgroups', group: 'scheduling.k8s.io' });
    if (group) {
      const isResolved = attributes.operation === 'CREATE' && features.isEnabled('WorkloadAwarePreemption');
      return isResolved ? withGroupPriority(group, attributes, reader) : undefined;
    }
    const pod = subjectOf<Pod>(attributes, { plural: 'pods' });
    if (!pod) return undefined;
    return attributes.operation === 'CREATE'
      ? withPriority(pod, attributes, reader)
      : keepPriority(pod, oldSubjectOf<Pod>(attributes));
  },

  validate(attributes, { reader }) {
    const wanted = { plural: 'priorityclasses', group: 'scheduling.k8s.io' };
    const given = subjectOf<PriorityClass>(attributes, wanted);
    if (!given?.globalDefault) return undefined;
    const current = defaultClass(reader);
    if (!current) return undefined;
    const { name = '' } = current.metadata;
    if (attributes.operation === 'UPDATE' && name === given.metadata.name) return undefined;
    return forbid(attributes, `PriorityClass ${name} is already marked as default. Only one default can exist`, NAME);
  },
};

function withPriority(pod: Pod, attributes: AdmissionAttributes, reader: ClusterReader): Pod | AdmissionRefusal {
  const { spec } = pod;
  const asked = spec.priorityClassName;
  const found = asked ? reader.get<PriorityClass>(CLASSES, undefined, asked) : defaultClass(reader);
  if (asked && !found) return forbid(attributes, `no PriorityClass with name ${asked} was found`, NAME);
  const value = found?.value ?? 0;
  const policy = found ? found.preemptionPolicy : 'PreemptLowerPriority';
  if (spec.priority !== undefined && spec.priority !== value) {
    const text = `the integer value of priority (${spec.priority}) ${COMPUTED} ${value} ${FROM_CLASS}`;
    return forbid(attributes, text, NAME);
  }
  if (policy !== undefined && spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    const text = `the string value of PreemptionPolicy (${spec.preemptionPolicy}) ${COMPUTED} ${policy} ${FROM_CLASS}`;
    return forbid(attributes, text, NAME);
  }
  const name = found?.metadata.name;
  return {
    ...pod,
    spec: {
      ...spec,
      ...(name ? { priorityClassName: name } : {}),
      priority: value,
      ...(policy === undefined ? {} : { preemptionPolicy: policy }),
    },
  };
}

function withGroupPriority(
  group: PodGroup,
  attributes: AdmissionAttributes,
  reader: ClusterReader,
): PodGroup | AdmissionRefusal {
  const { spec } = group;
  const asked = spec.priorityClassName;
  const found = asked ? reader.get<PriorityClass>(CLASSES, undefined, asked) : defaultClass(reader);
  if (asked && !found) return forbid(attributes, `no PriorityClass with name ${asked} was found`, NAME);
  const value = found?.value ?? 0;
  if (spec.priority !== undefined && spec.priority !== value) {
    const text = `priority set in the pod group (${spec.priority}) must match the priority computed (${value}) based on the priority class set in the spec`;
    return forbid(attributes, text, NAME);
  }
  const name = found?.metadata.name;
  return { ...group, spec: { ...spec, ...(name ? { priorityClassName: name } : {}), priority: value } };
}

/** An update that leaves out what was computed on create means the computed values. */
function keepPriority(pod: Pod, old: Pod | undefined): Pod | undefined {
  const { priority: oldPriority, preemptionPolicy: oldPolicy } = old?.spec ?? {};
  const { spec } = pod;
  const lacksPriority = spec.priority === undefined && oldPriority !== undefined;
  const lacksPolicy = spec.preemptionPolicy === undefined && oldPolicy !== undefined;
  if (!lacksPriority && !lacksPolicy) return undefined;
  return {
    ...pod,
    spec: {
      ...spec,
      ...(lacksPriority ? { priority: oldPriority } : {}),
      ...(lacksPolicy ? { preemptionPolicy: oldPolicy } : {}),
    },
  };
}

/** Of several default classes, which only a race can leave behind, the one with the lowest value. */
function defaultClass(reader: ClusterReader): PriorityClass | undefined {
  let lowest: PriorityClass | undefined;
  for (const candidate of reader.list<PriorityClass>(CLASSES))
    if (candidate.globalDefault && (!lowest || candidate.value < lowest.value)) lowest = candidate;
  return lowest;
}
