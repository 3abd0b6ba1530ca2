// The messages of google.protobuf that stand for plain values: wrappers, Struct, ListValue, Value.
// Behaviour: cel-go v0.26.0 common/types/provider.go, checker/checker.go.
// Differs: Any, Duration and Timestamp cannot be written as messages.
import type { StructType } from '../checker/environment.ts';
import { PlainList, PlainMap } from '../values/collections.ts';
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import { type CelValue, Uint } from '../values/value.ts';

function message(
  type: CelType,
  fields: Readonly<Record<string, CelType>>,
  create: (fields: ReadonlyMap<string, CelValue>) => CelValue,
): StructType {
  return { type, field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined), create, wellKnown: true };
}

const wrapper = (type: CelType, zero: CelValue): StructType =>
  message(types.wrapper(type), { value: type }, (fields) => fields.get('value') ?? zero);

const STRUCT = types.map(types.STRING, types.DYN);

export const WELL_KNOWN: ReadonlyMap<string, StructType> = new Map([
  ['google.protobuf.BoolValue', wrapper(types.BOOL, false)],
  ['google.protobuf.BytesValue', wrapper(types.BYTES, new Uint8Array())],
  ['google.protobuf.DoubleValue', wrapper(types.DOUBLE, 0)],
  ['google.protobuf.FloatValue', wrapper(types.DOUBLE, 0)],
  ['google.protobuf.Int32Value', wrapper(types.INT, 0n)],
  ['google.protobuf.Int64Value', wrapper(types.INT, 0n)],
  ['google.protobuf.StringValue', wrapper(types.STRING, '')],
  ['google.protobuf.UInt32Value', wrapper(types.UINT, new Uint(0n))],
  ['google.protobuf.UInt64Value', wrapper(types.UINT, new Uint(0n))],
  ['google.protobuf.Struct', message(STRUCT, { fields: STRUCT }, (fields) => fields.get('fields') ?? new PlainMap([]))],
  [
    'google.protobuf.ListValue',
    message(types.LIST, { values: types.LIST }, (fields) => fields.get('values') ?? new PlainList([])),
  ],
  [
    'google.protobuf.Value',
    message(
      types.DYN,
      {
        string_value: types.STRING,
        number_value: types.DOUBLE,
        bool_value: types.BOOL,
        struct_value: STRUCT,
        list_value: types.LIST,
      },
      (fields) => [...fields.values()][0] ?? null,
    ),
  ],
]);
