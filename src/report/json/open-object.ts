// Objects of published schemas.
import { type TObject, type TSchema, Type } from '@sinclair/typebox';

/** Readers must accept members that they do not know: the documents grow. */
export function open<T extends Record<string, TSchema>>(members: T): TObject<T> {
  return Type.Object(members, { additionalProperties: true });
}
