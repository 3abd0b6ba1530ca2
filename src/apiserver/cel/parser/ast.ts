// The expression tree that the parser makes and the checker and the interpreter read.
// Behaviour: cel-go v0.26.0 common/ast/expr.go.
import type { CelValue } from '../values/value.ts';

interface LiteralExpr {
  readonly kind: 'literal';
  readonly id: number;
  readonly value: CelValue;
}
export interface IdentExpr {
  readonly kind: 'ident';
  readonly id: number;
  readonly name: string;
}
export interface SelectExpr {
  readonly kind: 'select';
  readonly id: number;
  readonly operand: Expr;
  readonly field: string;
  readonly testOnly: boolean;
}
export interface CallExpr {
  readonly kind: 'call';
  readonly id: number;
  readonly target: Expr | undefined;
  readonly name: string;
  readonly args: readonly Expr[];
}
export interface ListExpr {
  readonly kind: 'list';
  readonly id: number;
  readonly elements: readonly Expr[];
  readonly optionals: ReadonlySet<number>;
}
export interface MapEntry {
  readonly id: number;
  readonly key: Expr;
  readonly value: Expr;
  readonly optional: boolean;
}
export interface MapExpr {
  readonly kind: 'map';
  readonly id: number;
  readonly entries: readonly MapEntry[];
}
export interface StructField {
  readonly id: number;
  readonly name: string;
  readonly value: Expr;
  readonly optional: boolean;
}
export interface StructExpr {
  readonly kind: 'struct';
  readonly id: number;
  readonly typeName: string;
  readonly fields: readonly StructField[];
}
export interface ComprehensionExpr {
  readonly kind: 'comprehension';
  readonly id: number;
  readonly range: Expr;
  readonly iterVar: string;
  readonly iterVar2: string;
  readonly accuVar: string;
  readonly accuInit: Expr;
  readonly condition: Expr;
  readonly step: Expr;
  readonly result: Expr;
}
/** Stands where a syntax error left nothing. */
interface UnspecifiedExpr {
  readonly kind: 'unspecified';
  readonly id: number;
}
export type Expr =
  | LiteralExpr
  | IdentExpr
  | SelectExpr
  | CallExpr
  | ListExpr
  | MapExpr
  | StructExpr
  | ComprehensionExpr
  | UnspecifiedExpr;

export const ACCUMULATOR = '@result';
export const OLD_ACCUMULATOR = '__result__';

/** The direct parts of an expression, in the order in which they are written. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'select':
      return [expr.operand];
    case 'call':
      return expr.target === undefined ? expr.args : [expr.target, ...expr.args];
    case 'list':
      return expr.elements;
    case 'map':
      return expr.entries.flatMap((entry) => [entry.key, entry.value]);
    case 'struct':
      return expr.fields.map((field) => field.value);
    case 'comprehension':
      return [expr.range, expr.accuInit, expr.condition, expr.step, expr.result];
    default:
      return [];
  }
}
