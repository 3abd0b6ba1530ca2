// Writes an object as Go marshals it: fields in declaration order, and null where Go has nil and does not omit it.
// Behaviour: encoding/json/encode.go of Go 1.26, with the MarshalJSON methods of k8s.io/apimachinery, Kubernetes v1.36.3.
import { type KubernetesVersion, structLayout, type TypeRef } from './layout.ts';

type JsonObject = { readonly [key: string]: unknown };

type Encode = (value: unknown) => unknown;

interface EncodedField {
  readonly jsonName: string;
  readonly encode: Encode;
  /** Written when the field is absent. */
  readonly absent: 'null' | 'nothing';
}

const same: Encode = (value) => value;

const nullableSpecials = new Set([
  'Time',
  'MicroTime',
  'FieldsV1',
  'RawExtension',
  'JSON',
  'JSONSchemaPropsOrArray',
  'JSONSchemaPropsOrStringArray',
]);

/** Whether Go writes null for the zero value of a type. `omitempty` leaves out nil pointers, lists and maps, but no struct. */
function absentOf(type: TypeRef, omitEmpty: boolean, omitZero: boolean): 'null' | 'nothing' {
  if (omitZero) return 'nothing';
  if (type.kind === 'special') return nullableSpecials.has(type.special) ? 'null' : 'nothing';
  const nilable = type.kind === 'pointer' || type.kind === 'slice' || type.kind === 'map' || type.kind === 'bytes';
  return nilable && !omitEmpty ? 'null' : 'nothing';
}

class Encoder {
  readonly version: KubernetesVersion;
  readonly structs = new Map<string, readonly EncodedField[]>();

  constructor(version: KubernetesVersion) {
    this.version = version;
  }

  encoderOf(type: TypeRef): Encode {
    switch (type.kind) {
      case 'pointer':
        return this.encoderOf(type.element);
      case 'slice': {
        const encode = this.encoderOf(type.element);
        return encode === same ? same : (value) => (Array.isArray(value) ? value.map(encode) : value);
      }
      case 'map': {
        const encode = this.encoderOf(type.element);
        return encode === same
          ? same
          : (value) =>
              Object.fromEntries(Object.entries(value as JsonObject).map(([key, each]) => [key, encode(each)]));
      }
      case 'struct':
        return (value) => this.struct(type.typeId, value);
      case 'special':
        return this.specialEncoder(type.special);
      default:
        return same;
    }
  }

  specialEncoder(special: string): Encode {
    if (!special.startsWith('JSONSchemaPropsOr')) return same;
    const encode: Encode = (value) => this.struct('apiextensions/v1.JSONSchemaProps', value);
    return (value) => (Array.isArray(value) ? value.map(encode) : encode(value));
  }

  fieldsOf(typeId: string): readonly EncodedField[] {
    let fields = this.structs.get(typeId);
    if (!fields) {
      fields = structLayout(this.version, typeId).fields.flatMap((field) => {
        if (field.jsonName === '-') return [];
        if (field.inline && field.type.kind === 'struct') return this.fieldsOf(field.type.typeId);
        const absent = absentOf(field.type, field.omitEmpty, field.omitZero);
        return [{ jsonName: field.jsonName, encode: this.encoderOf(field.type), absent }];
      });
      this.structs.set(typeId, fields);
    }
    return fields;
  }

  struct(typeId: string, value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    const out: Record<string, unknown> = {};
    for (const { jsonName, encode, absent } of this.fieldsOf(typeId)) {
      const each = (value as JsonObject)[jsonName];
      if (each !== undefined) out[jsonName] = each === null ? null : encode(each);
      else if (absent === 'null') out[jsonName] = null;
    }
    return out;
  }
}

const encoders = new Map<KubernetesVersion, Encoder>();

/** The wire form of an object that decodeObject made. */
export function encodeObject(version: KubernetesVersion, typeId: string, object: object): JsonObject {
  let encoder = encoders.get(version);
  if (!encoder) {
    encoder = new Encoder(version);
    encoders.set(version, encoder);
  }
  return encoder.struct(typeId, object) as JsonObject;
}
