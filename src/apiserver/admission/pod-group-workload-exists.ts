// A PodGroup that says which template of which Workload it was made from is created only if they are there.
// Behaviour: plugin/pkg/admission/podgroup/admission.go, Kubernetes v1.36.3.
import { goQuote } from '../../apimachinery/go/quote.ts';
import type { PodGroup, Workload } from '../../schema/generated/types/scheduling-v1alpha2.ts';
import type { AdmissionPlugin } from './chain/plugin.ts';
import { forbid } from './chain/refusal.ts';
import { subjectOf } from './chain/subject.ts';

const NAME = 'PodGroupWorkloadExists';

export const podGroupWorkloadExists: AdmissionPlugin = {
  name: NAME,
  operations: ['CREATE'],
  resources: ['podgroups.scheduling.k8s.io'],
  validate(attributes, { features, reader }) {
    const group = subjectOf<PodGroup>(attributes, { plural: 'podgroups', group: 'scheduling.k8s.io' });
    const reference = group?.spec.podGroupTemplateRef?.workload;
    if (!reference || !features.isEnabled('GenericWorkload')) return undefined;
    const { workloadName, podGroupTemplateName } = reference;
    const workload = reader.get<Workload>('workloads.scheduling.k8s.io', attributes.namespace, workloadName);
    const refuse = (text: string) => forbid(attributes, `PodGroup rejected: ${text}`, NAME);
    const called = `Workload ${goQuote(workloadName)}`;
    if (!workload) return refuse(`${called} not found`);
    if (workload.metadata.deletionTimestamp !== undefined) return refuse(`${called} is being deleted`);
    if (workload.spec.podGroupTemplates?.some(({ name }) => name === podGroupTemplateName)) return undefined;
    return refuse(`PodGroupTemplate ${goQuote(podGroupTemplateName)} not found in ${called}`);
  },
};
