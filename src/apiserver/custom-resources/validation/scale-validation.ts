// Whether the places that the scale subresource reads hold what it needs.
// Behaviour: [apiextensions-apiserver]/pkg/registry/customresource/validator.go (ValidateScaleSpec, ValidateScaleStatus), Kubernetes v1.36.3.
import { type FieldError, invalid } from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { MAX_INT32 } from '../../../apimachinery/go/integer-limits.ts';
import { goMarshal } from '../../../apimachinery/go/json.ts';
import { goFloat } from '../../../apimachinery/go/quote.ts';
import { isJsonList, isMap, type Json, type JsonMap } from '../../../apimachinery/json.ts';

export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

const NEGATIVE = 'should be a non-negative integer';
const TOO_LARGE = `should be less than or equal to ${MAX_INT32}`;

export function validateScaleSpec(object: JsonMap, scale: ScalePaths | undefined): readonly FieldError[] {
  return scale ? validateReplicas(object, scale.specReplicasPath) : [];
}

export function validateScaleStatus(object: JsonMap, scale: ScalePaths | undefined): readonly FieldError[] {
  if (!scale) return [];
  const errors = [...validateReplicas(object, scale.statusReplicasPath)];
  const { labelSelectorPath } = scale;
  if (labelSelectorPath !== undefined) {
    const found = nested(object, labelSelectorPath);
    const error = found.error ?? wrongType(found.value, labelSelectorPath, 'string', isText);
    if (error !== undefined) errors.push(invalid(FieldPath.of(labelSelectorPath), '', error));
  }
  return errors;
}

function validateReplicas(object: JsonMap, path: string): readonly FieldError[] {
  const { value, error } = nested(object, path);
  const wrong = error ?? wrongType(value, path, 'int64', isInteger);
  if (wrong !== undefined) return [invalid(FieldPath.of(path), 0, wrong)];
  if (typeof value !== 'number') return [];
  if (value < 0) return [invalid(FieldPath.of(path), value, NEGATIVE)];
  return value > MAX_INT32 ? [invalid(FieldPath.of(path), value, TOO_LARGE)] : [];
}

interface Found {
  readonly value?: Json;
  readonly error?: string;
}

/** What lies at a path of fields; absent on the way is no error, anything but a map is. */
function nested(object: JsonMap, path: string): Found {
  const steps = path.replace(/^\./, '').split('.');
  let value: Json = object;
  for (const [i, step] of steps.entries()) {
    if (value === null) return {};
    if (!isMap(value)) {
      const at = steps.slice(0, i + 1).join('.');
      return { error: `.${at} accessor error: ${describe(value)}, expected map[string]interface{}` };
    }
    const next: Json | undefined = value[step];
    if (next === undefined) return {};
    value = next;
  }
  return { value };
}

function wrongType(
  value: Json | undefined,
  path: string,
  expected: string,
  isRight: (value: Json) => boolean,
): string | undefined {
  if (value === undefined || isRight(value)) return undefined;
  return `.${path.replace(/^\./, '')} accessor error: ${describe(value)}, expected ${expected}`;
}

function isInteger(value: Json): boolean {
  return typeof value === 'number' && Number.isInteger(value);
}

function isText(value: Json): boolean {
  return typeof value === 'string';
}

/** Value and type as Go prints them. */
function describe(value: Json): string {
  if (value === null) return '<nil> is of the type <nil>';
  if (typeof value === 'string') return `${value} is of the type string`;
  if (typeof value === 'boolean') return `${value} is of the type bool`;
  if (typeof value === 'number')
    return Number.isInteger(value) ? `${value} is of the type int64` : `${goFloat(value)} is of the type float64`;
  if (isJsonList(value)) return `${goText(value)} is of the type []interface {}`;
  return `${goText(value)} is of the type map[string]interface {}`;
}

function goText(value: Json): string {
  if (value === null) return '<nil>';
  if (isJsonList(value)) return `[${value.map(goText).join(' ')}]`;
  if (isMap(value))
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${key}:${goText(value[key] ?? null)}`)
      .join(' ')}]`;
  return typeof value === 'string' ? value : goMarshal(value);
}
