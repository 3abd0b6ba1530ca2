// Who is who in a StatefulSet: ordinals, and the pods' names and labels.
// Behaviour: pkg/controller/statefulset/stateful_set_utils.go, Kubernetes v1.36.3.
import { MAX_INT32 } from '../../../apimachinery/go/integer-limits.ts';
import { LABEL_CONTROLLER_REVISION_HASH } from '../../../apimachinery/well-known/labels.ts';
import type { StatefulSet } from '../../../schema/generated/types/apps-v1.ts';
import type { Pod } from '../../../schema/generated/types/core-v1.ts';

export const STATEFUL_SET_KIND = { group: 'apps', version: 'v1', kind: 'StatefulSet' };

const POD_NAME = 'statefulset.kubernetes.io/pod-name';
const POD_INDEX = 'apps.kubernetes.io/pod-index';

const NAME = /^([\s\S]*)-([0-9]+)$/;

/** The set that a pod's name points at and its ordinal, -1 when the name has none. */
function parentAndOrdinal({ metadata: { name = '' } }: Pod): {
  readonly parent: string;
  readonly ordinal: number;
} {
  const match = NAME.exec(name);
  if (match === null) return { parent: '', ordinal: -1 };
  const ordinal = Number(match[2]);
  return { parent: match[1] ?? '', ordinal: ordinal <= MAX_INT32 ? ordinal : -1 };
}

export function ordinalOf(pod: Pod): number {
  return parentAndOrdinal(pod).ordinal;
}

export function startOrdinal({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0;
}

export function isInOrdinalRange(pod: Pod, set: StatefulSet): boolean {
  const index = ordinalOf(pod) - startOrdinal(set);
  return index >= 0 && index < (set.spec.replicas ?? 0);
}

export function isMemberOf(set: StatefulSet, pod: Pod): boolean {
  return parentAndOrdinal(pod).parent === set.metadata.name;
}

export function podName({ metadata }: StatefulSet, ordinal: number): string {
  return `${metadata.name}-${ordinal}`;
}

export function identityMatches(set: StatefulSet, { metadata, ...rest }: Pod): boolean {
  const { parent, ordinal } = parentAndOrdinal({ metadata, ...rest });
  return (
    ordinal >= 0 &&
    set.metadata.name === parent &&
    metadata.name === podName(set, ordinal) &&
    metadata.namespace === set.metadata.namespace &&
    metadata.labels?.[POD_NAME] === metadata.name
  );
}

/** The pod with the name and labels of its ordinal. */
export function withIdentity(set: StatefulSet, pod: Pod): Pod {
  const ordinal = ordinalOf(pod);
  const name = podName(set, ordinal);
  const labels = { ...pod.metadata.labels, [POD_NAME]: name, [POD_INDEX]: String(ordinal) };
  return { ...pod, metadata: { ...pod.metadata, name, labels } };
}

export function podRevision({ metadata }: Pod): string {
  return metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH] ?? '';
}
