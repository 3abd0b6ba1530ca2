// Makes expressions with ids and positions; macros use it as well as the walk over the parse tree.
// Behaviour: cel-go v0.26.0 parser/helper.go.
import type { CelValue } from '../values/value.ts';
import { ACCUMULATOR, type ComprehensionExpr, type Expr, type MapEntry, type StructField } from './ast.ts';
import { type Location, NO_LOCATION, type Source } from './source.ts';

export class MacroError extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

export class Builder {
  readonly source: Source;
  readonly #offsets: number[] = [-1];

  constructor(source: Source) {
    this.source = source;
  }

  newId(offset: number): number {
    this.#offsets.push(offset);
    return this.#offsets.length - 1;
  }

  offsetOf(id: number): number {
    return this.#offsets[id] ?? -1;
  }

  locationOf(id: number): Location {
    const offset = this.offsetOf(id);
    return offset < 0 ? NO_LOCATION : this.source.locationAt(offset);
  }
}

type FoldParts = Omit<ComprehensionExpr, 'kind' | 'id' | 'iterVar' | 'iterVar2'> & {
  /** The variables of the iteration: an item, or a key and its value. */
  readonly vars: readonly [string, string?];
};

/** What a macro makes: every node stands where the macro's call stands. */
export class MacroBuilder {
  readonly #builder: Builder;
  readonly #offset: number;

  constructor(builder: Builder, callId: number) {
    this.#builder = builder;
    this.#offset = builder.offsetOf(callId);
  }

  id(): number {
    return this.#builder.newId(this.#offset);
  }
  literal(value: CelValue): Expr {
    return { kind: 'literal', id: this.id(), value };
  }
  ident(name: string): Expr {
    return { kind: 'ident', id: this.id(), name };
  }
  accu(): Expr {
    return this.ident(ACCUMULATOR);
  }
  list(...elements: Expr[]): Expr {
    return { kind: 'list', id: this.id(), elements, optionals: new Set() };
  }
  emptyMap(): Expr {
    return { kind: 'map', id: this.id(), entries: [] };
  }
  call(name: string, ...args: Expr[]): Expr {
    return { kind: 'call', id: this.id(), target: undefined, name, args };
  }
  memberCall(name: string, target: Expr, ...args: Expr[]): Expr {
    return { kind: 'call', id: this.id(), target, name, args };
  }
  presenceTest(operand: Expr, field: string): Expr {
    return { kind: 'select', id: this.id(), operand, field, testOnly: true };
  }
  fold({ vars: [iterVar, iterVar2 = ''], ...parts }: FoldParts): Expr {
    return { kind: 'comprehension', id: this.id(), iterVar, iterVar2, ...parts };
  }

  copy(expr: Expr): Expr {
    const id = this.#builder.newId(this.#builder.offsetOf(expr.id));
    const copy = (part: Expr): Expr => this.copy(part);
    switch (expr.kind) {
      case 'select':
        return { ...expr, id, operand: copy(expr.operand) };
      case 'call': {
        const args = expr.args.map(copy);
        return { ...expr, id, args, target: expr.target === undefined ? undefined : copy(expr.target) };
      }
      case 'list':
        return { ...expr, id, elements: expr.elements.map(copy) };
      case 'map':
        return {
          ...expr,
          id,
          entries: expr.entries.map(
            (entry): MapEntry => ({ ...entry, id: this.id(), key: copy(entry.key), value: copy(entry.value) }),
          ),
        };
      case 'struct':
        return {
          ...expr,
          id,
          fields: expr.fields.map((field): StructField => ({ ...field, id: this.id(), value: copy(field.value) })),
        };
      case 'comprehension':
        return {
          ...expr,
          id,
          range: copy(expr.range),
          accuInit: copy(expr.accuInit),
          condition: copy(expr.condition),
          step: copy(expr.step),
          result: copy(expr.result),
        };
      default:
        return { ...expr, id };
    }
  }
}
