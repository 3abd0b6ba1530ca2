// What an expression may cost at least and at most, from the sizes its schema allows.
// Behaviour: cel-go v0.26.0 checker/cost.go, ext/{lists,sets}.go; k8s.io/apiserver pkg/cel/library/cost.go, Kubernetes v1.36.3.
import {
  ACCUMULATOR,
  type CallExpr,
  type ComprehensionExpr,
  type Expr,
  type ListExpr,
  type MapExpr,
  OLD_ACCUMULATOR,
  type SelectExpr,
} from '../parser/ast.ts';
import type { DeclType } from '../schema/decl-type.ts';
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import { codePoints, Uint } from '../values/value.ts';
import type { Call, CallEstimate, CallEstimator, EntrySize, Part, Sizes } from './call-estimate.ts';
import type { Checked } from './checked.ts';

import { add, fixed, MAX, multiply, ONE, type Range, UNKNOWN, union, ZERO } from './cost-range.ts';
import { estimateKubernetesCall } from './kubernetes-call-estimate.ts';
import { estimateListCall } from './list-call-estimate.ts';
import { estimateStandardCall } from './standard-call-estimate.ts';

interface Local {
  readonly path: readonly string[];
  readonly size: Range | undefined;
  readonly entry: EntrySize | undefined;
}

export function estimate(checked: Checked, sizes: DeclType | undefined): Range {
  return new Estimator(checked, sizes).cost(checked.expr);
}

const SCALARS = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);
function isScalar(type: CelType): boolean {
  const inner = types.unwrapOptional(type);
  return SCALARS.has(type.kind) || (inner !== undefined && isScalar(inner));
}

const LIBRARIES: readonly CallEstimator[] = [estimateListCall, estimateKubernetesCall];

class Estimator {
  readonly #checked: Checked;
  readonly #sizes: DeclType | undefined;
  readonly #paths = new Map<number, readonly string[]>();
  readonly #computed = new Map<number, Range>();
  readonly #entries = new Map<number, EntrySize>();
  readonly #locals = new Map<string, Local[]>();
  readonly #sizesOfParts: Sizes = {
    partSize: (part) => this.#partSize(part),
    entry: (expr) => this.#entry(expr),
    setEntry: (expr, entry) => this.#entries.set(expr.id, entry),
  };

  constructor(checked: Checked, sizes: DeclType | undefined) {
    this.#checked = checked;
    this.#sizes = sizes;
  }

  cost(expr: Expr): Range {
    switch (expr.kind) {
      case 'ident':
        this.#paths.set(expr.id, this.#local(expr.name)?.path ?? [expr.name]);
        return ONE;
      case 'select':
        return this.#select(expr);
      case 'call':
        return this.#call(expr);
      case 'list':
        return this.#list(expr);
      case 'map':
        return this.#map(expr);
      case 'struct':
        return add(...expr.fields.map((field) => this.cost(field.value)), fixed(40));
      case 'comprehension':
        return this.#isBind(expr) ? this.#bind(expr) : this.#fold(expr);
      default:
        return ZERO;
    }
  }

  // ---- what is known of parts

  #type(expr: Expr): CelType {
    return this.#checked.types.get(expr.id) ?? types.DYN;
  }
  #local(name: string): Local | undefined {
    return this.#locals.get(name)?.at(-1);
  }
  #push(name: string, local: Local): void {
    const stack = this.#locals.get(name);
    if (stack === undefined) this.#locals.set(name, [local]);
    else stack.push(local);
  }
  #pop(name: string): void {
    this.#locals.get(name)?.pop();
  }
  #path(expr: Expr): readonly string[] {
    const local = expr.kind === 'ident' ? this.#local(expr.name) : undefined;
    return local?.path ?? this.#paths.get(expr.id) ?? [];
  }

  /** The size a schema gives to what lies at a path. */
  #schemaSize(path: readonly string[]): Range | undefined {
    if (this.#sizes === undefined || path.length === 0) return undefined;
    let type: DeclType | undefined = this.#sizes;
    for (const name of path.slice(1)) {
      if (name === '@items' || name === '@values') type = type?.element;
      else if (name === '@keys') type = type?.key;
      else type = type?.fields?.get(name) ?? type?.anyField;
      if (type === undefined) return undefined;
    }
    return { min: 0n, max: BigInt.asUintN(64, type.maxElements) };
  }

  #size(expr: Expr): Range | undefined {
    const known = this.#computed.get(expr.id) ?? literalSize(expr);
    if (known !== undefined) return known;
    const schema = this.#schemaSize(this.#path(expr));
    if (schema !== undefined) {
      this.#computed.set(expr.id, schema);
      return schema;
    }
    if (isScalar(this.#type(expr))) return ONE;
    return expr.kind === 'ident' ? this.#local(expr.name)?.size : undefined;
  }
  #sizeOrUnknown(expr: Expr): Range {
    return this.#size(expr) ?? UNKNOWN;
  }
  #entry(expr: Expr): EntrySize | undefined {
    return this.#entries.get(expr.id) ?? (expr.kind === 'ident' ? this.#local(expr.name)?.entry : undefined);
  }
  #part(expr: Expr): Part {
    const path = this.#path(expr);
    const accumulator = path[0] === ACCUMULATOR || path[0] === OLD_ACCUMULATOR;
    return { expr, path: accumulator ? [] : path, type: this.#type(expr), size: this.#size(expr) };
  }
  #partSize(part: Part): Range {
    return part.size ?? this.#schemaSize(part.path) ?? UNKNOWN;
  }

  // ---- kinds of expressions

  #select(expr: SelectExpr): Range {
    const cost = this.cost(expr.operand);
    if (expr.testOnly) return cost;
    this.#paths.set(expr.id, [...this.#path(expr.operand), expr.field]);
    return ['map', 'struct', 'param'].includes(this.#type(expr.operand).kind) ? add(cost, ONE) : cost;
  }

  #list(expr: ListExpr): Range {
    let cost = fixed(10);
    let item: Range = { min: expr.elements.length === 0 ? 0n : MAX, max: 0n };
    for (const element of expr.elements) {
      cost = add(cost, this.cost(element));
      item = union(item, this.#sizeOrUnknown(element));
    }
    this.#entries.set(expr.id, { container: 'list', key: ONE, value: item });
    return cost;
  }

  #map(expr: MapExpr): Range {
    let cost = fixed(30);
    let key: Range = { min: expr.entries.length === 0 ? 0n : MAX, max: 0n };
    let value = key;
    for (const entry of expr.entries) {
      cost = add(cost, this.cost(entry.key), this.cost(entry.value));
      key = union(key, this.#sizeOrUnknown(entry.key));
      value = union(value, this.#sizeOrUnknown(entry.value));
    }
    this.#entries.set(expr.id, { container: 'map', key, value });
    return cost;
  }

  #isBind(expr: ComprehensionExpr): boolean {
    const { range, condition } = expr;
    const never = condition.kind === 'literal' && condition.value === false;
    return range.kind === 'list' && range.elements.length === 0 && never && expr.accuVar !== OLD_ACCUMULATOR;
  }

  #pushAccumulator(expr: ComprehensionExpr): void {
    const init = expr.accuInit;
    this.#push(expr.accuVar, { path: this.#path(init), size: this.#size(init), entry: this.#entry(init) });
  }

  #bind(expr: ComprehensionExpr): Range {
    const cost = add(this.cost(expr.range), this.cost(expr.accuInit));
    this.#pushAccumulator(expr);
    const result = this.cost(expr.result);
    this.#pop(expr.accuVar);
    this.#copySizes(expr, expr.result);
    return add(cost, result);
  }

  #copySizes(to: Expr, from: Expr): void {
    const size = this.#size(from);
    if (size !== undefined) this.#computed.set(to.id, size);
    const entry = this.#entry(from);
    if (entry !== undefined) this.#entries.set(to.id, entry);
  }

  #fold(expr: ComprehensionExpr): Range {
    const before = add(this.cost(expr.range), this.cost(expr.accuInit));
    this.#pushAccumulator(expr);
    const entry = this.#entry(expr.range);
    const path = this.#path(expr.range);
    const container = entry?.container ?? this.#type(expr.range).kind;
    const isList = container === 'list';
    if (expr.iterVar2 !== '') {
      this.#push(expr.iterVar, { path: [...path, isList ? '@indices' : '@keys'], size: entry?.key, entry: undefined });
      this.#push(expr.iterVar2, {
        path: [...path, isList ? '@items' : '@values'],
        size: entry?.value,
        entry: undefined,
      });
    } else {
      const size = isList ? entry?.value : entry?.key;
      this.#push(expr.iterVar, { path: [...path, isList ? '@items' : '@keys'], size, entry: undefined });
    }
    const loop = this.cost(expr.condition);
    const step = this.cost(expr.step);
    this.#pop(expr.iterVar);
    if (expr.iterVar2 !== '') this.#pop(expr.iterVar2);
    const result = this.cost(expr.result);
    this.#pop(expr.accuVar);
    const count = this.#sizeOrUnknown(expr.range);
    const { accuInit } = expr;
    if (accuInit.kind === 'literal') {
      const size = this.#size(accuInit);
      if (size !== undefined) this.#computed.set(expr.id, size);
    } else if (accuInit.kind === 'list' || accuInit.kind === 'map') {
      this.#computed.set(expr.id, count);
      const stepEntry = this.#entry(expr.step);
      if (stepEntry !== undefined) this.#entries.set(expr.id, stepEntry);
    }
    return add(before, result, multiply(count, add(step, loop)));
  }

  #call(expr: CallExpr): Range {
    const reference = this.#checked.references.get(expr.id);
    const name = reference?.function ?? expr.name;
    const target = reference?.member === false ? undefined : expr.target;
    if (name === 'dyn') {
      const [arg] = expr.args as readonly [Expr];
      const cost = this.cost(arg);
      this.#copySizes(expr, arg);
      return add(ONE, cost);
    }
    const costs: Range[] = [];
    const args: Part[] = [];
    for (const arg of expr.args) {
      costs.push(this.cost(arg));
      args.push(this.#part(arg));
    }
    const overloads = reference?.overloads ?? [];
    if (overloads.length === 0) return ZERO;
    const targetCost = target === undefined ? ZERO : this.cost(target);
    const targetPart = target === undefined ? undefined : this.#part(target);
    let cost: Range = { min: MAX, max: 0n };
    let size: Range | undefined;
    for (const overload of overloads) {
      const one = this.#overload({ expr, name, overload, target: targetPart, args, costs });
      cost = union(cost, one.cost);
      if (one.size !== undefined) size = size === undefined ? one.size : union(size, one.size);
      const [first] = expr.args;
      if (first !== undefined && (overload === 'index_list' || overload === 'index_map')) {
        size = this.#entry(first)?.value;
        this.#paths.set(expr.id, [...this.#path(first), overload === 'index_list' ? '@items' : '@values']);
      }
      size ??= this.#size(expr);
    }
    if (size !== undefined) this.#computed.set(expr.id, size);
    return add(targetCost, cost);
  }

  #overload(call: Call): CallEstimate {
    for (const estimator of LIBRARIES) {
      const known = estimator(call, this.#sizesOfParts);
      if (known !== undefined) return { ...known, cost: add(known.cost, ...call.costs) };
    }
    return estimateStandardCall(call, this.#sizesOfParts);
  }
}

function literalSize(expr: Expr): Range | undefined {
  if (expr.kind === 'list') return fixed(expr.elements.length);
  if (expr.kind === 'map') return fixed(expr.entries.length);
  if (expr.kind !== 'literal') return undefined;
  const { value } = expr;
  if (typeof value === 'string') return fixed(codePoints(value));
  if (value instanceof Uint8Array) return fixed(value.length);
  return value === null || typeof value !== 'object' || value instanceof Uint ? ONE : undefined;
}
