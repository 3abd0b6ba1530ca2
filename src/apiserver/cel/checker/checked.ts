// What checking finds out of an expression: the type of each part and what names and calls mean.
import type { Expr } from '../parser/ast.ts';
import type { CelType } from '../values/types.ts';

export interface Reference {
  /** The variable or type that an expression names. */
  readonly name?: string;
  /** The overloads that a call can mean. */
  readonly overloads?: readonly string[];
  /** The function called, where its name is written as a path. */
  readonly function?: string;
  /** Whether it is called on a target. */
  readonly member?: boolean;
}

export interface Checked {
  readonly expr: Expr;
  readonly types: ReadonlyMap<number, CelType>;
  readonly references: ReadonlyMap<number, Reference>;
}
