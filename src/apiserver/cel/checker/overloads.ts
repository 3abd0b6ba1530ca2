// Which overloads of a function a call can mean, and the type that follows.
// Behaviour: resolveOverload in cel-go v0.26.0 checker/checker.go.
import type { FunctionDecl } from '../library/declaration.ts';
import type { CallExpr, Expr } from '../parser/ast.ts';
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import type { CheckState } from './check-state.ts';

/** Types the call by the overloads that its arguments fit, several where they are dyn. */
export function resolveCall(state: CheckState, expr: CallExpr, decl: FunctionDecl, target: Expr | undefined): void {
  const args = target === undefined ? expr.args : [target, ...expr.args];
  const argTypes = args.map((arg) => state.typeOf(arg));
  if (decl.name === '_&&_' || decl.name === '_||_') {
    resolveLogic(state, expr, decl, argTypes);
    return;
  }
  const overloads: string[] = [];
  let result: CelType | undefined;
  for (const overload of decl.overloads) {
    if (overload.member !== (target !== undefined)) continue;
    let signature = [overload.result, ...overload.args];
    if (overload.params.length > 0) {
      const fresh = new Map(overload.params.map((name) => [name, state.newTypeVariable()] as const));
      signature = signature.map((type) => types.substitute(fresh, type, false));
    }
    const [resultType, ...parameters] = signature as [CelType, ...CelType[]];
    if (!state.assignableList(argTypes, parameters)) continue;
    overloads.push(overload.id);
    const type = state.resolved(resultType);
    if (result === undefined) result = type;
    else if (!types.isDyn(result) && !types.isExact(type, result)) result = types.DYN;
  }
  if (result === undefined) {
    state.setType(expr.id, types.ERROR);
    const shown = argTypes.map((type) => state.settled(type).format());
    const signature = target === undefined ? `(${shown.join(', ')})` : `${shown[0]}.(${shown.slice(1).join(', ')})`;
    state.report(expr.id, `found no matching overload for '${decl.name}' applied to '${signature}'`);
    return;
  }
  state.setType(expr.id, result);
  state.refer(expr.id, { overloads, function: decl.name, member: target !== undefined });
}

function resolveLogic(state: CheckState, expr: CallExpr, decl: FunctionDecl, argTypes: readonly CelType[]): void {
  let failed = false;
  argTypes.forEach((type, index) => {
    if (state.assignable(type, types.BOOL)) return;
    failed = true;
    state.mismatch((expr.args[index] as Expr).id, types.BOOL, type);
  });
  state.setType(expr.id, failed ? types.ERROR : types.BOOL);
  if (!failed) state.refer(expr.id, { overloads: [decl.overloads[0]?.id ?? ''], function: decl.name });
}
