// What in a custom resource breaks its schema; an update is forgiven what it does not change.
// Behaviour: k8s.io/kube-openapi pkg/validation/{validate,errors},
// [apiextensions-apiserver]/pkg/apiserver/validation/{validation,ratcheting}.go, Kubernetes v1.36.3.
// Differs: numbers are told apart as whole or not by their value, so that 5.0 counts as the integer 5.
import {
  type FieldError,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../../../apimachinery/field-error.ts';
import { childOf, type FieldPath } from '../../../apimachinery/field-path.ts';
import { compareBytes, goMarshal } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { isJsonList, isMap, type Json, type JsonMap, jsonEqual } from '../../../apimachinery/json.ts';
import { additionalSchema, type StructuralSchema } from '../structural-schema.ts';
import { Correlation } from './correlation.ts';
import { formatCheck, isRecognizedFormat } from './formats.ts';
import { numberProblems } from './number-validation.ts';
import { invalidProblem, isInt64, type Problem } from './problem.ts';
import { compilePattern } from './regular-expression.ts';

/** How well a value fits: the alternative with the most matches explains a failure best. */
interface Outcome {
  readonly problems: Problem[];
  messages?: Set<string>;
  matches: number;
}

interface Walk {
  /** Schemas of served resources have the formats stripped that nobody knows; those that validate defaults do not. */
  readonly isServed: boolean;
  readonly correlation: Correlation | undefined;
  readonly path: string;
}

/** `old` is the value as it was, for an update. */
export function validateSchema(
  value: Json,
  schema: StructuralSchema,
  root: FieldPath | undefined,
  old?: Json,
): readonly FieldError[] {
  const correlation = old === undefined ? undefined : new Correlation(value, old, schema);
  const walk: Walk = { isServed: true, correlation, path: '' };
  const { problems } = correlation ? ratchet(schema, correlation, walk) : check(value, schema, walk);
  return problems.map((problem) => problem.toFieldError(pathOf(root, problem.name)));
}

/** The same for a default within its schema. */
export function validateDefaultValue(value: Json, schema: StructuralSchema, root: FieldPath): readonly FieldError[] {
  const { problems } = check(value, schema, { isServed: false, correlation: undefined, path: '' });
  return problems.map((problem) => problem.toFieldError(pathOf(root, problem.name)));
}

function pathOf(root: FieldPath | undefined, name: string | undefined): FieldPath | undefined {
  return name === undefined || name === '' || name === '.' ? root : childOf(root, name.replace(/^\./, ''));
}

function ratchet(schema: StructuralSchema, correlation: Correlation, walk: Walk): Outcome {
  const outcome = check(correlation.value, schema, { ...walk, correlation });
  if (outcome.problems.length === 0 || !correlation.isUnchanged()) return outcome;
  return { problems: [], matches: outcome.matches };
}

function checkField(key: string, value: Json, schema: StructuralSchema, walk: Walk, path: string): Outcome {
  const isTypeMeta = walk.path === '' && (key === 'kind' || key === 'apiVersion');
  const child = isTypeMeta ? undefined : walk.correlation?.key(key);
  return child
    ? ratchet(schema, child, { ...walk, path })
    : check(value, schema, { ...walk, path, correlation: undefined });
}

function checkItem(i: number, value: Json, schema: StructuralSchema, walk: Walk): Outcome {
  const path = `${walk.path}[${i}]`;
  const child = walk.correlation?.index(i);
  return child
    ? ratchet(schema, child, { ...walk, path })
    : check(value, schema, { ...walk, path, correlation: undefined });
}

function check(value: Json, schema: StructuralSchema, walk: Walk): Outcome {
  const outcome: Outcome = { problems: [], matches: 0 };
  const types = typesOf(schema, walk);
  const format = formatOf(schema, walk);
  if (value === null) {
    merge(outcome, checkType(value, types, format, schema, walk));
    add(outcome, ...enumProblems(value, schema, walk));
    return outcome;
  }
  if (types.length > 0 || format !== '') {
    merge(outcome, checkType(value, types, format, schema, walk));
    outcome.matches++;
  }
  merge(outcome, checkAlternatives(value, schema, walk));
  outcome.matches++;
  if (typeof value === 'string') {
    add(outcome, ...stringProblems(value, schema, walk));
    outcome.matches++;
    const isOfFormat = format === '' ? undefined : formatCheck(format);
    if (isOfFormat) {
      if (!isOfFormat(value)) add(outcome, typeProblem(walk.path, format, value));
      outcome.matches++;
    }
  } else if (typeof value === 'number') {
    add(outcome, ...numberProblems(value, schema, types, format, walk.path));
    outcome.matches += 2;
  } else if (isJsonList(value)) {
    merge(outcome, checkList(value, schema, walk));
    outcome.matches++;
  }
  add(outcome, ...enumProblems(value, schema, walk));
  outcome.matches++;
  if (isMap(value)) {
    merge(outcome, checkMap(value, schema, walk));
    outcome.matches++;
  }
  outcome.matches++;
  return outcome;
}

/** Above so many problems their messages are looked up. */
const MANY = 16;

/** The same message is not said twice. */
function add(outcome: Outcome, ...problems: readonly Problem[]): void {
  for (const problem of problems) addOne(outcome, problem);
}

function addOne(outcome: Outcome, problem: Problem): void {
  const { problems } = outcome;
  if (problems.length >= MANY) outcome.messages ??= new Set(problems.map(({ message }) => message));
  const isSaid = outcome.messages
    ? outcome.messages.has(problem.message)
    : problems.some(({ message }) => message === problem.message);
  if (isSaid) return;
  problems.push(problem);
  outcome.messages?.add(problem.message);
}

function merge(outcome: Outcome, other: Outcome): void {
  for (const problem of other.problems) addOne(outcome, problem);
  outcome.matches += other.matches;
}

function typesOf(schema: StructuralSchema, { isServed }: Walk): readonly string[] {
  if (isServed && schema['x-kubernetes-int-or-string']) return ['integer', 'string'];
  return schema.type ? [schema.type] : [];
}

function formatOf(schema: StructuralSchema, walk: Walk): string {
  const { format = '' } = schema;
  if (format === '' || !walk.isServed) return format;
  const types = typesOf(schema, walk);
  return isRecognizedFormat(format, types.length === 1 ? (types[0] ?? '') : '') ? format : '';
}

function typeOf(value: Json): string {
  if (isJsonList(value)) return 'array';
  if (isMap(value)) return 'object';
  if (typeof value === 'number') return isInt64(value) ? 'integer' : 'number';
  return typeof value === 'string' ? 'string' : 'boolean';
}

function checkType(
  value: Json,
  types: readonly string[],
  format: string,
  schema: StructuralSchema,
  { path }: Walk,
): Outcome {
  const wrong = wrongType(value, types, format, schema);
  if (!wrong) return { problems: [], matches: 1 };
  return { problems: [typeProblem(path, wrong.expected, wrong.actual)], matches: 0 };
}

function wrongType(
  value: Json,
  types: readonly string[],
  format: string,
  { nullable }: StructuralSchema,
): { readonly expected: string; readonly actual: string } | undefined {
  const expected = types.join(',');
  if (value === null) return types.length > 0 && !nullable ? { expected, actual: 'null' } : undefined;
  const actual = typeOf(value);
  const isFitting =
    types.includes(actual) ||
    (actual === 'integer' && types.includes('number')) ||
    (actual === 'number' && types.includes('integer') && Number.isSafeInteger(value));
  const isText = actual === 'string' || actual === 'array';
  if (format !== '') {
    const actualFormat = actual === 'integer' ? 'int64' : actual === 'number' ? 'float64' : '';
    if (!isText && !isFitting && actualFormat !== format) return { expected: format, actual: actualFormat };
    if (isText && !types.includes('number') && !types.includes('integer')) return undefined;
  }
  return isFitting ? undefined : { expected, actual };
}

function typeProblem(name: string, expected: string, actual: string): Problem {
  const message = `${name} in body must be of type ${expected}: ${goQuote(actual)}`;
  return { name, message, toFieldError: (path) => typeInvalid(path, actual, message) };
}

/** Of the whole value: which field is wrong the message says. */
function wholeProblem(message: string): Problem {
  return { message, toFieldError: (path) => invalid(path, '', message) };
}

function enumProblems(value: Json, schema: StructuralSchema, { path: name }: Walk): readonly Problem[] {
  const allowed = schema.enum ?? [];
  // Values of a schema are JSON. A null among them is never found.
  if (allowed.length === 0 || (value !== null && allowed.some((each) => isSame(value, each as Json)))) return [];
  const texts = allowed.map((each) => (typeof each === 'string' ? each : goMarshal(each)));
  const message = `${name} in body should be one of [${texts.join(' ')}]`;
  return [{ name, message, toFieldError: (path) => notSupported(path, value, texts) }];
}

/** The value is converted to the type of the allowed one first, as Go converts: 1.5 to 1, and 97 to the letter a. */
function isSame(value: Json, allowed: Json): boolean {
  if (typeof value !== 'number') return jsonEqual(value, allowed);
  if (typeof allowed === 'number') return (Number.isInteger(allowed) ? Math.trunc(value) : value) === allowed;
  return typeof allowed === 'string' && isInt64(value) && allowed === runeText(value);
}

function runeText(value: number): string {
  return value >= 0 && value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd';
}

function stringProblems(value: string, schema: StructuralSchema, { path: name }: Walk): readonly Problem[] {
  const { minLength, maxLength, pattern = '' } = schema;
  if (minLength === undefined && maxLength === undefined && pattern === '') return [];
  const size = [...value].length;
  if (maxLength !== undefined && size > maxLength) {
    const message = `${name} in body should be at most ${maxLength} chars long`;
    return [{ name, message, toFieldError: (path) => tooLong(path, maxLength) }];
  }
  if (minLength !== undefined && size < minLength)
    return [invalidProblem(name, value, `should be at least ${minLength} chars long`)];
  if (pattern === '') return [];
  const compiled = compilePattern(pattern);
  if (!compiled.ok)
    return [invalidProblem(name, value, `should match '${pattern}, but pattern is invalid: ${compiled.error}'`)];
  return compiled.test(value) ? [] : [invalidProblem(name, value, `should match '${pattern}'`)];
}

function tooManyProblem(name: string, noun: string, actual: number, max: number): Problem {
  const message = `${name} in body should have at most ${max} ${noun}`;
  return { name, message, toFieldError: (path) => tooMany(path, actual, max) };
}

function checkList(value: readonly Json[], schema: StructuralSchema, walk: Walk): Outcome {
  const { items, minItems, maxItems, uniqueItems } = schema;
  const outcome: Outcome = { problems: [], matches: 1 };
  const { path: name } = walk;
  if (items) value.forEach((item, i) => void merge(outcome, checkItem(i, item, items, walk)));
  if (minItems !== undefined && value.length < minItems)
    add(outcome, invalidProblem(name, value.length, `should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems)
    add(outcome, tooManyProblem(name, 'items', value.length, maxItems));
  if (uniqueItems && value.some((item, i) => value.slice(0, i).some((other) => jsonEqual(item, other))))
    add(outcome, invalidProblem(name, '', "shouldn't contain duplicates"));
  return outcome;
}

function checkMap(value: JsonMap, schema: StructuralSchema, walk: Walk): Outcome {
  const { properties = {}, additionalProperties, required: names = [], minProperties, maxProperties } = schema;
  const outcome: Outcome = { problems: [], matches: 0 };
  const { path: name } = walk;
  const keys = Object.keys(value).sort(compareBytes);
  if (minProperties !== undefined && keys.length < minProperties)
    add(outcome, invalidProblem(name, keys.length, `should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && keys.length > maxProperties)
    add(outcome, tooManyProblem(name, 'properties', keys.length, maxProperties));
  const additional = additionalSchema(schema);
  for (const key of keys) {
    if (Object.hasOwn(properties, key)) continue;
    if (additionalProperties === false) add(outcome, forbiddenProperty(name, key));
    else if (additional) merge(outcome, checkField(key, value[key] ?? null, additional, walk, `${name}.${key}`));
  }
  for (const key of keys) {
    const property = Object.hasOwn(properties, key) ? properties[key] : undefined;
    if (property)
      merge(outcome, checkField(key, value[key] ?? null, property, walk, name === '' ? key : `${name}.${key}`));
  }
  for (const key of names) if (!Object.hasOwn(value, key)) add(outcome, missingProperty(`${name}.${key}`));
  return outcome;
}

function forbiddenProperty(name: string, key: string): Problem {
  const message = `${name}.${key} in body is a forbidden property`;
  return { name, message, toFieldError: (path) => invalid(path, key, message) };
}

function missingProperty(name: string): Problem {
  return { name, message: `${name} in body is required`, toFieldError: (path) => required(path, '') };
}

/** anyOf, oneOf, allOf and not. */
function checkAlternatives(value: Json, schema: StructuralSchema, walk: Walk): Outcome {
  const outcome: Outcome = { problems: [], matches: 0 };
  const { anyOf = [], oneOf = [], allOf = [], not } = schema;
  const quoted = () => goQuote(walk.path);
  if (anyOf.length > 0) {
    let best: Outcome | undefined;
    let fitting: Outcome | undefined;
    for (const each of anyOf) {
      const result = check(value, each, walk);
      if (result.problems.length === 0) {
        fitting = result;
        break;
      }
      if (!best || result.matches > best.matches) best = result;
    }
    if (!fitting) add(outcome, wholeProblem(`${quoted()} must validate at least one schema (anyOf)`));
    const told = fitting ?? best;
    if (told) merge(outcome, told);
  }
  if (oneOf.length > 0) {
    const results = oneOf.map((each) => check(value, each, walk));
    const fitting = results.filter(({ problems }) => problems.length === 0);
    if (fitting.length === 1 && fitting[0]) merge(outcome, fitting[0]);
    else {
      const found = fitting.length === 0 ? 'Found none valid' : `Found ${fitting.length} valid alternatives`;
      add(outcome, wholeProblem(`${quoted()} must validate one and only one schema (oneOf). ${found}`));
      if (fitting.length === 0)
        merge(
          outcome,
          results.reduce((a, b) => (b.matches > a.matches ? b : a)),
        );
    }
  }
  if (allOf.length > 0) {
    const results = allOf.map((each) => check(value, each, walk));
    for (const result of results) merge(outcome, result);
    const fitting = results.filter(({ problems }) => problems.length === 0).length;
    const detail = fitting === 0 ? '. None validated' : '';
    if (fitting < allOf.length)
      add(outcome, wholeProblem(`${quoted()} must validate all the schemas (allOf)${detail}`));
  }
  if (not && check(value, not, walk).problems.length === 0)
    add(outcome, wholeProblem(`${quoted()} must not validate the schema (not)`));
  outcome.matches++;
  return outcome;
}
