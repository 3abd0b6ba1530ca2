// A change of an object as kubectl makes it: the object is changed on this side, and the difference is sent as a patch.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set/helper.go (CalculatePatch) and pkg/polymorphichelpers/updatepodspec.go, Kubernetes v1.36.3.
import { goMarshal } from '../../../apimachinery/go/json.ts';
import { isMap, type JsonMap } from '../../../apimachinery/json.ts';
import { threeWayPatch } from '../../../planner/apply/kubectl/patching/three-way-patch.ts';
import { KubectlError } from '../outcome.ts';
import { apiVersionOf, type ServedResource } from '../resources.ts';
import type { Found } from '../select-objects.ts';
import type { VerbRun } from './requests.ts';

export type MutableJson = { [key: string]: MutableValue };
export type MutableValue = string | number | boolean | null | MutableValue[] | MutableJson;

interface Mutation {
  readonly found: Found;
  readonly before: JsonMap;
  readonly after: JsonMap;
  readonly kind: 'strategic' | 'merge';
  readonly patch: JsonMap;
}

/** Throws what `mutate` throws. */
export function mutated(found: Found, run: VerbRun, mutate: (object: MutableJson) => void): Mutation {
  const before = withKind(run.onWire(found.object), found.resource);
  // A copy of JSON is JSON.
  const after = structuredClone(before) as MutableJson;
  mutate(after);
  const { resource } = run.mapping(found.resource);
  const kind = { apiVersion: apiVersionOf(found.resource), kind: found.resource.kind, resource, overwrite: true };
  const sources = { original: goMarshal(before), modified: after as JsonMap, current: before };
  const patched = threeWayPatch(sources, { ...kind, version: run.version }, () => {});
  if (!patched.ok) throw new KubectlError(patched.error);
  return { found, before, after: after as JsonMap, kind: patched.type, patch: patched.patch };
}

function withKind(object: JsonMap, resource: ServedResource): JsonMap {
  return { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };
}

export function isEmptyPatch({ patch }: Mutation): boolean {
  return Object.keys(patch).length === 0;
}

const WITH_TEMPLATE = new Set([
  'ReplicationController',
  'Deployment.apps',
  'DaemonSet.apps',
  'ReplicaSet.apps',
  'StatefulSet.apps',
  'Job.batch',
]);

/** The pod spec in an object, for changing. Throws KubectlError where there is none. */
export function podSpecOf(object: MutableJson, { group, kind, version }: ServedResource): MutableJson {
  const path = podSpecPath(group === '' ? kind : `${kind}.${group}`);
  if (!path) {
    const type = `*${version}.${kind}`;
    throw new KubectlError(`the object is not a pod or does not have a pod template: ${type}`);
  }
  return path.reduce<MutableJson>((at, name) => {
    const next = at[name];
    if (isMutable(next)) return next;
    const made: MutableJson = {};
    at[name] = made;
    return made;
  }, object);
}

function podSpecPath(kind: string): readonly string[] | undefined {
  if (kind === 'Pod') return ['spec'];
  if (kind === 'CronJob.batch') return ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
  return WITH_TEMPLATE.has(kind) ? ['spec', 'template', 'spec'] : undefined;
}

export function containersOf(spec: MutableJson, field: 'containers' | 'initContainers'): MutableJson[] {
  const list = spec[field];
  return Array.isArray(list) ? list.filter(isMutable) : [];
}

export function isMutable(value: MutableValue | undefined): value is MutableJson {
  return isMap(value ?? null);
}

/** `deployments/web`, as messages name it. */
export function objectName({ resource, object }: Found): string {
  return `${resource.plural}/${object.metadata.name}`;
}
