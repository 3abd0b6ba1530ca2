// Asks the rules of a schema about a value, from the outside in, within the budget of one request.
// Behaviour: [apiextensions-apiserver]/pkg/apiserver/schema/cel/validation.go, Kubernetes v1.36.3.
// Differs: the fields of a map are visited in sorted order; upstream's order is Go's, that of chance.
import {
  duplicate,
  type FieldError,
  fieldErrorMessage,
  forbidden,
  invalid,
  OMIT_VALUE,
  required,
} from '../../../apimachinery/field-error.ts';
import { childOf, type FieldPath, indexOf, keyOf } from '../../../apimachinery/field-path.ts';
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { isJsonList, isMap, type Json } from '../../../apimachinery/json.ts';
import { LIMIT_EXCEEDED } from '../../cel/interpreter/cost-tracker.ts';
import { withTypeAndMeta } from '../../cel/schema/decl-type.ts';
import { schemaValue } from '../../cel/schema/schema-values.ts';
import { type CelValue, NONE, Optional } from '../../cel/values/value.ts';
import type { StructuralSchema } from '../structural-schema.ts';
import type { Correlation } from '../validation/correlation.ts';
import type { CompiledRule } from './compile-rules.ts';
import { OldItems } from './old-items.ts';
import { evaluateMessage, messageOrDefault, ruleName } from './rule-message.ts';
import { type RuleNode, ruleTree } from './rule-tree.ts';
import { RULE_BUDGET } from './rules.ts';

const OUT_OF_BUDGET = 'validation failed due to running out of cost budget, no further validation rules will be run';

interface Question {
  readonly isRoot: boolean;
  readonly path?: FieldPath;
  /** The value before, for an update. */
  readonly old?: Json | undefined;
  /** Absent: nothing is forgiven. */
  readonly correlation?: Correlation | undefined;
  readonly budget?: number;
  readonly warn?: (text: string) => void;
}

interface RuleVerdict {
  readonly errors: readonly FieldError[];
  /** Negative when it was used up. */
  readonly budget: number;
}

/** For a schema that has rules. */
export function evaluateRules(value: Json, schema: StructuralSchema, question: Question): RuleVerdict {
  const { isRoot, path, old, correlation, budget = RULE_BUDGET, warn } = question;
  const evaluation = new Evaluation(budget, warn ?? (() => undefined));
  evaluation.visit(ruleTree(schema, isRoot), { path, value, old, correlation, parent: undefined });
  return { errors: evaluation.errors, budget: evaluation.budget };
}

interface Place {
  readonly path: FieldPath | undefined;
  readonly value: Json;
  readonly old: Json | undefined;
  /** Undefined where the value cannot be told to come from an old one. */
  readonly correlation: Correlation | undefined;
  /** The nearest value above that can. */
  readonly parent: Correlation | undefined;
}

/** How the value below is told to come from an old one. */
function below(
  { correlation, parent }: Place,
  step: (correlation: Correlation) => Correlation | undefined,
): Pick<Place, 'correlation' | 'parent'> {
  return correlation ? { correlation: step(correlation), parent: correlation } : { correlation, parent };
}

class Evaluation {
  readonly errors: FieldError[] = [];
  budget: number;
  readonly #warn: (text: string) => void;

  constructor(budget: number, warn: (text: string) => void) {
    this.budget = budget;
    this.#warn = warn;
  }

  visit(node: RuleNode, place: Place): void {
    const { value } = place;
    // Rules speak of what is there.
    if (value === null) return;
    this.#askRules(node, place);
    if (this.budget < 0) return;
    if (isJsonList(value)) this.#visitItems(node, place, value);
    else if (isMap(value)) this.#visitFields(node, place, value);
  }

  #visitItems({ items, schema }: RuleNode, place: Place, value: readonly Json[]): void {
    if (!items) return;
    const olds = new OldItems(schema, isJsonList(place.old) ? place.old : []);
    for (const [i, item] of value.entries()) {
      const from = below(place, (correlation) => correlation.index(i));
      this.visit(items, { path: indexOf(place.path, i), value: item, old: olds.of(item), ...from });
      if (this.budget < 0) return;
    }
  }

  #visitFields(node: RuleNode, place: Place, value: { readonly [key: string]: Json }): void {
    const { additional, properties } = node;
    if (!additional && properties.size === 0) return;
    const before = isMap(place.old) ? place.old : {};
    const keys = Object.keys(value).sort(compareBytes);
    const visit = (child: RuleNode, key: string, path: FieldPath): boolean => {
      const old = Object.hasOwn(before, key) ? before[key] : undefined;
      this.visit(child, { path, value: value[key] ?? null, old, ...this.#fieldOf(place, key) });
      return this.budget >= 0;
    };
    if (additional) for (const key of keys) if (!visit(additional, key, keyOf(place.path, key))) return;
    for (const key of keys) {
      const child = properties.get(key);
      if (child && !visit(child, key, childOf(place.path, key))) return;
    }
  }

  #fieldOf(place: Place, key: string): Pick<Place, 'correlation' | 'parent'> {
    const isOfTheResource = place.correlation !== undefined && place.parent === undefined;
    // Kind and version are the request's, not the object's.
    if (isOfTheResource && (key === 'apiVersion' || key === 'kind'))
      return { correlation: undefined, parent: undefined };
    return below(place, (correlation) => correlation.key(key));
  }

  #askRules({ compiled, schema, isRoot }: RuleNode, place: Place): void {
    if (!compiled) return;
    const { path } = place;
    const { type = '' } = schema;
    if (!compiled.ok) {
      this.errors.push(invalid(path, type, `rule compiler initialization error: ${compiled.error}`));
      return;
    }
    if (this.budget <= 0) {
      this.#stop(invalid(path, type, OUT_OF_BUDGET));
      return;
    }
    const variables = new Variables(isRoot ? (withTypeAndMeta(schema) as StructuralSchema) : schema, place);
    for (const each of compiled.rules) {
      this.#ask(each, schema, place, variables);
      if (this.budget < 0) return;
    }
  }

  #stop(error: FieldError): void {
    this.errors.push(error);
    this.budget = -1;
  }

  #ask(compiled: CompiledRule, { type = '' }: StructuralSchema, place: Place, variables: Variables): void {
    const { rule, error, program, usesOldSelf } = compiled;
    const { path } = place;
    if (error !== undefined) {
      this.errors.push(invalid(path, type, `rule compile error: ${error}`));
      return;
    }
    const isOptional = rule.optionalOldSelf === true;
    // A rule about a change is asked when there was something before.
    if (!program || (usesOldSelf && !variables.hasOld && !isOptional)) return;
    const result = program.evaluate(variables.of(isOptional));
    if (result.cost > this.budget) {
      this.#stop(invalid(path, type, OUT_OF_BUDGET));
      return;
    }
    this.budget -= result.cost;
    if (!result.ok) {
      const detail = failureText(result.error, ruleName(rule));
      this.errors.push(invalid(path, type, detail));
      if (result.error.startsWith(LIMIT_EXCEEDED)) this.budget = -1;
    } else if (result.value !== true) {
      this.#blame(compiled, type, place, variables.of(isOptional));
    }
  }

  #blame(compiled: CompiledRule, type: string, place: Place, variables: ReadonlyMap<string, CelValue>): void {
    const { rule, message, fieldPath, usesOldSelf } = compiled;
    const path = fieldPath === '' ? place.path : childOf(place.path, fieldPath);
    const say = (error: FieldError): void => {
      const isForgiven = !usesOldSelf && ((place.correlation ?? place.parent)?.isUnchanged() ?? false);
      if (isForgiven) this.#warn(fieldErrorMessage(error));
      else this.errors.push(error);
    };
    let detail = messageOrDefault(rule);
    if (message) {
      const said = evaluateMessage(message.program, rule.messageExpression ?? '', variables, this.budget);
      if ('exceeded' in said) {
        say(invalid(path, type, said.exceeded));
        this.budget = -1;
        return;
      }
      this.budget -= said.cost;
      detail = said.text ?? detail;
    }
    const value = type === 'object' || type === 'array' ? OMIT_VALUE : place.value;
    say(errorOf(rule.reason, path, value, detail));
  }
}

function failureText(error: string, rule: string): string {
  if (error.startsWith('no such overload'))
    return `'${error}': call arguments did not match a supported operator, function or macro signature for rule: ${rule}`;
  if (error.startsWith(LIMIT_EXCEEDED))
    return `'${error}': no further validation rules will be run due to call cost exceeds limit for rule: ${rule}`;
  return `${error} evaluating rule: ${rule}`;
}

function errorOf(
  reason: string | undefined,
  path: FieldPath | undefined,
  value: Json | typeof OMIT_VALUE,
  detail: string,
): FieldError {
  switch (reason) {
    case 'FieldValueForbidden':
      return forbidden(path, detail);
    case 'FieldValueRequired':
      return required(path, detail);
    case 'FieldValueDuplicate':
      return duplicate(path, value);
    default:
      return invalid(path, value, detail);
  }
}

/** self and oldSelf, made once for all rules of a place. */
class Variables {
  readonly hasOld: boolean;
  readonly #plain: ReadonlyMap<string, CelValue>;
  readonly #optional: ReadonlyMap<string, CelValue>;

  constructor(schema: StructuralSchema, { value, old }: Place) {
    const self = schemaValue(value, schema);
    const before = old === undefined || old === null ? undefined : schemaValue(old, schema);
    this.hasOld = before !== undefined;
    this.#plain = new Map([['self', self], ...(before === undefined ? [] : [['oldSelf', before] as const])]);
    this.#optional = new Map([
      ['self', self],
      ['oldSelf', before === undefined ? NONE : new Optional(before)],
    ]);
  }

  of(isOptional: boolean): ReadonlyMap<string, CelValue> {
    return isOptional ? this.#optional : this.#plain;
  }
}
