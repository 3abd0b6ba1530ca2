// Which old value a new one comes from, and whether it is unchanged: what an update did not touch is forgiven.
// Behaviour: [apiserver]/pkg/cel/common/equality.go, Kubernetes v1.36.3.
import { isJsonList, isMap, type Json, jsonEqual } from '../../../apimachinery/json.ts';
import { fieldSchema, type StructuralSchema } from '../structural-schema.ts';

export class Correlation {
  readonly value: Json;
  readonly #old: Json;
  readonly #schema: StructuralSchema;
  readonly #children = new Map<string | number, Correlation>();
  #isEqual: boolean | undefined;

  constructor(value: Json, old: Json, schema: StructuralSchema) {
    this.value = value;
    this.#old = old;
    this.#schema = schema;
  }

  key(field: string): Correlation | undefined {
    const known = this.#children.get(field);
    if (known) return known;
    if (!isMap(this.#old) || !isMap(this.value)) return undefined;
    if (!Object.hasOwn(this.#old, field) || !Object.hasOwn(this.value, field)) return undefined;
    const schema = fieldSchema(this.#schema, field);
    return schema && this.#child(field, this.value[field] ?? null, this.#old[field] ?? null, schema);
  }

  index(i: number): Correlation | undefined {
    const known = this.#children.get(i);
    if (known) return known;
    const item = isJsonList(this.value) ? this.value[i] : undefined;
    const { items } = this.#schema;
    if (item === undefined || !items) return undefined;
    const old = this.#oldItem(item);
    return old === undefined || old === null ? undefined : this.#child(i, item, old, items);
  }

  #child(place: string | number, value: Json, old: Json, schema: StructuralSchema): Correlation {
    const child = new Correlation(value, old, schema);
    this.#children.set(place, child);
    return child;
  }

  /** Only the items of lists with keys can be told to be the same as before. */
  #oldItem(item: Json): Json | undefined {
    const keys = this.#schema['x-kubernetes-list-map-keys'] ?? [];
    if (this.#schema['x-kubernetes-list-type'] !== 'map' || !isJsonList(this.#old) || !isMap(item)) return undefined;
    if (keys.length === 0 || (keys.length === 1 && !Object.hasOwn(item, keys[0] ?? ''))) return undefined;
    return this.#old.find(
      (each) => isMap(each) && keys.every((key) => jsonEqual(each[key] ?? null, item[key] ?? null)),
    );
  }

  /** Maps are equal only as far as the schema knows their fields. */
  isUnchanged(): boolean {
    this.#isEqual ??= this.#compare();
    return this.#isEqual;
  }

  #compare(): boolean {
    const [value, old] = [this.value, this.#old];
    if (value === null || old === null) return value === old;
    if (isJsonList(value)) return isJsonList(old) && value.length === old.length && this.#compareItems(value, old);
    if (!isMap(value)) return jsonEqual(value, old);
    if (!isMap(old) || Object.keys(old).length !== Object.keys(value).length) return false;
    return Object.keys(value).every((key) => this.key(key)?.isUnchanged() ?? false);
  }

  #compareItems(value: readonly Json[], old: readonly Json[]): boolean {
    if (this.#schema['x-kubernetes-list-type'] !== 'map') return jsonEqual(value, old);
    return value.every((_, i) => this.index(i)?.isUnchanged() ?? false);
  }
}
