// One mutation of a policy done to the request's object: the patch that its expression makes, applied.
// Behaviour: [apiserver]/pkg/admission/plugin/policy/mutating/patch/{json_patch,smd}.go, mutating/dispatcher.go (dispatchOne),
// Kubernetes v1.36.3.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { isJsonList, isMap, type Json, type JsonMap } from '../../../apimachinery/json.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { applyJsonPatch, type PatchOperation } from '../../../apimachinery/patches/json-patch.ts';
import { internalError, type Status } from '../../../apimachinery/status.ts';
import { cel } from '../../cel/loaded.ts';
import type { PolicyVariables } from '../../cel/policy-evaluation.ts';
import { type CelValue, DynamicObject, JsonPatchValue, ListValue } from '../../cel/values/value.ts';
import type { Atom } from '../../field-management/types/type-schema.ts';
import { mergeTyped } from '../../field-management/values/merge.ts';
import { schemaErrorsText, validateTyped } from '../../field-management/values/typed-value.ts';
import { apiVersionOf } from '../../resource.ts';
import type { RequestBindings } from '../policy/bindings.ts';
import type { Match, RequestView } from '../policy/request-view.ts';
import type { CompiledMutation } from './compiled-policy.ts';
import { ConversionError, hasOtherKeys, jsonOf, nullErrors, wrongTypeNames } from './patch-values.ts';

/** The object that the mutation makes; `error` counts as the policy's failure, `status` ends the request. */
type Mutated = { readonly object: KubeObject } | { readonly error: string } | { readonly status: Status };

/** As what the policy matches the request, and with which of its parameters. */
interface Matched {
  readonly match: Match;
  readonly params: KubeObject | undefined;
}

export function mutate(
  mutation: CompiledMutation,
  variables: PolicyVariables,
  { match, params }: Matched,
  request: RequestView,
  bindings: RequestBindings,
): Mutated {
  const { compiled, patchType } = mutation;
  if (!compiled.ok) return { error: compiled.detail };
  const { evaluateAll, COST_BUDGET } = cel();
  const result = evaluateAll([mutation], bindings.of(match, params), variables, COST_BUDGET);
  if (!result.ok) return { error: result.error };
  const [outcome] = result.outcomes;
  if (!outcome || 'error' in outcome) return { error: outcome?.error ?? '' };
  const current = request.wire('object', match.kind);
  const object = request.object;
  if (!current || !object) return { error: 'no object' };
  return patchType === 'JSONPatch'
    ? withJsonPatch(outcome.value, current, object, match, request)
    : withConfiguration(outcome.value, current, match, request);
}

const TEST_FAILED = 'test failed';

function withJsonPatch(
  value: CelValue,
  current: JsonMap,
  object: KubeObject,
  match: Match,
  request: RequestView,
): Mutated {
  const operations: PatchOperation[] = [];
  for (const patch of value instanceof ListValue ? value : []) {
    const operation = operationOf(patch);
    if (typeof operation === 'string') return { error: operation };
    operations.push(operation);
  }
  const patched = applyJsonPatch(current, operations);
  if (!patched.ok) return patched.error.endsWith(TEST_FAILED) ? { object } : { error: `JSON Patch: ${patched.error}` };
  return read(patched.value, match, request, 'strict');
}

function operationOf(patch: CelValue): PatchOperation | string {
  if (!(patch instanceof JsonPatchValue))
    return 'type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch';
  const { op, path, from, value } = patch;
  const operation = { op, path, ...(from === '' ? {} : { from }) };
  if (value === undefined) return operation;
  const wrong = value instanceof DynamicObject ? wrongTypeNames(value, value.type.name) : [];
  if (wrong.length > 0) return `type mismatch: ${wrong.join('\n')}`;
  try {
    return { ...operation, value: jsonOf(value) };
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    return `JSONPath valueExpression evaluated to a type that could not marshal to JSON: ${error.message}`;
  }
}

function withConfiguration(value: CelValue, current: JsonMap, match: Match, request: RequestView): Mutated {
  if (!(value instanceof DynamicObject)) return { error: 'unsupported return type from ApplyConfiguration expression' };
  const wrong = wrongTypeNames(value, value.type.name);
  if (wrong.length > 0) return { error: `type mismatch: ${wrong.join('\n')}` };
  const configuration = configurationOf(value);
  if (!configuration) return { error: 'invalid return type: *dynamic.ObjectVal' };
  const type = request.context.versions.typeIn(apiVersionOf(match.kind), match.kind.kind);
  if (!type) return { error: 'error applying patch: type converter must not be nil' };
  const { apiVersion = null, kind = null } = current;
  const applied = { value: { ...configuration, apiVersion, kind }, type };
  const failed = (text: string): Mutated => ({ error: `error applying patch: ${text}` });
  const errors = [...nullErrors(value, type(), ''), ...validateTyped(applied, false)];
  if (errors.length > 0) return failed(`failed to convert patch object to typed object: ${schemaErrorsText(errors)}`);
  const atomics = atomicParts(applied.value, type(), '');
  if (atomics.length > 0)
    return failed(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(', ')}`);
  const live = { value: current, type };
  const liveErrors = validateTyped(live, true);
  if (liveErrors.length > 0)
    return failed(`failed to convert original object to typed object: ${schemaErrorsText(liveErrors)}`);
  const merged = mergeTyped(live, applied);
  if (!merged.ok) return failed(`failed to merge patch: ${schemaErrorsText(merged.errors)}`);
  return read(merged.value.value, match, request, 'untyped');
}

/** The configuration as JSON; undefined when one of its maps has keys that are no text. */
function configurationOf(value: DynamicObject): JsonMap | undefined {
  if (hasOtherKeys(value)) return undefined;
  try {
    // An Object{} is a map.
    return jsonOf(value) as JsonMap;
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    return undefined;
  }
}

/** Where the configuration sets something that can only be set as a whole: what is not in it would be lost. */
function atomicParts(value: Json, atom: Atom, path: string): string[] {
  if (isMap(value) && atom.map) {
    const { fields, isAtomic } = atom.map;
    const inner = Object.keys(value)
      .sort(compareBytes)
      .flatMap((key) => {
        const field = fields.get(key);
        return field ? atomicParts(value[key] ?? null, field.type(), `${path}.${key}`) : [];
      });
    return isAtomic ? [path, ...inner] : inner;
  }
  if (isJsonList(value) && atom.list) {
    const { elementType, isAtomic } = atom.list;
    const inner = value.flatMap((item, index) => atomicParts(item, elementType(), `${path}[${index}]`));
    return isAtomic ? [path, ...inner] : inner;
  }
  return [];
}

function read(json: Json, match: Match, request: RequestView, as: 'strict' | 'untyped'): Mutated {
  if (!isMap(json)) return { error: 'no object' };
  const { context, own, attributes } = request;
  // Upstream converts straight from version to version, which no type with Go code can do.
  if (!attributes.resource.custom && match !== own)
    return {
      error: `converting (${match.kind.version}.${match.kind.kind}) to (${own.kind.version}.${own.kind.kind}): unknown conversion`,
    };
  const object = context.versions.read(json, apiVersionOf(match.kind), as);
  if (typeof object !== 'string') return { object };
  return as === 'strict' ? { status: internalError(object) } : { error: object };
}
