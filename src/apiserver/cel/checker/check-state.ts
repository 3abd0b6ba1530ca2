// What the checker knows and has found out so far: types, references, scopes, and what type variables stand for.
// Behaviour: cel-go v0.26.0 checker/{checker,env,mapping,errors}.go.
import type { FunctionDecl } from '../library/declaration.ts';
import type { Expr } from '../parser/ast.ts';
import type { Builder } from '../parser/builder.ts';
import type { Issues } from '../parser/source.ts';
import type { CelType, Mapping } from '../values/types.ts';
import * as types from '../values/types.ts';
import type { Checked, Reference } from './checked.ts';
import { type Environment, type StructType, standardIdentifier } from './environment.ts';

export const plainName = (name: string): string => (name.startsWith('.') ? name.slice(1) : name);

export class CheckState {
  readonly #environment: Environment;
  readonly #builder: Builder;
  readonly #issues: Issues;
  readonly #types = new Map<number, CelType>();
  readonly #references = new Map<number, Reference>();
  readonly #scopes: ReadonlyMap<string, CelType>[] = [];
  #mapping: Mapping = new Map();
  #typeVariables = 0;

  constructor(environment: Environment, builder: Builder, issues: Issues) {
    this.#environment = environment;
    this.#builder = builder;
    this.#issues = issues;
  }

  result(expr: Expr): Checked {
    const final = new Map<number, CelType>();
    for (const [id, type] of this.#types) final.set(id, this.settled(type));
    return { expr, types: final, references: this.#references };
  }

  /** The type with what its variables stand for so far. */
  resolved(type: CelType): CelType {
    return types.substitute(this.#mapping, type, false);
  }

  /** The same where nothing more will be found out: what a variable does not stand for is dyn. */
  settled(type: CelType): CelType {
    return types.substitute(this.#mapping, type, true);
  }

  refer(id: number, reference: Reference): void {
    this.#references.set(id, reference);
  }

  /** Checks with more variables in scope. */
  inScope(variables: ReadonlyMap<string, CelType>, body: () => void): void {
    this.#scopes.push(variables);
    body();
    this.#scopes.pop();
  }

  struct(typeName: string): StructType | undefined {
    return this.#environment.structType(typeName);
  }

  /** The same for all arguments of a call at once. */
  assignableList(given: readonly CelType[], wanted: readonly CelType[]): boolean {
    const mapping = types.assignableList(this.#mapping, given, wanted);
    if (mapping === undefined) return false;
    this.#mapping = mapping;
    return true;
  }

  /** The type of the variable that the name stands for, or of the type itself. */
  lookup(name: string): CelType | undefined {
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

  functionNamed(name: string): FunctionDecl | undefined {
    return this.#environment.functions.get(plainName(name));
  }

  setType(id: number, type: CelType): void {
    this.#types.set(id, type);
  }

  typeOf(expr: Expr): CelType {
    return this.#types.get(expr.id) ?? types.ERROR;
  }

  report(id: number, message: string): void {
    this.#issues.report(this.#builder.locationOf(id), message);
  }

  undeclared(id: number, name: string): void {
    this.setType(id, types.ERROR);
    this.report(id, `undeclared reference to '${name}' (in container '')`);
  }

  mismatch(id: number, expected: CelType, actual: CelType): void {
    this.report(id, `expected type '${expected.format()}' but found '${actual.format()}'`);
  }

  /** Whether a value of the second type may stand where the first is wanted; type variables are bound by it. */
  assignable(first: CelType, second: CelType): boolean {
    const mapping = types.assignable(this.#mapping, first, second);
    if (mapping === undefined) return false;
    this.#mapping = mapping;
    return true;
  }

  newTypeVariable(): CelType {
    return types.param(`_var${this.#typeVariables++}`);
  }

  structField(id: number, typeName: string, field: string): CelType | undefined {
    const struct: StructType | undefined = this.#environment.structType(typeName);
    if (struct === undefined) {
      this.report(id, `unexpected failed resolution of '${typeName}'`);
      return undefined;
    }
    const found = struct.field(field);
    if (found === undefined) this.report(id, `undefined field '${field}'`);
    return found;
  }
}
