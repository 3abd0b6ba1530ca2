// The tree of a parsed Go template, and a node as messages show it.
// Behaviour: text/template/parse/node.go, Go 1.26.
import { goQuote } from '../../../apimachinery/go/quote.ts';

/** A number of a template: what it may be used as follows from how it is written. */
export interface NumberNode {
  readonly type: 'number';
  readonly at: number;
  readonly text: string;
  readonly value: number;
  /** Of a complex number, whose real part is the value. */
  readonly imaginary?: number;
  readonly isInt: boolean;
}

export interface PipeNode {
  readonly type: 'pipe';
  readonly at: number;
  readonly declared: readonly VariableNode[];
  readonly isAssign: boolean;
  readonly commands: readonly CommandNode[];
}

export interface CommandNode {
  readonly type: 'command';
  readonly at: number;
  readonly words: readonly Operand[];
}

export interface VariableNode {
  readonly type: 'variable';
  readonly at: number;
  readonly path: readonly string[];
}

export type Operand =
  | NumberNode
  | PipeNode
  | VariableNode
  | { readonly type: 'bool'; readonly at: number; readonly value: boolean }
  | { readonly type: 'string'; readonly at: number; readonly quoted: string; readonly value: string }
  | { readonly type: 'dot' | 'nil'; readonly at: number }
  | { readonly type: 'field'; readonly at: number; readonly path: readonly string[] }
  | { readonly type: 'identifier'; readonly at: number; readonly name: string }
  | { readonly type: 'chain'; readonly at: number; readonly of: Operand; readonly path: readonly string[] };

export type IdentifierNode = Extract<Operand, { type: 'identifier' }>;
export type ChainNode = Extract<Operand, { type: 'chain' }>;

export interface BranchNode {
  readonly type: 'if' | 'range' | 'with';
  readonly at: number;
  readonly pipe: PipeNode;
  readonly body: ListNode;
  readonly otherwise?: ListNode;
}

export interface ListNode {
  readonly type: 'list';
  readonly at: number;
  readonly nodes: readonly Node[];
}

export type Node =
  | BranchNode
  | ListNode
  | { readonly type: 'text'; readonly at: number; readonly text: string }
  | { readonly type: 'action'; readonly at: number; readonly pipe: PipeNode }
  | { readonly type: 'break' | 'continue'; readonly at: number }
  | { readonly type: 'template'; readonly at: number; readonly name: string; readonly pipe?: PipeNode };

export type AnyNode = Node | Operand | CommandNode;

export function nodeText(node: AnyNode): string {
  switch (node.type) {
    case 'list':
      return node.nodes.map(nodeText).join('');
    case 'text':
      return node.text;
    case 'action':
      return `{{${nodeText(node.pipe)}}}`;
    case 'break':
    case 'continue':
      return `{{${node.type}}}`;
    case 'template':
      return `{{template ${goQuote(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ''}}}`;
    case 'if':
    case 'range':
    case 'with':
      return branchText(node);
    case 'pipe':
      return pipeText(node);
    case 'command':
      return node.words.map((word) => (word.type === 'pipe' ? `(${pipeText(word)})` : nodeText(word))).join(' ');
    case 'variable':
      return node.path.join('.');
    case 'field':
      return node.path.map((name) => `.${name}`).join('');
    case 'chain': {
      const head = node.of.type === 'pipe' ? `(${pipeText(node.of)})` : nodeText(node.of);
      return head + node.path.map((name) => `.${name}`).join('');
    }
    case 'identifier':
      return node.name;
    case 'number':
      return node.text;
    case 'string':
      return node.quoted;
    case 'bool':
      return String(node.value);
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
  }
}

function pipeText({ declared, isAssign, commands }: PipeNode): string {
  const names = declared.map(nodeText).join(', ');
  const head = names === '' ? '' : `${names} ${isAssign ? '=' : ':='} `;
  return head + commands.map(nodeText).join(' | ');
}

function branchText({ type, pipe, body, otherwise }: BranchNode): string {
  const rest = otherwise ? `{{else}}${nodeText(otherwise)}` : '';
  return `{{${type} ${pipeText(pipe)}}}${nodeText(body)}${rest}{{end}}`;
}
