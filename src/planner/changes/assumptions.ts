// What a plan takes for granted because nobody offline can know it, each with how to say otherwise; and what it leaves unasked.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';

const CONTAINERS =
  'Images are present, containers start at once and become ready, Jobs succeed. Say otherwise per pod with the annotation kubeplan.dev/outcome: never-ready | fail | running | pending.';
const NAMES = 'Names that Kubernetes would make up at random, addresses and uids are made up in a fixed order.';

/** What would be asked about every request of a real cluster, and is not asked here. */
const UNASKED: readonly { readonly resource: string; readonly text: string }[] = [
  {
    resource: 'mutatingwebhookconfigurations.admissionregistration.k8s.io',
    text: 'Mutating webhooks are not called, they would need the network:',
  },
  {
    resource: 'validatingwebhookconfigurations.admissionregistration.k8s.io',
    text: 'Validating webhooks are not called, they would need the network:',
  },
  {
    resource: 'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
    text: 'Mutating admission policies are not evaluated, objects stay as they are:',
  },
  {
    resource: 'validatingadmissionpolicybindings.admissionregistration.k8s.io',
    text: 'Validating admission policies are not evaluated, everything passes them:',
  },
];

export function assumptionsOf(reader: ClusterReader, further: readonly string[]): string[] {
  const hasPods = reader.list('pods').length > 0;
  const unasked = UNASKED.flatMap(({ resource, text }) => {
    const names = reader.list(resource).map(({ metadata }: KubeObject) => metadata.name ?? '');
    return names.length > 0 ? [`${text} ${names.join(', ')}.`] : [];
  });
  return [...further, ...unasked, ...(hasPods ? [CONTAINERS, NAMES] : [])];
}
