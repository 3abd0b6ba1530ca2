// Drops the fields of a pod spec whose feature gate is off, unless the object that is replaced already used them.
// Behaviour: pkg/api/pod/util.go (DropDisabledTemplateFields, dropDisabledFields), Kubernetes v1.36.3.
import type {
  Affinity,
  Lifecycle,
  LifecycleHandler,
  PodAffinity,
  PodAffinityTerm,
  PodSpec,
  PodTemplateSpec,
  Volume,
} from '../../../schema/generated/types/core-v1.ts';
import type { FeatureGates } from '../../resource.ts';
import {
  affinityLabelKeysInUse,
  imageVolumesInUse,
  podLevelResourcesInUse,
  procMountInUse,
  projectionInUse,
  recursiveReadOnlyInUse,
  resizePolicyInUse,
  restartRulesInUse,
  seLinuxChangePolicyInUse,
  sidecarsInUse,
  sleepActionInUse,
  stopSignalInUse,
  usesFileKeyRef,
} from './fields-in-use.ts';
import { type AnyContainer, mapContainers } from './visit-containers.ts';

/** What a gate guards: how to tell that an old spec uses it, and the spec without it. */
interface GuardedField {
  readonly gate: string;
  isUsed(spec: PodSpec): boolean;
  drop(spec: PodSpec): PodSpec;
}

const guardedFields: readonly GuardedField[] = [
  {
    gate: 'UserNamespacesSupport',
    isUsed: (spec) => spec.hostUsers !== undefined,
    drop: (spec) => without(spec, 'hostUsers'),
  },
  {
    gate: 'SupplementalGroupsPolicy',
    isUsed: (spec) => spec.securityContext?.supplementalGroupsPolicy !== undefined,
    drop: (spec) => withoutContextField(spec, 'supplementalGroupsPolicy'),
  },
  {
    gate: 'PodLevelResources',
    isUsed: podLevelResourcesInUse,
    drop: (spec) => without(spec, 'resources'),
  },
  {
    gate: 'ProcMountType',
    isUsed: procMountInUse,
    drop: (spec) =>
      mapContainers(spec, (container) => {
        const context = container.securityContext;
        if (context?.procMount === undefined || context.procMount === 'Default') return container;
        return { ...container, securityContext: { ...context, procMount: 'Default' } };
      }),
  },
  {
    gate: 'NodeInclusionPolicyInPodTopologySpread',
    isUsed: (spec) => hasConstraint(spec, 'nodeTaintsPolicy'),
    drop: (spec) => withoutConstraintField(spec, 'nodeTaintsPolicy'),
  },
  {
    gate: 'NodeInclusionPolicyInPodTopologySpread',
    isUsed: (spec) => hasConstraint(spec, 'nodeAffinityPolicy'),
    drop: (spec) => withoutConstraintField(spec, 'nodeAffinityPolicy'),
  },
  {
    gate: 'MatchLabelKeysInPodTopologySpread',
    isUsed: (spec) => hasConstraint(spec, 'matchLabelKeys'),
    drop: (spec) => withoutConstraintField(spec, 'matchLabelKeys'),
  },
  {
    gate: 'MatchLabelKeysInPodAffinity',
    isUsed: affinityLabelKeysInUse,
    drop: (spec) => (spec.affinity ? { ...spec, affinity: withoutLabelKeys(spec.affinity) } : spec),
  },
  {
    gate: 'DynamicResourceAllocation',
    isUsed: (spec) => (spec.resourceClaims?.length ?? 0) > 0,
    drop: (spec) =>
      mapContainers(without(spec, 'resourceClaims'), (container) =>
        container.resources.claims ? { ...container, resources: without(container.resources, 'claims') } : container,
      ),
  },
  {
    gate: 'ClusterTrustBundleProjection',
    isUsed: (spec) => projectionInUse(spec, 'clusterTrustBundle'),
    drop: (spec) => withoutProjection(spec, 'clusterTrustBundle'),
  },
  {
    gate: 'PodCertificateRequest',
    isUsed: (spec) => projectionInUse(spec, 'podCertificate'),
    drop: (spec) => withoutProjection(spec, 'podCertificate'),
  },
  {
    gate: 'GenericWorkload',
    isUsed: (spec) => spec.schedulingGroup !== undefined,
    drop: (spec) => without(spec, 'schedulingGroup'),
  },
  {
    gate: 'InPlacePodVerticalScaling',
    isUsed: resizePolicyInUse,
    drop: (spec) => mapContainers(spec, (container) => without(container, 'resizePolicy')),
  },
  {
    gate: 'SidecarContainers',
    isUsed: sidecarsInUse,
    drop: (spec) =>
      mapContainers(spec, (container, list) =>
        list === 'initContainers' ? without(container, 'restartPolicy') : container,
      ),
  },
  {
    gate: 'ContainerRestartRules',
    isUsed: restartRulesInUse,
    drop: (spec) =>
      mapContainers(spec, (container, list) => {
        const stays = list === 'initContainers' && container.restartPolicy === 'Always';
        return without(stays ? container : without(container, 'restartPolicy'), 'restartPolicyRules');
      }),
  },
  {
    gate: 'RecursiveReadOnlyMounts',
    isUsed: recursiveReadOnlyInUse,
    drop: (spec) =>
      mapContainers(spec, (container) =>
        container.volumeMounts?.some(({ recursiveReadOnly }) => recursiveReadOnly !== undefined)
          ? { ...container, volumeMounts: container.volumeMounts.map((mount) => without(mount, 'recursiveReadOnly')) }
          : container,
      ),
  },
  {
    gate: 'HostnameOverride',
    isUsed: (spec) => spec.hostnameOverride !== undefined,
    drop: (spec) => without(spec, 'hostnameOverride'),
  },
  {
    gate: 'EnvFiles',
    isUsed: usesFileKeyRef,
    drop: (spec) =>
      mapContainers(spec, (container) =>
        container.env?.some(({ valueFrom }) => valueFrom?.fileKeyRef)
          ? {
              ...container,
              env: container.env.map((variable) =>
                variable.valueFrom ? { ...variable, valueFrom: without(variable.valueFrom, 'fileKeyRef') } : variable,
              ),
            }
          : container,
      ),
  },
  {
    gate: 'PodLifecycleSleepAction',
    isUsed: (spec) => sleepActionInUse(spec),
    drop: (spec) =>
      mapContainers(spec, (container) =>
        withLifecycle(container, (lifecycle) => withoutSleep(withoutSleep(lifecycle, 'preStop'), 'postStart')),
      ),
  },
  { gate: 'ImageVolume', isUsed: imageVolumesInUse, drop: withoutImageVolumes },
  {
    gate: 'SELinuxChangePolicy',
    isUsed: seLinuxChangePolicyInUse,
    drop: (spec) => withoutContextField(spec, 'seLinuxChangePolicy'),
  },
  {
    gate: 'ContainerStopSignals',
    isUsed: stopSignalInUse,
    drop: (spec) =>
      mapContainers(spec, (container) => withLifecycle(container, (lifecycle) => without(lifecycle, 'stopSignal'))),
  },
];

/** Most gates are on, so few fields are left to look at. */
const disabledByGates = new WeakMap<FeatureGates, readonly GuardedField[]>();

function disabledFields(features: FeatureGates): readonly GuardedField[] {
  let disabled = disabledByGates.get(features);
  if (!disabled) {
    disabled = guardedFields.filter(({ gate }) => !features.isEnabled(gate));
    disabledByGates.set(features, disabled);
  }
  return disabled;
}

/** For prepareForCreate and prepareForUpdate of every kind with a pod template. */
export function dropDisabledTemplateFields(
  template: PodTemplateSpec,
  oldTemplate: PodTemplateSpec | undefined,
  features: FeatureGates,
): PodTemplateSpec {
  const spec = dropDisabledSpecFields(template.spec, oldTemplate?.spec, features);
  return spec === template.spec ? template : { ...template, spec };
}

interface WithTemplate {
  readonly spec: { readonly template: PodTemplateSpec };
}

/** A workload without the fields of its template that gates are off for. */
export function withEnabledTemplate<T extends WithTemplate>(
  workload: T,
  old: T | undefined,
  features: FeatureGates,
): T {
  const { spec } = workload;
  const template = dropDisabledTemplateFields(spec.template, old?.spec.template, features);
  return template === spec.template ? workload : { ...workload, spec: { ...spec, template } };
}

export function dropDisabledSpecFields(spec: PodSpec, old: PodSpec | undefined, features: FeatureGates): PodSpec {
  let next = spec;
  for (const field of disabledFields(features)) {
    if (!old || !field.isUsed(old)) next = field.drop(next);
  }
  return next;
}

/** The value without a field that is optional; itself when it has none. */
export function without<T extends object, K extends keyof T>(value: T, key: K): T {
  if (value[key] === undefined) return value;
  const { [key]: _, ...rest } = value;
  // The field is optional wherever it is dropped.
  return rest as unknown as T;
}

function withoutContextField(spec: PodSpec, field: keyof NonNullable<PodSpec['securityContext']>): PodSpec {
  const context = spec.securityContext;
  return context?.[field] === undefined ? spec : { ...spec, securityContext: without(context, field) };
}

type ConstraintField = 'nodeTaintsPolicy' | 'nodeAffinityPolicy' | 'matchLabelKeys';

function hasConstraint({ topologySpreadConstraints = [] }: PodSpec, field: ConstraintField): boolean {
  return topologySpreadConstraints.some((constraint) => constraint[field] !== undefined);
}

function withoutConstraintField(spec: PodSpec, field: ConstraintField): PodSpec {
  const constraints = spec.topologySpreadConstraints;
  if (!constraints || !hasConstraint(spec, field)) return spec;
  return { ...spec, topologySpreadConstraints: constraints.map((constraint) => without(constraint, field)) };
}

function withoutLabelKeys(affinity: Affinity): Affinity {
  const dropKeys = (term: PodAffinityTerm) => without(without(term, 'matchLabelKeys'), 'mismatchLabelKeys');
  const dropTerms = (terms: PodAffinity): PodAffinity => {
    const required = terms.requiredDuringSchedulingIgnoredDuringExecution;
    const preferred = terms.preferredDuringSchedulingIgnoredDuringExecution;
    return {
      ...(required ? { requiredDuringSchedulingIgnoredDuringExecution: required.map(dropKeys) } : {}),
      ...(preferred
        ? {
            preferredDuringSchedulingIgnoredDuringExecution: preferred.map((term) => ({
              ...term,
              podAffinityTerm: dropKeys(term.podAffinityTerm),
            })),
          }
        : {}),
    };
  };
  return {
    ...affinity,
    ...(affinity.podAffinity ? { podAffinity: dropTerms(affinity.podAffinity) } : {}),
    ...(affinity.podAntiAffinity ? { podAntiAffinity: dropTerms(affinity.podAntiAffinity) } : {}),
  };
}

function withoutProjection(spec: PodSpec, source: 'clusterTrustBundle' | 'podCertificate'): PodSpec {
  if (!projectionInUse(spec, source)) return spec;
  const volumes = spec.volumes?.map((volume): Volume => {
    const { projected } = volume;
    if (!projected?.sources?.some((entry) => entry[source])) return volume;
    return {
      ...volume,
      projected: { ...projected, sources: projected.sources.map((entry) => without(entry, source)) },
    };
  });
  return volumes ? { ...spec, volumes } : spec;
}

function withoutImageVolumes(spec: PodSpec): PodSpec {
  if (!imageVolumesInUse(spec)) return spec;
  const dropped = new Set(spec.volumes?.filter(({ image }) => image).map(({ name }) => name));
  const volumes = spec.volumes?.filter(({ image }) => !image) ?? [];
  const rest = volumes.length > 0 ? { ...spec, volumes } : without(spec, 'volumes');
  return mapContainers(rest, (container) => {
    const mounts = container.volumeMounts?.filter(({ name }) => !dropped.has(name)) ?? [];
    if (mounts.length === (container.volumeMounts?.length ?? 0)) return container;
    return mounts.length > 0 ? { ...container, volumeMounts: mounts } : without(container, 'volumeMounts');
  });
}

/** A lifecycle that is left with nothing goes too. */
function withLifecycle<C extends AnyContainer>(container: C, change: (lifecycle: Lifecycle) => Lifecycle): C {
  const { lifecycle } = container;
  if (!lifecycle) return container;
  const next = change(lifecycle);
  if (next === lifecycle) return container;
  return Object.keys(next).length > 0 ? { ...container, lifecycle: next } : without(container, 'lifecycle');
}

function withoutSleep(lifecycle: Lifecycle, hook: 'preStop' | 'postStart'): Lifecycle {
  const handler: LifecycleHandler | undefined = lifecycle[hook];
  if (!handler?.sleep) return lifecycle;
  const next = without(handler, 'sleep');
  return Object.keys(next).length > 0 ? { ...lifecycle, [hook]: next } : without(lifecycle, hook);
}
