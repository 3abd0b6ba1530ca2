// What of a pod matters to each part of a decision, as texts: pods with the same text share that part's work.
import type { Container } from '../../../schema/generated/types/core-v1.ts';
import type { PodInfo } from '../framework/pod-info.ts';
import { requiredFeatures } from '../plugins/node-declared-features/node-declared-features.ts';

export interface PodClass {
  /** Everything below. */
  readonly text: string;
  /** What decides by the node's object alone: tolerations, node selector and affinity, declared features. */
  readonly staticText: string;
  /** What decides by the node's pods: requests, host ports and priority. */
  readonly localText: string;
  readonly imagesText: string;
  /** Namespace, labels and what relates pods to pods. */
  readonly relationsText: string;
}

export function podClassOf({ spec, namespace, labelSet, hostPorts, metadata, priority }: PodInfo): PodClass {
  const { affinity, containers = [], initContainers = [], volumes } = spec;
  const staticText = JSON.stringify([
    spec.nodeSelector,
    affinity?.nodeAffinity,
    spec.tolerations,
    requiredFeatures(spec),
  ]);
  const localText = JSON.stringify([
    containers.map(requestsOf),
    initContainers.map((container) => [requestsOf(container), container.restartPolicy]),
    spec.overhead,
    spec.resources?.requests,
    hostPorts,
    // Whose promises of nodes count.
    priority,
  ]);
  const imagesText = JSON.stringify([
    containers.map(imageOf),
    initContainers.map(imageOf),
    volumes?.flatMap(({ image }) => image?.reference ?? []),
  ]);
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  const relationsText = JSON.stringify([
    namespace,
    labelSet.id,
    affinity?.podAffinity,
    affinity?.podAntiAffinity,
    spec.topologySpreadConstraints,
    // Default constraints select by what owns the pod.
    spec.topologySpreadConstraints?.length ? undefined : owner && [owner.apiVersion, owner.kind, owner.name],
  ]);
  const text = `${staticText}\n${localText}\n${imagesText}\n${relationsText}`;
  return { text, staticText, localText, imagesText, relationsText };
}

function requestsOf({ resources }: Container): Readonly<Record<string, unknown>> | undefined {
  return resources?.requests;
}

function imageOf({ image }: Container): string | undefined {
  return image;
}
