// Makes an expression of a syntax tree, with macros expanded on the way.
// Behaviour: the Visit methods of cel-go v0.26.0 parser/parser.go.
import type { Expr, MapEntry, StructField } from './ast.ts';
import { type Builder, MacroBuilder, MacroError } from './builder.ts';
import type { Token } from './lexer.ts';
import { readLiteral } from './literals.ts';
import { findMacro, type MoreMacros } from './macros.ts';
import { type Node, ParseAbort } from './rule-reader.ts';
import type { Issues } from './source.ts';

export const MAX_DEPTH = 250;

const RESERVED = new Set([
  'as',
  'break',
  'const',
  'continue',
  'else',
  'false',
  'for',
  'function',
  'if',
  'import',
  'in',
  'let',
  'loop',
  'package',
  'namespace',
  'null',
  'return',
  'true',
  'var',
  'void',
  'while',
]);
const OPERATORS: Readonly<Record<string, string>> = {
  '+': '_+_',
  '-': '_-_',
  '*': '_*_',
  '/': '_/_',
  '%': '_%_',
  '==': '_==_',
  '!=': '_!=_',
  '<': '_<_',
  '<=': '_<=_',
  '>': '_>_',
  '>=': '_>=_',
  in: '@in',
};

/** Makes expressions of nodes; ids are given in the order in which upstream meets them. */
export class TreeVisitor {
  readonly #builder: Builder;
  readonly #issues: Issues;
  readonly #macros: MoreMacros;
  #depth = 0;

  constructor(builder: Builder, issues: Issues, macros: MoreMacros) {
    this.#builder = builder;
    this.#issues = issues;
    this.#macros = macros;
  }

  visit(node: Node | undefined): Expr {
    let tree = node;
    // Rules that only pass another one on are no expression of their own.
    while (tree !== undefined) {
      const inner = passedOn(tree);
      if (inner === null) break;
      tree = inner;
    }
    if (tree === undefined) return this.#unspecified(undefined);
    return this.#visitNode(tree);
  }

  #visitNode(node: Node): Expr {
    switch (node.rule) {
      case 'expr':
        return this.#deeper(() => this.#ternary(node));
      case 'or':
        return this.#logic(node, '_||_');
      case 'and':
        return this.#logic(node, '_&&_');
      case 'relation':
      case 'calc':
        return this.#deeper(() => this.#binary(node));
      case 'unary':
        return this.#unary(node);
      case 'member':
        return this.#member(node);
      case 'primary':
        return this.#primary(node);
      case 'literal':
        return this.#literal(node);
      default:
        return this.#unspecified(node.start);
    }
  }

  #deeper(body: () => Expr): Expr {
    this.#depth++;
    if (this.#depth > MAX_DEPTH) throw new ParseAbort('max recursion depth exceeded');
    const expr = body();
    this.#depth--;
    return expr;
  }

  #id(token: Token | undefined): number {
    return token === undefined ? 0 : this.#builder.newId(token.start);
  }

  #unspecified(token: Token | undefined): Expr {
    return { kind: 'unspecified', id: this.#id(token) };
  }

  #error(token: Token, message: string): Expr {
    const expr = this.#unspecified(token);
    this.#issues.report(this.#builder.locationOf(expr.id), message);
    return expr;
  }

  #call(id: number, name: string, target: Expr | undefined, args: readonly Expr[]): Expr {
    const plain: Expr = { kind: 'call', id, target, name, args };
    const key = `${name}:${args.length}:${target !== undefined}`;
    const more = Object.hasOwn(this.#macros, key) ? this.#macros[key] : undefined;
    const expand = findMacro(name, args.length, target !== undefined) ?? more;
    if (expand === undefined) return plain;
    try {
      return expand(new MacroBuilder(this.#builder, id), target, args) ?? plain;
    } catch (error) {
      if (!(error instanceof MacroError)) throw error;
      this.#issues.report(this.#builder.locationOf(error.at), error.message);
      return { kind: 'unspecified', id: this.#builder.newId(this.#builder.offsetOf(error.at)) };
    }
  }

  #ternary(node: Node): Expr {
    const condition = this.visit(node.nodes.e);
    const id = this.#id(node.tokens.op);
    const yes = this.visit(node.nodes.e1);
    const no = this.visit(node.nodes.e2);
    return this.#call(id, '_?_:_', undefined, [condition, yes, no]);
  }

  /** A balanced tree, so that long chains stay shallow. */
  #logic(node: Node, name: string): Expr {
    const terms = [this.visit(node.nodes.e)];
    const ids: number[] = [];
    (node.tokenLists.ops ?? []).forEach((op, index) => {
      const term = node.nodeLists.rest?.[index];
      if (term === undefined) return;
      terms.push(this.visit(term));
      ids.push(this.#id(op));
    });
    const tree = (low: number, high: number): Expr => {
      const mid = Math.floor((low + high + 1) / 2);
      const left = mid === low ? terms[mid] : tree(low, mid - 1);
      const right = mid === high ? terms[mid + 1] : tree(mid + 1, high);
      return { kind: 'call', id: ids[mid] as number, target: undefined, name, args: [left as Expr, right as Expr] };
    };
    return ids.length === 0 ? (terms[0] as Expr) : tree(0, ids.length - 1);
  }

  #binary(node: Node): Expr {
    const op = node.tokens.op;
    const name = op === undefined ? undefined : OPERATORS[op.text];
    if (op === undefined || name === undefined) return this.#error(node.start, 'operator not found');
    const left = this.visit(node.nodes.left);
    const id = this.#id(op);
    const right = this.visit(node.nodes.right);
    return this.#call(id, name, undefined, [left, right]);
  }

  #unary(node: Node): Expr {
    if (node.alt === '') return { kind: 'literal', id: this.#id(node.start), value: '<<error>>' };
    const ops = node.tokenLists.ops ?? [];
    const [op] = ops;
    if (op === undefined || ops.length % 2 === 0) return this.visit(node.nodes.member);
    const id = this.#id(op);
    const target = this.visit(node.nodes.member);
    return this.#call(id, node.alt === 'not' ? '!_' : '-_', undefined, [target]);
  }

  #member(node: Node): Expr {
    if (node.alt === 'select') return this.#deeper(() => this.#select(node));
    if (node.alt === 'call') return this.#deeper(() => this.#memberCall(node));
    if (node.alt === 'index') return this.#deeper(() => this.#index(node));
    return this.#unspecified(node.start);
  }

  #select(node: Node): Expr {
    const operand = this.visit(node.nodes.left);
    const { op, opt } = node.tokens;
    if (op === undefined || node.nodes.id === undefined) return this.#unspecified(node.start);
    const name = this.#name(node.nodes.id);
    if (opt === undefined) return { kind: 'select', id: this.#id(op), operand, field: name, testOnly: false };
    const id = this.#id(op);
    const field: Expr = { kind: 'literal', id: this.#id(node.nodes.id.start), value: name };
    return { kind: 'call', id, target: undefined, name: '_?._', args: [operand, field] };
  }

  #name(node: Node): string {
    const token = node.tokens.id;
    if (node.alt === 'simple' && token !== undefined) return token.text;
    this.#error(node.start, node.alt === 'escaped' ? "unsupported syntax: '`'" : 'unsupported ident kind');
    return '';
  }

  #memberCall(node: Node): Expr {
    const operand = this.visit(node.nodes.left);
    const name = node.tokens.id?.text;
    if (name === undefined) return this.#unspecified(node.start);
    const id = this.#id(node.tokens.open);
    return this.#call(id, name, operand, this.#arguments(node.nodes.args));
  }

  #arguments(node: Node | undefined): readonly Expr[] {
    return (node?.nodeLists.e ?? []).map((part) => this.visit(part));
  }

  #index(node: Node): Expr {
    const operand = this.visit(node.nodes.left);
    if (node.tokens.op === undefined) return this.#unspecified(node.start);
    const id = this.#id(node.tokens.op);
    const index = this.visit(node.nodes.index);
    return this.#call(id, node.tokens.opt === undefined ? '_[_]' : '_[?_]', undefined, [operand, index]);
  }

  #primary(node: Node): Expr {
    switch (node.alt) {
      case 'ident':
      case 'call':
        return this.#identOrCall(node);
      case 'list':
        return this.#list(node);
      case 'map':
        return { kind: 'map', id: this.#id(node.tokens.op), entries: this.#mapEntries(node.nodes.entries) };
      case 'message':
        return this.#message(node);
      default:
        return this.#unspecified(node.start);
    }
  }

  #identOrCall(node: Node): Expr {
    const token = node.tokens.id;
    if (token === undefined) return this.#unspecified(node.start);
    if (RESERVED.has(token.text)) return this.#error(node.start, `reserved identifier: ${token.text}`);
    const name = (node.tokens.dot === undefined ? '' : '.') + token.text;
    if (node.alt === 'ident') return { kind: 'ident', id: this.#id(token), name };
    const id = this.#id(node.tokens.op);
    return this.#call(id, name, undefined, this.#arguments(node.nodes.args));
  }

  #list(node: Node): Expr {
    const id = this.#id(node.tokens.op);
    const optionals = new Set<number>();
    const elements = (node.nodes.elems?.nodeLists.e ?? []).map((part, index) => {
      if (part.tokens.opt !== undefined) optionals.add(index);
      return this.visit(part.nodes.e);
    });
    return { kind: 'list', id, elements, optionals };
  }

  #mapEntries(node: Node | undefined): readonly MapEntry[] {
    const entries: MapEntry[] = [];
    (node?.tokenLists.cols ?? []).forEach((colon, index) => {
      const key = node?.nodeLists.keys?.[index];
      const value = node?.nodeLists.values?.[index];
      const id = this.#id(colon);
      if (key === undefined || value === undefined) return;
      const keyExpr = this.visit(key.nodes.e);
      entries.push({ id, key: keyExpr, value: this.visit(value), optional: key.tokens.opt !== undefined });
    });
    return entries;
  }

  #message(node: Node): Expr {
    const names = (node.tokenLists.ids ?? []).map((token) => token.text).join('.');
    const id = this.#id(node.tokens.op);
    const fields: StructField[] = [];
    const init = node.nodes.entries;
    (init?.tokenLists.cols ?? []).forEach((colon, index) => {
      const key = init?.nodeLists.keys?.[index];
      const value = init?.nodeLists.values?.[index];
      if (key?.nodes.id === undefined || value === undefined) return;
      const fieldId = this.#id(colon);
      const name = this.#name(key.nodes.id);
      fields.push({ id: fieldId, name, value: this.visit(value), optional: key.tokens.opt !== undefined });
    });
    return { kind: 'struct', id, typeName: (node.tokens.dot === undefined ? '' : '.') + names, fields };
  }

  #literal(node: Node): Expr {
    const text = node.tokens.tok?.text;
    const read = text === undefined ? undefined : readLiteral(Number(node.alt), text, node.tokens.sign !== undefined);
    if (read === undefined) return this.#unspecified(node.start);
    const failed = read.error === undefined ? undefined : this.#error(node.start, read.error);
    if (read.value === undefined) return failed ?? this.#unspecified(node.start);
    return { kind: 'literal', id: this.#id(node.start), value: read.value };
  }
}

/** What a node only passes on; null where it is an expression itself. */
function passedOn(node: Node): Node | undefined | null {
  switch (node.rule) {
    case 'expr':
      return node.tokens.op === undefined ? node.nodes.e : null;
    case 'or':
    case 'and':
      return (node.tokenLists.ops?.length ?? 0) > 0 ? null : node.nodes.e;
    case 'relation':
      return node.alt === 'calc' ? node.nodes.calc : null;
    case 'calc':
      return node.alt === 'unary' ? node.nodes.unary : null;
    case 'unary':
      return node.alt === 'member' ? node.nodes.member : null;
    case 'member':
      return node.alt === 'primary' ? node.nodes.primary : null;
    case 'primary':
      if (node.alt === 'nested') return node.nodes.e;
      return node.alt === 'literal' ? node.nodes.literal : null;
    default:
      return null;
  }
}
