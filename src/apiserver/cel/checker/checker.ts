// Gives every part of an expression its type and every call its overloads, or reports why it cannot.
// Behaviour: cel-go v0.26.0 checker/{checker,errors}.go.
import type {
  CallExpr,
  ComprehensionExpr,
  Expr,
  IdentExpr,
  ListExpr,
  MapExpr,
  SelectExpr,
  StructExpr,
} from '../parser/ast.ts';
import type { Builder } from '../parser/builder.ts';
import type { Issues } from '../parser/source.ts';
import type { CelType } from '../values/types.ts';
import * as types from '../values/types.ts';
import { typeOfValue } from '../values/value.ts';
import { CheckState, plainName } from './check-state.ts';
import type { Checked } from './checked.ts';
import type { Environment } from './environment.ts';
import { resolveCall } from './overloads.ts';

export function check(expr: Expr, environment: Environment, builder: Builder, issues: Issues): Checked {
  const state = new CheckState(environment, builder, issues);
  new Checker(state).check(expr);
  return state.result(expr);
}

/** The dotted name an expression spells, if it is only names. */
function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.testOnly) return undefined;
  const operand = qualifiedName(expr.operand);
  return operand === undefined ? undefined : `${operand}.${expr.field}`;
}

class Checker {
  readonly #state: CheckState;

  constructor(state: CheckState) {
    this.#state = state;
  }

  check(expr: Expr): void {
    switch (expr.kind) {
      case 'literal':
        this.#state.setType(expr.id, typeOfValue(expr.value));
        return;
      case 'ident':
        this.#ident(expr);
        return;
      case 'select':
        this.#select(expr);
        return;
      case 'call':
        this.#call(expr);
        return;
      case 'list':
        this.#list(expr);
        return;
      case 'map':
        this.#map(expr);
        return;
      case 'struct':
        this.#struct(expr);
        return;
      case 'comprehension':
        this.#comprehension(expr);
        return;
      default:
        return;
    }
  }

  #ident(expr: IdentExpr): void {
    const type = this.#state.lookup(expr.name);
    if (type === undefined) {
      this.#state.undeclared(expr.id, expr.name);
      return;
    }
    this.#state.setType(expr.id, type);
    this.#state.refer(expr.id, { name: plainName(expr.name) });
  }

  #select(expr: SelectExpr): void {
    const name = qualifiedName(expr);
    const type = name === undefined ? undefined : this.#state.lookup(name);
    if (name !== undefined && type !== undefined) {
      this.#state.setType(expr.id, type);
      this.#state.refer(expr.id, { name: plainName(name) });
      return;
    }
    const field = this.#fieldType(expr.id, expr.operand, expr.field, false);
    this.#state.setType(expr.id, this.#state.resolved(expr.testOnly ? types.BOOL : field));
  }

  #fieldType(id: number, operand: Expr, field: string, optional: boolean): CelType {
    this.check(operand);
    const operandType = this.#state.resolved(this.#state.typeOf(operand));
    const inner = types.unwrapOptional(operandType);
    const target = inner ?? operandType;
    let result: CelType = types.ERROR;
    switch (target.kind) {
      case 'map':
        result = target.params[1] as CelType;
        break;
      case 'struct':
        result = this.#state.structField(id, target.name, field) ?? types.ERROR;
        break;
      case 'param':
        this.#state.assignable(types.DYN, target);
        result = types.DYN;
        break;
      default:
        if (!types.isDyn(target) && target.kind !== 'error') {
          this.#state.report(id, `type '${target.format()}' does not support field selection`);
        }
        result = types.DYN;
    }
    return inner !== undefined || optional ? types.optional(result) : result;
  }

  #call(expr: CallExpr): void {
    if (expr.name === '_?._') {
      this.#optionalSelect(expr);
      return;
    }
    for (const arg of expr.args) this.check(arg);
    if (expr.target === undefined) {
      const decl = this.#state.functionNamed(expr.name);
      if (decl === undefined) {
        this.#state.undeclared(expr.id, expr.name);
        return;
      }
      resolveCall(this.#state, expr, decl, undefined);
      return;
    }
    const prefix = qualifiedName(expr.target);
    if (prefix !== undefined) {
      const decl = this.#state.functionNamed(`${prefix}.${expr.name}`);
      if (decl !== undefined) {
        resolveCall(this.#state, expr, decl, undefined);
        return;
      }
    }
    this.check(expr.target);
    const decl = this.#state.functionNamed(expr.name);
    if (decl === undefined) {
      this.#state.undeclared(expr.id, expr.name);
      return;
    }
    resolveCall(this.#state, expr, decl, expr.target);
  }

  #optionalSelect(expr: CallExpr): void {
    const [operand, field] = expr.args as readonly [Expr, Expr];
    const name = field.kind === 'literal' && typeof field.value === 'string' ? field.value : '';
    const type = this.#fieldType(expr.id, operand, name, true);
    this.#state.setType(field.id, types.STRING);
    this.#state.setType(expr.id, this.#state.resolved(type));
    this.#state.refer(expr.id, { overloads: ['select_optional_field'], function: '_?._' });
  }

  #unwrapEntry(value: Expr, optional: boolean): CelType {
    const type = this.#state.typeOf(value);
    if (!optional) return type;
    const inner = types.unwrapOptional(type);
    if (inner === undefined && !types.isDyn(type)) this.#state.mismatch(value.id, types.optional(type), type);
    return inner ?? type;
  }

  /** The type that two elements of a literal have in common; the validators refuse literals of several types. */
  #join(previous: CelType | undefined, current: CelType): CelType {
    if (previous === undefined) return current;
    return this.#state.assignable(previous, current) ? types.mostGeneral(previous, current) : types.DYN;
  }

  #list(expr: ListExpr): void {
    let element: CelType | undefined;
    expr.elements.forEach((part, index) => {
      this.check(part);
      element = this.#join(element, this.#unwrapEntry(part, expr.optionals.has(index)));
    });
    this.#state.setType(expr.id, types.list(element ?? this.#state.newTypeVariable()));
  }

  #map(expr: MapExpr): void {
    let key: CelType | undefined;
    let value: CelType | undefined;
    for (const entry of expr.entries) {
      this.check(entry.key);
      key = this.#join(key, this.#state.typeOf(entry.key));
      this.check(entry.value);
      value = this.#join(value, this.#unwrapEntry(entry.value, entry.optional));
    }
    const keyType = key ?? this.#state.newTypeVariable();
    this.#state.setType(expr.id, types.map(keyType, value ?? this.#state.newTypeVariable()));
  }

  #struct(expr: StructExpr): void {
    const ident = this.#state.lookup(expr.typeName);
    if (ident === undefined) {
      this.#state.undeclared(expr.id, expr.typeName);
      return;
    }
    let result: CelType = types.ERROR;
    let typeName = plainName(expr.typeName);
    this.#state.refer(expr.id, { name: typeName });
    if (ident.kind !== 'type') {
      if (ident.kind !== 'error') this.#state.report(expr.id, `'${ident.name}' is not a type`);
    } else {
      result = ident.params[0] ?? types.DYN;
      if (this.#state.struct(typeName)?.wellKnown) {
        // The message's own name stays: its fields are found under it.
      } else if (['struct', 'timestamp', 'duration', 'any', 'dyn', 'null'].includes(result.kind)) {
        typeName = result.kind === 'null' ? 'google.protobuf.NullValue' : result.name;
      } else {
        this.#state.report(expr.id, `'${result.name}' is not a message type`);
        result = types.ERROR;
      }
    }
    this.#state.setType(expr.id, result);
    for (const field of expr.fields) {
      this.check(field.value);
      const fieldType = this.#state.structField(field.id, typeName, field.name) ?? types.ERROR;
      const valueType = this.#unwrapEntry(field.value, field.optional);
      if (!this.#state.assignable(fieldType, valueType)) {
        this.#state.report(
          field.id,
          `expected type of field '${field.name}' is '${fieldType.format()}' but provided type is '${valueType.format()}'`,
        );
      }
    }
  }

  #comprehension(expr: ComprehensionExpr): void {
    this.check(expr.range);
    this.check(expr.accuInit);
    const range = this.#state.resolved(this.#state.typeOf(expr.range));
    const accu = this.#state.typeOf(expr.accuInit);
    this.#state.inScope(new Map([[expr.accuVar, accu]]), () => {
      this.#state.inScope(this.#iterationScope(expr, range), () => {
        this.check(expr.condition);
        this.#assertType(expr.condition, types.BOOL);
        this.check(expr.step);
        this.#assertType(expr.step, accu);
      });
      this.check(expr.result);
    });
    this.#state.setType(expr.id, this.#state.resolved(this.#state.typeOf(expr.result)));
  }

  #iterationScope(expr: ComprehensionExpr, range: CelType): Map<string, CelType> {
    const two = expr.iterVar2 !== '';
    let first: CelType = types.DYN;
    let second: CelType = types.DYN;
    switch (range.kind) {
      case 'list':
        first = two ? types.INT : (range.params[0] as CelType);
        second = range.params[0] as CelType;
        break;
      case 'map':
        first = range.params[0] as CelType;
        second = range.params[1] as CelType;
        break;
      case 'dyn':
      case 'error':
      case 'param':
        this.#state.assignable(types.DYN, range);
        break;
      default:
        this.#state.report(
          expr.range.id,
          `expression of type '${range.format()}' cannot be range of a comprehension (must be list, map, or dynamic)`,
        );
        first = types.ERROR;
        second = types.ERROR;
    }
    const scope = new Map([[expr.iterVar, first]]);
    if (two) scope.set(expr.iterVar2, second);
    return scope;
  }

  #assertType(expr: Expr, type: CelType): void {
    if (!this.#state.assignable(type, this.#state.typeOf(expr)))
      this.#state.mismatch(expr.id, type, this.#state.typeOf(expr));
  }
}
