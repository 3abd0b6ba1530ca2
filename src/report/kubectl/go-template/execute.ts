// Runs a parsed Go template on an object.
// Behaviour: text/template/exec.go, Go 1.26.
import { compareBytes } from '../../../apimachinery/go/json.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { isMap } from '../../../apimachinery/json.ts';
import { CallError, FUNCTIONS, NotAFunction, type Parameter, type TemplateFunction } from './functions.ts';
import {
  type AnyNode,
  type BranchNode,
  type ChainNode,
  type CommandNode,
  type IdentifierNode,
  type ListNode,
  type Node,
  type NumberNode,
  nodeText,
  type Operand,
  type PipeNode,
} from './nodes.ts';
import type { Template } from './parser.ts';
import { TEMPLATE_NAME, TemplateError } from './template-error.ts';
import {
  boxed,
  GoNumber,
  int,
  isNil,
  isTrue,
  numberOf,
  plain,
  printed,
  typeOf,
  typeText,
  unboxed,
  type Value,
  valueText,
} from './values.ts';

interface Execution {
  /** What was written before the end or the error. */
  readonly text: string;
  readonly error?: string;
}

const MAX_DEPTH = 100000;

/** `isStrict`: a key that is missing in a map is an error. */
export function executeTemplate(template: Template, data: unknown, isStrict: boolean): Execution {
  const output = { text: '' };
  try {
    const root = template.trees.get(TEMPLATE_NAME);
    if (!root)
      throw new TemplateError(
        `template: ${TEMPLATE_NAME}: ${goQuote(TEMPLATE_NAME)} is an incomplete or empty template`,
      );
    new Run(template, TEMPLATE_NAME, plain(data), { output, isStrict, depth: 0 }).walk(plain(data), root);
  } catch (error) {
    if (error instanceof RangeError)
      return { text: output.text, error: `template: ${TEMPLATE_NAME}: exceeded maximum template depth (${MAX_DEPTH})` };
    if (!(error instanceof TemplateError)) throw error;
    return { text: output.text, error: error.message };
  }
  return output;
}

interface Setting {
  readonly output: { text: string };
  readonly isStrict: boolean;
  readonly depth: number;
}

type Jump = 'break' | 'continue' | undefined;
/** Nothing comes through the pipe. */
const NONE = Symbol('none');
type Final = Value | typeof NONE;

class Run {
  readonly #template: Template;
  readonly #name: string;
  readonly #setting: Setting;
  readonly #variables: { readonly name: string; value: Value }[];
  #node: AnyNode | undefined;

  constructor(template: Template, name: string, dot: Value, setting: Setting) {
    this.#template = template;
    this.#name = name;
    this.#setting = setting;
    this.#variables = [{ name: '$', value: dot }];
  }

  walk(dot: Value, node: Node): Jump {
    this.#node = node;
    switch (node.type) {
      case 'list':
        return this.#walkList(dot, node);
      case 'text':
        this.#setting.output.text += node.text;
        return undefined;
      case 'action': {
        const value = this.#pipeline(dot, node.pipe);
        this.#node = node;
        if (node.pipe.declared.length === 0) this.#setting.output.text += printed(value);
        return undefined;
      }
      case 'break':
      case 'continue':
        return node.type;
      case 'range':
        return this.#range(dot, node);
      case 'if':
      case 'with':
        return this.#condition(dot, node);
      case 'template': {
        const tree = this.#template.trees.get(node.name);
        if (!tree) throw this.#error(`template ${goQuote(node.name)} not defined`);
        const value = node.pipe ? this.#pipeline(dot, node.pipe) : undefined;
        const setting = { ...this.#setting, depth: this.#setting.depth + 1 };
        if (setting.depth > MAX_DEPTH) throw this.#error(`exceeded maximum template depth (${MAX_DEPTH})`);
        new Run(this.#template, node.name, value, setting).walk(value, tree);
        return undefined;
      }
    }
  }

  #walkList(dot: Value, { nodes }: ListNode): Jump {
    for (const node of nodes) {
      const jump = this.walk(dot, node);
      if (jump) return jump;
    }
    return undefined;
  }

  #condition(dot: Value, { type, pipe, body, otherwise }: BranchNode): Jump {
    const scope = this.#variables.length;
    const value = this.#pipeline(dot, pipe);
    let jump: Jump;
    if (isTrue(value)) jump = this.walk(type === 'with' ? value : dot, body);
    else if (otherwise) jump = this.walk(dot, otherwise);
    this.#variables.length = scope;
    return jump;
  }

  #range(dot: Value, node: BranchNode): Jump {
    const scope = this.#variables.length;
    this.#node = node;
    const value = unboxed(this.#pipeline(dot, node.pipe));
    const entries = this.#entriesOf(value, node);
    for (const [index, element] of entries) {
      const mark = this.#variables.length;
      this.#setRangeVariables(node, index, element);
      const jump = this.walk(element, node.body);
      this.#variables.length = mark;
      if (jump === 'break') break;
    }
    const jump = entries.length === 0 && node.otherwise ? this.walk(dot, node.otherwise) : undefined;
    this.#variables.length = scope;
    return jump;
  }

  #setRangeVariables({ pipe: { declared, isAssign } }: BranchNode, index: Value, element: Value): void {
    const values = declared.length > 1 ? [index, element] : [element];
    declared.forEach(({ path: [name = ''] }, i) => {
      if (isAssign) this.#assign(name, values[i]);
      else {
        const variable = this.#variables[this.#variables.length - declared.length + i];
        if (variable) variable.value = values[i];
      }
    });
  }

  #entriesOf(value: Value, { pipe }: BranchNode): readonly (readonly [Value, Value])[] {
    if (!value) return [];
    const { of } = value;
    if (Array.isArray(of)) return of.map((item, i) => [int(i), boxed(item)] as const);
    if (isMap(of) && !(of instanceof GoNumber))
      return Object.keys(of)
        .sort(compareBytes)
        .map((key) => [plain(key), boxed(of[key])] as const);
    const count = numberOf(of);
    const type = typeOf(of);
    if (count !== undefined && type !== 'float64') {
      if (pipe.declared.length > 1)
        throw this.#error(`can't use ${valueText(of)} to iterate over more than one variable`);
      const number = (i: number) => (of instanceof GoNumber ? plain(new GoNumber(of.type, i)) : plain(i));
      return Array.from({ length: Math.max(0, count) }, (_, i) => [undefined, number(i)] as const);
    }
    throw this.#error(`range can't iterate over ${valueText(of)}`);
  }

  #pipeline(dot: Value, pipe: PipeNode): Value {
    this.#node = pipe;
    let value: Final = NONE;
    for (const command of pipe.commands) value = unboxed(this.#command(dot, command, value));
    const result = value === NONE ? undefined : value;
    for (const {
      path: [name = ''],
    } of pipe.declared) {
      if (pipe.isAssign) this.#assign(name, result);
      else this.#variables.push({ name, value: result });
    }
    return result;
  }

  #assign(name: string, value: Value): void {
    const variable = this.#variables.findLast((each) => each.name === name);
    if (!variable) throw this.#error(`undefined variable: ${name}`);
    variable.value = value;
  }

  #command(dot: Value, { words }: CommandNode, final: Final): Value {
    const [first] = words;
    if (!first) return undefined;
    switch (first.type) {
      case 'field':
        this.#node = first;
        return this.#path(dot, first.path, words, final);
      case 'chain':
        return this.#chain(dot, first, words, final);
      case 'identifier':
        return this.#call(dot, first, words.slice(1), final);
      case 'variable':
        return this.#variable(first, words, final);
      case 'pipe':
        this.#requireNoArguments(words, final);
        return this.#pipeline(dot, first);
      default:
        this.#node = first;
        this.#requireNoArguments(words, final);
        if (first.type === 'nil') throw this.#error('nil is not a command');
        return this.#literal(dot, first);
    }
  }

  #requireNoArguments(words: readonly Operand[], final: Final): void {
    if (words.length > 1 || final !== NONE)
      throw this.#error(`can't give argument to non-function ${nodeText(words[0]!)}`);
  }

  #literal(dot: Value, node: Operand): Value {
    switch (node.type) {
      case 'bool':
      case 'string':
        return plain(node.value);
      case 'number':
        return this.#constant(node);
      default:
        return dot;
    }
  }

  #constant({ value, imaginary, isInt, text }: NumberNode): Value {
    if (imaginary !== undefined) return plain(new GoNumber('complex128', value, imaginary));
    const isHexInteger = /^0[xX]/.test(text) && !/[pP]/.test(text);
    const isFloat = /[.eEpP]/.test(text) && !isHexInteger && !text.startsWith("'");
    return plain(new GoNumber(isFloat || !isInt ? 'float64' : 'int', value));
  }

  #chain(dot: Value, node: ChainNode, words: readonly Operand[], final: Final): Value {
    this.#node = node;
    if (node.of.type === 'nil') throw this.#error(`indirection through explicit nil in ${nodeText(node)}`);
    return this.#path(this.#argument(dot, node.of, 'value'), node.path, words, final);
  }

  #variable(node: Extract<Operand, { type: 'variable' }>, words: readonly Operand[], final: Final): Value {
    this.#node = node;
    const [name = '', ...path] = node.path;
    const variable = this.#variables.findLast((each) => each.name === name);
    if (!variable) throw this.#error(`undefined variable: ${name}`);
    if (path.length > 0) return this.#path(variable.value, path, words, final);
    this.#requireNoArguments(words, final);
    return variable.value;
  }

  #path(receiver: Value, path: readonly string[], words: readonly Operand[], final: Final): Value {
    return path.reduce<Value>(
      (value, name, i) => this.#field(value, name, i === path.length - 1 && (words.length > 1 || final !== NONE)),
      receiver,
    );
  }

  #field(receiver: Value, name: string, hasArguments: boolean): Value {
    if (!receiver) {
      if (this.#setting.isStrict) throw this.#error(`nil data; no entry for key ${goQuote(name)}`);
      return undefined;
    }
    if (isNil(receiver.of)) throw this.#error(`nil pointer evaluating ${typeText(receiver)}.${name}`);
    const { of } = receiver;
    if (!isMap(of) || of instanceof GoNumber)
      throw this.#error(`can't evaluate field ${name} in type ${typeText(receiver)}`);
    if (hasArguments) throw this.#error(`${name} is not a method but has arguments`);
    if (Object.hasOwn(of, name)) return boxed(of[name]);
    if (this.#setting.isStrict) throw this.#error(`map has no entry for key ${goQuote(name)}`);
    return undefined;
  }

  #call(dot: Value, node: IdentifierNode, words: readonly Operand[], final: Final): Value {
    this.#node = node;
    const { name } = node;
    const fn = FUNCTIONS[name];
    if (!fn) throw this.#error(`${goQuote(name)} is not a defined function`);
    const given = words.length + (final === NONE ? 0 : 1);
    if (fn.rest === undefined && given !== fn.fixed.length)
      throw this.#error(`wrong number of args for ${name}: want ${fn.fixed.length} got ${given}`);
    if (given < fn.fixed.length)
      throw this.#error(`wrong number of args for ${name}: want at least ${fn.fixed.length} got ${words.length}`);
    if (name === 'and' || name === 'or') return this.#shortCircuit(dot, name, words, final);
    const args = words.map((word, i) => this.#argument(dot, word, parameterOf(fn, i)));
    if (final !== NONE) args.push(this.#fitted(final, parameterOf(fn, words.length)));
    try {
      return fn.call(args);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      this.#node = node;
      const why =
        error instanceof NotAFunction
          ? `non-function ${words[0] ? nodeText(words[0]) : valueText(args[0]?.of)} of type ${error.message}`
          : error.message;
      throw this.#error(
        `error calling ${name}: ${why}`,
        words.length > 0 ? { type: 'command', at: node.at, words: [node, ...words] } : node,
      );
    }
  }

  #shortCircuit(dot: Value, name: 'and' | 'or', words: readonly Operand[], final: Final): Value {
    let value: Value;
    for (const word of words) {
      value = this.#argument(dot, word, 'value');
      if (isTrue(value) === (name === 'or')) return value;
    }
    return final === NONE ? value : final;
  }

  #argument(dot: Value, node: Operand, parameter: Parameter): Value {
    this.#node = node;
    switch (node.type) {
      case 'dot':
        return this.#fitted(dot, parameter);
      case 'nil':
        if (parameter === 'string') throw this.#error('cannot assign nil to string');
        return parameter === 'value' ? undefined : boxed(null);
      case 'field':
        return this.#fitted(this.#path(dot, node.path, [], NONE), parameter);
      case 'variable':
        return this.#fitted(this.#variable(node, [], NONE), parameter);
      case 'pipe':
        return this.#fitted(this.#pipeline(dot, node), parameter);
      case 'identifier':
        return this.#fitted(this.#call(dot, node, [], NONE), parameter);
      case 'chain':
        return this.#fitted(this.#chain(dot, node, [], NONE), parameter);
      default:
        if (parameter === 'string' && node.type !== 'string')
          throw this.#error(`expected string; found ${nodeText(node)}`);
        return this.#literal(dot, node);
    }
  }

  #fitted(value: Value, parameter: Parameter): Value {
    if (parameter === 'value') return value;
    if (parameter === 'any') return value ?? boxed(null);
    if (!value) throw this.#error('invalid value; expected string');
    if (typeof value.of !== 'string')
      throw this.#error(
        `wrong type for value; expected string; got ${isNil(value.of) ? 'interface {}' : typeOf(value.of)}`,
      );
    return value;
  }

  #error(text: string, node = this.#node): TemplateError {
    if (!node) return new TemplateError(`template: ${this.#name}: ${text}`);
    const before = this.#template.text.slice(0, node.at);
    const line = before.split('\n').length;
    const column = Buffer.byteLength(before.slice(before.lastIndexOf('\n') + 1), 'utf8');
    return new TemplateError(
      `template: ${TEMPLATE_NAME}:${line}:${column}: executing ${goQuote(this.#name)} at <${nodeText(node)}>: ${text}`,
    );
  }
}

function parameterOf({ fixed, rest = 'any' }: TemplateFunction, i: number): Parameter {
  return fixed[i] ?? rest;
}
