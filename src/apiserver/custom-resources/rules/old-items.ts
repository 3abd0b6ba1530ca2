// Finds the item of a list with keys as it was before.
// Behaviour: [apiserver]/pkg/cel/common/maplist.go, Kubernetes v1.36.3.
import { isMap, type Json } from '../../../apimachinery/json.ts';
import type { StructuralSchema } from '../structural-schema.ts';

export class OldItems {
  readonly #keys: readonly string[];
  readonly #items = new Map<string, Json>();

  constructor(schema: StructuralSchema, old: readonly Json[]) {
    const isKeyed = schema.type === 'array' && schema['x-kubernetes-list-type'] === 'map';
    this.#keys = (isKeyed && schema['x-kubernetes-list-map-keys']) || [];
    if (this.#keys.length === 0) return;
    for (const item of old) {
      const id = this.#idOf(item);
      if (id !== undefined && !this.#items.has(id)) this.#items.set(id, item);
    }
  }

  /** Undefined for a list without keys, and for a new item. */
  of(item: Json): Json | undefined {
    const id = this.#items.size === 0 ? undefined : this.#idOf(item);
    return id === undefined ? undefined : this.#items.get(id);
  }

  /** All keys must be there, with plain values. */
  #idOf(item: Json): string | undefined {
    if (!isMap(item)) return undefined;
    const parts: Json[] = [];
    for (const key of this.#keys) {
      const value = Object.hasOwn(item, key) ? item[key] : undefined;
      if (value === undefined || value === null || typeof value === 'object') return undefined;
      parts.push(value);
    }
    return JSON.stringify(parts);
  }
}
