// What of a pod matters to each part of a decision, as texts: pods with the same text share that part's work.
import { controllerOf } from '../../../../apimachinery/owner-references.ts';
import type { Container, Pod, Volume } from '../../../../schema/generated/types/core-v1.ts';
import type { PodInfo } from '../../framework/pod-info.ts';
import { requiredFeatures } from '../../plugins/node-declared-features/node-declared-features.ts';

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
  const owner = controllerOf({ metadata });
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

/** Whether it is plain to see that two pods are of one class: what decides is the same object in both, or absent. */
export function isSameClass(a: PodInfo, b: PodInfo): boolean {
  const x = a.spec;
  const y = b.spec;
  // The same pod again, perhaps with another status.
  if (x === y) return a.labelSet === b.labelSet && a.namespace === b.namespace && hasSameOwner(a.pod, b.pod);
  return (
    a.labelSet === b.labelSet &&
    a.namespace === b.namespace &&
    a.priority === b.priority &&
    a.hostPorts.length === 0 &&
    b.hostPorts.length === 0 &&
    x.nodeSelector === y.nodeSelector &&
    x.affinity === y.affinity &&
    x.overhead === y.overhead &&
    x.resources === y.resources &&
    x.topologySpreadConstraints === y.topologySpreadConstraints &&
    x.hostNetwork === y.hostNetwork &&
    x.hostUsers === y.hostUsers &&
    !x.initContainers?.length &&
    !y.initContainers?.length &&
    hasSameItems(x.tolerations, y.tolerations) &&
    hasSameContainers(x.containers ?? NONE, y.containers ?? NONE) &&
    !x.volumes?.some(isImage) &&
    !y.volumes?.some(isImage) &&
    hasSameOwner(a.pod, b.pod)
  );
}

const NONE: readonly Container[] = [];

function hasSameItems(a: readonly unknown[] | undefined, b: readonly unknown[] | undefined): boolean {
  return a === b || (a !== undefined && a.length === b?.length && a.every((item, i) => item === b[i]));
}

function hasSameContainers(a: readonly Container[], b: readonly Container[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ resources, image, restartPolicyRules }, i) => {
      const other = b[i]!;
      return (
        image === other.image &&
        resources?.requests === other.resources?.requests &&
        restartPolicyRules === other.restartPolicyRules
      );
    })
  );
}

function isImage({ image }: Volume): boolean {
  return image !== undefined;
}

function hasSameOwner(a: Pod, b: Pod): boolean {
  const [owner, other] = [controllerOf(a), controllerOf(b)];
  return (
    owner === other ||
    (owner?.kind === other?.kind && owner?.name === other?.name && owner?.apiVersion === other?.apiVersion)
  );
}

function requestsOf({ resources }: Container): Readonly<Record<string, unknown>> | undefined {
  return resources?.requests;
}

function imageOf({ image }: Container): string | undefined {
  return image;
}
