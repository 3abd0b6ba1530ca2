// Whether a pod spec already uses a field that a feature gate guards; such an object keeps the field when the gate is off.
// Behaviour: pkg/api/pod/util.go (…InUse), Kubernetes v1.36.3.
import type { Lifecycle, PodSpec } from '../../../schema/generated/types/core-v1.ts';
import { isRestartableInitContainer, someContainer } from './visit-containers.ts';

export function sleepActionInUse(spec: PodSpec, test: (seconds: number) => boolean = () => true): boolean {
  const sleeps = (handler: Lifecycle['preStop']) => handler?.sleep !== undefined && test(handler.sleep.seconds ?? 0);
  return someContainer(spec, ({ lifecycle }) => sleeps(lifecycle?.preStop) || sleeps(lifecycle?.postStart));
}

export function stopSignalInUse(spec: PodSpec): boolean {
  return someContainer(spec, ({ lifecycle }) => lifecycle?.stopSignal !== undefined);
}

export function usesFileKeyRef(spec: PodSpec): boolean {
  return someContainer(spec, ({ env }) => env?.some(({ valueFrom }) => valueFrom?.fileKeyRef !== undefined) ?? false);
}

export function recursiveReadOnlyInUse(spec: PodSpec): boolean {
  return someContainer(
    spec,
    ({ volumeMounts }) => volumeMounts?.some(({ recursiveReadOnly }) => recursiveReadOnly !== undefined) ?? false,
  );
}

export function procMountInUse(spec: PodSpec): boolean {
  return someContainer(spec, ({ securityContext }) => (securityContext?.procMount ?? 'Default') !== 'Default');
}

export function resizePolicyInUse(spec: PodSpec): boolean {
  const hasPolicy = ({ resizePolicy }: { readonly resizePolicy?: readonly unknown[] }) =>
    (resizePolicy?.length ?? 0) > 0;
  return (spec.containers?.some(hasPolicy) ?? false) || (spec.initContainers?.some(hasPolicy) ?? false);
}

export function sidecarsInUse(spec: PodSpec): boolean {
  return spec.initContainers?.some(isRestartableInitContainer) ?? false;
}

export function restartRulesInUse({ containers = [], initContainers = [] }: PodSpec): boolean {
  return (
    initContainers.some(
      ({ restartPolicy = 'Always', restartPolicyRules }) =>
        restartPolicy !== 'Always' || (restartPolicyRules?.length ?? 0) > 0,
    ) || containers.some(({ restartPolicy }) => restartPolicy !== undefined)
  );
}

export function restartAllContainersInUse({ containers = [], initContainers = [] }: PodSpec): boolean {
  const restartsAll = ({ restartPolicyRules }: (typeof containers)[number]) =>
    restartPolicyRules?.some(({ action }) => action === 'RestartAllContainers') ?? false;
  return (
    containers.some(restartsAll) ||
    initContainers.some(
      (container) =>
        restartsAll(container) ||
        (isRestartableInitContainer(container) && (container.restartPolicyRules?.length ?? 0) > 0),
    )
  );
}

export function seLinuxChangePolicyInUse({ securityContext }: PodSpec): boolean {
  return securityContext?.seLinuxChangePolicy !== undefined;
}

export function projectionInUse(spec: PodSpec, source: 'clusterTrustBundle' | 'podCertificate'): boolean {
  return spec.volumes?.some(({ projected }) => projected?.sources?.some((entry) => entry[source])) ?? false;
}

export function imageVolumesInUse({ volumes }: PodSpec): boolean {
  return volumes?.some(({ image }) => image) ?? false;
}

export function podLevelResourcesInUse({ resources }: PodSpec): boolean {
  return resources !== undefined && (hasEntries(resources.requests) || hasEntries(resources.limits));
}

function hasEntries(list: object | undefined): boolean {
  return list !== undefined && Object.keys(list).length > 0;
}

export function affinityLabelKeysInUse({ affinity }: PodSpec): boolean {
  return [affinity?.podAffinity, affinity?.podAntiAffinity].some((terms) =>
    [
      ...(terms?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
    ].some(({ matchLabelKeys, mismatchLabelKeys }) => matchLabelKeys?.length || mismatchLabelKeys?.length),
  );
}
