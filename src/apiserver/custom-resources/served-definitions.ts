// The custom resources that the definitions in a store make an API server serve: read off the store, so that they come and go with it.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/customresource_handler.go, Kubernetes v1.36.3.
// Differs: objects of a definition that is given without conditions (a described cluster) are served as well.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../schema/resource-names.ts';
import type { Resource } from '../resource.ts';
import type { CatalogSource } from '../resource-catalog.ts';
import type { ResourceName, Store } from '../store/store.ts';
import { type CustomResourceDefinition, customResource } from './custom-resource.ts';

type StoredDefinition = KubeObject & CustomResourceDefinition;

/** A definition in the store never changes: a new one takes its place. */
const served = new WeakMap<KubeObject, { readonly resource: Resource | undefined }>();

export function servedDefinitions(store: Store, version: KubernetesVersion): CatalogSource {
  return {
    // A definition is called like the resource that it defines.
    byName: (name: ResourceName) => {
      const definition = store.get(CUSTOM_RESOURCE_DEFINITIONS, undefined, name);
      return definition && resourceOf(definition, version);
    },
    all: () => store.list(CUSTOM_RESOURCE_DEFINITIONS).flatMap((definition) => resourceOf(definition, version) ?? []),
  };
}

function resourceOf(object: KubeObject, version: KubernetesVersion): Resource | undefined {
  let known = served.get(object);
  if (!known) {
    // Only the strategy of definitions, or a description of a cluster, puts objects there.
    const definition = object as StoredDefinition;
    known = { resource: isEstablished(definition) ? customResource(definition, version) : undefined };
    served.set(object, known);
  }
  return known.resource;
}

function isEstablished({ status, spec }: StoredDefinition): boolean {
  const established = status?.conditions?.find(({ type }) => type === 'Established');
  return established?.status !== 'False' && (spec.versions?.length ?? 0) > 0;
}
