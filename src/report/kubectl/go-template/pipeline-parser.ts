// Reads pipelines: the commands between two delimiters or parentheses, and the variables that they declare.
// Behaviour: text/template/parse/parse.go (pipeline, command, operand, term), Go 1.26.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { goUnquote } from './go-unquote.ts';
import type { Token, TokenKind } from './lexer.ts';
import type { CommandNode, NumberNode, Operand, PipeNode, VariableNode } from './nodes.ts';
import { numberNode } from './number.ts';
import { isKeyword, type TokenReader } from './token-reader.ts';

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

export class PipelineParser {
  readonly #tokens: TokenReader;
  readonly #functions: ReadonlySet<string>;
  /** In scope, the outermost first. */
  #variables = ['$'];
  #parens = 0;

  constructor(tokens: TokenReader, functions: ReadonlySet<string>) {
    this.#tokens = tokens;
    this.#functions = functions;
  }

  /** Reads with none of the variables that are in scope outside. */
  inOwnScope<T>(read: () => T): T {
    const [variables, parens] = [this.#variables, this.#parens];
    [this.#variables, this.#parens] = [['$'], 0];
    const result = read();
    [this.#variables, this.#parens] = [variables, parens];
    return result;
  }

  /** What is declared meanwhile is forgotten afterwards. */
  inInnerScope<T>(read: () => T): T {
    const { length } = this.#variables;
    const result = read();
    this.#variables.length = length;
    return result;
  }

  pipeline(context: string, end: TokenKind): PipeNode {
    const { at } = this.#tokens.peekWord();
    const { declared, isAssign } = this.#declarations(context);
    const commands: CommandNode[] = [];
    for (;;) {
      const token = this.#tokens.nextWord();
      if (token.kind === end) break;
      if (!OPERANDS.has(token.kind) && !isKeyword(token, 'nil')) throw this.#tokens.unexpected(token, context);
      this.#tokens.putBack(token);
      commands.push(this.#command());
    }
    if (commands.length === 0) throw this.#tokens.error(`missing value for ${context}`);
    commands.slice(1).forEach(({ words }, i) => {
      if (NOT_EXECUTABLE.has(words[0]?.type ?? ''))
        throw this.#tokens.error(`non executable command in pipeline stage ${i + 2}`);
    });
    return { type: 'pipe', at, declared, isAssign, commands };
  }

  #declarations(context: string): { readonly declared: readonly VariableNode[]; readonly isAssign: boolean } {
    const declared: VariableNode[] = [];
    for (;;) {
      const variable = this.#tokens.peekWord();
      if (variable.kind !== 'variable') return { declared, isAssign: false };
      this.#tokens.next();
      const after = this.#tokens.peek();
      const next = this.#tokens.peekWord();
      if (next.kind === 'assign' || next.kind === 'declare') {
        this.#tokens.nextWord();
        this.#declare(variable, declared);
        return { declared, isAssign: next.kind === 'assign' };
      }
      if (next.kind !== 'char' || next.text !== ',') {
        if (after.kind === 'space') this.#tokens.putBack(variable, after);
        else this.#tokens.putBack(variable);
        return { declared, isAssign: false };
      }
      this.#tokens.nextWord();
      this.#declare(variable, declared);
      if (context !== 'range' || declared.length >= 2) throw this.#tokens.error(`too many declarations in ${context}`);
      const { kind } = this.#tokens.peekWord();
      if (kind !== 'variable' && kind !== 'right-delimiter' && kind !== 'right-paren')
        throw this.#tokens.error('range can only initialize variables');
    }
  }

  #declare({ at, text }: Token, declared: VariableNode[]): void {
    declared.push({ type: 'variable', at, path: text.split('.') });
    this.#variables.push(text);
  }

  #command(): CommandNode {
    const { at } = this.#tokens.peekWord();
    const words: Operand[] = [];
    for (;;) {
      this.#tokens.peekWord();
      const operand = this.#operand();
      if (operand) words.push(operand);
      const token = this.#tokens.next();
      if (token.kind === 'space') continue;
      if (token.kind === 'right-delimiter' || token.kind === 'right-paren') this.#tokens.putBack(token);
      else if (token.kind !== 'pipe') throw this.#tokens.unexpected(token, 'operand');
      break;
    }
    if (words.length === 0) throw this.#tokens.error('empty command');
    return { type: 'command', at, words };
  }

  #operand(): Operand | undefined {
    const term = this.#term();
    if (!term || !isField(this.#tokens.peek())) return term;
    const { at } = this.#tokens.peek();
    const path: string[] = [];
    while (isField(this.#tokens.peek())) path.push(this.#tokens.next().text.slice(1));
    switch (term.type) {
      case 'field':
      case 'variable':
        return { type: term.type, at, path: [...term.path, ...path] };
      case 'bool':
      case 'string':
      case 'number':
      case 'nil':
      case 'dot':
        throw this.#tokens.error(`unexpected . after term ${goQuote(termText(term))}`);
      default:
        return { type: 'chain', at, of: term, path };
    }
  }

  #term(): Operand | undefined {
    const token = this.#tokens.nextWord();
    const { kind, at, text } = token;
    switch (kind) {
      case 'identifier':
        if (!this.#functions.has(text)) throw this.#tokens.error(`function ${goQuote(text)} not defined`);
        return { type: 'identifier', at, name: text };
      case 'field':
        return text === '.' ? { type: 'dot', at } : { type: 'field', at, path: [text.slice(1)] };
      case 'variable':
        if (!this.#variables.includes(text)) throw this.#tokens.error(`undefined variable ${goQuote(text)}`);
        return { type: 'variable', at, path: [text] };
      case 'bool':
        return { type: 'bool', at, value: text === 'true' };
      case 'character':
      case 'complex':
      case 'number':
        return this.#number(token);
      case 'left-paren': {
        if (this.#parens >= MAX_PARENS) throw this.#tokens.error('max expression depth exceeded');
        this.#parens += 1;
        const pipe = this.pipeline('parenthesized pipeline', 'right-paren');
        this.#parens -= 1;
        return pipe;
      }
      case 'string':
      case 'raw-string':
        return { type: 'string', at, quoted: text, value: this.unquoted(token) };
      default:
        if (isKeyword(token, 'nil')) return { type: 'nil', at };
        this.#tokens.putBack(token);
        return undefined;
    }
  }

  #number({ at, text, kind }: Token): NumberNode {
    const parsed = numberNode(at, text, kind === 'character');
    if ('error' in parsed) throw this.#tokens.error(parsed.error);
    return parsed;
  }

  unquoted({ text }: Token): string {
    const value = text.startsWith('`') ? text.slice(1, -1).replaceAll('\r', '') : goUnquote(text);
    if (value === undefined) throw this.#tokens.error('invalid syntax');
    return value;
  }
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
