// What a plan takes for granted because nobody offline can know it, each with how to say otherwise; and what it leaves unasked.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { PersistentVolumeClaim, Service } from '../../schema/generated/types/core-v1.ts';

const CONTAINERS =
  'Images are present, containers start at once and become ready, Jobs succeed. Say otherwise per pod with the annotation kubeplan.dev/outcome: never-ready | fail | running | pending | crash-loop, or under spec.pods and spec.images of the cluster file.';
const NAMES = 'Names that Kubernetes would make up at random, addresses and uids are made up in a fixed order.';

/** What a described cluster says of the things that are assumed when it does not. */
export interface Described {
  readonly metrics?: unknown;
  readonly cloud?: { readonly loadBalancers?: unknown; readonly volumeProvisioners?: readonly string[] };
}

/** What nobody does in a cluster whose description does not speak of it. */
const UNDESCRIBED: readonly {
  readonly resource: string;
  readonly text: string;
  concerns(object: KubeObject, described: Described): boolean;
}[] = [
  {
    resource: 'horizontalpodautoscalers.autoscaling',
    text: 'No metrics are served, so autoscalers do not follow any load. Describe it under spec.metrics of the cluster file:',
    concerns: (_, { metrics }) => metrics === undefined,
  },
  {
    resource: 'services',
    text: 'No cloud gives load balancers an address. Describe one under spec.cloud.loadBalancers of the cluster file:',
    concerns: (object, { cloud }) => (object as Service).spec.type === 'LoadBalancer' && !cloud?.loadBalancers,
  },
  {
    resource: 'persistentvolumeclaims',
    text: 'Nobody provisions volumes for these claims. Name their provisioner under spec.cloud.volumeProvisioners of the cluster file:',
    concerns: (object, { cloud }) => {
      const provisioner = object.metadata.annotations?.[STORAGE_PROVISIONER];
      if (provisioner === undefined || (object as PersistentVolumeClaim).spec.volumeName) return false;
      return !cloud?.volumeProvisioners?.includes(provisioner);
    },
  },
];

const STORAGE_PROVISIONER = 'volume.kubernetes.io/storage-provisioner';

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

export function assumptionsOf(reader: ClusterReader, further: readonly string[], described: Described = {}): string[] {
  const hasPods = reader.list('pods').length > 0;
  const unasked = UNASKED.flatMap(({ resource, text }) => {
    const names = reader.list(resource).map(({ metadata }: KubeObject) => metadata.name ?? '');
    return names.length > 0 ? [`${text} ${names.join(', ')}.`] : [];
  });
  const undone = UNDESCRIBED.flatMap(({ resource, text, concerns }) => {
    const names = reader.list(resource).flatMap((object) => {
      const { namespace, name } = object.metadata;
      return concerns(object, described) ? [`${namespace}/${name}`] : [];
    });
    return names.length > 0 ? [`${text} ${listed(names)}.`] : [];
  });
  return [...further, ...unasked, ...undone, ...(hasPods ? [CONTAINERS, NAMES] : [])];
}

/** The first few names; how many more there are. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN);
  return shown.join(', ') + (names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '');
}

const SHOWN = 5;
