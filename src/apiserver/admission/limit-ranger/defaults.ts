// What a LimitRange fills in for containers that leave requests or limits out, and the annotation that tells of it.
// Behaviour: plugin/pkg/admission/limitranger/admission.go (mergePodResourceRequirements), Kubernetes v1.36.3.
import type { Container, LimitRange, Pod } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceList } from '../../core/pod-spec/aggregate-resources.ts';

const ANNOTATION = 'kubernetes.io/limit-ranger';
const ANNOTATION_PREFIX = 'LimitRanger plugin set: ';

interface Defaults {
  readonly requests: ResourceList;
  readonly limits: ResourceList;
}

/** The pod with its gaps filled; the same pod when there are none. */
export function withDefaultResources(pod: Pod, range: LimitRange): Pod {
  const defaults = defaultsOf(range);
  const notes: string[] = [];
  const fill =
    (noun: string) =>
    (container: Container): Container =>
      filled(container, defaults, noun, notes);
  const { containers, initContainers } = pod.spec;
  const filledContainers = containers?.map(fill('container'));
  const filledInitContainers = initContainers?.map(fill('init container'));
  if (notes.length === 0) return pod;
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: ANNOTATION_PREFIX + notes.join('; ') };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: {
      ...pod.spec,
      ...(filledContainers ? { containers: filledContainers } : {}),
      ...(filledInitContainers ? { initContainers: filledInitContainers } : {}),
    },
  };
}

function defaultsOf({ spec }: LimitRange): Defaults {
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const item of spec.limits ?? []) {
    if (item.type !== 'Container') continue;
    Object.assign(requests, item.defaultRequest);
    Object.assign(limits, item.default);
  }
  return { requests, limits };
}

function filled(container: Container, defaults: Defaults, noun: string, notes: string[]): Container {
  const { requests, limits } = container.resources;
  const missingRequests = missingFrom(requests, defaults.requests);
  const missingLimits = missingFrom(limits, defaults.limits);
  if (missingRequests.length > 0) notes.push(`${missingRequests.join(', ')} request for ${noun} ${container.name}`);
  if (missingLimits.length > 0) notes.push(`${missingLimits.join(', ')} limit for ${noun} ${container.name}`);
  if (missingRequests.length === 0 && missingLimits.length === 0) return container;
  return {
    ...container,
    resources: {
      ...container.resources,
      ...(missingLimits.length > 0 ? { limits: { ...defaults.limits, ...limits } } : {}),
      ...(missingRequests.length > 0 ? { requests: { ...defaults.requests, ...requests } } : {}),
    },
  };
}

function missingFrom(list: ResourceList | undefined, defaults: ResourceList): readonly string[] {
  return Object.keys(defaults)
    .filter((name) => list?.[name] === undefined)
    .sort();
}
