// What is asked about the cost of a call, and what is answered.
// Behaviour: cel-go v0.26.0 checker/cost.go (AstNode, CallEstimate), Kubernetes v1.36.3.
import type { CallExpr, Expr } from '../parser/ast.ts';
import type { CelType } from '../values/types.ts';
import type { Range } from './cost-range.ts';

/** How large the keys and values of a list or map are. */
export interface EntrySize {
  readonly container: 'list' | 'map';
  readonly key: Range;
  readonly value: Range;
}

/** A part of the expression as the cost functions see it. */
export interface Part {
  readonly expr: Expr | undefined;
  readonly path: readonly string[];
  readonly type: CelType;
  readonly size: Range | undefined;
}

export interface Call {
  readonly expr: CallExpr;
  /** The function as it is declared, which may differ from what the text calls. */
  readonly name: string;
  readonly overload: string;
  readonly target: Part | undefined;
  readonly args: readonly Part[];
  /** What it costs to get at each of the arguments. */
  readonly costs: readonly Range[];
}

export interface CallEstimate {
  readonly cost: Range;
  readonly size?: Range;
}

/** What the estimate of an expression knows of its parts so far. */
export interface Sizes {
  partSize(part: Part): Range;
  entry(expr: Expr): EntrySize | undefined;
  setEntry(expr: Expr, entry: EntrySize): void;
}

/** Undefined for a call that it does not know. */
export type CallEstimator = (call: Call, sizes: Sizes) => CallEstimate | undefined;
