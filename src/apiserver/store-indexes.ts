// The indexes that controllers, scheduler and kubelet look things up by.
import type { KubeObject } from '../apimachinery/object.ts';
import { controllerOf } from '../apimachinery/owner-references.ts';
import type { Pod, Service } from '../schema/generated/types/core-v1.ts';
import { CLUSTER_IP_INDEX, clusterIpsOf, heldPortsOf, NODE_PORT_INDEX } from './core/service/allocation/held-values.ts';
import type { IndexDefinition, ResourceName } from './store/store.ts';

const NONE: readonly string[] = [];

/** Uids of all owners of an object. */
function ownerUids({ metadata: { ownerReferences } }: KubeObject): readonly string[] {
  if (!ownerReferences || ownerReferences.length === 0) return NONE;
  return ownerReferences.map(({ uid }) => uid);
}

/** What controllers may take in. */
const ADOPTED: ReadonlySet<ResourceName> = new Set(['pods', 'replicasets.apps', 'controllerrevisions.apps']);

/** The namespace of an object that no controller owns. */
function orphanIn(object: KubeObject): readonly string[] {
  return controllerOf(object) === undefined ? [object.metadata.namespace ?? ''] : NONE;
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

/** Claims that a pod's volumes stand for, as `namespace/name`. */
function claimsOf(object: KubeObject): readonly string[] {
  const { metadata, spec } = object as Pod;
  if (!spec?.volumes || spec.volumes.length === 0) return NONE;
  return spec.volumes.flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral && `${metadata.name}-${name}`);
    return claim ? [`${metadata.namespace}/${claim}`] : NONE;
  });
}

/** Addresses that a Service holds. */
function clusterIps(object: KubeObject): readonly string[] {
  return clusterIpsOf((object as Service).spec);
}

/** Node ports that a Service holds, as text. */
function nodePorts(object: KubeObject): readonly string[] {
  return heldPortsOf((object as Service).spec).map(String);
}

const ownersOf = ({ metadata }: KubeObject): unknown => metadata.ownerReferences;
const nodeNameOf = (object: KubeObject): unknown => (object as Pod).spec?.nodeName;
const volumesOf = (object: KubeObject): unknown => (object as Pod).spec?.volumes;
const specOf = (object: KubeObject): unknown => (object as Service).spec;

/** The indexes over a resource: owners for every one, orphans of what is adopted, nodes and claims for pods, addresses and node ports for services. */
export function indexesOf(resource: ResourceName): readonly IndexDefinition[] {
  const owner = { name: 'owner', resource, values: ownerUids, basis: ownersOf };
  if (resource === 'services') {
    return [
      owner,
      { name: CLUSTER_IP_INDEX, resource, values: clusterIps, basis: specOf },
      { name: NODE_PORT_INDEX, resource, values: nodePorts, basis: specOf },
    ];
  }
  if (!ADOPTED.has(resource)) return [owner];
  const orphan = { name: 'orphan', resource, values: orphanIn, basis: ownersOf };
  if (resource !== 'pods') return [owner, orphan];
  return [
    owner,
    orphan,
    { name: 'node', resource, values: nodeOf, basis: nodeNameOf },
    { name: 'unassigned', resource, values: isUnassigned, basis: nodeNameOf },
    { name: 'claim', resource, values: claimsOf, basis: volumesOf },
  ];
}
