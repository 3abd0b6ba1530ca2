// Where each new value of a submitted object comes from: the file with its line, a default, an admission plugin, a controller.
import type { AdmissionChange } from '../../../apiserver/admission/chain/admission-record.ts';
import type { StoreEvent } from '../../../apiserver/store/store.ts';
import { locate, type Manifest } from '../../../manifests/manifest.ts';
import type { FieldChange } from '../plan.ts';
import { differences, type FieldDifference } from './field-changes.ts';
import { parentPath, placePath } from './paths.ts';

interface Origins {
  of(difference: FieldDifference): FieldChange;
}

/** `asked` is what asked for the object: a manifest, or a command. `hasLines` is for the fields that a reader sees one by one: each costs a look into the file. */
export function originsOf(
  writes: readonly StoreEvent[],
  asked: Manifest | 'command' | undefined,
  admitted: readonly AdmissionChange[],
  hasLines: boolean,
): Origins {
  const wish = asked === 'command' ? undefined : asked;
  const written = wish && writtenPaths(wish.value);
  const writers = writersOf(writes);
  const plugins = pluginsOf(admitted);
  const last = writes.at(-1)!.cause.who;
  return {
    of(difference) {
      const { path } = difference;
      const place = wish ? placeInFile(path, wish.value) : path;
      const by = nearest(writers, path) ?? last;
      if (by !== 'user') return { ...difference, from: 'controller', by };
      if (wish && written && isWritten(place, written)) {
        const source =
          hasLines && difference.after !== undefined ? locate(wish, placePath(wish.value, place)) : undefined;
        return { ...difference, from: 'file', ...(source ? { source } : {}) };
      }
      const plugin = nearest(plugins, path);
      if (plugin !== undefined) return { ...difference, from: 'admission', by: plugin };
      if (asked === 'command') return { ...difference, from: 'command' };
      // What the file no longer says is as much the file's doing as what it says.
      return { ...difference, from: difference.after === undefined ? 'file' : 'default' };
    },
  };
}

/** A Secret's `data` may have been written as `stringData`. */
function placeInFile(path: string, { kind, stringData }: Readonly<Record<string, unknown>>): string {
  if (kind !== 'Secret' || !path.startsWith('data') || stringData === null || typeof stringData !== 'object')
    return path;
  const key = path.replace(/^data[.[]?/, '').replace(/\]$/, '');
  return key === '' || Object.hasOwn(stringData, key) ? path.replace(/^data/, 'stringData') : path;
}

/** Who wrote each path last. */
function writersOf(writes: readonly StoreEvent[]): ReadonlyMap<string, string> {
  const writers = new Map<string, string>();
  for (const { object, previous, cause } of writes)
    for (const { path } of differences(previous ?? {}, object)) writers.set(path, cause.who);
  return writers;
}

function pluginsOf(admitted: readonly AdmissionChange[]): ReadonlyMap<string, string> {
  const plugins = new Map<string, string>();
  for (const { plugin, from, to } of admitted) for (const { path } of differences(from, to)) plugins.set(path, plugin);
  return plugins;
}

/** What stands at the path, at the nearest one above it, or at the first one below it. */
function nearest(values: ReadonlyMap<string, string>, path: string): string | undefined {
  if (values.size === 0) return undefined;
  for (const at of lineageOf(path).above) {
    const found = values.get(at);
    if (found !== undefined) return found;
  }
  if (values.size > FEW) return firstsBelow(values).get(path);
  for (const [at, value] of values)
    if (at.startsWith(path) && (at[path.length] === '.' || at[path.length] === '[')) return value;
  return undefined;
}

/** Paths that are looked through one by one. */
const FEW = 64;

const below = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, string>>();

/** What stands at the first path below each path. */
function firstsBelow(values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const known = below.get(values);
  if (known) return known;
  const firsts = new Map<string, string>();
  for (const [path, value] of values)
    for (const above of lineageOf(path).above) if (above !== path && !firsts.has(above)) firsts.set(above, value);
  below.set(values, firsts);
  return firsts;
}

/** Whether the file holds a value at, above or below this path. */
function isWritten(path: string, { leaves, inner }: Written): boolean {
  const { plain, abovePlain } = lineageOf(path);
  if (leaves.has(plain) || inner.has(plain)) return true;
  for (const above of abovePlain) if (leaves.has(above)) return true;
  return false;
}

/** Where a path lies; objects of a kind have the same paths, so each is taken apart once. */
interface Lineage {
  /** The path itself, then those above it. */
  readonly above: readonly string[];
  /** The path as `leafPaths` writes it. */
  readonly plain: string;
  readonly abovePlain: readonly string[];
}

const MOST_LINEAGES = 20_000;
const lineages = new Map<string, Lineage>();

function lineageOf(path: string): Lineage {
  let lineage = lineages.get(path);
  if (lineage) return lineage;
  const above: string[] = [];
  for (let at = path; at !== ''; at = parentPath(at)) above.push(at);
  const plain = path.replace(/\[([^\]]*)\]/g, (_, inner: string) =>
    /^(?:\d+|\w+=.*)$/.test(inner) ? '[]' : `.${inner}`,
  );
  const abovePlain: string[] = [];
  for (let dot = plain.indexOf('.'); dot >= 0; dot = plain.indexOf('.', dot + 1)) abovePlain.push(plain.slice(0, dot));
  lineage = { above, plain, abovePlain };
  if (lineages.size >= MOST_LINEAGES) lineages.clear();
  lineages.set(path, lineage);
  return lineage;
}

/** Paths of values, and everything that they can be said to be below of: `spec`, `spec.ports`, `spec.ports[]`. */
interface Written {
  readonly leaves: ReadonlySet<string>;
  readonly inner: ReadonlySet<string>;
}

function writtenPaths(value: unknown): Written {
  const leaves = leafPaths(value);
  const inner = new Set<string>();
  for (const leaf of leaves)
    for (let at = 0; at < leaf.length; at++)
      if (leaf[at] === '.' || leaf.startsWith('[]', at)) inner.add(leaf.slice(0, at));
  return { leaves, inner };
}

/** Paths of all values in an object, list indexes left open: `spec.ports[].port`. */
function leafPaths(value: unknown): ReadonlySet<string> {
  const paths = new Set<string>();
  const walk = (at: unknown, path: string): void => {
    if (Array.isArray(at) && at.length > 0) for (const item of at) walk(item, `${path}[]`);
    else if (at !== null && typeof at === 'object' && Object.keys(at).length > 0)
      for (const [key, item] of Object.entries(at)) walk(item, path === '' ? key : `${path}.${key}`);
    else paths.add(path);
  };
  walk(value, '');
  return paths;
}
