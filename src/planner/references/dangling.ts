// References of submitted objects that lead nowhere in the cluster as it would be, and Services that select no pod: warnings with the
// place of the reference and, where a name is nearly right, the one that was probably meant.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { refOf } from '../../apimachinery/object.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import { resourceNameOf } from '../../apiserver/resource.ts';
import type { ResourceCatalog } from '../../apiserver/resource-catalog.ts';
import { locate, type Manifest } from '../../manifests/manifest.ts';
import type { PersistentVolume, Pod, Service } from '../../schema/generated/types/core-v1.ts';
import { selectorFromSet } from '../../selectors/label-selector.ts';
import { NearNames } from './near-names.ts';
import { isTied, type Reference, referencesOf } from './references.ts';

export interface SubmittedObject {
  readonly manifest: Manifest;
  /** The object as the API server stored it. */
  readonly object: KubeObject;
}

export function danglingReferences(
  submitted: readonly SubmittedObject[],
  reader: ClusterReader,
  catalog: ResourceCatalog,
): Diagnostic[] {
  const near = new Map<string, NearNames>();
  return submitted.flatMap((each) => [
    ...referencesOf(each.object).flatMap((reference) => dangling(each, reference, reader, catalog, near)),
    ...(each.object.kind === 'Service' && isTied(each.object) ? selectsNothing(each, submitted, reader) : []),
  ]);
}

function dangling(
  { manifest, object }: SubmittedObject,
  reference: Reference,
  reader: ClusterReader,
  catalog: ResourceCatalog,
  near: Map<string, NearNames>,
): Diagnostic[] {
  const { field, apiVersion, kind, namespace, name } = reference;
  const resource = catalog.byKind(apiVersion, kind);
  // What is not served here cannot be looked for.
  if (!resource || reader.get(resourceNameOf(resource), resource.namespaced ? namespace : undefined, name)) return [];
  if (kind === 'StorageClass' && isClassOfVolumes(name, reader)) return [];
  const place = resource.namespaced ? namespace : undefined;
  const key = `${resourceNameOf(resource)}/${place ?? ''}`;
  const names =
    near.get(key) ??
    new NearNames(reader.list(resourceNameOf(resource), place).map(({ metadata }) => metadata.name ?? ''));
  near.set(key, names);
  const meant = names.nearest(name);
  const address = resource.namespaced ? `${namespace}/${name}` : name;
  return [
    {
      severity: 'warning',
      code: 'DanglingReference',
      message: `${kind} ${address} does not exist`,
      object: refOf(object),
      field,
      source: locate(manifest, field),
      ...(meant ? { nextStep: `Did you mean ${meant}?` } : {}),
    },
  ];
}

/** Claims and volumes may agree on a name of a class that nobody makes volumes for. */
function isClassOfVolumes(name: string, reader: ClusterReader): boolean {
  return reader.list<PersistentVolume>('persistentvolumes').some(({ spec }) => spec?.storageClassName === name);
}

/** A Service whose selector fits no pod and no pod template that was submitted. */
function selectsNothing(
  { manifest, object }: SubmittedObject,
  submitted: readonly SubmittedObject[],
  reader: ClusterReader,
): Diagnostic[] {
  const { spec, metadata } = object as Service;
  if (!spec.selector || spec.type === 'ExternalName') return [];
  const selector = selectorFromSet(spec.selector);
  const templates = submitted.filter((other) => other.object.metadata.namespace === metadata.namespace);
  const labelsOf = (other: KubeObject) =>
    (
      other as {
        readonly spec?: { readonly template?: { readonly metadata?: { readonly labels?: Record<string, string> } } };
      }
    ).spec?.template?.metadata?.labels;
  if (templates.some((other) => labelsOf(other.object) && selector.matches(labelsOf(other.object)))) return [];
  if (reader.list<Pod>('pods', metadata.namespace).some((pod) => selector.matches(pod.metadata.labels))) return [];
  const close = templates.find((other) =>
    Object.entries(spec.selector ?? {}).some(([key, value]) => labelsOf(other.object)?.[key] === value),
  );
  return [
    {
      severity: 'warning',
      code: 'SelectsNothing',
      message: `selector ${selector} matches no pod`,
      object: refOf(object),
      field: 'spec.selector',
      source: locate(manifest, 'spec.selector'),
      ...(close
        ? {
            related: [locate(close.manifest, 'spec.template.metadata.labels')],
            nextStep: `Nearest are the pods of ${close.object.kind} ${close.object.metadata.name}, with other labels.`,
          }
        : {}),
    },
  ];
}
