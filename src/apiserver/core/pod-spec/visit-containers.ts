// All containers of a pod spec in upstream's order: init containers, containers, ephemeral containers.
// Behaviour: pkg/apis/core/pods/helpers.go (VisitContainersWithPath), Kubernetes v1.36.3.
import { childOf, type FieldPath } from '../../../apimachinery/field-path.ts';
import type { Container, EphemeralContainer, PodSpec } from '../../../schema/generated/types/core-v1.ts';

/** What ephemeral containers share with the others. */
export type AnyContainer = Container | EphemeralContainer;

type ContainerList = 'initContainers' | 'containers' | 'ephemeralContainers';
const CONTAINER_LISTS: readonly ContainerList[] = ['initContainers', 'containers', 'ephemeralContainers'];

export function visitContainers(
  spec: PodSpec,
  visit: (container: AnyContainer, list: ContainerList, index: number) => void,
): void {
  for (const list of CONTAINER_LISTS) {
    const containers: readonly AnyContainer[] = spec[list] ?? [];
    for (const [i, container] of containers.entries()) visit(container, list, i);
  }
}

export function someContainer(spec: PodSpec, test: (container: AnyContainer) => boolean): boolean {
  return CONTAINER_LISTS.some((list) => spec[list]?.some(test) ?? false);
}

export function containerPath(specPath: FieldPath | undefined, list: ContainerList, index: number): FieldPath {
  return childOf(specPath, list).index(index);
}

/** The spec with every container replaced by what `change` makes of it; the same spec when nothing changes. */
export function mapContainers(
  spec: PodSpec,
  change: <C extends AnyContainer>(container: C, list: ContainerList) => C,
): PodSpec {
  const changed: { -readonly [L in ContainerList]?: PodSpec[L] } = {};
  let isChanged = false;
  for (const list of CONTAINER_LISTS) {
    const containers: readonly AnyContainer[] | undefined = spec[list];
    const next = containers?.map((container) => change(container, list));
    if (next === undefined || next.every((container, i) => container === containers?.[i])) continue;
    // A list keeps the kind of its containers: change answers with the type it was given.
    Object.assign(changed, { [list]: next });
    isChanged = true;
  }
  return isChanged ? { ...spec, ...changed } : spec;
}

/** A sidecar: an init container that keeps running. */
export function isRestartableInitContainer(container: AnyContainer): boolean {
  return container.restartPolicy === 'Always';
}
