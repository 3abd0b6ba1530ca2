// What the API server warns about in a valid pod spec.
// Behaviour: pkg/api/pod/warnings.go, Kubernetes v1.36.3.
// Differs: the gate GitRepoVolumeDriver is taken to be off, as it is by default.
import { childOf, type FieldPath } from '../../../apimachinery/field-path.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { mustParseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { warningsForIp } from '../../../apimachinery/validation/ip.ts';
import {
  APP_ARMOR_CONTAINER_PREFIX,
  SECCOMP_CONTAINER_PREFIX,
  SECCOMP_POD,
} from '../../../apimachinery/well-known/annotations.ts';
import type {
  AppArmorProfile,
  ContainerPort,
  PersistentVolumeClaimSpec,
  PodAffinity,
  PodSpec,
  PodTemplateSpec,
  Volume,
} from '../../../schema/generated/types/core-v1.ts';
import type { ObjectMeta } from '../../../schema/generated/types/meta-v1.ts';
import type { ResourceList } from './aggregate-resources.ts';
import { deprecatedNodeLabelMessage, nodeSelectorTermWarnings } from './node-label-warnings.ts';
import { overlappingPathWarnings } from './overlapping-paths.ts';
import { isWhole } from './resource-names.ts';
import { appArmorFieldOf } from './validation/annotation.ts';
import { type AnyContainer, containerPath, visitContainers } from './visit-containers.ts';

const NULL_SELECTOR = 'a null labelSelector results in matching no pod';
const SECCOMP_ANNOTATION = 'non-functional in v1.27+; use the "seccompProfile" field instead';
const APP_ARMOR_ANNOTATION = 'deprecated since v1.30; use the "appArmorProfile" field instead';
const NEGATIVE_GRACE = 'must be >= 0; negative values are invalid and will be treated as 1';

const deprecatedAnnotations: readonly (readonly [key: string, message: string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];

const deprecatedVolumes: readonly (readonly [source: keyof Volume, message: string, name?: string])[] = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+', 'storageOS'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
];

/** GetWarningsForPodTemplate; `path` is the template's (`spec.template`). */
export function podTemplateWarnings(template: PodTemplateSpec | undefined, path: FieldPath): string[] {
  return template ? podSpecWarnings(template.spec, template.metadata, path) : [];
}

/** Warnings of a template, or of a pod, which has no path above its spec. */
export function podSpecWarnings(spec: PodSpec, metadata: ObjectMeta, path: FieldPath | undefined): string[] {
  const specPath = childOf(path, 'spec');
  const annotationsPath = childOf(path, 'metadata').child('annotations');
  const warnings: string[] = [];
  warnOfNodeLabels(spec, specPath, warnings);
  warnOfDeprecatedAnnotations(metadata, annotationsPath, warnings);
  warnOfVolumes(spec.volumes ?? [], specPath.child('volumes'), warnings);
  warnOfDuplicateReferences(spec, specPath, warnings);
  if (spec.overhead) warnOfFractions(spec.overhead, () => specPath.child('overhead'), warnings);
  warnOfContainers(
    spec,
    specPath,
    { annotations: metadata.annotations, annotationsPath, isTemplate: path !== undefined },
    warnings,
  );
  warnOfPorts(spec, specPath, warnings);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    warnings.push(`${specPath.child('terminationGracePeriodSeconds')}: ${NEGATIVE_GRACE}`);
  }
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  if (podAffinity) warnOfNullSelectors(podAffinity, specPath.child('affinity', 'podAffinity'), warnings);
  if (podAntiAffinity) warnOfNullSelectors(podAntiAffinity, specPath.child('affinity', 'podAntiAffinity'), warnings);
  spec.dnsConfig?.nameservers?.forEach((server, i) => {
    warnings.push(...warningsForIp(specPath.child('dnsConfig', 'nameservers').index(i), server));
  });
  spec.hostAliases?.forEach(({ ip }, i) => {
    warnings.push(...warningsForIp(specPath.child('hostAliases').index(i).child('ip'), ip));
  });
  return warnings;
}

function warnOfNodeLabels(spec: PodSpec, specPath: FieldPath, warnings: string[]): void {
  for (const key in spec.nodeSelector) {
    const message = deprecatedNodeLabelMessage(key);
    if (message !== undefined) warnings.push(`${specPath.child('nodeSelector').key(key)}: ${message}`);
  }
  const nodeAffinity = spec.affinity?.nodeAffinity;
  if (nodeAffinity) {
    const path = specPath.child('affinity', 'nodeAffinity');
    const terms = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    terms?.forEach((term, i) => {
      const termsPath = path.child('requiredDuringSchedulingIgnoredDuringExecution', 'nodeSelectorTerms');
      warnings.push(...nodeSelectorTermWarnings(term, false, termsPath.index(i)));
    });
    nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ preference }, i) => {
      const termPath = path.child('preferredDuringSchedulingIgnoredDuringExecution').index(i).child('preference');
      warnings.push(...nodeSelectorTermWarnings(preference, true, termPath));
    });
  }
  spec.topologySpreadConstraints?.forEach(({ topologyKey, labelSelector }, i) => {
    const path = specPath.child('topologySpreadConstraints').index(i);
    const message = deprecatedNodeLabelMessage(topologyKey);
    if (message !== undefined) warnings.push(`${path.child('topologyKey')}: ${topologyKey} is ${message}`);
    if (!labelSelector) warnings.push(`${path.child('labelSelector')}: ${NULL_SELECTOR}`);
  });
}

function warnOfDeprecatedAnnotations({ annotations }: ObjectMeta, path: FieldPath, warnings: string[]): void {
  if (!annotations) return;
  for (const [key, message] of deprecatedAnnotations) {
    if (annotations[key] !== undefined) warnings.push(`${path.key(key)}: ${message}`);
  }
}

function warnOfVolumes(volumes: readonly Volume[], path: FieldPath, warnings: string[]): void {
  volumes.forEach((volume, i) => {
    for (const [source, message, name = source] of deprecatedVolumes) {
      if (volume[source]) warnings.push(`${path.index(i).child(name)}: ${message}`);
    }
    const template = volume.ephemeral?.volumeClaimTemplate;
    if (!template) return;
    const claimPath = path.index(i).child('ephemeral', 'volumeClaimTemplate', 'spec');
    warnings.push(...claimSpecWarnings(template.spec, claimPath));
  });
  warnings.push(...overlappingPathWarnings(volumes));
}

/** GetWarningsForPersistentVolumeClaimSpec. */
export function claimSpecWarnings({ resources }: PersistentVolumeClaimSpec, path: FieldPath): string[] {
  const warnings: string[] = [];
  for (const list of ['requests', 'limits'] as const) {
    warnOfFraction(resources[list], 'storage', () => path.child('resources', list), warnings);
  }
  return warnings;
}

function warnOfDuplicateReferences(
  { hostAliases, imagePullSecrets }: PodSpec,
  path: FieldPath,
  warnings: string[],
): void {
  const ips = new Set<string>();
  hostAliases?.forEach(({ ip }, i) => {
    if (ips.has(ip)) warnings.push(`${path.child('hostAliases').index(i).child('ip')}: duplicate ip ${goQuote(ip)}`);
    ips.add(ip);
  });
  if (!imagePullSecrets) return;
  const secretPath = (i: number) => path.child('imagePullSecrets').index(i).child('name');
  const names = new Set<string>();
  imagePullSecrets.forEach(({ name = '' }, i) => {
    if (names.has(name)) warnings.push(`${secretPath(i)}: duplicate name ${goQuote(name)}`);
    names.add(name);
  });
  imagePullSecrets.forEach(({ name = '' }, i) => {
    if (name === '') warnings.push(`${secretPath(i)}: invalid empty name ""`);
  });
}

function warnOfFractions(list: ResourceList | undefined, listPath: () => FieldPath, warnings: string[]): void {
  warnOfFraction(list, 'memory', listPath, warnings);
  warnOfFraction(list, 'ephemeral-storage', listPath, warnings);
}

function warnOfFraction(
  list: ResourceList | undefined,
  name: string,
  listPath: () => FieldPath,
  warnings: string[],
): void {
  const text = list?.[name];
  if (text === undefined) return;
  const quantity = mustParseQuantity(text);
  if (isWhole(quantity)) return;
  const shown = goQuote(quantity.toString());
  warnings.push(`${listPath().key(name)}: fractional byte value ${shown} is invalid, must be an integer`);
}

interface AnnotationsAt {
  readonly annotations: ObjectMeta['annotations'] | undefined;
  readonly annotationsPath: FieldPath;
  /** Of a template, not of a pod. */
  readonly isTemplate: boolean;
}

function warnOfContainers(
  spec: PodSpec,
  specPath: FieldPath,
  { annotations, annotationsPath, isTemplate }: AnnotationsAt,
  warnings: string[],
): void {
  const podContext = spec.securityContext;
  if (annotations && annotations[SECCOMP_POD] !== undefined && !podContext?.seccompProfile) {
    warnings.push(`${annotationsPath.key(SECCOMP_POD)}: ${SECCOMP_ANNOTATION}`);
  }
  visitContainers(spec, (container, list, i) => {
    const { name, securityContext, resources } = container;
    if (annotations) {
      const seccompKey = SECCOMP_CONTAINER_PREFIX + name;
      if (annotations[seccompKey] !== undefined && !securityContext?.seccompProfile) {
        warnings.push(`${annotationsPath.key(seccompKey)}: ${SECCOMP_ANNOTATION}`);
      }
      // For pods the annotation is turned into the field, with a warning of its own.
      const appArmorKey = APP_ARMOR_CONTAINER_PREFIX + name;
      const annotation = isTemplate && !securityContext?.appArmorProfile ? annotations[appArmorKey] : undefined;
      if (annotation !== undefined && !isSameProfile(podContext?.appArmorProfile, appArmorFieldOf(annotation))) {
        warnings.push(`${annotationsPath.key(appArmorKey)}: ${APP_ARMOR_ANNOTATION}`);
      }
    }
    const path = () => containerPath(specPath, list, i);
    const { limits, requests } = resources;
    if (limits || requests) {
      for (const resource of ['memory', 'ephemeral-storage']) {
        warnOfFraction(limits, resource, () => path().child('resources', 'limits'), warnings);
        warnOfFraction(requests, resource, () => path().child('resources', 'requests'), warnings);
      }
    }
    warnOfHiddenVariables(container, path, warnings);
  });
}

export function isSameProfile(a: AppArmorProfile | undefined, b: AppArmorProfile | undefined): boolean {
  return a !== undefined && b !== undefined && a.type === b.type && a.localhostProfile === b.localhostProfile;
}

/** A variable may build on an earlier one of its name: X="$(X)123". */
function warnOfHiddenVariables({ env }: AnyContainer, path: () => FieldPath, warnings: string[]): void {
  if (!env || env.length < 2) return;
  const names = new Set<string>();
  env.forEach(({ name, value = '', valueFrom }, i) => {
    if (!names.has(name)) {
      names.add(name);
      return;
    }
    const reference = `$(${name})`;
    if (!valueFrom && value !== reference && value.includes(reference)) return;
    const at = path().child('env').index(i);
    warnings.push(`${at}: hides previous definition of ${goQuote(name)}, which may be dropped when using apply`);
  });
}

interface PlacedPort {
  readonly path: FieldPath;
  readonly port: ContainerPort;
}

function warnOfPorts(spec: PodSpec, specPath: FieldPath, warnings: string[]): void {
  const byNumber = new Map<string, PlacedPort[]>();
  visitContainers(spec, ({ ports }, list, i) => {
    ports?.forEach((port, j) => {
      const path = containerPath(specPath, list, i).child('ports').index(j);
      if (port.hostIP && !port.hostPort) warnings.push(`${path}: hostIP set without hostPort: ${portText(port)}`);
      const key = `${port.containerPort}/${port.protocol}`;
      const others = byNumber.get(key) ?? [];
      for (const other of others) {
        const conflict = portConflict(port, other.port);
        if (conflict !== undefined) warnings.push(`${path}: ${conflict} port definition with ${other.path}`);
      }
      byNumber.set(key, [...others, { path, port }]);
    });
  });
  const byName = new Map<string, FieldPath>();
  visitContainers(spec, ({ ports }, list, i) => {
    ports?.forEach(({ name }, j) => {
      if (!name) return;
      const path = containerPath(specPath, list, i).child('ports').index(j);
      const other = byName.get(name);
      if (!other) byName.set(name, path);
      else {
        const effect = `services and probes that select ports by name will use ${other}`;
        warnings.push(`${path}: duplicate port name ${goQuote(name)} with ${other}, ${effect}`);
      }
    });
  });
}

function portConflict(a: ContainerPort, b: ContainerPort): string | undefined {
  const samePort = (a.hostPort ?? 0) === (b.hostPort ?? 0);
  if (samePort && (a.hostIP ?? '') === (b.hostIP ?? '')) return 'duplicate';
  if (!a.hostPort || !b.hostPort) return 'overlapping';
  return samePort && !a.hostIP !== !b.hostIP ? 'dangerously ambiguous' : undefined;
}

/** fmt's %+v of the Go struct. */
function portText({ name = '', hostPort = 0, containerPort, protocol = '', hostIP = '' }: ContainerPort): string {
  return `{Name:${name} HostPort:${hostPort} ContainerPort:${containerPort} Protocol:${protocol} HostIP:${hostIP}}`;
}

function warnOfNullSelectors(affinity: PodAffinity, path: FieldPath, warnings: string[]): void {
  affinity.requiredDuringSchedulingIgnoredDuringExecution?.forEach(({ labelSelector }, i) => {
    const termPath = path.child('requiredDuringSchedulingIgnoredDuringExecution').index(i);
    if (!labelSelector) warnings.push(`${termPath.child('labelSelector')}: ${NULL_SELECTOR}`);
  });
  affinity.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ podAffinityTerm }, i) => {
    const termPath = path.child('preferredDuringSchedulingIgnoredDuringExecution').index(i);
    if (!podAffinityTerm.labelSelector) {
      warnings.push(`${termPath.child('podAffinityTerm', 'labelSelector')}: ${NULL_SELECTOR}`);
    }
  });
}
