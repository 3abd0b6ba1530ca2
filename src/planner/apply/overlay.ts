// A manifest laid over the live object as kubectl apply does it: what the file says wins, what it said the last time and says no more
// goes, everything else stays. Lists with a merge key are merged item by item.
// Behaviour: [kubectl]/pkg/cmd/apply/patcher.go (three-way strategic merge), [apimachinery]/pkg/util/strategicpatch, Kubernetes v1.36.3.
import { type FieldLayout, findStructLayout, type KubernetesVersion, type TypeRef } from '../../schema/layout.ts';

type Json = unknown;
type JsonObject = Readonly<Record<string, unknown>>;

/** Text of the manifest as it was applied last, which tells what it has dropped since. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

export interface OverlayInput {
  readonly live: JsonObject;
  readonly manifest: JsonObject;
  /** The manifest of the last apply, when the live object remembers it. */
  readonly lastApplied: JsonObject | undefined;
  readonly version: KubernetesVersion;
  /** Type of the object; without one lists are replaced whole, as for custom resources. */
  readonly typeId: string | undefined;
}

export function overlay({ live, manifest, lastApplied, version, typeId }: OverlayInput): JsonObject {
  const type: TypeRef | undefined = typeId === undefined ? undefined : { kind: 'struct', typeId, goName: '' };
  return merge(live, manifest, lastApplied, { version, type, field: undefined }) as JsonObject;
}

interface At {
  readonly version: KubernetesVersion;
  readonly type: TypeRef | undefined;
  /** The field that holds the value: says how its list merges. */
  readonly field: FieldLayout | undefined;
}

function merge(live: Json, wanted: Json, last: Json, at: At): Json {
  if (isObject(live) && isObject(wanted)) {
    const keep = at.field?.patchStrategy?.includes('retainKeys') ?? false;
    return mergeObjects(live, wanted, isObject(last) ? last : undefined, at, keep);
  }
  const mergeKey = at.field?.patchMergeKey;
  if (Array.isArray(live) && Array.isArray(wanted) && at.field?.patchStrategy?.includes('merge'))
    return mergeKey
      ? mergeItems(live, wanted, Array.isArray(last) ? last : [], mergeKey, at)
      : mergeSets(live, wanted, Array.isArray(last) ? last : []);
  return wanted;
}

function mergeObjects(
  live: JsonObject,
  wanted: JsonObject,
  last: JsonObject | undefined,
  at: At,
  retainKeys: boolean,
): JsonObject {
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(live)) {
    const isDropped = !Object.hasOwn(wanted, key) && ((last !== undefined && Object.hasOwn(last, key)) || retainKeys);
    if (!isDropped && wanted[key] !== null) result[key] = live[key];
  }
  for (const key of Object.keys(wanted)) {
    if (wanted[key] === null) continue;
    result[key] = Object.hasOwn(live, key) ? merge(live[key], wanted[key], last?.[key], below(at, key)) : wanted[key];
  }
  return result;
}

function mergeItems(
  live: readonly Json[],
  wanted: readonly Json[],
  last: readonly Json[],
  mergeKey: string,
  at: At,
): Json[] {
  const keyOf = (item: Json): unknown => (isObject(item) ? item[mergeKey] : undefined);
  const element = at.type?.kind === 'slice' ? at.type.element : undefined;
  const find = (items: readonly Json[], key: unknown): Json => items.find((item) => keyOf(item) === key);
  const kept = live.filter((item) => find(wanted, keyOf(item)) === undefined && find(last, keyOf(item)) === undefined);
  const merged = wanted.map((item) => {
    const before = find(live, keyOf(item));
    return before === undefined
      ? item
      : merge(before, item, find(last, keyOf(item)), { version: at.version, type: element, field: undefined });
  });
  return [...merged, ...kept];
}

function mergeSets(live: readonly Json[], wanted: readonly Json[], last: readonly Json[]): Json[] {
  return [
    ...live.filter((item) => wanted.includes(item) || !last.includes(item)),
    ...wanted.filter((item) => !live.includes(item)),
  ];
}

function below({ version, type }: At, key: string): At {
  const target = type?.kind === 'pointer' ? type.element : type;
  if (target?.kind === 'map') return { version, type: target.element, field: undefined };
  const field = target?.kind === 'struct' ? fieldNamed(version, target.typeId, key) : undefined;
  return { version, type: field?.type, field };
}

function fieldNamed(version: KubernetesVersion, typeId: string, key: string): FieldLayout | undefined {
  for (const field of findStructLayout(version, typeId)?.fields ?? []) {
    if (field.jsonName === key) return field;
    if (!field.inline || field.type.kind !== 'struct') continue;
    const inner = fieldNamed(version, field.type.typeId, key);
    if (inner) return inner;
  }
  return undefined;
}

function isObject(value: Json): value is JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
