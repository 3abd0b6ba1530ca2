// Whether a resize of a pod changes only amounts of cpu and memory, where that is possible.
// Behaviour: pkg/apis/core/validation/validation.go (ValidatePodResize), Kubernetes v1.36.3.
import { type FieldError, forbidden, GoValue, invalid } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { goJsonString } from '../../../apimachinery/go/json.ts';
import { CONFIG_MIRROR } from '../../../apimachinery/well-known/annotations.ts';
import type { Container, Pod, PodSpec, ResourceRequirements } from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates } from '../../resource.ts';
import type { ResourceList } from '../pod-spec/aggregate-resources.ts';
import type { PodValidationOptions } from '../pod-spec/validation/options.ts';
import { isRestartableInitContainer } from '../pod-spec/visit-containers.ts';
import { computeQosClass, podQosClass } from './qos.ts';
import { equalSpecs, equalValues } from './spec-equality.ts';
import { SPEC, validatePodMetadataAndSpec } from './validation.ts';

const STATIC_POD = 'static pods cannot be resized';
const WINDOWS_POD = 'windows pods cannot be resized';
const QOS_CHANGED = 'Pod QOS Class may not change as a result of resizing';
const NODE_TOO_OLD = 'Pod running on node without support for resize';
const POD_LEVEL_DISABLED =
  'resize of pods with pod-level resources is forbidden when InPlacePodLevelResourcesVerticalScalingEnabled feature gate is disabled';
const ALLOCATABLE_CLAIMS = 'pods with node allocatable resource claims cannot be resized';
const ONLY_CPU_AND_MEMORY = 'only cpu and memory resources are mutable';
const ONLY_CPU_AND_MEMORY_OF_POD = 'only cpu and memory resources are mutable at pod-level';
const ONLY_CPU_AND_MEMORY_OF_INIT = 'only cpu and memory resources for init or sidecar containers are mutable';
const INIT_RESTARTS = 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized';
const INIT_IMMUTABLE = 'resources for non-sidecar init containers are immutable';
const POD_RESOURCES_REMOVED = 'pod-level resources cannot be removed';
const POD_REQUESTS_REMOVED = 'pod-level resource requests cannot be removed';
const POD_LIMITS_REMOVED = 'pod-level resource limits cannot be removed';
const REQUESTS_REMOVED = 'resource requests cannot be removed';
const LIMITS_REMOVED = 'resource limits cannot be removed';

const NOWHERE = FieldPath.of('');

export function validatePodResize(
  pod: Pod,
  old: Pod,
  options: PodValidationOptions,
  features: FeatureGates,
): FieldError[] {
  const errors = validatePodMetadataAndSpec(pod, options);
  if (old.metadata.annotations?.[CONFIG_MIRROR] !== undefined) return [forbidden(NOWHERE, STATIC_POD)];
  if (old.spec.os?.name === 'windows') return [forbidden(NOWHERE, WINDOWS_POD)];
  if (podQosClass(old) !== computeQosClass(pod.spec)) {
    errors.push(invalid(SPEC, new GoValue(goJsonString(pod.status.qosClass ?? '')), QOS_CHANGED));
  }
  if (!nodeSupportsResize(old)) errors.push(forbidden(SPEC, NODE_TOO_OLD));

  let munged = pod.spec;
  if (hasPodLevelResources(old.spec) || hasPodLevelResources(pod.spec)) {
    if (!options.inPlacePodLevelResourcesVerticalScalingEnabled) {
      errors.push(forbidden(NOWHERE, POD_LEVEL_DISABLED));
      return errors;
    }
    munged = validatePodLevelResize(pod.spec, old.spec, errors);
  }
  if (old.status.nodeAllocatableResourceClaimStatuses?.length) errors.push(forbidden(SPEC, ALLOCATABLE_CLAIMS));
  if (!validateOrder(pod.spec, old.spec, errors)) return errors;

  const resizesInit = features.isEnabled('InPlacePodVerticalScalingInitContainers');
  validateRemovals(pod.spec, old.spec, resizesInit, errors);
  munged = validateContainers(munged, old.spec, errors);
  munged = validateInitContainers(munged, old.spec, resizesInit, errors);
  if (errors.length === 0 && !equalSpecs(munged, old.spec)) errors.push(forbidden(SPEC, ONLY_CPU_AND_MEMORY));
  return errors;
}

/** A node that can resize reports what its running containers have. */
function nodeSupportsResize({ status }: Pod): boolean {
  const running = status.containerStatuses?.find(({ state }) => state.running);
  return running === undefined || running.resources !== undefined;
}

function hasPodLevelResources({ resources }: PodSpec): boolean {
  return sizeOf(resources?.requests) + sizeOf(resources?.limits) > 0;
}

function sizeOf(list: ResourceList | undefined): number {
  return list ? Object.keys(list).length : 0;
}

function isRemoved(list: ResourceList | undefined, old: ResourceList | undefined): boolean {
  return Object.keys(old ?? {}).some((name) => list?.[name] === undefined);
}

/** The spec with the old amounts of cpu and memory at pod level. */
function validatePodLevelResize(spec: PodSpec, old: PodSpec, errors: FieldError[]): PodSpec {
  const path = SPEC.child('resources');
  const { resources } = spec;
  if (old.resources) {
    if (!resources) {
      errors.push(forbidden(path, POD_RESOURCES_REMOVED));
      return spec;
    }
    if (isRemoved(resources.requests, old.resources.requests)) {
      errors.push(forbidden(path.child('requests'), POD_REQUESTS_REMOVED));
    }
    if (isRemoved(resources.limits, old.resources.limits)) {
      errors.push(forbidden(path.child('limits'), POD_LIMITS_REMOVED));
    }
  }
  const munged = resources && withOldAmounts(resources, old.resources ?? {});
  const isEmpty = munged && sizeOf(munged.requests) + sizeOf(munged.limits) === 0 && !munged.claims?.length;
  const { resources: _, ...rest } = spec;
  const next: PodSpec = munged && (old.resources || !isEmpty) ? { ...rest, resources: munged } : rest;
  if (!equalValues(next.resources, old.resources)) errors.push(forbidden(SPEC, ONLY_CPU_AND_MEMORY_OF_POD));
  return next;
}

function withOldAmounts(resources: ResourceRequirements, old: ResourceRequirements): ResourceRequirements {
  const limits = withOldComputeAmounts(resources.limits, old.limits);
  const requests = withOldComputeAmounts(resources.requests, old.requests);
  return {
    ...(limits ? { limits } : {}),
    ...(requests ? { requests } : {}),
    ...(resources.claims ? { claims: resources.claims } : {}),
  };
}

function withOldComputeAmounts(
  list: ResourceList | undefined,
  old: ResourceList | undefined,
): ResourceList | undefined {
  const { cpu: _1, memory: _2, ...others } = list ?? {};
  const { cpu, memory } = old ?? {};
  const next = { ...others, ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
  return Object.keys(next).length > 0 ? next : undefined;
}

function validateOrder(spec: PodSpec, old: PodSpec, errors: FieldError[]): boolean {
  const before = errors.length;
  for (const list of ['containers', 'initContainers'] as const) {
    const containers = spec[list] ?? [];
    const oldContainers = old[list] ?? [];
    const path = SPEC.child(list);
    if (containers.length !== oldContainers.length) {
      errors.push(forbidden(path, `${list} may not be added or removed on resize`));
      continue;
    }
    oldContainers.forEach(({ name }, i) => {
      if (containers[i]?.name === name) return;
      errors.push(forbidden(path.index(i).child('name'), `${list} may not be renamed or reordered on resize`));
    });
  }
  return errors.length === before;
}

function validateRemovals(spec: PodSpec, old: PodSpec, resizesInit: boolean, errors: FieldError[]): void {
  for (const list of ['initContainers', 'containers'] as const) {
    old[list]?.forEach((container, i) => {
      if (list === 'initContainers' && !resizesInit && !isRestartableInitContainer(container)) return;
      const resources = spec[list]?.[i]?.resources ?? {};
      const path = SPEC.child(list).index(i).child('resources');
      if (isRemoved(resources.requests, container.resources.requests)) {
        errors.push(forbidden(path.child('requests'), REQUESTS_REMOVED));
      }
      if (isRemoved(resources.limits, container.resources.limits)) {
        errors.push(forbidden(path.child('limits'), LIMITS_REMOVED));
      }
    });
  }
}

/** Claims of a container are left out, so a container with claims never equals its old self: upstream forgets them too. */
function withoutResize(container: Container, old: Container): Container {
  const { claims: _, ...resources } = withOldAmounts(container.resources, old.resources);
  return { ...container, resources };
}

function validateContainers(spec: PodSpec, old: PodSpec, errors: FieldError[]): PodSpec {
  const containers = spec.containers?.map((container, i) => {
    const before = old.containers?.[i] ?? container;
    const munged = withoutResize(container, before);
    if (!equalValues(munged, before)) errors.push(forbidden(SPEC, ONLY_CPU_AND_MEMORY));
    return munged;
  });
  return containers ? { ...spec, containers } : spec;
}

function validateInitContainers(spec: PodSpec, old: PodSpec, resizesInit: boolean, errors: FieldError[]): PodSpec {
  const initContainers = spec.initContainers?.map((container, i) => {
    const before = old.initContainers?.[i] ?? container;
    const isSidecar = isRestartableInitContainer(container);
    const isChanged = !equalValues(container, before);
    if (!isSidecar && !resizesInit) {
      if (isChanged) errors.push(forbidden(SPEC, INIT_IMMUTABLE));
      return container;
    }
    const path = SPEC.child('initContainers').index(i);
    const munged = withoutResize(container, before);
    if (!equalValues(munged, before)) errors.push(forbidden(path, ONLY_CPU_AND_MEMORY_OF_INIT));
    if (isChanged && !isSidecar) {
      for (const { restartPolicy } of munged.resizePolicy ?? []) {
        if (restartPolicy === 'RestartContainer') errors.push(forbidden(path, INIT_RESTARTS));
      }
    }
    return munged;
  });
  return initContainers ? { ...spec, initContainers } : spec;
}
