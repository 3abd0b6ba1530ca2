// The special keys of a strategic merge patch, the errors it is refused with, and how those print values.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/util/strategicpatch/patch.go and util/mergepatch/errors.go, Kubernetes v1.36.3.
import { compareBytes } from '../../go/json.ts';
import { goFloat } from '../../go/quote.ts';
import { isMap, type Json, type JsonMap } from '../../json.ts';

export const DIRECTIVE = '$patch';
export const DELETE = 'delete';
export const REPLACE = 'replace';
export const MERGE = 'merge';
export const RETAIN_KEYS = '$retainKeys';
export const DELETE_FROM_PRIMITIVE_LIST = '$deleteFromPrimitiveList';
export const SET_ELEMENT_ORDER = '$setElementOrder';

export const BAD_JSON_DOCUMENT = 'invalid JSON document';
const NO_LIST_OF_LISTS = 'lists of lists are not supported';
const BAD_PRIMITIVE_LIST = 'invalid patch format of primitive list';
const BAD_RETAIN_KEYS = 'invalid patch format of retainKeys';
const BAD_SET_ELEMENT_ORDER = 'invalid patch format of setElementOrder list';

/** What the API server makes of an error: a bad request, an unprocessable one, or an internal error. */
type PatchErrorKind = 'badRequest' | 'unprocessable' | 'internal' | 'precondition' | 'conflict';

/** Leaves the algorithms at the first error; the functions that are exported to others catch it. */
export class PatchFailure extends Error {
  readonly kind: PatchErrorKind;

  constructor(message: string, kind: PatchErrorKind = 'internal') {
    super(message);
    this.kind = kind;
  }
}

export type PatchOutcome =
  | { readonly ok: true; readonly value: JsonMap }
  | { readonly ok: false; readonly error: string; readonly kind: PatchErrorKind };

export function outcomeOf(step: () => JsonMap): PatchOutcome {
  try {
    return { ok: true, value: step() };
  } catch (error) {
    if (error instanceof PatchFailure) return { ok: false, error: error.message, kind: error.kind };
    throw error;
  }
}

export const badSetElementOrder = (): PatchFailure => new PatchFailure(BAD_SET_ELEMENT_ORDER, 'badRequest');
export const badRetainKeys = (): PatchFailure => new PatchFailure(BAD_RETAIN_KEYS, 'badRequest');
export const badPrimitiveList = (): PatchFailure => new PatchFailure(BAD_PRIMITIVE_LIST, 'badRequest');
export const noListOfLists = (): PatchFailure => new PatchFailure(NO_LIST_OF_LISTS, 'unprocessable');

export function noMergeKey(map: JsonMap, key: string): PatchFailure {
  return new PatchFailure(`map: ${goText(map)} does not contain declared merge key: ${key}`);
}

export function badType(expected: string, actual: Json): PatchFailure {
  return new PatchFailure(`expected a ${expected}, but received a ${goTypeOf(actual) ?? '%!s(<nil>)'}`);
}

export function badDirective(directive: Json, map: JsonMap): PatchFailure {
  return new PatchFailure(`unknown patch type: ${asString(directive)} in map: ${goText(map)}`);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function asMap(value: Json): JsonMap {
  if (!isMap(value)) throw badType(MAP_TYPE, value);
  return value;
}

export function asList(value: Json): readonly Json[] {
  if (!isList(value)) throw badType(LIST_TYPE, value);
  return value;
}

export const MAP_TYPE = 'map[string]interface {}';
export const LIST_TYPE = '[]interface {}';

/** The dynamic Go type of a decoded value; nothing for null. */
export function goTypeOf(value: Json): string | undefined {
  if (value === null) return undefined;
  if (isList(value)) return LIST_TYPE;
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int64' : 'float64';
    default:
      return MAP_TYPE;
  }
}

/** A value as `%v` prints it. */
export function goText(value: Json): string {
  if (value === null) return '<nil>';
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  if (isMap(value)) {
    const keys = Object.keys(value).sort(compareBytes);
    return `map[${keys.map((key) => `${key}:${goText(value[key] ?? null)}`).join(' ')}]`;
  }
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : goFloat(value);
  return String(value);
}

/** A value as `%s` prints it. */
function asString(value: Json): string {
  if (typeof value === 'string') return value;
  if (value === null) return '%!s(<nil>)';
  if (isList(value)) return `[${value.map(asString).join(' ')}]`;
  if (isMap(value)) {
    const keys = Object.keys(value).sort(compareBytes);
    return `map[${keys.map((key) => `${key}:${asString(value[key] ?? null)}`).join(' ')}]`;
  }
  return `%!s(${goTypeOf(value)}=${goText(value)})`;
}
