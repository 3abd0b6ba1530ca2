// The pods of a DaemonSet: their tolerations and labels, the node each is bound for, and whether one is up to date.
// Behaviour: pkg/controller/daemon/util/daemonset_util.go, pkg/apis/core/v1/helper (AddOrUpdateTolerationInPodSpec), Kubernetes v1.36.3.
import { parseGoInt } from '../../../apimachinery/go/int.ts';
import { getScaledValueFromIntOrPercent, type ScaledValue } from '../../../apimachinery/int-or-string.ts';
import { TEMPLATE_GENERATION } from '../../../apimachinery/well-known/annotations.ts';
import { LABEL_CONTROLLER_REVISION_HASH } from '../../../apimachinery/well-known/labels.ts';
import type { DaemonSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Affinity, Pod, PodSpec, PodTemplateSpec, Toleration } from '../../../schema/generated/types/core-v1.ts';
import { matchToleration } from '../../../selectors/toleration.ts';

export const DAEMON_SET_KIND = { group: 'apps', version: 'v1', kind: 'DaemonSet' };

const TEMPLATE_GENERATION_LABEL = 'pod-template-generation';
const NODE_NAME_FIELD = 'metadata.name';

function exists(key: string, effect: 'NoExecute' | 'NoSchedule'): Toleration {
  return { key: `node.kubernetes.io/${key}`, operator: 'Exists', effect };
}

const TOLERATIONS: readonly Toleration[] = [
  exists('not-ready', 'NoExecute'),
  exists('unreachable', 'NoExecute'),
  exists('disk-pressure', 'NoSchedule'),
  exists('memory-pressure', 'NoSchedule'),
  exists('pid-pressure', 'NoSchedule'),
  exists('unschedulable', 'NoSchedule'),
];
const HOST_NETWORK_TOLERATION = exists('network-unavailable', 'NoSchedule');

/** The tolerations of the template with those that keep a daemon's pods on troubled nodes. */
export function daemonTolerations({ tolerations = [], hostNetwork }: PodSpec): readonly Toleration[] {
  return [...TOLERATIONS, ...(hostNetwork ? [HOST_NETWORK_TOLERATION] : [])].reduce(withToleration, tolerations);
}

function withToleration(tolerations: readonly Toleration[], wanted: Toleration): readonly Toleration[] {
  if (!tolerations.some((toleration) => matchToleration(toleration, wanted))) return [...tolerations, wanted];
  return tolerations.map((toleration) => (matchToleration(toleration, wanted) ? wanted : toleration));
}

/** The number of the template, which the API server counts in an annotation; undefined when it does not read. */
export function templateGeneration({ metadata }: DaemonSet): bigint | undefined {
  const parsed = parseGoInt(metadata.annotations?.[TEMPLATE_GENERATION] ?? '', 64, 'ParseInt');
  return parsed.ok ? parsed.value : undefined;
}

/** The template as its pods are made from it, except for the node. */
export function daemonPodTemplate(set: DaemonSet, hash: string): PodTemplateSpec {
  const { metadata, spec } = set.spec.template;
  const generation = templateGeneration(set);
  const labels = {
    ...metadata.labels,
    ...(generation === undefined ? {} : { [TEMPLATE_GENERATION_LABEL]: String(generation) }),
    ...(hash === '' ? {} : { [LABEL_CONTROLLER_REVISION_HASH]: hash }),
  };
  return { metadata: { ...metadata, labels }, spec: { ...spec, tolerations: daemonTolerations(spec) } };
}

/** The template for one node: its required terms are replaced by one that only this node matches. */
export function forNode({ metadata, spec }: PodTemplateSpec, node: string): PodTemplateSpec {
  const term = { matchFields: [{ key: NODE_NAME_FIELD, operator: 'In', values: [node] }] };
  const affinity: Affinity = {
    ...spec.affinity,
    nodeAffinity: {
      ...spec.affinity?.nodeAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
    },
  };
  return { metadata, spec: { ...spec, affinity } };
}

/** The node that a pod runs on or is made for; undefined when nothing says. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  for (const { matchFields = [] } of required?.nodeSelectorTerms ?? []) {
    for (const { key, operator, values = [] } of matchFields) {
      if (key !== NODE_NAME_FIELD || operator !== 'In') continue;
      return values.length === 1 ? values[0] : undefined;
    }
  }
  return undefined;
}

/** A pod of the current revision or of the current template generation. */
export function isPodUpdated({ metadata: { labels } }: Pod, hash: string, generation: bigint | undefined): boolean {
  if (hash !== '' && labels?.[LABEL_CONTROLLER_REVISION_HASH] === hash) return true;
  return generation !== undefined && labels?.[TEMPLATE_GENERATION_LABEL] === String(generation);
}

const NONE: ScaledValue = { ok: true, value: 0 };

export function surgeCount({ spec }: DaemonSet, nodes: number): ScaledValue {
  const { type, rollingUpdate } = spec.updateStrategy;
  if (type !== 'RollingUpdate' || rollingUpdate?.maxSurge === undefined) return NONE;
  return getScaledValueFromIntOrPercent(rollingUpdate.maxSurge, nodes, true);
}

export function unavailableCount({ spec }: DaemonSet, nodes: number): ScaledValue {
  const { type, rollingUpdate } = spec.updateStrategy;
  if (type !== 'RollingUpdate' || rollingUpdate === undefined) return NONE;
  return getScaledValueFromIntOrPercent(rollingUpdate.maxUnavailable, nodes, true);
}

export function allowsSurge(set: DaemonSet): boolean {
  const surge = surgeCount(set, 1);
  return surge.ok && surge.value > 0;
}
