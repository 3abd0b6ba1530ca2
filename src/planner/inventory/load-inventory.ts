// A described cluster into an empty world: the short form, plain objects, or both.
import type { Diagnostic } from '../../apimachinery/diagnostic.ts';
import { listedNames } from '../../apimachinery/listed-names.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { type Body, decodeBody } from '../../apiserver/decode.ts';
import { conversionOf } from '../../apiserver/registry/versions.ts';
import type { Cause } from '../../apiserver/request.ts';
import type { ResourceCatalog } from '../../apiserver/resource-catalog.ts';
import { dropValue, locate, type Manifest } from '../../manifests/manifest.ts';
import { SharedValues } from '../../schema/decode/shared-values.ts';
import type { KubernetesVersion } from '../../schema/layout.ts';
import { inApplyOrder } from '../apply/order.ts';
import type { World } from '../world.ts';
import { activeNamespace, bootstrapObjects } from './bootstrap.ts';
import { asKubeObjects } from './cluster-file.ts';

const FROM_INVENTORY: Cause = { who: 'inventory' };
const NO_PROBLEMS: Diagnostic[] = [];
const SHOWN_NAMESPACES = 5;

/** Objects without a manifest: what the short form stands for, and what every cluster has. */
export function restoreObjects(
  world: World,
  values: readonly Record<string, unknown>[],
  version: KubernetesVersion,
): Diagnostic[] {
  const shared = new SharedValues();
  return asKubeObjects(values).flatMap((value) =>
    restoreOne(world, value, { tree: { value, shared }, isYaml: false }, version, undefined),
  );
}

export function restoreManifests(
  world: World,
  manifests: readonly Manifest[],
  version: KubernetesVersion,
  { isReadOnce = false }: { readonly isReadOnce?: boolean } = {},
): Diagnostic[] {
  const shared = new SharedValues();
  return inApplyOrder(manifests).flatMap((manifest) => {
    const { value } = manifest;
    const diagnostics = restoreOne(
      world,
      asKubeObjects([value as Record<string, unknown>])[0]!,
      // What is restored is filled in where it stands: another world needs objects of its own.
      isReadOnce && manifest.decodedFor === version ? undefined : { tree: { value, shared }, isYaml: true },
      version,
      manifest,
    );
    if (isReadOnce) dropValue(manifest);
    return diagnostics;
  });
}

/** What a new cluster has and the description does not mention. */
export function restoreBootstrap(world: World, version: KubernetesVersion, serviceCIDR?: string): void {
  restoreMissing(world, bootstrapObjects(serviceCIDR), version);
}

/** Namespaces that nobody described and in which described objects are: they have to exist. */
export function restoreNamespaces(world: World, version: KubernetesVersion): Diagnostic[] {
  const missing = world.store.namespaces().filter((name) => !world.store.get('namespaces', '', name));
  if (missing.length === 0) return NO_PROBLEMS;
  restoreObjects(world, missing.map(activeNamespace), version);
  return [
    {
      severity: 'info',
      code: 'ContradictoryCluster',
      message: `objects are in namespaces that are not described and are taken to exist: ${listedNames(missing, SHOWN_NAMESPACES)}`,
      nextStep: 'Describe them as well: kubectl get namespaces -o yaml.',
    },
  ];
}

/** Objects that a cluster is given unless the description has them. */
export function restoreMissing(
  world: World,
  values: readonly Record<string, unknown>[],
  version: KubernetesVersion,
): void {
  const missing = values.filter((value) => {
    const { apiVersion, kind, metadata } = value as unknown as KubeObject;
    const resource = world.server.options.catalog.byKind(apiVersion, kind);
    return resource && !world.server.find(resource, metadata.namespace, metadata.name ?? '');
  });
  restoreObjects(world, missing, version);
}

function restoreOne(
  world: World,
  value: KubeObject,
  /** Absent when the value is decoded. */
  body: Body | undefined,
  version: KubernetesVersion,
  manifest: Manifest | undefined,
): Diagnostic[] {
  const catalog: ResourceCatalog = world.server.options.catalog;
  const resource = catalog.byKind(value.apiVersion, value.kind);
  // To find a line costs a parse: only where something is said.
  const source = (field?: string): Pick<Diagnostic, 'source'> => (manifest ? { source: locate(manifest, field) } : {});
  if (!resource)
    return [
      {
        severity: 'warning',
        code: 'InventoryKindNotSimulated',
        message: `${value.kind} (${value.apiVersion}) is not simulated and was left out of the cluster`,
        ...source(),
      },
    ];
  const requested = value.apiVersion.slice(value.apiVersion.indexOf('/') + 1);
  const decoded = body
    ? decodeBody(body, { resource, version: requested }, version, 'Ignore')
    : { ok: true as const, object: value };
  if (!decoded.ok)
    return [
      {
        severity: 'error',
        code: 'InvalidInventory',
        message: decoded.status.message ?? '',
        ...(decoded.field === undefined ? {} : { field: decoded.field }),
        ...source(decoded.field),
      },
    ];
  const kept = resource.storedAs ?? resource;
  const stored = conversionOf(kept, value.apiVersion)?.toStored(decoded.object) ?? decoded.object;
  if (world.server.restore(kept, stored, FROM_INVENTORY)) return NO_PROBLEMS;
  const { namespace, name = '' } = decoded.object.metadata;
  return [
    {
      severity: 'error',
      code: 'ContradictoryCluster',
      message: `${value.kind} ${namespace === undefined ? name : `${namespace}/${name}`} is described twice`,
      ...source(),
      nextStep: 'Leave one of the two out; the first one counts.',
    },
  ];
}
