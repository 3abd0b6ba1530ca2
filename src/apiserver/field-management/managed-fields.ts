// metadata.managedFields as a map from manager to field set, and back: who owns what, in which version, since when.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/managedfields.go, Kubernetes v1.36.3.
import { compareBytes, goMarshalInOrder } from '../../apimachinery/go/json.ts';
import { goQuote } from '../../apimachinery/go/quote.ts';
import { isMap, type Json } from '../../apimachinery/json.ts';
import type { KubeObject, ManagedFieldsEntry } from '../../apimachinery/object.ts';
import { parseTime } from '../../apimachinery/time/time.ts';
import { FieldSet } from './field-sets/field-set.ts';
import { FieldSetError } from './field-sets/path-element.ts';

export interface VersionedSet {
  readonly set: FieldSet;
  readonly apiVersion: string;
  readonly isApplied: boolean;
}

/** Keys are the managers' identifiers: name, operation and, for updates, version. */
export type Managers = ReadonlyMap<string, VersionedSet>;

export interface Managed {
  readonly managers: Managers;
  /** RFC 3339 texts. */
  readonly times: ReadonlyMap<string, string>;
}

export const NOTHING_MANAGED: Managed = { managers: new Map(), times: new Map() };

type DecodedManaged = { readonly ok: true; readonly managed: Managed } | { readonly ok: false; readonly error: string };

const BAD_OPERATION = 'operation must be `Apply` or `Update`';
const NO_API_VERSION = 'apiVersion must not be empty';

export function decodeManagedFields(entries: readonly ManagedFieldsEntry[] | undefined): DecodedManaged {
  const managers = new Map<string, VersionedSet>();
  const times = new Map<string, string>();
  for (const [index, entry] of (entries ?? []).entries()) {
    const { operation, apiVersion = '', fieldsType = '', fieldsV1, time } = entry;
    if (operation !== 'Apply' && operation !== 'Update') return { ok: false, error: BAD_OPERATION };
    if (apiVersion === '') return { ok: false, error: NO_API_VERSION };
    if (fieldsType === '') return { ok: false, error: `missing fieldsType in managed fields entry ${index}` };
    if (fieldsType !== 'FieldsV1')
      return { ok: false, error: `invalid fieldsType ${goQuote(fieldsType)} in managed fields entry ${index}` };
    const id = managerId(entry);
    try {
      // fieldsV1 is JSON as it came.
      const set = FieldSet.fromJson((fieldsV1 ?? {}) as Json);
      managers.set(id, { set, apiVersion, isApplied: operation === 'Apply' });
    } catch (error) {
      if (!(error instanceof FieldSetError)) throw error;
      return { ok: false, error: `error decoding versioned set: error decoding set: ${error.message}` };
    }
    if (time !== undefined) times.set(id, time);
    else times.delete(id);
  }
  return { ok: true, managed: { managers, times } };
}

/** What an identifier is made of. */
type ManagerInfo = Pick<ManagedFieldsEntry, 'manager' | 'operation' | 'apiVersion' | 'subresource'>;

/** An applier has one entry whatever versions it speaks; an updater has one for each. */
export function managerId({ manager, operation, apiVersion, subresource }: ManagerInfo): string {
  return goMarshalInOrder({
    ...(manager ? { manager } : {}),
    ...(operation ? { operation } : {}),
    ...(apiVersion && operation !== 'Apply' ? { apiVersion } : {}),
    ...(subresource ? { subresource } : {}),
  });
}

export function managerInfo(id: string): ManagerInfo | undefined {
  try {
    return JSON.parse(id) as ManagerInfo;
  } catch {
    return undefined;
  }
}

/** The entries in the order in which the API server writes them; undefined for none. */
export function encodeManagedFields({ managers, times }: Managed): readonly ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  const entries = Array.from(managers, ([id, { set, apiVersion, isApplied }]): ManagedFieldsEntry => {
    const { manager, operation, subresource } = managerInfo(id) ?? {};
    const time = times.get(id);
    return {
      ...(manager === undefined ? {} : { manager }),
      ...(isApplied ? { operation: 'Apply' } : operation === undefined ? {} : { operation }),
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: set.toJson(),
      ...(subresource === undefined ? {} : { subresource }),
    };
  });
  return entries.sort(compareEntries);
}

function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  return (
    compareBytes(a.operation ?? '', b.operation ?? '') ||
    seconds(a.time) - seconds(b.time) ||
    compareBytes(a.manager ?? '', b.manager ?? '') ||
    compareBytes(a.apiVersion ?? '', b.apiVersion ?? '') ||
    compareBytes(a.subresource ?? '', b.subresource ?? '')
  );
}

/** Whole seconds; 0 for no time. */
export function seconds(time: string | undefined): number {
  const parsed = time === undefined ? undefined : parseTime(time);
  return parsed === undefined ? 0 : Math.floor(parsed / 1000);
}

/** Whether a client asks to forget all owners: by an empty list, or one empty entry. */
export function isReset(entries: readonly ManagedFieldsEntry[] | undefined): boolean {
  if (entries === undefined) return false;
  const [only] = entries;
  return entries.length === 0 || (entries.length === 1 && only !== undefined && Object.keys(only).length === 0);
}

/** An empty list of managedFields asks to forget all owners; decoding does not tell it from none. */
export function withReset(object: KubeObject, body: Json): KubeObject {
  const metadata = isMap(body) ? body['metadata'] : undefined;
  const entries = isMap(metadata) ? metadata['managedFields'] : undefined;
  if (!Array.isArray(entries) || entries.length > 0) return object;
  return { ...object, metadata: { ...object.metadata, managedFields: [] } };
}
