// Applies a JSON patch (RFC 6902) to a document, with the error texts of the library that the apiserver uses.
// Behaviour: gopkg.in/evanphx/json-patch.v4 v4.13.0.
// Differs: values are compared after parsing, so 1 and 1.0 are equal here.
import { parseGoInt } from '../go/int.ts';
import { type Json, jsonEqual } from '../json.ts';

/** One step, as decoded from JSON: nothing about it is known yet. */
export type PatchOperation = Readonly<Record<string, Json>>;

export type PatchResult = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly error: string };

const MISSING = 'missing value';
const TEST_FAILED = 'test failed';

class PatchError extends Error {}

/** The document is not changed: what a step touches is copied first. */
export function applyJsonPatch(document: Json, operations: readonly PatchOperation[]): PatchResult {
  try {
    let current = document;
    for (const operation of operations) current = applyOperation(current, operation);
    return { ok: true, value: current };
  } catch (error) {
    if (error instanceof PatchError) return { ok: false, error: error.message };
    throw error;
  }
}

function applyOperation(document: Json, operation: PatchOperation): Json {
  const kind = operation['op'];
  switch (kind) {
    case 'add':
      return add(document, operation);
    case 'remove':
      return remove(document, operation);
    case 'replace':
      return replace(document, operation);
    case 'move':
      return move(document, operation);
    case 'test':
      return test(document, operation);
    case 'copy':
      return copy(document, operation);
    default:
      throw new PatchError(`Unexpected kind: ${typeof kind === 'string' ? kind : 'unknown'}`);
  }
}

function add(document: Json, operation: PatchOperation): Json {
  const path = pathOr(operation, `add operation failed to decode path: ${MISSING}`);
  const target = find(document, path);
  if (target === undefined) {
    throw new PatchError(`add operation does not apply: doc is missing path: "${path}": ${MISSING}`);
  }
  return within(`error in add for path: '${path}'`, () => withAdded(document, target, operation['value'] ?? null));
}

function remove(document: Json, operation: PatchOperation): Json {
  const path = pathOr(operation, `remove operation failed to decode path: ${MISSING}`);
  const target = find(document, path);
  if (target === undefined) {
    throw new PatchError(`remove operation does not apply: doc is missing path: "${path}": ${MISSING}`);
  }
  return within(`error in remove for path: '${path}'`, () => withRemoved(document, target));
}

function replace(document: Json, operation: PatchOperation): Json {
  const path = textOf(operation, 'path', 'replace operation failed to decode path: ', 'operation missing path field');
  const value = operation['value'] ?? null;
  if (path === '') {
    // Upstream wraps a nil error here, and fmt says so.
    if (typeof value !== 'object' || value === null) {
      throw new PatchError('replace operation value must be object or array: %!w(<nil>)');
    }
    return value;
  }
  const target = find(document, path);
  if (target === undefined) {
    throw new PatchError(`replace operation does not apply: doc is missing path: ${path}: ${MISSING}`);
  }
  // A missing key of an object is set, a missing index of a list is an error.
  if (attempt(() => get(target)) === undefined) {
    throw new PatchError(`replace operation does not apply: doc is missing key: ${path}: ${MISSING}`);
  }
  return withSet(document, target, value);
}

function move(document: Json, operation: PatchOperation): Json {
  const from = textOf(operation, 'from', 'move operation failed to decode from: ', 'operation, missing from field');
  const source = find(document, from);
  if (source === undefined) {
    throw new PatchError(`move operation does not apply: doc is missing from path: ${from}: ${MISSING}`);
  }
  const context = `error in move for path: '${source.key}'`;
  const value = within(context, () => get(source));
  const without = within(context, () => withRemoved(document, source));
  const path = textOf(operation, 'path', 'move operation failed to decode path: ', 'operation missing path field');
  const target = find(without, path);
  if (target === undefined) {
    throw new PatchError(`move operation does not apply: doc is missing destination path: ${path}: ${MISSING}`);
  }
  return within(`error in move for path: '${path}'`, () => withAdded(without, target, value));
}

function test(document: Json, operation: PatchOperation): Json {
  const path = textOf(operation, 'path', 'test operation failed to decode path: ', 'operation missing path field');
  const expected = operation['value'] ?? null;
  let actual: Json = document;
  if (path !== '') {
    const target = find(document, path);
    if (target === undefined) {
      throw new PatchError(`test operation does not apply: is missing path: ${path}: ${MISSING}`);
    }
    actual = within(`error in test for path: '${path}'`, () => get(target));
  }
  if (!jsonEqual(actual, expected)) throw new PatchError(`testing value ${path} failed: ${TEST_FAILED}`);
  return document;
}

function copy(document: Json, operation: PatchOperation): Json {
  const from = textOf(operation, 'from', 'copy operation failed to decode from: ', 'operation, missing from field');
  const source = find(document, from);
  if (source === undefined) {
    throw new PatchError(`copy operation does not apply: doc is missing from path: ${from}: ${MISSING}`);
  }
  const value = within(`error in copy for from: '${from}'`, () => get(source));
  const path = pathOr(operation, `copy operation failed to decode path: ${MISSING}`);
  const target = find(document, path);
  if (target === undefined) {
    throw new PatchError(`copy operation does not apply: doc is missing destination path: ${path}: ${MISSING}`);
  }
  return within('error while adding value during copy', () => withAdded(document, target, value));
}

function pathOr(operation: PatchOperation, message: string): string {
  const path = operation['path'];
  if (typeof path !== 'string') throw new PatchError(message);
  return path;
}

function textOf(operation: PatchOperation, field: string, context: string, missing: string): string {
  const value = operation[field];
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) throw new PatchError(`${context}${missing}: ${MISSING}`);
  throw new PatchError(`${context}json: cannot unmarshal ${jsonKind(value)} into Go value of type string`);
}

function jsonKind(value: Json): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** The object or list that holds the last part of a path. */
interface Target {
  readonly parents: readonly string[];
  readonly container: readonly Json[] | { readonly [key: string]: Json };
  readonly key: string;
}

function find(document: Json, path: string): Target | undefined {
  const parts = path.split('/').slice(1).map(decodeKey);
  const key = parts.pop();
  if (key === undefined) return undefined;
  let container: Json = document;
  for (const part of parts) {
    const holder: Json = container;
    const next: Json | undefined = isContainer(holder) ? attempt(() => getFrom(holder, part)) : undefined;
    if (next === undefined || !isContainer(next)) return undefined;
    container = next;
  }
  return isContainer(container) ? { parents: parts, container, key } : undefined;
}

function decodeKey(part: string): string {
  return part.replace(/~[01]/g, (escaped) => (escaped === '~1' ? '/' : '~'));
}

function isContainer(value: Json): value is readonly Json[] | { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function get(target: Target): Json {
  return getFrom(target.container, target.key);
}

function getFrom(container: Target['container'], key: string): Json {
  if (!isList(container)) return Object.hasOwn(container, key) ? (container[key] ?? null) : null;
  return container[existingIndex(container, key)] ?? null;
}

function existingIndex(list: readonly Json[], key: string): number {
  const parsed = parseGoInt(key, 64, 'Atoi');
  if (!parsed.ok) throw new PatchError(parsed.error);
  const index = Number(parsed.value);
  if (index >= list.length || index < -list.length) throw invalidIndex(index);
  return index < 0 ? index + list.length : index;
}

function invalidIndex(index: number): PatchError {
  return new PatchError(`Unable to access invalid index: ${index}: invalid index referenced`);
}

function withSet(document: Json, target: Target, value: Json): Json {
  const { container, key } = target;
  if (!isList(container)) return rebuilt(document, target.parents, { ...container, [key]: value });
  return rebuilt(document, target.parents, container.with(existingIndex(container, key), value));
}

function withAdded(document: Json, target: Target, value: Json): Json {
  const { container, key } = target;
  if (!isList(container)) return rebuilt(document, target.parents, { ...container, [key]: value });
  if (key === '-') return rebuilt(document, target.parents, [...container, value]);
  const parsed = parseGoInt(key, 64, 'Atoi');
  if (!parsed.ok) throw new PatchError(`value was not a proper array index: '${key}': ${parsed.error}`);
  const index = Number(parsed.value);
  const size = container.length + 1;
  if (index >= size || index < -size) throw invalidIndex(index);
  return rebuilt(document, target.parents, container.toSpliced(index < 0 ? index + size : index, 0, value));
}

function withRemoved(document: Json, target: Target): Json {
  const { container, key } = target;
  if (isList(container)) {
    return rebuilt(document, target.parents, container.toSpliced(existingIndex(container, key), 1));
  }
  if (!Object.hasOwn(container, key)) {
    throw new PatchError(`Unable to remove nonexistent key: ${key}: ${MISSING}`);
  }
  const { [key]: _removed, ...rest } = container;
  return rebuilt(document, target.parents, rest);
}

/** The document with the container at the given parents exchanged. */
function rebuilt(document: Json, parents: readonly string[], container: Json): Json {
  const [first, ...rest] = parents;
  if (first === undefined || !isContainer(document)) return container;
  const next = rebuilt(getFrom(document, first), rest, container);
  if (isList(document)) return document.with(existingIndex(document, first), next);
  return { ...document, [first]: next };
}

function within<T>(context: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof PatchError) throw new PatchError(`${context}: ${error.message}`);
    throw error;
  }
}

function attempt<T>(step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof PatchError) return undefined;
    throw error;
  }
}

/** Decodes the body of a JSON patch; the error is the one that json.Unmarshal gives for a wrong shape. */
export function decodeJsonPatch(body: Json): readonly PatchOperation[] | string {
  if (body === null) return [];
  if (!isList(body)) return `json: cannot unmarshal ${jsonKindOf(body)} into Go value of type jsonpatch.Patch`;
  const operations: PatchOperation[] = [];
  for (const step of body) {
    if (!isContainer(step) || isList(step)) {
      if (step !== null) {
        return `json: cannot unmarshal ${jsonKindOf(step)} into Go value of type jsonpatch.Operation`;
      }
      operations.push({});
    } else operations.push(step);
  }
  return operations;
}

function jsonKindOf(value: Json): string {
  return value === null ? 'null' : jsonKind(value);
}
