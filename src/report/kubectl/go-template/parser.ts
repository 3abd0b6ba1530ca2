// Reads a Go template into its trees: the template itself, and those that it defines.
// Behaviour: text/template/parse/parse.go, Go 1.26.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { Token } from './lexer.ts';
import type { BranchNode, ListNode, Node } from './nodes.ts';
import { PipelineParser } from './pipeline-parser.ts';
import { TEMPLATE_NAME } from './template-error.ts';
import { isKeyword, TokenReader } from './token-reader.ts';

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

class Parser {
  readonly #tokens: TokenReader;
  readonly #pipelines: PipelineParser;
  readonly #trees: Map<string, ListNode>;
  /** How many ranges are open, which break and continue need. */
  #ranges = 0;

  constructor(text: string, functions: ReadonlySet<string>, trees: Map<string, ListNode>) {
    this.#tokens = new TokenReader(text);
    this.#pipelines = new PipelineParser(this.#tokens, functions);
    this.#trees = trees;
  }

  parse(): void {
    const nodes: Node[] = [];
    const { at } = this.#tokens.peek();
    while (this.#tokens.peek().kind !== 'eof') {
      const open = this.#tokens.peek();
      if (open.kind === 'left-delimiter') {
        this.#tokens.next();
        const word = this.#tokens.nextWord();
        if (isKeyword(word, 'define')) {
          this.#definition();
          continue;
        }
        this.#tokens.putBack(open, word);
      }
      const node = this.#textOrAction();
      if (node.type === 'end' || node.type === 'else') throw this.#tokens.error(`unexpected {{${node.type}}}`);
      nodes.push(node as Node);
    }
    this.#add(TEMPLATE_NAME, { type: 'list', at, nodes });
  }

  #add(name: string, tree: ListNode): void {
    const known = this.#trees.get(name);
    if (!known || isEmpty(known)) this.#trees.set(name, tree);
    else if (!isEmpty(tree)) throw this.#tokens.error(`template: multiple definition of template ${goQuote(name)}`);
  }

  #definition(): void {
    const name = this.#templateName(this.#tokens.nextWord(), 'define clause');
    this.#tokens.expect('right-delimiter', 'define clause');
    this.#add(name, this.#ownScope('define clause'));
  }

  /** The body of another template: it sees no variables of this one. */
  #ownScope(context: string): ListNode {
    const ranges = this.#ranges;
    this.#ranges = 0;
    const { list, end } = this.#pipelines.inOwnScope(() => this.#list());
    if (end.type !== 'end') throw this.#tokens.error(`unexpected {{${end.type}}} in ${context}`);
    this.#ranges = ranges;
    return list;
  }

  #list(): { readonly list: ListNode; readonly end: End } {
    const nodes: Node[] = [];
    const { at } = this.#tokens.peekWord();
    while (this.#tokens.peekWord().kind !== 'eof') {
      const node = this.#textOrAction();
      if (node.type === 'end' || node.type === 'else') return { list: { type: 'list', at, nodes }, end: node as End };
      nodes.push(node as Node);
    }
    throw this.#tokens.error('unexpected EOF');
  }

  #textOrAction(): Node | End {
    const token = this.#tokens.nextWord();
    if (token.kind === 'text') return { type: 'text', at: token.at, text: token.text };
    if (token.kind !== 'left-delimiter') throw this.#tokens.unexpected(token, 'input');
    this.#tokens.actionLine = token.line;
    const node = this.#action();
    this.#tokens.actionLine = 0;
    return node;
  }

  #action(): Node | End {
    const token = this.#tokens.nextWord();
    switch (token.kind === 'keyword' ? token.text : '') {
      case 'block':
        return this.#block();
      case 'break':
      case 'continue':
        return this.#jump(token.text as 'break' | 'continue', token.at);
      case 'else':
        return this.#else();
      case 'end':
        this.#tokens.expect('right-delimiter', 'end');
        return { type: 'end' };
      case 'if':
      case 'range':
      case 'with':
        return this.#pipelines.inInnerScope(() => this.#branch(token.text as BranchNode['type']));
      case 'template':
        return this.#template();
      default: {
        this.#tokens.putBack(token);
        const { at } = this.#tokens.peek();
        return { type: 'action', at, pipe: this.#pipelines.pipeline('command', 'right-delimiter') };
      }
    }
  }

  #jump(type: 'break' | 'continue', at: number): Node {
    const token = this.#tokens.nextWord();
    if (token.kind !== 'right-delimiter') throw this.#tokens.unexpected(token, `{{${type}}}`);
    if (this.#ranges === 0) throw this.#tokens.error(`{{${type}}} outside {{range}}`);
    return { type, at };
  }

  #else(): End {
    const next = this.#tokens.peekWord();
    if (!isKeyword(next, 'if') && !isKeyword(next, 'with')) this.#tokens.expect('right-delimiter', 'else');
    return { type: 'else' };
  }

  #branch(type: BranchNode['type']): BranchNode {
    const pipe = this.#pipelines.pipeline(type, 'right-delimiter');
    if (type === 'range') this.#ranges += 1;
    const { list: body, end } = this.#list();
    if (type === 'range') this.#ranges -= 1;
    let otherwise: ListNode | undefined;
    if (end.type === 'else') {
      const next = this.#tokens.peek();
      if (type !== 'range' && isKeyword(next, type)) {
        this.#tokens.next();
        otherwise = { type: 'list', at: next.at, nodes: [this.#pipelines.inInnerScope(() => this.#branch(type))] };
      } else {
        const rest = this.#list();
        if (rest.end.type !== 'end') throw this.#tokens.error(`expected end; found {{${rest.end.type}}}`);
        otherwise = rest.list;
      }
    }
    return { type, at: pipe.at, pipe, body, ...(otherwise ? { otherwise } : {}) };
  }

  #block(): Node {
    const token = this.#tokens.nextWord();
    const name = this.#templateName(token, 'block clause');
    const pipe = this.#pipelines.pipeline('block clause', 'right-delimiter');
    this.#add(name, this.#ownScope('block clause'));
    return { type: 'template', at: token.at, name, pipe };
  }

  #template(): Node {
    const token = this.#tokens.nextWord();
    const name = this.#templateName(token, 'template clause');
    const next = this.#tokens.nextWord();
    if (next.kind === 'right-delimiter') return { type: 'template', at: token.at, name };
    this.#tokens.putBack(next);
    return {
      type: 'template',
      at: token.at,
      name,
      pipe: this.#pipelines.pipeline('template clause', 'right-delimiter'),
    };
  }

  #templateName(token: Token, context: string): string {
    if (token.kind !== 'string' && token.kind !== 'raw-string') throw this.#tokens.unexpected(token, context);
    return this.#pipelines.unquoted(token);
  }
}

function isEmpty(node: Node): boolean {
  if (node.type === 'list') return node.nodes.every(isEmpty);
  return node.type === 'text' && node.text.trim() === '';
}
