// How the API server treats pods: create, update, and the subresources that write a part of a pod.
// Behaviour: pkg/registry/core/pod/{strategy.go,storage/storage.go}, Kubernetes v1.36.3.
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { warningsForIp } from '../../../apimachinery/validation/ip.ts';
import { isDns1123Label } from '../../../apimachinery/validation/names.ts';
import { nameIsDnsSubdomain } from '../../../apimachinery/validation/object-meta.ts';
import type { Container, Pod, PodCondition, PodStatus } from '../../../schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../schema/generated/types/meta-v1.ts';
import type { Resource, Strategy, StrategyContext, SubresourceStrategy } from '../../resource.ts';
import { dropDisabledSpecFields } from '../pod-spec/disabled-fields.ts';
import { type PodValidationOptions, podStatusOptions, podValidationOptions } from '../pod-spec/validation/options.ts';
import { podSpecWarnings } from '../pod-spec/warnings.ts';
import { bindPod } from './binding.ts';
import { defaultPod, fillPod } from './defaults.ts';
import { dropDisabledStatusFields } from './disabled-status-fields.ts';
import { evictPod } from './eviction.ts';
import { preparePod } from './prepare.ts';
import { validatePodResize } from './resize-validation.ts';
import { equalSpecs } from './spec-equality.ts';
import { validatePodStatusUpdate } from './status-validation.ts';
import { validateEphemeralContainersUpdate, validatePodUpdate } from './update-validation.ts';
import { validatePodCreate } from './validation.ts';

const NAME_WARNING =
  "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended";

/** Warnings that arise while a pod is prepared wait here until the pipeline asks for them. */
const preparationWarnings = new WeakMap<Pod, readonly string[]>();

function optionsFor(pod: Pod, old: Pod | undefined, { features }: StrategyContext): PodValidationOptions {
  return { ...podValidationOptions(pod.spec, old?.spec, old?.metadata, features), resourceIsPod: true };
}

/** The pod without disabled fields, its generation raised when its spec is another. */
function prepared(pod: Pod, old: Pod, { features }: StrategyContext): Pod {
  const spec = dropDisabledSpecFields(pod.spec, old.spec, features);
  const { generation = 0 } = old.metadata;
  const metadata = equalSpecs(spec, old.spec) ? pod.metadata : { ...pod.metadata, generation: generation + 1 };
  return { ...pod, metadata, spec };
}

const strategy: Strategy<Pod> = {
  applyDefaults: (pod, { features }, stored) => defaultPod(pod, features, stored),
  fillDefaults: (pod, { features }) => fillPod(pod, features),
  prepareForCreate(pod, context) {
    const { pod: next, warnings } = preparePod(pod, context);
    if (warnings.length > 0) preparationWarnings.set(next, warnings);
    return next;
  },
  validate: (pod, context) => validatePodCreate(pod, optionsFor(pod, undefined, context)),
  warningsOnCreate(pod) {
    const messages = isDns1123Label(pod.metadata.name ?? '');
    return [
      ...(preparationWarnings.get(pod) ?? []),
      ...(messages.length > 0 ? [`${NAME_WARNING}: [${messages.join(' ')}]`] : []),
      ...podSpecWarnings(pod.spec, pod.metadata, undefined),
    ];
  },
  prepareForUpdate: (pod, old, context) => prepared({ ...pod, status: old.status }, old, context),
  validateUpdate: (pod, old, context) => validatePodUpdate(pod, old, optionsFor(pod, old, context)),
  canonicalize: withServiceAccountAlias,
  validateName: nameIsDnsSubdomain,
  isMadeAlike: true,
  allowUnconditionalUpdate: true,
  gracePeriodSeconds({ spec, status }, requested) {
    const isOver = status.phase === 'Failed' || status.phase === 'Succeeded';
    if (!spec.nodeName || isOver) return 0;
    const seconds = requested ?? spec.terminationGracePeriodSeconds ?? 0;
    return seconds < 0 ? 1 : seconds;
  },
};

/** Admission may set the account; the deprecated field follows it. */
function withServiceAccountAlias(pod: Pod): Pod {
  const { serviceAccountName, serviceAccount } = pod.spec;
  if (!serviceAccountName || serviceAccount === serviceAccountName) return pod;
  return { ...pod, spec: { ...pod.spec, serviceAccount: serviceAccountName } };
}

const IP_LISTS = { podIPs: FieldPath.of('status', 'podIPs'), hostIPs: FieldPath.of('status', 'hostIPs') };

const statusStrategy: SubresourceStrategy<Pod> = {
  prepareForUpdate(pod, old, { features }) {
    const status = withObservedGenerations(pod.status, old.status);
    const qosClass = status.qosClass || old.status.qosClass;
    return {
      ...pod,
      metadata: withOwnersOf(pod.metadata, old.metadata),
      spec: old.spec,
      status: dropDisabledStatusFields(
        qosClass === status.qosClass ? status : withQos(status, qosClass),
        old,
        features,
      ),
    };
  },
  validateUpdate: (pod, old, context) =>
    validatePodStatusUpdate(pod, old, podStatusOptions(old, context.features), context.features),
  warningsOnUpdate({ status }) {
    const warn = (list: 'podIPs' | 'hostIPs') =>
      (status[list] ?? []).flatMap(({ ip }, i) => warningsForIp(IP_LISTS[list].index(i).child('ip'), ip));
    return [...warn('podIPs'), ...warn('hostIPs')];
  },
};

function withQos(status: PodStatus, qosClass: string | undefined): PodStatus {
  return { ...status, ...(qosClass ? { qosClass } : {}) };
}

/** The status says nothing of owners, nor whether the pod is being deleted. */
function withOwnersOf(given: ObjectMeta, { ownerReferences }: ObjectMeta): ObjectMeta {
  const hasNone = given.deletionTimestamp === undefined && given.ownerReferences === undefined;
  if (hasNone && ownerReferences === undefined) return given;
  const { deletionTimestamp: _1, ownerReferences: _2, ...rest } = given;
  const metadata: { -readonly [Key in keyof ObjectMeta]: ObjectMeta[Key] } = rest;
  if (ownerReferences) metadata.ownerReferences = ownerReferences;
  return metadata;
}

/** Who does not know of the field must not clear it. There may be several conditions of one type. */
function withObservedGenerations(status: PodStatus, old: PodStatus): PodStatus {
  const observedGeneration = status.observedGeneration || old.observedGeneration;
  const mayLack =
    old.conditions?.some((each) => each.observedGeneration) &&
    status.conditions?.some((each) => !each.observedGeneration);
  if (!mayLack) {
    if (!observedGeneration || observedGeneration === status.observedGeneration) return status;
    return { ...status, observedGeneration };
  }
  const known = new Map<string, number[]>();
  for (const { type, observedGeneration: generation = 0 } of old.conditions ?? []) {
    known.set(type, [...(known.get(type) ?? []), generation]);
  }
  const conditions = status.conditions?.map((condition): PodCondition => {
    const generation = known.get(condition.type)?.shift();
    return condition.observedGeneration || !generation ? condition : { ...condition, observedGeneration: generation };
  });
  return {
    ...status,
    ...(observedGeneration ? { observedGeneration } : {}),
    ...(conditions ? { conditions } : {}),
  };
}

/** The metadata of an update that may not touch it; the managed fields belong to the request. */
function withOldMetadata(metadata: ObjectMeta, old: ObjectMeta): ObjectMeta {
  const { managedFields, resourceVersion } = metadata;
  const { managedFields: _1, resourceVersion: _2, ...kept } = old;
  return {
    ...kept,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(managedFields === undefined ? {} : { managedFields }),
  };
}

const ephemeralContainersStrategy: SubresourceStrategy<Pod> = {
  prepareForUpdate(pod, old, context) {
    const { ephemeralContainers } = pod.spec;
    const { ephemeralContainers: _, ...spec } = old.spec;
    const next: Pod = {
      ...pod,
      metadata: withOldMetadata(pod.metadata, old.metadata),
      spec: ephemeralContainers ? { ...spec, ephemeralContainers } : spec,
      status: old.status,
    };
    return prepared(next, old, context);
  },
  validateUpdate: (pod, old, context) => validateEphemeralContainersUpdate(pod, old, optionsFor(pod, old, context)),
};

const resizeStrategy: SubresourceStrategy<Pod> = {
  prepareForUpdate: (pod, old, context) => prepared(withOnlyResizes(pod, old, context), old, context),
  validateUpdate: (pod, old, context) => validatePodResize(pod, old, optionsFor(pod, old, context), context.features),
};

function withOnlyResizes(pod: Pod, old: Pod, { features }: StrategyContext): Pod {
  const { containers = [], initContainers = [], resources } = pod.spec;
  const sameSize =
    containers.length === (old.spec.containers?.length ?? 0) &&
    initContainers.length === (old.spec.initContainers?.length ?? 0);
  // Validation will refuse it, and wants to see it as it came.
  if (!sameSize) return pod;
  const { resources: oldResources, ...rest } = old.spec;
  const kept = features.isEnabled('InPlacePodLevelResourcesVerticalScaling') ? resources : oldResources;
  return {
    ...pod,
    metadata: withOldMetadata(pod.metadata, old.metadata),
    spec: {
      ...rest,
      ...(kept ? { resources: kept } : {}),
      ...(containers.length > 0 ? { containers: withResizes(containers, old.spec.containers ?? []) } : {}),
      ...(initContainers.length > 0
        ? { initContainers: withResizes(initContainers, old.spec.initContainers ?? []) }
        : {}),
    },
    status: old.status,
  };
}

function withResizes(containers: readonly Container[], old: readonly Container[]): readonly Container[] {
  if (containers.some(({ name }, i) => name !== old[i]?.name)) return containers;
  return containers.map(({ resources, resizePolicy }, i) => {
    const { resizePolicy: _, ...rest } = old[i] ?? { name: '', resources };
    return { ...rest, resources, ...(resizePolicy ? { resizePolicy } : {}) };
  });
}

export const podResource: Resource<Pod> = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  namespaced: true,
  shortNames: ['po'],
  categories: ['all'],
  strategy,
  subresources: {
    status: statusStrategy,
    ephemeralcontainers: ephemeralContainersStrategy,
    resize: resizeStrategy,
  },
  actions: { binding: bindPod, eviction: evictPod },
};
