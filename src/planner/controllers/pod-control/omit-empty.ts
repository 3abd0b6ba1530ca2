// Objects as Go writes them: a field with omitempty is absent when it has its zero value.
// Behaviour: encoding/json over k8s.io/api types, Kubernetes v1.36.3.

type Field = string | number | boolean | undefined | null | readonly unknown[];

/** Leaves out "", 0, false, absent values and empty lists. */
export function omitEmpty<T extends Readonly<Record<string, Field>>>(fields: T): Partial<NonEmpty<T>> {
  const kept: Record<string, Field> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value === '' || value === 0 || value === false || value === undefined || value === null) continue;
    if (Array.isArray(value) && value.length === 0) continue;
    kept[key] = value;
  }
  // Only fields of T are kept, none of them undefined.
  return kept as Partial<NonEmpty<T>>;
}

type NonEmpty<T> = { readonly [K in keyof T]: NonNullable<T[K]> };
