// Whether the taints and the pods to avoid that old annotations of a Node hold can be read.
// Behaviour: pkg/apis/core/validation/validation.go (ValidateNodeSpecificAnnotations), Kubernetes v1.36.3.
// Differs: of pods to avoid, only a value that is no object at all is told, not one within that does not fit.
import { type FieldError, invalid, required } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { isNumber, parseJson } from '../../../schema/decode/json-tree.ts';
import type { Taint } from '../../../schema/generated/types/core-v1.ts';
import { validateTaints } from './taint-validation.ts';

const TAINTS_ANNOTATION = 'scheduler.alpha.kubernetes.io/taints';
const AVOID_PODS_ANNOTATION = 'scheduler.alpha.kubernetes.io/preferAvoidPods';
const NOT_A_CONTROLLER = 'must point to a controller';

type Annotations = Readonly<Record<string, string>> | undefined;
type Json = Readonly<Record<string, unknown>>;

export function validateNodeAnnotations(annotations: Annotations, path: FieldPath, errors: FieldError[]): void {
  const taints = annotations?.[TAINTS_ANNOTATION];
  if (taints) validateTaintsAnnotation(taints, path, errors);
  const avoidPods = annotations?.[AVOID_PODS_ANNOTATION];
  if (avoidPods) validateAvoidPods(avoidPods, path, errors);
}

function validateTaintsAnnotation(text: string, path: FieldPath, errors: FieldError[]): void {
  const read = readJson(text, 'array', '[]core.Taint');
  const error = read.error ?? (Array.isArray(read.value) ? taintsError(read.value) : undefined);
  if (error !== undefined) errors.push(invalid(path, TAINTS_ANNOTATION, error));
  else if (Array.isArray(read.value)) validateTaints(read.value.map(taintOf), path.child(TAINTS_ANNOTATION), errors);
}

/** The first value that does not fit the struct. */
function taintsError(values: readonly unknown[]): string | undefined {
  for (const value of values) {
    const kind = kindOf(value);
    if (kind === 'null') continue;
    if (kind !== 'object') return `json: cannot unmarshal ${kind} into Go value of type core.Taint`;
    for (const [name, goType] of taintFields) {
      const found = kindOf(fieldOf(value, name) ?? null);
      if (found === 'string' || found === 'null') continue;
      return `json: cannot unmarshal ${found} into Go struct field Taint.${name} of type ${goType}`;
    }
  }
  return undefined;
}

const taintFields = [
  ['Key', 'string'],
  ['Value', 'string'],
  ['Effect', 'core.TaintEffect'],
] as const;

function taintOf(value: unknown): Taint {
  const text = (name: string): string => {
    const found = fieldOf(value, name);
    return typeof found === 'string' ? found : '';
  };
  return { key: text('key'), value: text('value'), effect: text('effect') };
}

function validateAvoidPods(text: string, path: FieldPath, errors: FieldError[]): void {
  const read = readJson(text, 'object', 'v1.AvoidPods');
  if (read.error !== undefined) errors.push(invalid(path.child('AvoidPods'), AVOID_PODS_ANNOTATION, read.error));
  const entries = fieldOf(read.value, 'preferAvoidPods');
  if (!Array.isArray(entries)) return;
  entries.forEach((entry, i) => {
    const signature = path.child(AVOID_PODS_ANNOTATION).index(i).child('PodSignature');
    const controller = fieldOf(fieldOf(entry, 'podSignature'), 'podController');
    if (controller === undefined || controller === null) errors.push(required(signature, ''));
    else if (fieldOf(controller, 'controller') === false) {
      errors.push(invalid(signature.child('PodController', 'Controller'), false, NOT_A_CONTROLLER));
    }
  });
}

/** Go finds the fields of a struct without regard to case. */
function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const object = value as Json;
  const key = Object.keys(object).find((each) => each.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

function readJson(
  text: string,
  wanted: 'array' | 'object',
  goType: string,
): { readonly value?: unknown; readonly error?: string } {
  const parsed = parseJson(text);
  if (!parsed.ok) return { error: parsed.error };
  const { value } = parsed.tree;
  const kind = kindOf(value);
  if (kind === wanted || kind === 'null') return { value };
  return { error: `json: cannot unmarshal ${kind} into Go value of type ${goType}` };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (isNumber(value)) return 'number';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
