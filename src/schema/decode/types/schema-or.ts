// A JSON schema, or in its place a boolean or a list. Inside, a decoder of its own runs that finds no strict errors.
// Behaviour: staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/marshal.go, Kubernetes v1.36.3.
import { DecodeFailure, DecodeRun } from '../decode-run.ts';
import { type CompiledType, nothing } from './compiled-type.ts';
import { isPlainObject } from './json-object.ts';

const BOOLEAN_OR_SCHEMA = 'boolean or JSON schema expected';

export const schemaOrBool = (schema: CompiledType): CompiledType => ({
  decode(value, _previous, run) {
    if (isPlainObject(value)) return decodeApart(schema, value, run);
    if (typeof value === 'boolean') return value;
    throw run.fail(BOOLEAN_OR_SCHEMA);
  },
  zero: () => false,
  isEmpty: undefined,
});

export const schemaOrList = (schema: CompiledType, list: CompiledType): CompiledType => ({
  decode(value, _previous, run) {
    if (isPlainObject(value)) return decodeApart(schema, value, run);
    // Any other value leaves a pointer to nothing, which Go writes as null.
    if (!Array.isArray(value)) return null;
    const decoded = decodeApart(list, value, run) as readonly unknown[];
    return decoded.length === 0 ? null : decoded;
  },
  zero: nothing,
  isEmpty: undefined,
});

/** Decodes as a separate call of Unmarshal would: its first error ends the outer decoding. */
function decodeApart(type: CompiledType, value: unknown, run: DecodeRun): unknown {
  const inner = new DecodeRun({
    strict: false,
    sorted: run.sorted,
    rawNumbers: run.rawNumbers,
    irregular: run.irregular,
  });
  let decoded: unknown;
  try {
    decoded = type.decode(value, undefined, inner);
  } catch (error) {
    if (error instanceof DecodeFailure) throw run.fail(error.error);
    throw error;
  }
  if (inner.error !== undefined) throw run.fail(inner.error);
  return decoded;
}
