// A value with its type, and the first thing done with it: telling what does not conform.
// Behaviour: sigs.k8s.io/structured-merge-diff/v6 v6.3.3 typed/{typed,validate,helpers}.go, as in Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { isJsonList, isMap, type Json } from '../../../apimachinery/json.ts';
import {
  indexElement,
  type KeyField,
  keyElement,
  type PathElement,
  pathElementText,
  valueElement,
} from '../field-sets/path-element.ts';
import type { Atom, ListAtom, MapAtom, Scalar, TypeReference } from '../types/type-schema.ts';
import { goSyntax, goTypeName, goVerb } from './go-value.ts';

export interface TypedValue {
  readonly value: Json;
  readonly type: TypeReference;
}

export interface SchemaError {
  readonly path: string;
  readonly message: string;
}

/** One error stands for itself, several are listed below each other. */
export function schemaErrorsText(errors: readonly SchemaError[]): string {
  const lines = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  return lines.length === 1 ? (lines[0] ?? '') : ['errors:', ...lines.map((line) => `  ${line}`)].join('\n');
}

/** What in an object does not fit its type; an applied object must not repeat items either. */
export function validateTyped({ value, type }: TypedValue, allowDuplicates: boolean): readonly SchemaError[] {
  return validate(value, type(), '', allowDuplicates);
}

/** Which of the shapes that a type allows a value has; all of them when it has none. */
export function deduceAtom(atom: Atom, value: Json | undefined): Atom {
  if (value === undefined || value === null) return atom;
  if (isJsonList(value)) return atom.list ? { list: atom.list } : atom;
  if (isMap(value)) return atom.map ? { map: atom.map } : atom;
  return atom.scalar ? { scalar: atom.scalar } : atom;
}

export function sameShape(a: Atom, b: Atom): boolean {
  return a.scalar === b.scalar && a.list === b.list && a.map === b.map;
}

const INVALID_ATOM = 'schema error: invalid atom: inlined';

function validate(value: Json, type: Atom, path: string, allowDuplicates: boolean): SchemaError[] {
  const atom = deduceAtom(type, value);
  if (atom.map) return validateMap(value, atom.map, path, allowDuplicates);
  if (atom.scalar) return validateScalar(value, atom.scalar, '').map((message) => ({ path, message }));
  if (atom.list) return validateList(value, atom.list, path, allowDuplicates);
  return [{ path, message: INVALID_ATOM }];
}

/** At most one message, with what it is about in front. */
export function validateScalar(value: Json | undefined, scalar: Scalar, prefix: string): readonly string[] {
  if (value === undefined || value === null) return [];
  switch (scalar) {
    case 'numeric':
      return typeof value === 'number' ? [] : [`${prefix}expected numeric (int or float), got ${goTypeName(value)}`];
    case 'string':
      return typeof value === 'string'
        ? []
        : [`${prefix}expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`];
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${prefix}expected boolean, got &{${goVerb(value)}}`];
    case 'untyped':
      return typeof value !== 'object' ? [] : [`${prefix}expected any scalar, got &{${goVerb(value)}}`];
  }
}

function validateList(value: Json, list: ListAtom, path: string, allowDuplicates: boolean): SchemaError[] {
  if (value === null) return [];
  if (!isJsonList(value)) return [{ path, message: `expected list, got &{${goVerb(value)}}` }];
  const errors: SchemaError[] = [];
  const seen = new Set<string>();
  for (const [index, item] of value.entries()) {
    let element: PathElement;
    if (list.isAtomic) element = indexElement(index);
    else {
      const found = itemElement(list, item);
      if (typeof found === 'string') {
        errors.push({ path, message: `element ${index}: ${found}` });
        return errors;
      }
      element = found;
      if (seen.has(element.id) && !allowDuplicates)
        errors.push({ path, message: `duplicate entries for key ${pathElementText(element)}` });
      seen.add(element.id);
    }
    errors.push(...validate(item, list.elementType(), path + pathElementText(element), allowDuplicates));
  }
  return errors;
}

function validateMap(value: Json, map: MapAtom, path: string, allowDuplicates: boolean): SchemaError[] {
  if (value === null) return [];
  if (!isMap(value)) return [{ path, message: `expected map, got &{${goVerb(value)}}` }];
  const errors: SchemaError[] = [];
  for (const key of Object.keys(value).sort(compareBytes)) {
    const type = (map.fields.get(key)?.type ?? map.elementType)?.();
    if (!type) {
      errors.push({ path: `${path}.${key}`, message: 'field not declared in schema' });
      // Nothing after it is looked at.
      break;
    }
    errors.push(...validate(value[key] ?? null, type, `${path}.${key}`, allowDuplicates));
  }
  return errors;
}

const NULL_ITEM = 'associative list with keys may not have a null element';
const NOT_A_MAP = 'associative list with keys may not have non-map elements';
const MAP_IN_SET = "associative list without keys has an element that's a map type";
const LIST_IN_SET = 'not supported: associative list with lists as elements';
const NULL_IN_SET = "associative list without keys has an element that's an explicit null";

/** How an item of a list that is not atomic is called, or why it cannot be. */
export function itemElement(list: ListAtom, item: Json): PathElement | string {
  if (list.keys.length > 0) return keyedElement(list, item);
  if (isMap(item)) return MAP_IN_SET;
  if (isJsonList(item)) return LIST_IN_SET;
  return item === null ? NULL_IN_SET : valueElement(item);
}

function keyedElement(list: ListAtom, item: Json): PathElement | string {
  if (item === null) return NULL_ITEM;
  if (!isMap(item)) return NOT_A_MAP;
  const fields: KeyField[] = [];
  for (const name of list.keys) {
    if (Object.hasOwn(item, name)) {
      fields.push({ name, value: item[name] ?? null });
      continue;
    }
    const { map } = list.elementType();
    if (!map) return `couldn't find default value for ${name}: associative list may not have non-map types`;
    const fallback = map.fields.get(name)?.default;
    if (fallback !== undefined && fallback !== null) fields.push({ name, value: fallback });
  }
  if (fields.length === 0)
    return `associative list with keys has an element that omits all key fields [${list.keys.map(goQuote).join(' ')}] (and doesn't have default values for any key fields)`;
  return keyElement(fields);
}
