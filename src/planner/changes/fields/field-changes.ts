// Which fields differ between two states of an object, by path; lists of named things are compared by name, not by place.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { isMap } from '../../../apimachinery/json.ts';

export interface FieldDifference {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Fields that differ at every write and tell a reader nothing. */
const NOISE: ReadonlySet<string> = new Set([
  'metadata.resourceVersion',
  'metadata.managedFields',
  'metadata.generation',
  // kubectl's memory of the manifest: says again what the fields say.
  'metadata.annotations[kubectl.kubernetes.io/last-applied-configuration]',
  'status.observedGeneration',
]);

/** Keys that tell the items of a list apart, by what the items hold; the first that all items have and that is unique counts. */
const ITEM_KEYS = ['name', 'type', 'key', 'mountPath', 'containerPort', 'port', 'ip', 'topologyKey', 'uid'];

/** Differences in the order of the fields of `after`, then those that `before` alone has. */
export function differences(before: unknown, after: unknown): FieldDifference[] {
  const found: FieldDifference[] = [];
  compare(before, after, '', found);
  return found;
}

/** What a created object's reader takes from elsewhere. */
const IDENTITY: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata.uid',
  'metadata.creationTimestamp',
  'status',
]);

/** Every value of a new object by itself, but for its identity, bookkeeping and status. */
export function leafFields(object: unknown): FieldDifference[] {
  const found: FieldDifference[] = [];
  const walk = (value: unknown, path: string): void => {
    if (NOISE.has(path) || IDENTITY.has(path)) return;
    let isLeaf = true;
    if (Array.isArray(value)) {
      const key = value.length > 0 ? itemKey([], value) : undefined;
      if (key !== undefined)
        for (const item of value) {
          isLeaf = false;
          walk(item, `${path}[${key}=${(item as Readonly<Record<string, unknown>>)[key]}]`);
        }
    } else if (isMap(value))
      for (const key of Object.keys(value)) {
        isLeaf = false;
        walk(value[key], join(path, key));
      }
    if (isLeaf) found.push({ path, after: value });
  };
  walk(object, '');
  return found;
}

function compare(before: unknown, after: unknown, path: string, found: FieldDifference[]): void {
  if (before === after || NOISE.has(path)) return;
  if (isMap(before) && isMap(after)) {
    for (const key of keysOf(after, before)) compare(before[key], after[key], join(path, key), found);
    return;
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    compareLists(before, after, path, found);
    return;
  }
  if (semanticDeepEqual(before, after)) return;
  found.push({ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) });
}

function compareLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
  found: FieldDifference[],
): void {
  const key = itemKey(before, after);
  if (key === undefined) {
    const isScalar = [...before, ...after].every((item) => item === null || typeof item !== 'object');
    if (isScalar || before.length !== after.length) {
      if (!semanticDeepEqual(before, after)) found.push({ path, before, after });
      return;
    }
    before.forEach((item, index) => {
      compare(item, after[index], `${path}[${index}]`, found);
    });
    return;
  }
  const byKey = (items: readonly unknown[]) =>
    new Map(items.map((item) => [String((item as Readonly<Record<string, unknown>>)[key]), item] as const));
  const old = byKey(before);
  const next = byKey(after);
  for (const [name, item] of next) compare(old.get(name), item, `${path}[${key}=${name}]`, found);
  for (const [name, item] of old) if (!next.has(name)) compare(item, undefined, `${path}[${key}=${name}]`, found);
}

function itemKey(before: readonly unknown[], after: readonly unknown[]): string | undefined {
  return ITEM_KEYS.find((key) => [before, after].every((items) => hasUnique(items, key)));
}

function hasUnique(items: readonly unknown[], key: string): boolean {
  const seen = new Set<unknown>();
  for (const item of items) {
    if (!isMap(item) || item[key] === undefined || seen.has(item[key])) return false;
    seen.add(item[key]);
  }
  return true;
}

function keysOf(after: Readonly<Record<string, unknown>>, before: Readonly<Record<string, unknown>>): string[] {
  const keys = Object.keys(after);
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) keys.push(key);
  return keys;
}

function join(path: string, key: string): string {
  if (path === '') return key;
  return /^[A-Za-z0-9_-]+$/.test(key) ? `${path}.${key}` : `${path}[${key}]`;
}
