// Where etcd keeps an object: errors of the storage layer name the key.
// Behaviour: [apiserver]/pkg/server/storage/storage_factory.go (SpecialDefaultResourcePrefixes), pkg/registry/generic/registry/dryrun.go,
// [apiserver]/pkg/storage/{errors,interfaces}.go (NewInvalidObjError, Preconditions.Check), Kubernetes v1.36.3.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { Resource } from '../resource.ts';

/** Resources that are kept elsewhere than under their own name. */
const PREFIXES: Readonly<Record<string, string>> = {
  replicationcontrollers: 'controllers',
  endpoints: 'services/endpoints',
  nodes: 'minions',
  services: 'services/specs',
  'ingresses.networking.k8s.io': 'ingress',
};
/** Groups of aggregated servers, whose keys begin with the group. */
const GROUPS_OF_OTHER_SERVERS = ['apiextensions.k8s.io', 'apiregistration.k8s.io'];

type Stored = Pick<Resource, 'group' | 'plural' | 'namespaced' | 'custom'>;

function storageKey(resource: Stored, namespace: string | undefined, name: string): string {
  const { group, plural, namespaced, custom } = resource;
  const place = PREFIXES[group === '' ? plural : `${plural}.${group}`] ?? plural;
  const prefix = custom || GROUPS_OF_OTHER_SERVERS.includes(group) ? `${group}/${place}` : place;
  return `/registry/${prefix}${namespaced ? `/${namespace ?? ''}` : ''}/${name}`;
}

/** What the storage says of a write that asks for another object than the one that is there. */
export function wrongUidText(resource: Stored, { metadata }: KubeObject, wanted: string, dryRun: boolean): string {
  const stored = storageKey(resource, metadata.namespace, metadata.name ?? '');
  // A dry run asks before etcd's own prefix is put before the key.
  const key = dryRun ? stored.slice('/registry'.length) : stored;
  const reason = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${metadata.uid}`;
  return `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${reason}`;
}
