// Which shape a decoded JSON value has.
import type { Json } from '../../apimachinery/json-patch.ts';

export type JsonMap = { readonly [key: string]: Json };

export function isMap(value: Json | undefined): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isJsonList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
