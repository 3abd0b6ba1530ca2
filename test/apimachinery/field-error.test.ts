import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  duplicate,
  fieldErrorBody,
  fieldErrorMessage,
  forbidden,
  goValue,
  internalError,
  invalid,
  notFound,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../../src/apimachinery/field-error.ts';
import { FieldPath } from '../../src/apimachinery/field-path.ts';
import { goStruct } from '../../src/apimachinery/go/json.ts';

const errors = suite('field errors');
const path = FieldPath.of('spec').child('x');

for (const { error, type, want } of [
  { error: required(path, ''), type: 'FieldValueRequired', want: 'spec.x: Required value' },
  { error: required(path, 'why'), type: 'FieldValueRequired', want: 'spec.x: Required value: why' },
  { error: invalid(path, 'a"b', 'bad'), type: 'FieldValueInvalid', want: 'spec.x: Invalid value: "a\\"b": bad' },
  { error: invalid(path, -1, 'bad'), type: 'FieldValueInvalid', want: 'spec.x: Invalid value: -1: bad' },
  { error: invalid(path, 1.5, 'bad'), type: 'FieldValueInvalid', want: 'spec.x: Invalid value: 1.5: bad' },
  { error: invalid(path, true, 'bad'), type: 'FieldValueInvalid', want: 'spec.x: Invalid value: true: bad' },
  { error: invalid(path, undefined, 'bad'), type: 'FieldValueInvalid', want: 'spec.x: Invalid value: null: bad' },
  {
    error: invalid(path, { b: '<', a: 1 }, 'bad'),
    type: 'FieldValueInvalid',
    want: 'spec.x: Invalid value: {"a":1,"b":"\\u003c"}: bad',
  },
  {
    error: invalid(path, goStruct({ b: 2, a: 1, c: undefined }), 'bad'),
    type: 'FieldValueInvalid',
    want: 'spec.x: Invalid value: {"b":2,"a":1}: bad',
  },
  {
    error: invalid(path, goValue('core.Foo{A:1}'), 'bad'),
    type: 'FieldValueInvalid',
    want: 'spec.x: Invalid value: core.Foo{A:1}: bad',
  },
  {
    error: notSupported(path, 'q', ['b', 'a']),
    type: 'FieldValueNotSupported',
    want: 'spec.x: Unsupported value: "q": supported values: "b", "a"',
  },
  { error: notSupported(path, 'q', []), type: 'FieldValueNotSupported', want: 'spec.x: Unsupported value: "q"' },
  { error: duplicate(path, 'd'), type: 'FieldValueDuplicate', want: 'spec.x: Duplicate value: "d"' },
  { error: notFound(path, 'n'), type: 'FieldValueNotFound', want: 'spec.x: Not found: "n"' },
  { error: forbidden(path, 'no'), type: 'FieldValueForbidden', want: 'spec.x: Forbidden: no' },
  {
    error: tooLong(path, 63),
    type: 'FieldValueTooLong',
    want: 'spec.x: Too long: may not be more than 63 bytes',
  },
  {
    error: tooLong(path, 1),
    type: 'FieldValueTooLong',
    want: 'spec.x: Too long: may not be more than 1 byte',
  },
  { error: tooLong(path, -1), type: 'FieldValueTooLong', want: 'spec.x: Too long: value is too long' },
  { error: tooMany(path, 3, 1), type: 'FieldValueTooMany', want: 'spec.x: Too many: 3: must have at most 1 item' },
  { error: tooMany(path, -1, 5), type: 'FieldValueTooMany', want: 'spec.x: Too many: must have at most 5 items' },
  { error: tooMany(path, 3, -1), type: 'FieldValueTooMany', want: 'spec.x: Too many: 3: has too many items' },
  { error: typeInvalid(path, 'v', 't'), type: 'FieldValueTypeInvalid', want: 'spec.x: Invalid value: "v": t' },
  { error: internalError(path, 'boom'), type: 'InternalError', want: 'spec.x: Internal error: boom' },
  { error: required(undefined, ''), type: 'FieldValueRequired', want: '<nil>: Required value' },
]) {
  errors(`${type} reads "${want}"`, () => {
    assert.is(fieldErrorMessage(error), want);
    assert.is(error.type, type);
    assert.is(fieldErrorBody(error), want.slice(want.indexOf(': ') + 2));
  });
}

errors.run();
