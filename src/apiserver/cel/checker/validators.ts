// What is checked of literals after the types: times, patterns, formats, and that elements of literals are of one type.
// Behaviour: cel-go v0.26.0 cel/validator.go, ext/formatting.go (stringFormatValidator).
import { CLAUSE_KINDS, clauseFailure, expandFormat, FormatFailure } from '../library/format-string.ts';
import { compilePattern } from '../library/regex.ts';
import { type CallExpr, childrenOf, type Expr, type ListExpr, type MapExpr } from '../parser/ast.ts';
import type { Builder } from '../parser/builder.ts';
import type { Issues } from '../parser/source.ts';
import { convert } from '../values/convert.ts';
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import { CelError, type CelValue } from '../values/value.ts';
import type { Checked } from './checked.ts';

export function validate(checked: Checked, builder: Builder, issues: Issues): void {
  const typeOf = (expr: Expr): CelType => checked.types.get(expr.id) ?? types.DYN;
  const report = (id: number, message: string): void => issues.report(builder.locationOf(id), message);
  const visit = (expr: Expr, exempt: boolean): void => {
    if (expr.kind === 'call') literalArgument(expr, report);
    if (expr.kind === 'list' && !exempt) oneTypeList(expr, typeOf, report);
    if (expr.kind === 'map' && !exempt) oneTypeMap(expr, typeOf, report);
    if (expr.kind === 'call' && expr.name === 'format') literalFormat(expr, typeOf, report);
    const inside = exempt || (expr.kind === 'call' && expr.name === 'format');
    for (const child of childrenOf(expr)) visit(child, inside);
  };
  visit(checked.expr, false);
}

type Report = (id: number, message: string) => void;

function literalArgument(expr: CallExpr, report: Report): void {
  const [arg] = expr.args;
  if (arg?.kind !== 'literal') return;
  const valid = isValidLiteral(expr.name, arg.value);
  if (!valid) report(arg.id, `invalid ${expr.name} argument`);
}

function isValidLiteral(name: string, value: CelValue): boolean {
  if (name === 'matches') return typeof value !== 'string' || compilePattern(value).ok;
  if (name === 'duration') return !(convert(value, types.DURATION) instanceof CelError);
  if (name === 'timestamp') return !(convert(value, types.TIMESTAMP) instanceof CelError);
  return true;
}

const mismatch = (expected: CelType, actual: CelType): string =>
  `expected type '${expected.format()}' but found '${actual.format()}'`;

function oneTypeList(expr: ListExpr, typeOf: (expr: Expr) => CelType, report: Report): void {
  let expected: CelType | undefined;
  for (const [index, element] of expr.elements.entries()) {
    const own = typeOf(element);
    const type = expr.optionals.has(index) ? (own.params[0] ?? own) : own;
    expected ??= type;
    if (!types.isEquivalent(expected, type)) {
      report(element.id, mismatch(expected, type));
      return;
    }
  }
}

function oneTypeMap(expr: MapExpr, typeOf: (expr: Expr) => CelType, report: Report): void {
  let key: CelType | undefined;
  let value: CelType | undefined;
  for (const entry of expr.entries) {
    const keyType = typeOf(entry.key);
    const own = typeOf(entry.value);
    const valueType = entry.optional ? (own.params[0] ?? own) : own;
    key ??= keyType;
    value ??= valueType;
    if (!types.isEquivalent(key, keyType)) report(entry.key.id, mismatch(key, keyType));
    if (!types.isEquivalent(value, valueType)) report(entry.value.id, mismatch(value, valueType));
  }
}

function literalFormat(expr: CallExpr, typeOf: (expr: Expr) => CelType, report: Report): void {
  const [list] = expr.args;
  if (expr.target?.kind !== 'literal' || typeof expr.target.value !== 'string' || list?.kind !== 'list') return;
  const { elements } = list;
  let used = 0;
  try {
    expandFormat(expr.target.value, elements.length, ({ letter }, index) => {
      used++;
      checkClause(letter, elements[index] as Expr, typeOf);
      return '';
    });
  } catch (error) {
    if (!(error instanceof FormatFailure)) throw error;
    report(error.at ?? expr.id, error.message);
    return;
  }
  if (elements.length > used) {
    report(expr.id, `too many arguments supplied to string.format (expected ${used}, got ${elements.length})`);
  }
}

function checkClause(letter: string, expr: Expr, typeOf: (expr: Expr) => CelType): void {
  const type = typeOf(expr);
  if (type.kind !== 'dyn' && !CLAUSE_KINDS[letter]?.includes(type.kind))
    throw clauseFailure(letter, type.name, expr.id);
  if (letter !== 's') return;
  if (expr.kind === 'list' || expr.kind === 'map')
    for (const child of childrenOf(expr)) checkClause('s', child, typeOf);
}
