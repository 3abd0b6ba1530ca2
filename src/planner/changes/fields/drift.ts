// What somebody changed in the cluster since a manifest was applied last: last applied, live and desired told apart.
// Role: what kubectl's three-way patch looks at, as a list. Kubernetes' own record is the annotation and metadata.managedFields.
import type { KubeObject } from '../../../apimachinery/object.ts';
import { LAST_APPLIED } from '../../../apimachinery/well-known/annotations.ts';
import { decodeBody } from '../../../apiserver/decode.ts';
import { conversionOf } from '../../../apiserver/registry/versions.ts';
import type { Resource } from '../../../apiserver/resource.ts';
import type { ResourceCatalog } from '../../../apiserver/resource-catalog.ts';
import type { Manifest } from '../../../manifests/manifest.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import type { DriftedField } from '../plan.ts';
import { differences } from './field-changes.ts';
import { type Step, stepsOf, valueAt } from './paths.ts';

/** A Secret's values are in no plan. */
const MASK = '***';
/** What client-side apply itself signs with: not somebody else. */
const APPLIERS: ReadonlySet<string> = new Set(['kubectl-client-side-apply', 'kubectl']);

export interface DriftContext {
  readonly catalog: ResourceCatalog;
  readonly version: KubernetesVersion;
}

/** Fields that were applied, and whose live value is another one. */
export function driftOf(live: KubeObject, { value }: Manifest, context: DriftContext): DriftedField[] {
  const text = live.metadata.annotations?.[LAST_APPLIED];
  const applied = text === undefined ? undefined : readObject(text, context);
  if (!applied) return [];
  const drifted = differences(applied, live).filter(
    ({ path, before }) => before !== undefined && !/^status\b/.test(path),
  );
  if (drifted.length === 0) return [];
  const desired = decoded(value, context);
  return drifted.map(({ path, before, after }) => {
    const wanted = desired && valueAt(desired, path);
    const by = managerOf(live, path);
    const shown = live.kind === 'Secret' ? () => MASK : (value: unknown): unknown => value;
    return {
      path,
      lastApplied: shown(before),
      ...(after === undefined ? {} : { live: shown(after) }),
      ...(wanted === undefined ? {} : { desired: shown(wanted) }),
      ...(by === undefined ? {} : { by }),
    };
  });
}

function readObject(text: string, context: DriftContext): KubeObject | undefined {
  try {
    return decoded(JSON.parse(text), context);
  } catch {
    // An annotation that somebody broke says nothing; kubectl would refuse it when it applies.
    return undefined;
  }
}

/** Normalised and defaulted, so that `1000m` and `1` are no drift. */
function decoded(value: unknown, { catalog, version }: DriftContext): KubeObject | undefined {
  const { apiVersion = '', kind = '' } = (value ?? {}) as { readonly apiVersion?: string; readonly kind?: string };
  const resource: Resource | undefined = catalog.byKind(apiVersion, kind);
  if (!resource) return undefined;
  const requested = apiVersion.slice(apiVersion.indexOf('/') + 1);
  const body = { tree: { value }, isYaml: false };
  const result = decodeBody(body, { resource, version: requested }, version, 'Ignore');
  if (!result.ok) return undefined;
  return conversionOf(resource.storedAs ?? resource, apiVersion)?.toStored(result.object) ?? result.object;
}

interface ManagedEntry {
  readonly manager?: string;
  readonly fieldsV1?: unknown;
}

/** The newest manager that owns the field, other than the one that applied it. */
function managerOf({ metadata }: KubeObject, path: string): string | undefined {
  const entries = (metadata.managedFields ?? []) as readonly ManagedEntry[];
  const steps = stepsOf(path);
  return entries.findLast(
    ({ manager, fieldsV1 }) => manager !== undefined && !APPLIERS.has(manager) && owns(fieldsV1, steps),
  )?.manager;
}

function owns(fields: unknown, steps: readonly Step[]): boolean {
  let at = fields;
  for (const step of steps) {
    if (at === null || typeof at !== 'object') return false;
    const here = at as Readonly<Record<string, unknown>>;
    const name = Object.keys(here).find((key) => names(key, step));
    if (name === undefined) return false;
    at = here[name];
  }
  return true;
}

/** `f:replicas`, `k:{"name":"web"}`. */
function names(key: string, step: Step): boolean {
  if ('key' in step) return key === `f:${step.key}`;
  if ('index' in step || !key.startsWith('k:')) return false;
  try {
    return String((JSON.parse(key.slice(2)) as Readonly<Record<string, unknown>>)[step.itemKey]) === step.itemValue;
  } catch {
    return false;
  }
}
