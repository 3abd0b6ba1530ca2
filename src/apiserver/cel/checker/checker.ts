// Gives every part of an expression its type and every call its overloads, or reports why it cannot.
// Behaviour: cel-go v0.26.0 checker/{checker,errors}.go.
import type { FunctionDecl } from '../library/declaration.ts';
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
import type { CelType, Mapping } from '../values/types.ts';
import * as types from '../values/types.ts';
import { typeOfValue } from '../values/value.ts';
import { type Environment, type StructType, standardIdentifier } from './environment.ts';

export interface Reference {
  // The variable or type that an expression names.
  readonly name?: string;
  // The overloads that a call can mean.
  readonly overloads?: readonly string[];
  // The function called, where its name is written as a path.
  readonly function?: string;
  // Whether it is called on a target.
  readonly member?: boolean;
}

export interface Checked {
  readonly expr: Expr;
  readonly types: ReadonlyMap<number, CelType>;
  readonly references: ReadonlyMap<number, Reference>;
}

export function check(expr: Expr, environment: Environment, builder: Builder, issues: Issues): Checked {
  const checker = new Checker(environment, builder, issues);
  checker.check(expr);
  return checker.result(expr);
}

const plainName = (name: string): string => (name.startsWith('.') ? name.slice(1) : name);

/** The dotted name an expression spells, if it is only names. */
export function qualifiedName(expr: Expr): string | undefined {
  if (expr.kind === 'ident') return expr.name;
  if (expr.kind !== 'select' || expr.testOnly) return undefined;
  const operand = qualifiedName(expr.operand);
  return operand === undefined ? undefined : `${operand}.${expr.field}`;
}

class Checker {
  readonly #environment: Environment;
  readonly #builder: Builder;
  readonly #issues: Issues;
  readonly #types = new Map<number, CelType>();
  readonly #references = new Map<number, Reference>();
  readonly #scopes: Map<string, CelType>[] = [];
  #mapping: Mapping = new Map();
  #typeVariables = 0;

  constructor(environment: Environment, builder: Builder, issues: Issues) {
    this.#environment = environment;
    this.#builder = builder;
    this.#issues = issues;
  }

  result(expr: Expr): Checked {
    const final = new Map<number, CelType>();
    for (const [id, type] of this.#types) final.set(id, types.substitute(this.#mapping, type, true));
    return { expr, types: final, references: this.#references };
  }

  check(expr: Expr): void {
    switch (expr.kind) {
      case 'literal':
        this.#set(expr.id, typeOfValue(expr.value));
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

  // ---- what is known

  #lookup(name: string): CelType | undefined {
    const plain = plainName(name);
    for (let i = this.#scopes.length - 1; i >= 0; i--) {
      const found = this.#scopes[i]?.get(plain);
      if (found !== undefined) return found;
    }
    const variable = this.#environment.variables.get(plain) ?? standardIdentifier(plain);
    if (variable !== undefined) return variable;
    const struct = this.#environment.structType(plain);
    return struct === undefined ? undefined : types.typeOf(struct.type);
  }

  #function(name: string): FunctionDecl | undefined {
    return this.#environment.functions.get(plainName(name));
  }

  #set(id: number, type: CelType): void {
    this.#types.set(id, type);
  }

  #type(expr: Expr): CelType {
    return this.#types.get(expr.id) ?? types.ERROR;
  }

  #report(id: number, message: string): void {
    this.#issues.report(this.#builder.locationOf(id), message);
  }

  #undeclared(id: number, name: string): void {
    this.#set(id, types.ERROR);
    this.#report(id, `undeclared reference to '${name}' (in container '')`);
  }

  #mismatch(id: number, expected: CelType, actual: CelType): void {
    this.#report(id, `expected type '${expected.format()}' but found '${actual.format()}'`);
  }

  #assignable(first: CelType, second: CelType): boolean {
    const mapping = types.assignable(this.#mapping, first, second);
    if (mapping === undefined) return false;
    this.#mapping = mapping;
    return true;
  }

  #newTypeVariable(): CelType {
    return types.param(`_var${this.#typeVariables++}`);
  }

  // ---- kinds of expressions

  #ident(expr: IdentExpr): void {
    const type = this.#lookup(expr.name);
    if (type === undefined) {
      this.#undeclared(expr.id, expr.name);
      return;
    }
    this.#set(expr.id, type);
    this.#references.set(expr.id, { name: plainName(expr.name) });
  }

  #select(expr: SelectExpr): void {
    const name = qualifiedName(expr);
    const type = name === undefined ? undefined : this.#lookup(name);
    if (name !== undefined && type !== undefined) {
      this.#set(expr.id, type);
      this.#references.set(expr.id, { name: plainName(name) });
      return;
    }
    const field = this.#fieldType(expr.id, expr.operand, expr.field, false);
    this.#set(expr.id, types.substitute(this.#mapping, expr.testOnly ? types.BOOL : field, false));
  }

  #fieldType(id: number, operand: Expr, field: string, optional: boolean): CelType {
    this.check(operand);
    const operandType = types.substitute(this.#mapping, this.#type(operand), false);
    const inner = types.unwrapOptional(operandType);
    const target = inner ?? operandType;
    let result: CelType = types.ERROR;
    switch (target.kind) {
      case 'map':
        result = target.params[1] as CelType;
        break;
      case 'struct':
        result = this.#structField(id, target.name, field) ?? types.ERROR;
        break;
      case 'param':
        this.#assignable(types.DYN, target);
        result = types.DYN;
        break;
      default:
        if (!types.isDyn(target) && target.kind !== 'error') {
          this.#report(id, `type '${target.format()}' does not support field selection`);
        }
        result = types.DYN;
    }
    return inner !== undefined || optional ? types.optional(result) : result;
  }

  #structField(id: number, typeName: string, field: string): CelType | undefined {
    const struct: StructType | undefined = this.#environment.structType(typeName);
    if (struct === undefined) {
      this.#report(id, `unexpected failed resolution of '${typeName}'`);
      return undefined;
    }
    const found = struct.field(field);
    if (found === undefined) this.#report(id, `undefined field '${field}'`);
    return found;
  }

  #call(expr: CallExpr): void {
    if (expr.name === '_?._') {
      this.#optionalSelect(expr);
      return;
    }
    for (const arg of expr.args) this.check(arg);
    if (expr.target === undefined) {
      const decl = this.#function(expr.name);
      if (decl === undefined) {
        this.#undeclared(expr.id, expr.name);
        return;
      }
      this.#resolve(expr, decl, undefined);
      return;
    }
    const prefix = qualifiedName(expr.target);
    if (prefix !== undefined) {
      const decl = this.#function(`${prefix}.${expr.name}`);
      if (decl !== undefined) {
        this.#resolve(expr, decl, undefined);
        return;
      }
    }
    this.check(expr.target);
    const decl = this.#function(expr.name);
    if (decl === undefined) {
      this.#undeclared(expr.id, expr.name);
      return;
    }
    this.#resolve(expr, decl, expr.target);
  }

  #optionalSelect(expr: CallExpr): void {
    const [operand, field] = expr.args as readonly [Expr, Expr];
    const name = field.kind === 'literal' && typeof field.value === 'string' ? field.value : '';
    const type = this.#fieldType(expr.id, operand, name, true);
    this.#set(field.id, types.STRING);
    this.#set(expr.id, types.substitute(this.#mapping, type, false));
    this.#references.set(expr.id, { overloads: ['select_optional_field'], function: '_?._' });
  }

  #resolve(expr: CallExpr, decl: FunctionDecl, target: Expr | undefined): void {
    const args = target === undefined ? expr.args : [target, ...expr.args];
    const argTypes = args.map((arg) => this.#type(arg));
    if (decl.name === '_&&_' || decl.name === '_||_') {
      this.#logic(expr, decl, argTypes);
      return;
    }
    const overloads: string[] = [];
    let result: CelType | undefined;
    for (const overload of decl.overloads) {
      if (overload.member !== (target !== undefined)) continue;
      let signature = [overload.result, ...overload.args];
      if (overload.params.length > 0) {
        const fresh = new Map(overload.params.map((name) => [name, this.#newTypeVariable()] as const));
        signature = signature.map((type) => types.substitute(fresh, type, false));
      }
      const [resultType, ...parameters] = signature as [CelType, ...CelType[]];
      const mapping = types.assignableList(this.#mapping, argTypes, parameters);
      if (mapping === undefined) continue;
      this.#mapping = mapping;
      overloads.push(overload.id);
      const type = types.substitute(mapping, resultType, false);
      if (result === undefined) result = type;
      else if (!types.isDyn(result) && !types.isExact(type, result)) result = types.DYN;
    }
    if (result === undefined) {
      this.#set(expr.id, types.ERROR);
      const shown = argTypes.map((type) => types.substitute(this.#mapping, type, true).format());
      const signature = target === undefined ? `(${shown.join(', ')})` : `${shown[0]}.(${shown.slice(1).join(', ')})`;
      this.#report(expr.id, `found no matching overload for '${decl.name}' applied to '${signature}'`);
      return;
    }
    this.#set(expr.id, result);
    this.#references.set(expr.id, { overloads, function: decl.name, member: target !== undefined });
  }

  #logic(expr: CallExpr, decl: FunctionDecl, argTypes: readonly CelType[]): void {
    let failed = false;
    argTypes.forEach((type, index) => {
      if (this.#assignable(type, types.BOOL)) return;
      failed = true;
      this.#mismatch((expr.args[index] as Expr).id, types.BOOL, type);
    });
    this.#set(expr.id, failed ? types.ERROR : types.BOOL);
    if (!failed) this.#references.set(expr.id, { overloads: [decl.overloads[0]?.id ?? ''], function: decl.name });
  }

  #unwrapEntry(value: Expr, optional: boolean): CelType {
    const type = this.#type(value);
    if (!optional) return type;
    const inner = types.unwrapOptional(type);
    if (inner === undefined && !types.isDyn(type)) this.#mismatch(value.id, types.optional(type), type);
    return inner ?? type;
  }

  /** The type that two elements of a literal have in common; the validators refuse literals of several types. */
  #join(previous: CelType | undefined, current: CelType): CelType {
    if (previous === undefined) return current;
    return this.#assignable(previous, current) ? types.mostGeneral(previous, current) : types.DYN;
  }

  #list(expr: ListExpr): void {
    let element: CelType | undefined;
    expr.elements.forEach((part, index) => {
      this.check(part);
      element = this.#join(element, this.#unwrapEntry(part, expr.optionals.has(index)));
    });
    this.#set(expr.id, types.list(element ?? this.#newTypeVariable()));
  }

  #map(expr: MapExpr): void {
    let key: CelType | undefined;
    let value: CelType | undefined;
    for (const entry of expr.entries) {
      this.check(entry.key);
      key = this.#join(key, this.#type(entry.key));
      this.check(entry.value);
      value = this.#join(value, this.#unwrapEntry(entry.value, entry.optional));
    }
    const keyType = key ?? this.#newTypeVariable();
    this.#set(expr.id, types.map(keyType, value ?? this.#newTypeVariable()));
  }

  #struct(expr: StructExpr): void {
    const ident = this.#lookup(expr.typeName);
    if (ident === undefined) {
      this.#undeclared(expr.id, expr.typeName);
      return;
    }
    let result: CelType = types.ERROR;
    let typeName = plainName(expr.typeName);
    this.#references.set(expr.id, { name: typeName });
    if (ident.kind !== 'type') {
      if (ident.kind !== 'error') this.#report(expr.id, `'${ident.name}' is not a type`);
    } else {
      result = ident.params[0] ?? types.DYN;
      if (this.#environment.structType(typeName)?.wellKnown) {
        // The message's own name stays: its fields are found under it.
      } else if (['struct', 'timestamp', 'duration', 'any', 'dyn', 'null'].includes(result.kind)) {
        typeName = result.kind === 'null' ? 'google.protobuf.NullValue' : result.name;
      } else {
        this.#report(expr.id, `'${result.name}' is not a message type`);
        result = types.ERROR;
      }
    }
    this.#set(expr.id, result);
    for (const field of expr.fields) {
      this.check(field.value);
      const fieldType = this.#structField(field.id, typeName, field.name) ?? types.ERROR;
      const valueType = this.#unwrapEntry(field.value, field.optional);
      if (!this.#assignable(fieldType, valueType)) {
        this.#report(
          field.id,
          `expected type of field '${field.name}' is '${fieldType.format()}' but provided type is '${valueType.format()}'`,
        );
      }
    }
  }

  #comprehension(expr: ComprehensionExpr): void {
    this.check(expr.range);
    this.check(expr.accuInit);
    const range = types.substitute(this.#mapping, this.#type(expr.range), false);
    const accu = this.#type(expr.accuInit);
    this.#scopes.push(new Map([[expr.accuVar, accu]]));
    this.#scopes.push(this.#iterationScope(expr, range));
    this.check(expr.condition);
    this.#assertType(expr.condition, types.BOOL);
    this.check(expr.step);
    this.#assertType(expr.step, accu);
    this.#scopes.pop();
    this.check(expr.result);
    this.#scopes.pop();
    this.#set(expr.id, types.substitute(this.#mapping, this.#type(expr.result), false));
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
        this.#assignable(types.DYN, range);
        break;
      default:
        this.#report(
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
    if (!this.#assignable(type, this.#type(expr))) this.#mismatch(expr.id, type, this.#type(expr));
  }
}
