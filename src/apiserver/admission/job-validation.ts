// A Job whose pods are scheduled as one gang keeps its parallelism.
// Behaviour: plugin/pkg/admission/job/admission.go, Kubernetes v1.36.3.
import { goQuote } from '../../apimachinery/go/quote.ts';
import { isControlledBy } from '../../apimachinery/owner-references.ts';
import type { Job } from '../../schema/generated/types/batch-v1.ts';
import type { PodGroup } from '../../schema/generated/types/scheduling-v1alpha2.ts';
import { POD_GROUPS } from '../../schema/resource-names.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { forbid } from './chain/refusal.ts';
import { oldSubjectOf, subjectOf } from './chain/subject.ts';

const NAME = 'JobValidation';

export const jobValidation: AdmissionPlugin = {
  name: NAME,
  operations: ['UPDATE'],
  resources: ['jobs.batch'],
  validate(attributes, { features, reader }) {
    const job = subjectOf<Job>(attributes, { plural: 'jobs', group: 'batch' });
    const old = oldSubjectOf<Job>(attributes);
    if (!job || !old || !features.isEnabled('GenericWorkload')) return undefined;
    if (job.spec.parallelism === old.spec.parallelism) return undefined;
    const gang = groupsOf(old, reader).find(({ spec }) => spec.schedulingPolicy.gang);
    if (!gang) return undefined;
    const named = goQuote(gang.metadata.name ?? '');
    return forbid(attributes, `cannot change parallelism for a Job referencing gang-scheduled PodGroup ${named}`, NAME);
  },
};

/** The group that the pods are told to join, else those that the Job owns. */
function groupsOf({ metadata, spec }: Job, reader: ClusterReader): readonly PodGroup[] {
  const name = spec.template.spec?.schedulingGroup?.podGroupName;
  if (name !== undefined) return [reader.get<PodGroup>(POD_GROUPS, metadata.namespace, name) ?? []].flat();
  return reader.list<PodGroup>(POD_GROUPS, metadata.namespace).filter((group) => isControlledBy(group, { metadata }));
}
