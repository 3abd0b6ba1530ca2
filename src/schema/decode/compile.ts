// Compiles the layout of a Go type into a function that decodes JSON into it.
// Behaviour: which decoder a type gets, as in sigs.k8s.io/json internal/golang/encoding/json/decode.go, Kubernetes v1.36.3.
import { type KubernetesVersion, type SpecialType, structLayout, type TypeRef } from '../layout.ts';
import { parseMicroTime, parseTime } from './go-time.ts';
import { type CompiledType, nothing } from './types/compiled-type.ts';
import { bytesType, sliceType } from './types/list.ts';
import { mapType } from './types/map.ts';
import { pointerType } from './types/pointer.ts';
import { scalarType, stringType } from './types/scalar.ts';
import { schemaOrBool, schemaOrList } from './types/schema-or.ts';
import { freeFormType, intOrStringType, quantityType, timeType } from './types/self-reading.ts';
import { type CompiledField, structType } from './types/struct.ts';

const JSON_SCHEMA = 'apiextensions/v1.JSONSchemaProps';

class Compiler {
  readonly version: KubernetesVersion;
  readonly structs = new Map<string, CompiledType>();

  constructor(version: KubernetesVersion) {
    this.version = version;
  }

  compile(type: TypeRef): CompiledType {
    switch (type.kind) {
      case 'scalar':
        return scalarType(type);
      case 'bytes':
        return bytesType(type.goName);
      case 'pointer':
        return pointerType(this.compile(type.element));
      case 'slice':
        return sliceType(type.goName, this.compile(type.element));
      case 'map':
        return mapType(
          type.goName,
          this.compile(type.element),
          type.element.kind === 'scalar' && type.element.scalar === 'string',
        );
      case 'struct':
        return this.struct(type.typeId);
      case 'special':
        return this.special(type.special);
      case 'interface':
        return freeFormType;
    }
  }

  special(special: SpecialType): CompiledType {
    switch (special) {
      case 'Quantity':
        return quantityType;
      case 'IntOrString':
        return intOrStringType;
      case 'Time':
        return timeType(parseTime);
      case 'MicroTime':
        return timeType(parseMicroTime);
      case 'RawExtension':
      case 'FieldsV1':
      case 'JSON':
        return freeFormType;
      case 'JSONSchemaPropsOrBool':
        return schemaOrBool(this.struct(JSON_SCHEMA));
      case 'JSONSchemaPropsOrArray':
        return schemaOrList(this.struct(JSON_SCHEMA), sliceType('[]v1.JSONSchemaProps', this.struct(JSON_SCHEMA)));
      case 'JSONSchemaPropsOrStringArray':
        return schemaOrList(this.struct(JSON_SCHEMA), sliceType('[]string', stringType('string')));
    }
  }

  struct(typeId: string): CompiledType {
    let compiled = this.structs.get(typeId);
    if (!compiled) {
      // Entered before its fields are compiled: types such as JSONSchemaProps hold themselves.
      const holder: { type?: CompiledType } = {};
      compiled = {
        decode: (value, previous, run) => (holder.type ??= this.compileStruct(typeId)).decode(value, previous, run),
        zero: () => (holder.type ??= this.compileStruct(typeId)).zero(),
        isEmpty: undefined,
      };
      this.structs.set(typeId, compiled);
    }
    return compiled;
  }

  collectFields(typeId: string, structName: string, embedded: readonly string[], out: CompiledField[]): void {
    for (const field of structLayout(this.version, typeId).fields) {
      if (field.jsonName === '-') continue;
      if (field.inline && field.type.kind === 'struct') {
        this.collectFields(field.type.typeId, structName, [...embedded, field.goName], out);
        continue;
      }
      const type = this.compile(field.type);
      const omitEmpty = field.omitEmpty ? type.isEmpty : undefined;
      // With omitempty the zero value of a scalar is dropped, but a struct, a Quantity or an IntOrString has no empty value.
      const zero = field.omitZero || omitEmpty ? nothing : type.zero;
      out.push({ jsonName: field.jsonName, structName, embedded, index: out.length, type, omitEmpty, zero });
    }
  }

  compileStruct(typeId: string): CompiledType {
    const { goName } = structLayout(this.version, typeId);
    const fields: CompiledField[] = [];
    this.collectFields(typeId, goName.slice(goName.lastIndexOf('.') + 1), [], fields);
    return structType(goName, fields);
  }
}

const compilers = new Map<KubernetesVersion, Compiler>();

/** The decoder of a struct type; compiled once for each Kubernetes version. */
export function compiledStruct(version: KubernetesVersion, typeId: string): CompiledType {
  let compiler = compilers.get(version);
  if (!compiler) {
    compiler = new Compiler(version);
    compilers.set(version, compiler);
  }
  return compiler.struct(typeId);
}
