// Checks lists and maps as this group does: too long a list is not looked into.
// Behaviour: pkg/apis/resource/validation/validation.go (validateSlice, validateSet, validateMap), Kubernetes v1.36.3.
// Differs: maps are walked in the order of their keys, upstream in random order.
import { duplicate, type FieldError, tooMany } from '../../apimachinery/field-error.ts';
import type { FieldPath } from '../../apimachinery/field-path.ts';
import { compareBytes } from '../../apimachinery/go/json.ts';

type ValidateItem<T> = (item: T, path: FieldPath, errors: FieldError[]) => void;

/** Says whether the items were looked at. */
export function validateList<T>(
  items: readonly T[] | undefined,
  maxSize: number,
  validateItem: ValidateItem<T>,
  path: FieldPath,
  errors: FieldError[],
): boolean {
  if (!items) return true;
  if (items.length > maxSize) {
    errors.push(tooMany(path, items.length, maxSize));
    return false;
  }
  items.forEach((item, i) => {
    validateItem(item, path.index(i), errors);
  });
  return true;
}

interface SetRules<T> {
  readonly maxSize: number;
  readonly validateItem: ValidateItem<T>;
  /** No two items may have the same. */
  readonly keyOf: (item: T) => string;
  /** What the error of a second item shows; its key when absent. */
  readonly badValueOf?: (item: T) => unknown;
}

export function validateSet<T>(
  items: readonly T[] | undefined,
  { maxSize, validateItem, keyOf, badValueOf = keyOf }: SetRules<T>,
  path: FieldPath,
  errors: FieldError[],
): void {
  if (!items || !validateList(items, maxSize, validateItem, path, errors)) return;
  const keys = new Set<string>();
  items.forEach((item, i) => {
    const key = keyOf(item);
    if (keys.has(key)) errors.push(duplicate(path.index(i), badValueOf(item)));
    keys.add(key);
  });
}

interface MapRules<T> {
  readonly maxSize: number;
  /** Of a key in the path of an error. */
  readonly maxKeyLength: number;
  readonly validateKey: ValidateItem<string>;
  readonly validateItem: ValidateItem<T>;
}

export function validateMap<T>(
  map: Readonly<Record<string, T>> | undefined,
  { maxSize, maxKeyLength, validateKey, validateItem }: MapRules<T>,
  path: FieldPath,
  errors: FieldError[],
): void {
  const keys = Object.keys(map ?? {}).sort(compareBytes);
  if (keys.length > maxSize) {
    errors.push(tooMany(path, keys.length, maxSize));
    return;
  }
  for (const key of keys) {
    validateKey(key, path, errors);
    const item = map?.[key];
    if (item !== undefined) validateItem(item, path.key(shortened(key, maxKeyLength)), errors);
  }
}

const ELLIPSIS = '...';

/** A key that is too long to be shown loses its middle. */
function shortened(key: string, maxLength: number): string {
  if (key.length <= maxLength) return key;
  const remaining = maxLength - ELLIPSIS.length;
  return key.slice(0, Math.ceil(remaining / 2)) + ELLIPSIS + key.slice(key.length - Math.floor(remaining / 2));
}
