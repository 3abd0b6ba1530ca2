// The shape of a pod security check, and how its verdicts are worded.
// Behaviour: [pod-security-admission]/policy/{checks,helpers}.go, Kubernetes v1.36.3.
import type { ObjectMeta } from '../../../apimachinery/object.ts';
import type { PodSpec } from '../../../schema/generated/types/core-v1.ts';
import { type AnyContainer, visitContainers } from '../../core/pod-spec/visit-containers.ts';

export interface Violation {
  /** In a few words, the same for all pods that break the check in any way. */
  readonly reason: string;
  /** What exactly about this pod. */
  readonly detail: string;
}

export type CheckPod = (spec: PodSpec, metadata: ObjectMeta) => Violation | undefined;

export interface Check {
  /** Sorts the verdicts. */
  readonly id: string;
  readonly level: 'baseline' | 'restricted';
  /** What is checked from which minor version on, oldest first. */
  readonly versions: readonly { readonly since: number; readonly check: CheckPod }[];
  /** Baseline checks that this one makes superfluous wherever it runs. */
  readonly overrides?: readonly string[];
}

/** Names of the containers that a test finds fault with. */
export function containersWhere(spec: PodSpec, test: (container: AnyContainer) => boolean): readonly string[] {
  const names: string[] = [];
  visitContainers(spec, (container) => {
    if (test(container)) names.push(container.name);
  });
  return names;
}

export function joinQuoted(items: readonly string[]): string {
  return items.length === 0 ? '' : `"${items.join('", "')}"`;
}

export function sorted(values: Iterable<string>): readonly string[] {
  return [...new Set(values)].sort();
}

export function plural(noun: string, items: readonly unknown[]): string {
  return items.length === 1 ? noun : `${noun}s`;
}

/** `container "a"` or `containers "a", "b"`. */
export function containersText(names: readonly string[]): string {
  return `${plural('container', names)} ${joinQuoted(names)}`;
}

/** Who set something: the pod, some containers, or both; undefined when nobody did. */
export function settersText(isPod: boolean, containers: readonly string[]): string | undefined {
  if (!isPod && containers.length === 0) return undefined;
  const setters = isPod ? ['pod'] : [];
  if (containers.length > 0) setters.push(containersText(containers));
  return setters.join(' and ');
}

/** Windows knows none of these fields, so that a pod for it cannot set them. */
export function exceptOnWindows(check: CheckPod): CheckPod {
  return (spec, metadata) => (spec.os?.name === 'windows' ? undefined : check(spec, metadata));
}

/** In a user namespace root is nobody on the node. */
export function exceptInUserNamespace(check: CheckPod): CheckPod {
  return (spec, metadata) => (spec.hostUsers === false ? undefined : check(spec, metadata));
}
