// Why a decoded value does not go into a Go type, in the words of the converter that patches use instead of the JSON decoder.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/runtime/converter.go (FromUnstructured), Kubernetes v1.36.3.
import { isJsonList, isMap, type Json } from '../../../apimachinery/json.ts';
import { quantityFromJson } from '../../../apimachinery/quantity/quantity.ts';
import { decodeObject } from '../../../schema/decode/decode-object.ts';
import { type KubernetesVersion, structLayout, type TypeRef, typeRefOf } from '../../../schema/layout.ts';

interface UnstructuredOptions {
  /** Numbers of an applied configuration are all float64. */
  readonly numbers: 'int64' | 'float64';
}

/** The first thing that does not fit, in the order of the struct's fields; undefined when everything does. */
export function conversionError(
  version: KubernetesVersion,
  typeId: string,
  value: Json,
  options: UnstructuredOptions,
): string | undefined {
  return errorIn(value, typeRefOf(version, typeId), version, options);
}

function errorIn(
  value: Json,
  type: TypeRef,
  version: KubernetesVersion,
  options: UnstructuredOptions,
): string | undefined {
  if (value === null) return undefined;
  switch (type.kind) {
    case 'pointer':
      return errorIn(value, type.element, version, options);
    case 'scalar':
      return scalarError(value, type.scalar, type.goName, options);
    case 'special':
      return specialError(value, type, version);
    case 'bytes':
      if (typeof value === 'string') return base64Error(value, version);
      return isJsonList(value) ? undefined : `cannot restore slice from ${kindOf(value, options)}`;
    case 'slice':
      if (!isJsonList(value)) return `cannot restore slice from ${kindOf(value, options)}`;
      return first(value, (item) => errorIn(item, type.element, version, options));
    case 'map':
      if (!isMap(value)) return `cannot restore map from ${kindOf(value, options)}`;
      return first(Object.values(value), (each) => errorIn(each, type.element, version, options));
    case 'struct':
      if (!isMap(value)) return `cannot restore struct from: ${kindOf(value, options)}`;
      return structError(value, type.typeId, version, options);
    case 'interface':
      return undefined;
  }
}

function structError(
  value: { readonly [key: string]: Json },
  typeId: string,
  version: KubernetesVersion,
  options: UnstructuredOptions,
): string | undefined {
  return first(structLayout(version, typeId).fields, (field) => {
    if (field.inline && field.type.kind === 'struct') return structError(value, field.type.typeId, version, options);
    return errorIn(value[field.jsonName] ?? null, field.type, version, options);
  });
}

function first<T>(items: readonly T[], errorOf: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const error = errorOf(item);
    if (error !== undefined) return error;
  }
  return undefined;
}

/** What reflect calls the kind of a decoded value. */
function kindOf(value: Json, { numbers }: UnstructuredOptions): string {
  if (isJsonList(value)) return 'slice';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'bool';
    case 'number':
      return numbers === 'int64' && Number.isInteger(value) ? 'int64' : 'float64';
    default:
      return 'map';
  }
}

function scalarError(value: Json, scalar: string, goName: string, options: UnstructuredOptions): string | undefined {
  const from = kindOf(value, options);
  if (from === 'slice' || from === 'map') return `unrecognized type: ${scalar}`;
  const isFloat = scalar.startsWith('float');
  if (from === 'string' && scalar === 'string') return undefined;
  if (from === 'bool' && scalar === 'bool') return undefined;
  if (typeof value === 'number' && scalar !== 'string' && scalar !== 'bool')
    return isFloat || Number.isInteger(value) ? undefined : `cannot convert ${from} to ${goName}`;
  // Go converts integers to strings and lists of bytes, which reflect allows and the converter refuses; the rest it does not know.
  const isConvertible = from === 'int64' && scalar === 'string';
  return isConvertible ? `cannot convert ${from} to ${goName}` : `unrecognized type: ${scalar}`;
}

function specialError(
  value: Json,
  type: Extract<TypeRef, { kind: 'special' }>,
  version: KubernetesVersion,
): string | undefined {
  if (type.special === 'Quantity' && typeof value === 'string') {
    const parsed = quantityFromJson(value);
    return parsed.ok ? undefined : parsed.error;
  }
  // Such types read their own JSON, so the decoder knows what they say.
  const holder = holderOf(type.special);
  if (!holder) return undefined;
  const decoded = decodeObject(version, holder.typeId, { value: { [holder.field]: value } }, { strict: false });
  return decoded.ok ? undefined : decoded.error;
}

/** A struct with one field of the type, to read a value of it through. */
function holderOf(special: string): { readonly typeId: string; readonly field: string } | undefined {
  switch (special) {
    case 'IntOrString':
      return { typeId: 'core/v1.HTTPGetAction', field: 'port' };
    case 'Time':
      return { typeId: 'meta/v1.ObjectMeta', field: 'creationTimestamp' };
    case 'MicroTime':
      return { typeId: 'coordination/v1.LeaseSpec', field: 'renewTime' };
    case 'Quantity':
      return { typeId: 'core/v1.EmptyDirVolumeSource', field: 'sizeLimit' };
    default:
      return undefined;
  }
}

function base64Error(value: string, version: KubernetesVersion): string | undefined {
  const decoded = decodeObject(version, 'core/v1.Secret', { value: { data: { key: value } } }, { strict: false });
  return decoded.ok ? undefined : `error decoding from json: ${decoded.error}`;
}
