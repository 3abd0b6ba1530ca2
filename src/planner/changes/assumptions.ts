// What a plan takes for granted because nobody offline can know it, each with how to say otherwise.
import { listedNames } from '../../apimachinery/listed-names.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { STORAGE_PROVISIONER } from '../../apimachinery/well-known/annotations.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { CustomResourceDefinition } from '../../schema/generated/types/apiextensions-v1.ts';
import type { CronJob } from '../../schema/generated/types/batch-v1.ts';
import type { PersistentVolumeClaim, Service } from '../../schema/generated/types/core-v1.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../schema/resource-names.ts';
import type { WebhookCall } from './plan.ts';

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
    resource: 'cronjobs.batch',
    text: 'CronJobs run by their schedule for ever; a plan ends before the next run. --at shows a later moment:',
    concerns: (object) => !(object as CronJob).spec.suspend,
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

/** Webhooks that would be called and whose answers nobody described. */
function webhookAssumption(calls: readonly WebhookCall[]): string[] {
  const assumed = calls.filter(({ outcome }) => outcome === 'assumed');
  const names = [...new Set(assumed.map(({ configuration, webhook }) => `${webhook} (${configuration})`))].sort();
  if (names.length === 0) return [];
  return [
    `Webhooks are not called, they would need the network; these are taken to allow what they are asked about: ${names.join(', ')}. Describe what they answer under spec.webhooks of the Cluster file.`,
  ];
}

/** What acts on custom resources comes from outside Kubernetes. */
function externalControllers(reader: ClusterReader): string[] {
  return reader.list<CustomResourceDefinition>(CUSTOM_RESOURCE_DEFINITIONS).flatMap(({ metadata, spec }) => {
    // A definition is called like the resource that it defines.
    const names = reader
      .list(metadata.name ?? '')
      .map(({ metadata: { namespace, name = '' } }) => (namespace === undefined ? name : `${namespace}/${name}`));
    if (names.length === 0) return [];
    const kind = `${spec.names.kind}.${spec.group}`;
    return [
      `External controller: unknown. What acts on ${kind} is not part of Kubernetes, so nothing follows from ${listedNames(names, SHOWN)}; what the described cluster holds stays.`,
    ];
  });
}

export function assumptionsOf(
  reader: ClusterReader,
  webhooks: readonly WebhookCall[],
  further: readonly string[],
  described: Described = {},
): string[] {
  const hasPods = reader.list('pods').length > 0;
  const undone = UNDESCRIBED.flatMap(({ resource, text, concerns }) => {
    const names = reader.list(resource).flatMap((object) => {
      const { namespace, name } = object.metadata;
      return concerns(object, described) ? [`${namespace}/${name}`] : [];
    });
    return names.length > 0 ? [`${text} ${listedNames(names, SHOWN)}.`] : [];
  });
  return [
    ...further,
    ...webhookAssumption(webhooks),
    ...undone,
    ...externalControllers(reader),
    ...(hasPods ? [CONTAINERS, NAMES] : []),
  ];
}

const SHOWN = 5;
