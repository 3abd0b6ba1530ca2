// Reads a kubectl JSONPath template into nodes.
// Behaviour: staging/src/k8s.io/client-go/util/jsonpath/parser.go, Kubernetes v1.36.3.
import { goUnquote } from '../go-template/go-unquote.ts';

interface SliceParameter {
  readonly known: boolean;
  readonly value: number;
  readonly derived: boolean;
}

export type Node =
  | { readonly type: 'list'; readonly nodes: Node[] }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'identifier'; readonly name: string }
  | { readonly type: 'literal'; readonly value: number | boolean }
  | { readonly type: 'array'; readonly parameters: readonly [SliceParameter, SliceParameter, SliceParameter] }
  | { readonly type: 'filter'; readonly left: ListNode; readonly right: ListNode; readonly operator: string }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | { readonly type: 'union'; readonly lists: readonly ListNode[] };

export type ListNode = Extract<Node, { type: 'list' }>;

export class JsonPathError extends Error {
  /** What the path had found when it failed: a filter that asks for existence looks at nothing else. */
  readonly reached: readonly unknown[];

  constructor(message: string, reached: readonly unknown[] = []) {
    super(message);
    this.reached = reached;
  }
}

const DICT_KEY = /^'([^']*)'$/;
const SLICE = /^(-?[\d]*)(:-?[\d]*)?(:-?[\d]*)?$/;
const COMPARISON = /^([^!<>=]+)([!<>=]+)(.+?)$/;

/** Throws JsonPathError. */
export function parseJsonPath(text: string): ListNode {
  return new Parser(text).parse();
}

class Parser {
  readonly #input: string;
  readonly #root: ListNode = { type: 'list', nodes: [] };
  #position = 0;
  #start = 0;

  constructor(input: string) {
    this.#input = input;
  }

  parse(): ListNode {
    for (;;) {
      const open = this.#input.indexOf('{', this.#position);
      this.#position = open < 0 ? this.#input.length : open;
      if (this.#position > this.#start) this.#root.nodes.push({ type: 'text', text: this.#consume() });
      if (open < 0) return this.#root;
      this.#position++;
      this.#consume();
      const list: ListNode = { type: 'list', nodes: [] };
      this.#root.nodes.push(list);
      this.#parseAction(list.nodes);
    }
  }

  #consume(): string {
    const text = this.#input.slice(this.#start, this.#position);
    this.#start = this.#position;
    return text;
  }

  #parseAction(nodes: Node[]): void {
    for (;;) {
      const rest = this.#input.slice(this.#position);
      if (rest.startsWith('}')) {
        this.#position++;
        this.#consume();
        return;
      }
      if (rest.startsWith('[?(')) this.#parseFilter(nodes);
      else if (rest.startsWith('..')) this.#parseRecursive(nodes);
      else this.#parseStep(nodes, rest[0]);
    }
  }

  #parseStep(nodes: Node[], character: string | undefined): void {
    if (character === undefined || character === '\n' || character === '\r') throw new JsonPathError('unclosed action');
    if (character === '+' || character === '-' || /\d/.test(character)) {
      this.#parseNumber(nodes);
      return;
    }
    if (/[\p{L}\p{Nd}_]/u.test(character)) {
      this.#parseIdentifier(nodes);
      return;
    }
    this.#position++;
    if (character === ' ' || character === '@' || character === '$') this.#consume();
    else if (character === '[') this.#parseArray(nodes);
    else if (character === '"' || character === "'") this.#parseQuote(nodes, character);
    else if (character === '.') this.#parseField(nodes);
    else {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      throw new JsonPathError(`unrecognized character in action: U+${code} '${character}'`);
    }
  }

  #parseIdentifier(nodes: Node[]): void {
    while (!isTerminator(this.#input[this.#position])) this.#position++;
    const name = this.#consume();
    if (name === 'true' || name === 'false') nodes.push({ type: 'literal', value: name === 'true' });
    else nodes.push({ type: 'identifier', name });
  }

  #parseRecursive(nodes: Node[]): void {
    if (nodes.at(-1)?.type === 'recursive') throw new JsonPathError('invalid multiple recursive descent');
    this.#position += 2;
    this.#consume();
    nodes.push({ type: 'recursive' });
    const next = this.#input[this.#position];
    if (next !== undefined && /[\p{L}\p{Nd}_]/u.test(next)) this.#parseField(nodes);
  }

  #parseNumber(nodes: Node[]): void {
    if (/[+-]/.test(this.#input[this.#position]!)) this.#position++;
    while (/[.\d]/.test(this.#input[this.#position] ?? '')) this.#position++;
    const text = this.#consume();
    const value = Number(text);
    if (text === '' || Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${text}`);
    nodes.push({ type: 'literal', value });
  }

  #parseArray(nodes: Node[]): void {
    for (;;) {
      const character = this.#input[this.#position++];
      if (character === undefined || character === '\n') throw new JsonPathError('unterminated array');
      if (character === ']') break;
    }
    const inner = this.#consume().slice(1, -1);
    const text = inner === '*' ? ':' : inner;
    const parts = text.split(',');
    if (parts.length > 1) {
      nodes.push({ type: 'union', lists: parts.map((part) => parseInner(`[${part.replace(/^ +| +$/g, '')}]`)) });
      return;
    }
    const key = DICT_KEY.exec(text)?.[1];
    if (key !== undefined) {
      nodes.push(...parseInner(`.${key}`).nodes);
      return;
    }
    const slice = SLICE.exec(text);
    if (!slice) throw new JsonPathError(`invalid array index ${text}`);
    nodes.push({ type: 'array', parameters: sliceParameters(slice[1] ?? '', slice[2] ?? '', slice[3] ?? '') });
  }

  #parseFilter(nodes: Node[]): void {
    this.#position += 3;
    this.#consume();
    let isOpen = false;
    let isClosed = false;
    let quote = '';
    for (;;) {
      const character = this.#input[this.#position++];
      if (character === undefined || character === '\n') throw new JsonPathError('unterminated filter');
      if (character === '"' || character === "'") {
        if (!isOpen) {
          isOpen = true;
          quote = character;
        } else if (this.#input[this.#position - 2] !== '\\' && character === quote) isClosed = true;
      } else if (character === ')' && isOpen === isClosed) break;
    }
    if (this.#input[this.#position++] !== ']') throw new JsonPathError('unclosed array expect ]');
    const text = this.#consume().slice(0, -2);
    const comparison = COMPARISON.exec(text);
    if (comparison) {
      const [, left = '', operator = '', right = ''] = comparison;
      nodes.push({ type: 'filter', left: parseInner(left), right: parseInner(right), operator });
    } else {
      nodes.push({ type: 'filter', left: parseInner(text), right: { type: 'list', nodes: [] }, operator: 'exists' });
    }
  }

  #parseQuote(nodes: Node[], quote: string): void {
    for (;;) {
      const character = this.#input[this.#position++];
      if (character === undefined || character === '\n') throw new JsonPathError('unterminated quoted string');
      if (character === quote && this.#input[this.#position - 2] !== '\\') break;
    }
    const quoted = this.#consume();
    const text = unquoteEither(quoted);
    if (text === undefined) throw new JsonPathError(`unquote string ${quoted} error invalid syntax`);
    nodes.push({ type: 'text', text });
  }

  #parseField(nodes: Node[]): void {
    this.#consume();
    for (;;) {
      const character = this.#input[this.#position];
      if (character === '\\') this.#position += 2;
      else if (isTerminator(character)) break;
      else this.#position++;
    }
    this.#position = Math.min(this.#position, this.#input.length);
    const name = this.#consume();
    nodes.push(name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') });
  }
}

function parseInner(text: string): ListNode {
  const [first] = parseJsonPath(`{${text}}`).nodes;
  if (first?.type !== 'list') throw new JsonPathError('unclosed action');
  return first;
}

function sliceParameters(
  first: string,
  second: string,
  third: string,
): readonly [SliceParameter, SliceParameter, SliceParameter] {
  const from = { known: first !== '', value: Number(first), derived: false };
  const to =
    second === ''
      ? { known: true, value: from.value + 1, derived: true }
      : { known: second !== ':', value: Number(second.slice(1)), derived: false };
  const step = { known: third !== '' && third !== ':', value: Number(third.slice(1)), derived: false };
  return [from, to, step];
}

function isTerminator(character: string | undefined): boolean {
  return character === undefined || ' \t\r\n.,[]$@{}'.includes(character);
}

/** Either quote may stand around a text, and be escaped in it. */
function unquoteEither(quoted: string): string | undefined {
  const inner = quoted.slice(1, -1);
  const other = quoted.startsWith("'") ? inner.replaceAll("\\'", "'").replace(/(^|[^\\])"/g, '$1\\"') : inner;
  return goUnquote(`"${other}"`);
}
