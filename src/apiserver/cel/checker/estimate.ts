// What an expression may cost at least and at most, from the sizes its schema allows.
// Behaviour: cel-go v0.26.0 checker/cost.go, ext/{lists,sets}.go; k8s.io/apiserver pkg/cel/library/cost.go, Kubernetes v1.36.3.
import type { CallExpr, ComprehensionExpr, Expr, ListExpr, MapExpr, SelectExpr } from '../parser/ast.ts';
import { ACCUMULATOR, OLD_ACCUMULATOR } from '../parser/ast.ts';
import type { DeclType } from '../schema/decl-type.ts';
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import { codePoints, Uint } from '../values/value.ts';
import type { Checked } from './checker.ts';

/** Unsigned 64 bit numbers that stay at the largest instead of overflowing. */
export interface Range {
  readonly min: bigint;
  readonly max: bigint;
}
const MAX = (1n << 64n) - 1n;
const TRAVERSAL = 0.1;
const REGEX_LENGTH = 0.25;
const UNKNOWN: Range = { min: 0n, max: MAX };

const fixed = (value: number | bigint): Range => ({ min: BigInt(value), max: BigInt(value) });
const ZERO = fixed(0);
const ONE = fixed(1);
const cap = (value: bigint): bigint => (value > MAX ? MAX : value);
const add = (...parts: readonly Range[]): Range =>
  parts.reduce((a, b) => ({ min: cap(a.min + b.min), max: cap(a.max + b.max) }), ZERO);
const multiply = (a: Range, b: Range): Range => ({ min: cap(a.min * b.min), max: cap(a.max * b.max) });
// Math.min takes no bigint.
function least(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
function most(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}
const union = (a: Range, b: Range): Range => ({ min: least(a.min, b.min), max: most(a.max, b.max) });
const scaleOne = (value: bigint, factor: number): bigint => {
  const scaled = Math.ceil(Number(value) * factor);
  return scaled >= 2 ** 64 ? MAX : BigInt(scaled);
};
const scale = (range: Range, factor: number): Range => ({
  min: scaleOne(range.min, factor),
  max: scaleOne(range.max, factor),
});

interface EntrySize {
  readonly container: 'list' | 'map';
  readonly key: Range;
  readonly value: Range;
}
interface Local {
  readonly path: readonly string[];
  readonly size: Range | undefined;
  readonly entry: EntrySize | undefined;
}
/** A part of the expression as the cost functions see it. */
interface Part {
  readonly expr: Expr | undefined;
  readonly path: readonly string[];
  readonly type: CelType;
  readonly size: Range | undefined;
}
interface CallEstimate {
  readonly cost: Range;
  readonly size?: Range;
}

export function estimate(checked: Checked, sizes: DeclType | undefined): Range {
  return new Estimator(checked, sizes).cost(checked.expr);
}

const SCALARS = new Set(['bool', 'double', 'duration', 'int', 'timestamp', 'uint']);
function isScalar(type: CelType): boolean {
  const inner = types.unwrapOptional(type);
  return SCALARS.has(type.kind) || (inner !== undefined && isScalar(inner));
}

class Estimator {
  readonly #checked: Checked;
  readonly #sizes: DeclType | undefined;
  readonly #paths = new Map<number, readonly string[]>();
  readonly #computed = new Map<number, Range>();
  readonly #entries = new Map<number, EntrySize>();
  readonly #locals = new Map<string, Local[]>();

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
      const one = this.#overload(expr, name, overload, targetPart, args, costs);
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

  // ---- calls

  #overload(
    expr: CallExpr,
    name: string,
    overload: string,
    target: Part | undefined,
    args: readonly Part[],
    costs: readonly Range[],
  ): CallEstimate {
    const known = this.#listCall(overload, target, args) ?? this.#kubernetesCall(name, overload, target, args);
    if (known !== undefined) return { ...known, cost: add(known.cost, ...costs) };
    return this.#standardCall(expr, overload, target, args, costs);
  }

  #listCall(overload: string, target: Part | undefined, args: readonly Part[]): CallEstimate | undefined {
    const allocating = (factor: number, size: Range): CallEstimate => ({
      cost: add(scale(size, factor), fixed(11)),
      size,
    });
    const [first, second] = args;
    switch (overload) {
      case 'list_slice': {
        if (target === undefined) return undefined;
        const start = literalInt(first, 0n);
        const end = literalInt(second, this.#partSize(target).max);
        return allocating(1, fixed(BigInt.asUintN(64, end - start)));
      }
      case 'lists_range':
        return allocating(1, fixed(literalInt(first, MAX)));
      case 'list_reverse':
        return target && allocating(1, this.#partSize(target));
      case 'list_flatten':
      case 'list_flatten_int':
        return target && allocating(first === undefined ? 1 : Number(literalInt(first, MAX)), this.#partSize(target));
      case 'list_distinct':
        return target && allocating(2, multiply(this.#partSize(target), this.#partSize(target)));
      case 'list_sets_contains_list':
      case 'list_sets_intersects_list':
      case 'list_sets_equivalent_list': {
        const product = multiply(this.#partSize(first as Part), this.#partSize(second as Part));
        return { cost: add(scale(product, overload === 'list_sets_equivalent_list' ? 2 : 1), ONE) };
      }
      default:
        break;
    }
    const sort = /^list_(.*)_(sort|sortByAssociatedKeys)$/.exec(overload);
    if (sort === null || target === undefined) return undefined;
    const size = this.#partSize(sort[2] === 'sort' ? target : (first as Part));
    return allocating(sort[1] === 'string' || sort[1] === 'bytes' ? 2 + TRAVERSAL : 2, multiply(size, size));
  }

  #elementOf(list: Part): Part | undefined {
    const [type] = list.type.params;
    if (type === undefined) return undefined;
    return { expr: undefined, path: list.path.length === 0 ? [] : [...list.path, '@items'], type, size: undefined };
  }

  #kubernetesCall(
    name: string,
    overload: string,
    target: Part | undefined,
    args: readonly Part[],
  ): CallEstimate | undefined {
    const [first, second] = args;
    const ofText = (part: Part | undefined, factor = TRAVERSAL): CallEstimate | undefined =>
      part && { cost: scale(this.#partSize(part), factor) };
    const sized = (part: Part | undefined): CallEstimate | undefined =>
      part && { cost: scale(this.#partSize(part), TRAVERSAL), size: this.#partSize(part) };
    switch (name) {
      case 'check':
        return { cost: fixed(350_000) };
      case 'fieldSelector':
      case 'labelSelector': {
        if (first === undefined) return undefined;
        const size = this.#partSize(first);
        return { cost: add(fixed(10), scale(size, TRAVERSAL), scale(scale(size, 0.5), 50)) };
      }
      case 'isSorted':
      case 'sum':
      case 'max':
      case 'min':
      case 'indexOf':
      case 'lastIndexOf':
        return target && this.#traversal(target);
      case 'url':
      case 'jsonpatch.escapeKey':
        return sized(first);
      case 'lowerAscii':
      case 'upperAscii':
      case 'substring':
      case 'trim':
        return sized(target);
      case 'replace':
        return (
          target &&
          first &&
          second &&
          this.#replace(this.#partSize(target), this.#partSize(first), this.#partSize(second))
        );
      case 'split':
        return target && this.#split(target, second);
      case 'join':
        return target && this.#join(target, first);
      case 'find':
      case 'findAll': {
        if (target === undefined || first === undefined) return undefined;
        const size = this.#partSize(target);
        const cost = multiply(scale(add(size, ONE), TRAVERSAL), scale(this.#partSize(first), REGEX_LENGTH));
        return { cost, size: { min: 0n, max: size.max } };
      }
      case 'cidr':
      case 'isIP':
      case 'isCIDR':
      case 'quantity':
      case 'isQuantity':
      case 'semver':
      case 'isSemver':
        return ofText(first);
      case 'ip':
        return overload === 'cidr_ip' ? { cost: ONE } : ofText(first);
      case 'ip.isCanonical':
        return ofText(first, 2 * TRAVERSAL);
      case 'containsIP':
      case 'containsCIDR': {
        if (first === undefined) return undefined;
        const size: Range = { min: 4n, max: 16n };
        let cost = scale(add(size, size), TRAVERSAL);
        if (name === 'containsCIDR') cost = add(cost, scale(size, TRAVERSAL), ONE);
        return { cost: overload.endsWith('_string') ? add(cost, scale(this.#partSize(first), TRAVERSAL)) : cost };
      }
      case 'validate':
        return first && { cost: scale(scale(this.#partSize(first), TRAVERSAL), 128 * REGEX_LENGTH) };
      case '_==_':
        return first && second && this.#kubernetesEquality(first, second);
      default:
        return ONE_EACH.has(name) ? { cost: ONE } : undefined;
    }
  }

  #traversal(target: Part): CallEstimate {
    const size = this.#partSize(target);
    const element = this.#elementOf(target);
    if (element === undefined) return { cost: scale(size, TRAVERSAL) };
    const text = element.type.kind === 'string' || element.type.kind === 'bytes';
    return { cost: multiply(size, text ? add(ONE, scale(this.#partSize(element), TRAVERSAL)) : ONE) };
  }

  #replace(size: Range, old: Range, by: Range): CallEstimate {
    const next = (value: bigint): bigint => (value < MAX ? value + 1n : value);
    const quotient = (a: bigint, b: bigint): bigint => scaleOne(1n, Number(a) / Number(b));
    const count = { min: 0n, max: 0n };
    const kept = { min: 0n, max: 0n };
    if (old.min === 0n) {
      count.max = next(size.max);
      kept.max = size.max;
    } else if (by.max <= old.min) {
      kept.max = size.max;
    } else {
      count.max = quotient(size.max, old.min);
    }
    if (old.max === 0n) {
      count.min = next(size.min);
      kept.min = size.min;
    } else if (old.max <= by.min) {
      kept.min = size.min;
    } else {
      count.min = quotient(size.min, old.max);
    }
    return { cost: scale(size, 2 * TRAVERSAL), size: add(multiply(count, by), kept) };
  }

  #split(target: Part, limit: Part | undefined): CallEstimate {
    const size = this.#partSize(target);
    const literal = limit?.expr?.kind === 'literal' ? limit.expr.value : undefined;
    const max = typeof literal === 'bigint' ? BigInt.asUintN(64, literal) : size.max;
    return { cost: scale(size, 2 * TRAVERSAL), size: { min: 0n, max } };
  }

  #join(target: Part, separator: Part | undefined): CallEstimate {
    const count = this.#partSize(target);
    const element = this.#elementOf(target);
    let size = element === undefined ? ZERO : multiply(count, this.#partSize(element));
    if (separator !== undefined) {
      const less = (value: bigint): bigint => (value > 0n ? value - 1n : 0n);
      size = add(size, multiply(this.#partSize(separator), { min: less(count.min), max: less(count.max) }));
    }
    return { cost: scale(size, TRAVERSAL), size };
  }

  #kubernetesEquality(left: Part, right: Part): CallEstimate | undefined {
    if (!types.isExact(left.type, right.type)) return undefined;
    const { name, kind } = left.type;
    if (kind === 'opaque') return name === 'net.IP' || name === 'net.CIDR' ? { cost: ONE } : undefined;
    if (kind !== 'struct') return undefined;
    if (name === 'kubernetes.NamedFormat') return { cost: scale({ min: 1n, max: 64n }, TRAVERSAL) };
    if (name === 'kubernetes.URL') return { cost: scale({ min: 1n, max: right.size?.max ?? 1n }, TRAVERSAL) };
    const constant =
      name === 'kubernetes.Quantity' || name === 'kubernetes.Semver' || name.startsWith('kubernetes.authorization.');
    return constant ? { cost: ONE } : undefined;
  }

  #standardCall(
    expr: CallExpr,
    overload: string,
    target: Part | undefined,
    args: readonly Part[],
    costs: readonly Range[],
  ): CallEstimate {
    const sum = add(...costs);
    const [first, second, third] = args;
    const of = (part: Part | undefined): Range => part?.size ?? UNKNOWN;
    const traversal = (part: Part | undefined): Range => add(scale(of(part), TRAVERSAL), sum);
    switch (overload) {
      case 'string_format':
        if (target) return { cost: traversal(target) };
        break;
      case 'string_to_bytes':
        return { cost: traversal(first), size: { min: of(first).min, max: BigInt.asUintN(64, of(first).max * 4n) } };
      case 'bytes_to_string':
        return { cost: traversal(first), size: { min: of(first).min / 4n, max: of(first).max } };
      case 'strings_quote':
        return {
          cost: traversal(first),
          size: { min: BigInt.asUintN(64, of(first).min + 2n), max: BigInt.asUintN(64, of(first).max * 2n + 2n) },
        };
      case 'starts_with_string':
      case 'ends_with_string':
        return { cost: traversal(first) };
      case 'in_list':
        return { cost: add(scale(of(second), 1), sum) };
      case 'matches_string':
        if (target)
          return { cost: add(multiply(scale(add(of(target), ONE), TRAVERSAL), scale(of(first), REGEX_LENGTH)), sum) };
        break;
      case 'contains_string':
        if (target) return { cost: add(multiply(scale(of(target), TRAVERSAL), scale(of(first), TRAVERSAL)), sum) };
        break;
      case 'logical_or':
      case 'logical_and': {
        const [left, right] = costs as readonly [Range, Range];
        return { cost: { min: left.min, max: add(left, right).max } };
      }
      case 'conditional': {
        const [condition, yes, no] = costs as readonly [Range, Range, Range];
        const entry = unionEntries(this.#entry(second?.expr as Expr), this.#entry(third?.expr as Expr));
        if (entry !== undefined) this.#entries.set(expr.id, entry);
        return { cost: add(condition, union(yes, no)), size: union(of(second), of(third)) };
      }
      case 'add_string':
      case 'add_bytes':
      case 'add_list': {
        const size = add(of(first), of(second));
        const entry = unionEntries(this.#entry(first?.expr as Expr), this.#entry(second?.expr as Expr));
        if (entry !== undefined) this.#entries.set(expr.id, entry);
        return { cost: add(overload === 'add_list' ? ONE : scale(size, TRAVERSAL), sum), size };
      }
      default:
        break;
    }
    if (
      overload === 'equals' ||
      overload === 'not_equals' ||
      /^(less|greater)(_equals)?_(string|bytes)$/.test(overload)
    ) {
      const max = least(of(first).max, of(second).max);
      return { cost: add(scale({ min: max > 0n ? 1n : 0n, max }, TRAVERSAL), sum) };
    }
    return { cost: add(ONE, sum) };
  }
}

const ONE_EACH = new Set([
  'serviceAccount',
  'path',
  'group',
  'resource',
  'subresource',
  'namespace',
  'name',
  'allowed',
  'reason',
  'error',
  'errored',
  'masked',
  'prefixLength',
  'family',
  'isUnspecified',
  'isLoopback',
  'isLinkLocalMulticast',
  'isLinkLocalUnicast',
  'isGlobalUnicast',
  'format.named',
  'sign',
  'asInteger',
  'isInteger',
  'asApproximateFloat',
  'isGreaterThan',
  'isLessThan',
  'compareTo',
  'add',
  'sub',
  'major',
  'minor',
  'patch',
  'getScheme',
  'getHostname',
  'getHost',
  'getPort',
  'getEscapedPath',
  'getQuery',
]);

function unionEntries(a: EntrySize | undefined, b: EntrySize | undefined): EntrySize | undefined {
  if (a === undefined || b === undefined) return undefined;
  return { container: a.container, key: union(a.key, b.key), value: union(a.value, b.value) };
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

function literalInt(part: Part | undefined, otherwise: bigint): bigint {
  if (part?.expr?.kind !== 'literal' || typeof part.expr.value !== 'bigint') return otherwise;
  return part.expr.value < 0n ? 0n : part.expr.value;
}
