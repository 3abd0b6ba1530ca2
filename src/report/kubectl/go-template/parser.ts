// Reads a Go template into its trees: the template itself, and those that it defines.
// Behaviour: text/template/parse/parse.go, Go 1.26.
import { goQuote } from '../../../apimachinery/go-quote.ts';
import { goUnquote } from './go-unquote.ts';
import { Lexer, type Token, type TokenKind, tokenText } from './lexer.ts';
import type { BranchNode, CommandNode, ListNode, Node, NumberNode, Operand, PipeNode, VariableNode } from './nodes.ts';
import { numberNode } from './number.ts';

export class TemplateError extends Error {}

/** kubectl's name of the template that -o go-template gives. */
export const TEMPLATE_NAME = 'output';

export interface Template {
  readonly text: string;
  readonly trees: ReadonlyMap<string, ListNode>;
}

type End = { readonly type: 'end' | 'else' };

/** Throws TemplateError. `functions`: the names that may be called. */
export function parseTemplate(text: string, functions: ReadonlySet<string>): Template {
  const trees = new Map<string, ListNode>();
  new Parser(text, functions, trees).parse();
  return { text, trees };
}

const OPERANDS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  'bool',
  'character',
  'complex',
  'field',
  'identifier',
  'number',
  'raw-string',
  'string',
  'variable',
  'left-paren',
]);
const NOT_EXECUTABLE = new Set(['bool', 'dot', 'nil', 'number', 'string']);
const MAX_PARENS = 10000;

class Parser {
  readonly #lexer: Lexer;
  readonly #functions: ReadonlySet<string>;
  readonly #trees: Map<string, ListNode>;
  readonly #ahead: Token[] = [];
  #variables = ['$'];
  #last: Token = { kind: 'eof', at: 0, text: '', line: 1 };
  #ranges = 0;
  #parens = 0;
  #actionLine = 0;

  constructor(text: string, functions: ReadonlySet<string>, trees: Map<string, ListNode>) {
    this.#lexer = new Lexer(text);
    this.#functions = functions;
    this.#trees = trees;
  }

  parse(): void {
    const nodes: Node[] = [];
    const { at } = this.#peek();
    while (this.#peek().kind !== 'eof') {
      const open = this.#peek();
      if (open.kind === 'left-delimiter') {
        this.#next();
        const word = this.#nextWord();
        if (isKeyword(word, 'define')) {
          this.#definition();
          continue;
        }
        this.#ahead.unshift(open, word);
      }
      const node = this.#textOrAction();
      if (node.type === 'end' || node.type === 'else') throw this.#error(`unexpected {{${node.type}}}`);
      nodes.push(node as Node);
    }
    this.#add(TEMPLATE_NAME, { type: 'list', at, nodes });
  }

  #add(name: string, tree: ListNode): void {
    const known = this.#trees.get(name);
    if (!known || isEmpty(known)) this.#trees.set(name, tree);
    else if (!isEmpty(tree)) throw this.#error(`template: multiple definition of template ${goQuote(name)}`);
  }

  #definition(): void {
    const name = this.#templateName(this.#nextWord(), 'define clause');
    this.#expect('right-delimiter', 'define clause');
    this.#add(name, this.#ownScope('define clause'));
  }

  /** The body of another template: it sees no variables of this one. */
  #ownScope(context: string): ListNode {
    const [variables, ranges, parens] = [this.#variables, this.#ranges, this.#parens];
    [this.#variables, this.#ranges, this.#parens] = [['$'], 0, 0];
    const { list, end } = this.#list();
    if (end.type !== 'end') throw this.#error(`unexpected {{${end.type}}} in ${context}`);
    [this.#variables, this.#ranges, this.#parens] = [variables, ranges, parens];
    return list;
  }

  #list(): { readonly list: ListNode; readonly end: End } {
    const nodes: Node[] = [];
    const { at } = this.#peekWord();
    while (this.#peekWord().kind !== 'eof') {
      const node = this.#textOrAction();
      if (node.type === 'end' || node.type === 'else') return { list: { type: 'list', at, nodes }, end: node as End };
      nodes.push(node as Node);
    }
    throw this.#error('unexpected EOF');
  }

  #textOrAction(): Node | End {
    const token = this.#nextWord();
    if (token.kind === 'text') return { type: 'text', at: token.at, text: token.text };
    if (token.kind !== 'left-delimiter') throw this.#unexpected(token, 'input');
    this.#actionLine = token.line;
    const node = this.#action();
    this.#actionLine = 0;
    return node;
  }

  #action(): Node | End {
    const token = this.#nextWord();
    switch (token.kind === 'keyword' ? token.text : '') {
      case 'block':
        return this.#block();
      case 'break':
      case 'continue':
        return this.#jump(token.text as 'break' | 'continue', token.at);
      case 'else':
        return this.#else();
      case 'end':
        this.#expect('right-delimiter', 'end');
        return { type: 'end' };
      case 'if':
      case 'range':
      case 'with':
        return this.#branch(token.text as BranchNode['type']);
      case 'template':
        return this.#template();
      default: {
        this.#ahead.unshift(token);
        const { at } = this.#peek();
        return { type: 'action', at, pipe: this.#pipeline('command', 'right-delimiter') };
      }
    }
  }

  #jump(type: 'break' | 'continue', at: number): Node {
    const token = this.#nextWord();
    if (token.kind !== 'right-delimiter') throw this.#unexpected(token, `{{${type}}}`);
    if (this.#ranges === 0) throw this.#error(`{{${type}}} outside {{range}}`);
    return { type, at };
  }

  #else(): End {
    const next = this.#peekWord();
    if (!isKeyword(next, 'if') && !isKeyword(next, 'with')) this.#expect('right-delimiter', 'else');
    return { type: 'else' };
  }

  #branch(type: BranchNode['type']): BranchNode {
    const scope = this.#variables.length;
    const pipe = this.#pipeline(type, 'right-delimiter');
    if (type === 'range') this.#ranges += 1;
    const { list: body, end } = this.#list();
    if (type === 'range') this.#ranges -= 1;
    let otherwise: ListNode | undefined;
    if (end.type === 'else') {
      const next = this.#peek();
      if (type !== 'range' && isKeyword(next, type)) {
        this.#next();
        otherwise = { type: 'list', at: next.at, nodes: [this.#branch(type)] };
      } else {
        const rest = this.#list();
        if (rest.end.type !== 'end') throw this.#error(`expected end; found {{${rest.end.type}}}`);
        otherwise = rest.list;
      }
    }
    this.#variables.length = scope;
    return { type, at: pipe.at, pipe, body, ...(otherwise ? { otherwise } : {}) };
  }

  #block(): Node {
    const token = this.#nextWord();
    const name = this.#templateName(token, 'block clause');
    const pipe = this.#pipeline('block clause', 'right-delimiter');
    this.#add(name, this.#ownScope('block clause'));
    return { type: 'template', at: token.at, name, pipe };
  }

  #template(): Node {
    const token = this.#nextWord();
    const name = this.#templateName(token, 'template clause');
    const next = this.#nextWord();
    if (next.kind === 'right-delimiter') return { type: 'template', at: token.at, name };
    this.#ahead.unshift(next);
    return { type: 'template', at: token.at, name, pipe: this.#pipeline('template clause', 'right-delimiter') };
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'raw-string') throw this.#unexpected(token, context);
    return this.#unquoted(token);
  }

  #pipeline(context: string, end: TokenKind): PipeNode {
    const { at } = this.#peekWord();
    const { declared, isAssign } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#nextWord();
      if (token.kind === end) break;
      if (!OPERANDS.has(token.kind) && !isKeyword(token, 'nil')) throw this.#unexpected(token, context);
      this.#ahead.unshift(token);
      commands.push(this.#command());
    }
    if (commands.length === 0) throw this.#error(`missing value for ${context}`);
    commands.slice(1).forEach(({ words }, i) => {
      if (NOT_EXECUTABLE.has(words[0]?.type ?? ''))
        throw this.#error(`non executable command in pipeline stage ${i + 2}`);
    });
    return { type: 'pipe', at, declared, isAssign, commands };
  }

  #declarations(context: string): { readonly declared: readonly VariableNode[]; readonly isAssign: boolean } {
    const declared: VariableNode[] = [];
    for (;;) {
      const variable = this.#peekWord();
      if (variable.kind !== 'variable') return { declared, isAssign: false };
      this.#next();
      const after = this.#peek();
      const next = this.#peekWord();
      if (next.kind === 'assign' || next.kind === 'declare') {
        this.#nextWord();
        this.#declare(variable, declared);
        return { declared, isAssign: next.kind === 'assign' };
      }
      if (next.kind !== 'char' || next.text !== ',') {
        if (after.kind === 'space') this.#ahead.unshift(variable, after);
        else this.#ahead.unshift(variable);
        return { declared, isAssign: false };
      }
      this.#nextWord();
      this.#declare(variable, declared);
      if (context !== 'range' || declared.length >= 2) throw this.#error(`too many declarations in ${context}`);
      const { kind } = this.#peekWord();
      if (kind !== 'variable' && kind !== 'right-delimiter' && kind !== 'right-paren')
        throw this.#error('range can only initialize variables');
    }
  }

  #declare({ at, text }: Token, declared: VariableNode[]): void {
    declared.push({ type: 'variable', at, path: text.split('.') });
    this.#variables.push(text);
  }

  #command(): CommandNode {
    const { at } = this.#peekWord();
    const words: Operand[] = [];
    for (;;) {
      this.#peekWord();
      const operand = this.#operand();
      if (operand) words.push(operand);
      const token = this.#next();
      if (token.kind === 'space') continue;
      if (token.kind === 'right-delimiter' || token.kind === 'right-paren') this.#ahead.unshift(token);
      else if (token.kind !== 'pipe') throw this.#unexpected(token, 'operand');
      break;
    }
    if (words.length === 0) throw this.#error('empty command');
    return { type: 'command', at, words };
  }

  #operand(): Operand | undefined {
    const term = this.#term();
    if (!term || !isField(this.#peek())) return term;
    const { at } = this.#peek();
    const path: string[] = [];
    while (isField(this.#peek())) path.push(this.#next().text.slice(1));
    switch (term.type) {
      case 'field':
      case 'variable':
        return { type: term.type, at, path: [...term.path, ...path] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        throw this.#error(`unexpected . after term ${goQuote(termText(term))}`);
      default:
        return { type: 'chain', at, of: term, path };
    }
  }

  #term(): Operand | undefined {
    const token = this.#nextWord();
    const { kind, at, text } = token;
    switch (kind) {
      case 'identifier':
        if (!this.#functions.has(text)) throw this.#error(`function ${goQuote(text)} not defined`);
        return { type: 'identifier', at, name: text };
      case 'field':
        return text === '.' ? { type: 'dot', at } : { type: 'field', at, path: [text.slice(1)] };
      case 'variable':
        if (!this.#variables.includes(text)) throw this.#error(`undefined variable ${goQuote(text)}`);
        return { type: 'variable', at, path: [text] };
      case 'bool':
        return { type: 'bool', at, value: text === 'true' };
      case 'character':
      case 'complex':
      case 'number':
        return this.#number(token);
      case 'left-paren': {
        if (this.#parens >= MAX_PARENS) throw this.#error('max expression depth exceeded');
        this.#parens += 1;
        const pipe = this.#pipeline('parenthesized pipeline', 'right-paren');
        this.#parens -= 1;
        return pipe;
      }
      case 'string':
      case 'raw-string':
        return { type: 'string', at, quoted: text, value: this.#unquoted(token) };
      default:
        if (isKeyword(token, 'nil')) return { type: 'nil', at };
        this.#ahead.unshift(token);
        return undefined;
    }
  }

  #number({ at, text, kind }: Token): NumberNode {
    const parsed = numberNode(at, text, kind === 'character');
    if ('error' in parsed) throw this.#error(parsed.error);
    return parsed;
  }

  #unquoted({ text }: Token): string {
    const value = text.startsWith('`') ? text.slice(1, -1).replaceAll('\r', '') : goUnquote(text);
    if (value === undefined) throw this.#error('invalid syntax');
    return value;
  }

  #expect(kind: TokenKind, context: string): Token {
    const token = this.#nextWord();
    if (token.kind !== kind) throw this.#unexpected(token, context);
    return token;
  }

  #next(): Token {
    const token = this.#ahead.shift() ?? this.#lexer.next();
    this.#last = token;
    return token;
  }

  #nextWord(): Token {
    for (;;) {
      const token = this.#next();
      if (token.kind !== 'space') return token;
    }
  }

  #peek(): Token {
    const token = this.#next();
    this.#ahead.unshift(token);
    return token;
  }

  #peekWord(): Token {
    const token = this.#nextWord();
    this.#ahead.unshift(token);
    return token;
  }

  #unexpected(token: Token, context: string): TemplateError {
    if (token.kind !== 'error') return this.#error(`unexpected ${tokenText(token)} in ${context}`);
    let extra = '';
    if (this.#actionLine !== 0 && this.#actionLine !== token.line) {
      extra = ` in action started at ${TEMPLATE_NAME}:${this.#actionLine}`;
      if (token.text.endsWith(' action')) extra = extra.slice(' in action'.length);
    }
    return this.#error(tokenText(token) + extra);
  }

  #error(text: string): TemplateError {
    return new TemplateError(`template: ${TEMPLATE_NAME}:${this.#last.line}: ${text}`);
  }
}

function isKeyword({ kind, text }: Token, word: string): boolean {
  return kind === 'keyword' && text === word;
}

function isField({ kind, text }: Token): boolean {
  return kind === 'field' && text !== '.';
}

function termText(term: Operand): string {
  if (term.type === 'string') return term.quoted;
  if (term.type === 'number') return term.text;
  if (term.type === 'bool') return String(term.value);
  return term.type === 'dot' ? '.' : 'nil';
}

function isEmpty(node: Node): boolean {
  if (node.type === 'list') return node.nodes.every(isEmpty);
  return node.type === 'text' && node.text.trim() === '';
}
