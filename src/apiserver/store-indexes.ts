// The indexes that controllers, scheduler and kubelet look things up by.
import type { KubeObject } from '../apimachinery/object.ts';
import type { IndexDefinition, ResourceName } from './store/store.ts';

const NONE: readonly string[] = [];

/** Uids of all owners of an object. */
function ownerUids({ metadata: { ownerReferences } }: KubeObject): readonly string[] {
  if (!ownerReferences || ownerReferences.length === 0) return NONE;
  return ownerReferences.map(({ uid }) => uid);
}

/** Node that a pod is bound to. */
function nodeOf(object: KubeObject): readonly string[] {
  const { nodeName } = (object as { readonly spec?: { readonly nodeName?: string } }).spec ?? {};
  return nodeName ? [nodeName] : NONE;
}

/** Pods that no node has been found for. */
function isUnassigned(object: KubeObject): readonly string[] {
  return nodeOf(object) === NONE ? ['true'] : NONE;
}

/** The indexes over a resource: owners for every one, nodes for pods. */
export function indexesOf(resource: ResourceName): readonly IndexDefinition[] {
  const owner = { name: 'owner', resource, values: ownerUids };
  if (resource !== 'pods') return [owner];
  return [owner, { name: 'node', resource, values: nodeOf }, { name: 'unassigned', resource, values: isUnassigned }];
}
