// Whether the validation rules of a definition compile, and whether what they may cost is bearable: for each rule, and in all.
// Behaviour: [apiextensions-apiserver]/pkg/apis/apiextensions/validation/{validation,cel_validation}.go, Kubernetes v1.36.3.
import { type FieldError, forbidden, internalError, invalid } from '../../../apimachinery/field-error.ts';
import type { FieldPath } from '../../../apimachinery/field-path.ts';
import { MAX_UINT64 } from '../../../apimachinery/go/integer-limits.ts';
import type { JSONSchemaProps } from '../../../schema/generated/types/apiextensions-v1.ts';
import { type DeclType, escapeName } from '../../cel/schema/decl-type.ts';
import { type CompiledRule, compileRules, typeOf } from '../../custom-resources/rules/compile-rules.ts';
import { hasRules } from '../../custom-resources/rules/rules.ts';
import type { StructuralSchema } from '../../custom-resources/structural-schema.ts';
import { ruleText } from './go-text.ts';

const RULE_LIMIT = 10_000_000n;
const DEFINITION_LIMIT = 100_000_000n;
const MOST_EXPENSIVE = 4;

const CONTRIBUTED = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
const TOTAL = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
const NO_TYPE =
  'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations';
const NEEDS_OLD_SELF = 'may not be set if oldSelf is not used in rule';

/** The context of the root of a structural schema; `allowsExpensive` for one that was stored before. */
export function ruleContext(schema: StructuralSchema, allowsExpensive: boolean): RuleContext {
  return new RuleContext(schema, undefined, undefined, 1n, new TotalCost(allowsExpensive));
}

interface TypeInfo {
  readonly type: DeclType | undefined;
  readonly isFound: boolean;
}
type TypeIn = (parent: DeclType) => { readonly type: DeclType | undefined } | undefined;

export class RuleContext {
  readonly #schema: StructuralSchema;
  readonly #parent: RuleContext | undefined;
  /** The type within the parent's; undefined where that does not tell it. */
  readonly #typeIn: TypeIn | undefined;
  /** How often the place may occur in an object; undefined without bounds. */
  readonly #cardinality: bigint | undefined;
  readonly #total: TotalCost;
  readonly #isInScope: boolean;
  #type: TypeInfo | undefined;

  constructor(
    schema: StructuralSchema,
    parent: RuleContext | undefined,
    typeIn: TypeIn | undefined,
    cardinality: bigint | undefined,
    total: TotalCost,
  ) {
    this.#schema = schema;
    this.#parent = parent;
    this.#typeIn = typeIn;
    this.#cardinality = cardinality;
    this.#total = total;
    const hasOwn = (schema['x-kubernetes-validations']?.length ?? 0) > 0;
    this.#isInScope = hasOwn || (parent ? parent.#isInScope : false);
  }

  /** Undefined where there are no rules, here and below. */
  property(schema: JSONSchemaProps, name: string): RuleContext | undefined {
    // Part of a structural schema, as below.
    if (!hasRules(schema as StructuralSchema)) return undefined;
    const escaped = escapeName(name);
    return this.#child(schema, (parent) => {
      const type = escaped === undefined ? undefined : parent.fields?.get(escaped);
      return type && { type };
    });
  }

  items(schema: JSONSchemaProps): RuleContext | undefined {
    return this.#child(schema, (parent) => ({ type: parent.element }));
  }

  additional(schema: JSONSchemaProps): RuleContext | undefined {
    return this.#child(schema, (parent) => ({ type: parent.element }));
  }

  #child(schema: JSONSchemaProps, typeIn: TypeIn): RuleContext | undefined {
    if (!hasRules(schema as StructuralSchema)) return undefined;
    const factor = elementsOf(this.#schema);
    const cardinality =
      this.#cardinality === undefined || factor === undefined ? undefined : product(this.#cardinality, factor);
    return new RuleContext(schema as StructuralSchema, this, typeIn, cardinality, this.#total);
  }

  get #isRoot(): boolean {
    return this.#parent === undefined || this.#schema['x-kubernetes-embedded-resource'] === true;
  }

  /** Read off the type of what is above where that has rules too. */
  #typeInfo(): TypeInfo {
    if (this.#type) return this.#type;
    const above = this.#parent ? this.#parent.#typeInScope() : undefined;
    if (above && !above.isFound) return (this.#type = above);
    const inner = above?.type && this.#typeIn?.(above.type);
    if (inner) return (this.#type = { ...inner, isFound: true });
    const type = typeOf(this.#schema, this.#isRoot);
    return (this.#type = { type, isFound: type !== undefined });
  }

  #typeInScope(): TypeInfo | undefined {
    return this.#isInScope ? this.#typeInfo() : undefined;
  }

  /** What is wrong with the rules of this place; `uncorrelatable` is the list above whose items have no old values. */
  validate(path: FieldPath, uncorrelatable: FieldPath | undefined): readonly FieldError[] {
    const at = path.child('x-kubernetes-validations');
    const { type, isFound } = this.#typeInfo();
    if (!isFound) return [internalError(at, NO_TYPE)];
    const compiled = compileRules(this.#schema, this.#isRoot, type);
    if (!compiled.ok) return [internalError(at, compiled.error)];
    const cardinality = this.#cardinality ?? compiled.maxCardinality;
    return compiled.rules.flatMap((rule, i) => [
      ...this.#total.observe('estimated rule cost', at.index(i).child('rule'), product(rule.maxCost, cardinality)),
      ...compileErrors(rule, at.index(i)),
      ...(rule.message
        ? this.#total.observe(
            'estimated messageExpression cost',
            at.index(i).child('messageExpression'),
            rule.message.maxCost,
          )
        : []),
      ...oldSelfErrors(rule, at.index(i), uncorrelatable),
    ]);
  }

  /** Of the whole schema, once all rules were validated. */
  totalErrors(path: FieldPath): readonly FieldError[] {
    return this.#total.errors(path);
  }
}

function compileErrors({ rule, error, messageError }: CompiledRule, path: FieldPath): readonly FieldError[] {
  if (error !== undefined) return [invalid(path.child('rule'), ruleText(rule), error)];
  return messageError === undefined ? [] : [invalid(path.child('messageExpression'), ruleText(rule), messageError)];
}

function oldSelfErrors(
  { rule, usesOldSelf }: CompiledRule,
  path: FieldPath,
  uncorrelatable: FieldPath | undefined,
): readonly FieldError[] {
  if (!usesOldSelf) {
    const { optionalOldSelf } = rule;
    return optionalOldSelf === undefined
      ? []
      : [invalid(path.child('optionalOldSelf'), optionalOldSelf, NEEDS_OLD_SELF)];
  }
  if (!uncorrelatable) return [];
  const detail = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
  return [invalid(path.child('rule'), rule.rule, detail)];
}

/** By how much a schema multiplies what is below it; undefined without bounds. */
function elementsOf(schema: StructuralSchema): bigint | undefined {
  const { type, additionalProperties, maxProperties, maxItems } = schema;
  const limit = (value: number | undefined): bigint | undefined =>
    value === undefined ? undefined : BigInt(Math.max(0, value));
  if (type === 'object') return additionalProperties === undefined ? 1n : limit(maxProperties);
  return type === 'array' ? limit(maxItems) : 1n;
}

function saturated(cost: bigint): bigint {
  if (cost > MAX_UINT64) return MAX_UINT64;
  return cost;
}

function product(a: bigint, b: bigint): bigint {
  return saturated(a * b);
}

class TotalCost {
  readonly #allowsExpensive: boolean;
  #total = 0n;
  #mostExpensive: readonly { readonly path: FieldPath; readonly cost: bigint }[] = [];

  constructor(allowsExpensive: boolean) {
    this.#allowsExpensive = allowsExpensive;
  }

  observe(name: string, path: FieldPath, cost: bigint): readonly FieldError[] {
    this.#total = saturated(this.#total + cost);
    if (cost >= DEFINITION_LIMIT / 100n)
      this.#mostExpensive = [...this.#mostExpensive, { path, cost }]
        .sort((a, b) => (a.cost > b.cost ? -1 : a.cost < b.cost ? 1 : 0))
        .slice(0, MOST_EXPENSIVE);
    if (this.#allowsExpensive || cost <= RULE_LIMIT) return [];
    return [forbidden(path, costText(name, cost, RULE_LIMIT))];
  }

  errors(path: FieldPath): readonly FieldError[] {
    if (this.#total <= DEFINITION_LIMIT) return [];
    return [
      ...this.#mostExpensive.map((each) => forbidden(each.path, CONTRIBUTED)),
      forbidden(path, costText(TOTAL, this.#total, DEFINITION_LIMIT)),
    ];
  }
}

function costText(name: string, cost: bigint, limit: bigint): string {
  const factor = Number(cost) / Number(limit);
  const text = factor > 100 ? 'more than 100x' : `${factor < 1.5 ? fixed(factor, 6) : fixed(factor, 1)}x`;
  return `${name} exceeds budget by factor of ${text} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** As Go's %f: halves go to the even digit, where toFixed goes up. */
function fixed(value: number, digits: number): string {
  const scaled = value * 10 ** digits;
  const isTie = Number.isInteger(scaled * 2) && !Number.isInteger(scaled) && scaled / 10 ** digits === value;
  if (isTie && Math.floor(scaled) % 2 === 0) return (Math.floor(scaled) / 10 ** digits).toFixed(digits);
  return value.toFixed(digits);
}
