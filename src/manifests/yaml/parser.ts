// Reads the first document of a YAML text into nodes; whatever follows it is not looked at.
// Behaviour: go.yaml.in/yaml v2.4 parserc.go and decode.go (parser), as in Kubernetes v1.36.3.
import { invalidOctet } from '../octets.ts';
import type { MappingNode, Node, ScalarNode, SequenceNode } from './node.ts';
import { Scanner } from './scanner.ts';
import { type Mark, parserProblem, type Token, type TokenType, YamlProblem } from './token.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

const DEFAULT_HANDLES: readonly (readonly [handle: string, prefix: string])[] = [
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
];

/** Undefined for a text that holds nothing. */
export function parseFirstDocument(text: string): Node | undefined {
  const { early, limit } = unreadable(text);
  const scanner = new Scanner(text);
  try {
    const node = new Parser(scanner).document();
    if (early && scanner.index >= limit) throw early;
    return node;
  } catch (thrown) {
    // The text is read ahead in pieces: what cannot be read is noticed before what is wrong in the same piece.
    if (early && thrown instanceof YamlProblem && scanner.index >= limit) throw early;
    throw thrown;
  }
}

/** Everything that YAML 1.1 counts as not printable. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0080-\u0084\u0086-\u009f\ufffe\uffff]/;
const READ_AHEAD = 512;
/** The scanner looks this far ahead. */
const LOOK_AHEAD = 4;

/** A character that no YAML may hold, and from which place on the scanner meets it. */
function unreadable(text: string): { readonly early: YamlProblem | undefined; readonly limit: number } {
  const octet = invalidOctet(text);
  const control = CONTROL.exec(text)?.index ?? text.length;
  const at = Math.min(control, octet?.index ?? text.length);
  if (at === text.length) return { early: undefined, limit: 0 };
  const before = text.slice(0, at);
  const lineStart = before.lastIndexOf('\n') + 1;
  const mark: Mark = { index: at, line: before.split('\n').length - 1, column: at - lineStart };
  const octets = Buffer.byteLength(before);
  const pieceStart = octets - (octets % READ_AHEAD);
  let limit = at;
  for (let size = octets; limit > 0 && size > pieceStart; limit--) size -= Buffer.byteLength(text[limit - 1]!);
  const problem = octet?.index === at ? octet.problem : 'control characters are not allowed';
  return { early: new YamlProblem(problem, mark), limit: Math.max(0, limit - LOOK_AHEAD) };
}

class Parser {
  readonly #scanner: Scanner;
  readonly #anchors = new Map<string, Node>();
  readonly #handles = new Map<string, string>();

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  document(): Node | undefined {
    const first = this.#scanner.peek();
    const isExplicit = ['version-directive', 'tag-directive', 'document-start'].includes(first.type);
    if (first.type === 'stream-end') return undefined;
    this.#directives();
    if (!isExplicit) return this.#ended(this.#node(true, false));
    const start = this.#scanner.peek();
    if (start.type !== 'document-start') throw parserProblem('did not find expected <document start>', start.start);
    this.#scanner.next();
    const token = this.#scanner.peek();
    return this.#ended(ENDS_DOCUMENT.has(token.type) ? this.#empty(token.start) : this.#node(true, false));
  }

  /** The document's end is looked for, since the scanner may stumble there. */
  #ended(node: Node): Node {
    this.#scanner.peek();
    return node;
  }

  #directives(): void {
    let hasVersion = false;
    let token = this.#scanner.peek();
    while (token.type === 'version-directive' || token.type === 'tag-directive') {
      if (token.type === 'version-directive') {
        if (hasVersion) throw parserProblem('found duplicate %YAML directive', token.start);
        if (token.value !== '1.1') throw parserProblem('found incompatible YAML document', token.start);
        hasVersion = true;
      } else {
        const { value: handle = '', suffix: prefix = '' } = token;
        if (this.#handles.has(handle)) throw parserProblem('found duplicate %TAG directive', token.start);
        this.#handles.set(handle, prefix);
      }
      this.#scanner.next();
      token = this.#scanner.peek();
    }
    for (const [handle, prefix] of DEFAULT_HANDLES) if (!this.#handles.has(handle)) this.#handles.set(handle, prefix);
  }

  #node(isBlock: boolean, mayBeIndentless: boolean): Node {
    let token = this.#scanner.peek();
    if (token.type === 'alias') return this.#alias(this.#scanner.next());
    const { start } = token;
    let anchor: string | undefined;
    let tagged: Token | undefined;
    for (const [first, second] of [['anchor', 'tag'] as const, ['tag', 'anchor'] as const]) {
      if (token.type !== first) continue;
      for (const type of [first, second]) {
        if (token.type !== type) break;
        if (type === 'anchor') anchor = token.value ?? '';
        else tagged = token;
        this.#scanner.next();
        token = this.#scanner.peek();
      }
      break;
    }
    const tag = tagged ? this.#tag(tagged, start) : '';
    const keep = <N extends Node>(node: N): N => {
      if (anchor !== undefined) this.#anchors.set(anchor, node);
      return node;
    };
    switch (token.type) {
      case 'block-entry':
        if (!mayBeIndentless) break;
        return this.#indentlessSequence(keep(sequence(start)));
      case 'scalar': {
        this.#scanner.next();
        const isImplicit = (tag === '' && token.isPlain === true) || tag === '!';
        return keep({ kind: 'scalar', start, tag, value: token.value ?? '', isImplicit });
      }
      case 'flow-sequence-start':
        return this.#flowSequence(keep(sequence(start)));
      case 'flow-mapping-start':
        return this.#flowMapping(keep(mapping(start)));
      case 'block-sequence-start':
        if (!isBlock) break;
        return this.#blockSequence(keep(sequence(start)));
      case 'block-mapping-start':
        if (!isBlock) break;
        return this.#blockMapping(keep(mapping(start)));
    }
    if (anchor !== undefined || tag !== '')
      return keep({ kind: 'scalar', start, tag, value: '', isImplicit: tag === '' });
    throw parserProblem('did not find expected node content', token.start, start);
  }

  #alias({ value: name = '', start }: Token): Node {
    const target = this.#anchors.get(name);
    if (!target) throw new YamlProblem(`unknown anchor '${name}' referenced`, start);
    return { kind: 'alias', start, name, target };
  }

  #tag({ value: handle = '', suffix = '', start }: Token, context: Mark): string {
    if (handle === '') return suffix;
    const prefix = this.#handles.get(handle);
    if (prefix === undefined) throw parserProblem('found undefined tag handle', start, context);
    return prefix + suffix;
  }

  #empty(start: Mark): ScalarNode {
    return { kind: 'scalar', start, tag: '', value: '', isImplicit: true };
  }

  /** A node of a block collection, or nothing where one of these tokens comes next. */
  #blockValue(mark: Mark, mayBeIndentless: boolean, ...none: readonly TokenType[]): Node {
    return none.includes(this.#scanner.peek().type) ? this.#empty(mark) : this.#node(true, mayBeIndentless);
  }

  #blockSequence(into: Writable<SequenceNode>): SequenceNode {
    const begin = this.#scanner.next();
    for (;;) {
      const token = this.#scanner.peek();
      if (token.type === 'block-end') {
        this.#scanner.next();
        return into;
      }
      if (token.type !== 'block-entry')
        throw parserProblem("did not find expected '-' indicator", token.start, begin.start);
      this.#scanner.next();
      into.items.push(this.#blockValue(token.end, false, 'block-entry', 'block-end'));
    }
  }

  /** A list at the indentation of its key. */
  #indentlessSequence(into: Writable<SequenceNode>): SequenceNode {
    for (;;) {
      const token = this.#scanner.peek();
      if (token.type !== 'block-entry') return into;
      this.#scanner.next();
      into.items.push(this.#blockValue(token.end, false, 'block-entry', 'key', 'value', 'block-end'));
    }
  }

  #blockMapping(into: Writable<MappingNode>): MappingNode {
    const begin = this.#scanner.next();
    for (;;) {
      const token = this.#scanner.peek();
      if (token.type === 'block-end') {
        this.#scanner.next();
        return into;
      }
      if (token.type !== 'key') throw parserProblem('did not find expected key', token.start, begin.start);
      this.#scanner.next();
      const key = this.#blockValue(token.end, true, 'key', 'value', 'block-end');
      into.pairs.push([key, this.#blockMappingValue()]);
    }
  }

  #blockMappingValue(): Node {
    const token = this.#scanner.peek();
    if (token.type !== 'value') return this.#empty(token.start);
    this.#scanner.next();
    return this.#blockValue(token.end, true, 'key', 'value', 'block-end');
  }

  #flowSequence(into: Writable<SequenceNode>): SequenceNode {
    for (const token of this.#flowParts('flow-sequence-end', "',' or ']'"))
      into.items.push(token.type === 'key' ? this.#singlePair() : this.#node(false, false));
    return into;
  }

  /** The token that each part of a flow collection starts with; who takes it reads the part. */
  *#flowParts(end: TokenType, expected: string): Iterable<Token> {
    const begin = this.#scanner.next();
    for (let isFirst = true; ; isFirst = false) {
      let token = this.#scanner.peek();
      if (token.type !== end && !isFirst) {
        if (token.type !== 'flow-entry')
          throw parserProblem(`did not find expected ${expected}`, token.start, begin.start);
        this.#scanner.next();
        token = this.#scanner.peek();
      }
      if (token.type === end) {
        this.#scanner.next();
        return;
      }
      yield token;
    }
  }

  /** `[a: b]`: a mapping of one pair without braces. */
  #singlePair(): MappingNode {
    const { start } = this.#scanner.next();
    let token = this.#scanner.peek();
    let key: Node;
    if (token.type === 'value' || token.type === 'flow-entry' || token.type === 'flow-sequence-end') {
      // Upstream passes over the token here, also when it is the colon.
      this.#scanner.next();
      key = this.#empty(token.end);
    } else key = this.#node(false, false);
    token = this.#scanner.peek();
    let value: Node = this.#empty(token.start);
    if (token.type === 'value') {
      this.#scanner.next();
      const { type } = this.#scanner.peek();
      if (type !== 'flow-entry' && type !== 'flow-sequence-end') value = this.#node(false, false);
    }
    this.#scanner.peek();
    return { kind: 'mapping', start, pairs: [[key, value]] };
  }

  #flowMapping(into: Writable<MappingNode>): MappingNode {
    for (const token of this.#flowParts('flow-mapping-end', "',' or '}'"))
      into.pairs.push(token.type === 'key' ? this.#flowPair() : this.#loneKey());
    return into;
  }

  #flowPair(): readonly [Node, Node] {
    this.#scanner.next();
    const token = this.#scanner.peek();
    const isEmpty = token.type === 'value' || token.type === 'flow-entry' || token.type === 'flow-mapping-end';
    const key = isEmpty ? this.#empty(token.start) : this.#node(false, false);
    let next = this.#scanner.peek();
    if (next.type === 'value') {
      this.#scanner.next();
      next = this.#scanner.peek();
      if (next.type !== 'flow-entry' && next.type !== 'flow-mapping-end') return [key, this.#node(false, false)];
    }
    return [key, this.#empty(next.start)];
  }

  /** `{a, b}`: keys without values. */
  #loneKey(): readonly [Node, Node] {
    const key = this.#node(false, false);
    return [key, this.#empty(this.#scanner.peek().start)];
  }
}

const ENDS_DOCUMENT: ReadonlySet<TokenType> = new Set([
  'version-directive',
  'tag-directive',
  'document-start',
  'document-end',
  'stream-end',
]);

function sequence(start: Mark): Writable<SequenceNode> {
  return { kind: 'sequence', start, items: [] };
}

function mapping(start: Mark): Writable<MappingNode> {
  return { kind: 'mapping', start, pairs: [] };
}
