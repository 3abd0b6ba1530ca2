// What a JSONPath template finds in an object, and the text kubectl prints for it.
// Behaviour: staging/src/k8s.io/client-go/util/jsonpath/jsonpath.go, Kubernetes v1.36.3.
// Differs: a wildcard over a map yields its values in key order; Go yields them in random order.
import { compareBytes, goMarshal } from '../../../apimachinery/go/json.ts';
import { isMap } from '../../../apimachinery/json.ts';
import { goText } from '../go-value.ts';
import { JsonPathError, type ListNode, type Node, parseJsonPath } from './parser.ts';

interface JsonPathOptions {
  readonly allowMissingKeys: boolean;
}

/** One list of values for each part of the template. Throws JsonPathError. */
export function findResults(
  template: string | ListNode,
  data: unknown,
  options: JsonPathOptions = { allowMissingKeys: true },
): readonly (readonly unknown[])[] {
  const { nodes } = typeof template === 'string' ? parseJsonPath(template) : template;
  return new Evaluation(nodes, options.allowMissingKeys).run(data, 0);
}

export function jsonPathText(results: readonly (readonly unknown[])[]): string {
  return results.map((values) => values.map(valueText).join(' ')).join('');
}

function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'object' ? goMarshal(value) : goText(value);
}

class Evaluation {
  readonly #nodes: readonly Node[];
  readonly #allowMissingKeys: boolean;
  #beginRange = 0;
  #inRange = 0;
  #endRange = 0;
  #lastEnd = -1;

  constructor(nodes: readonly Node[], allowMissingKeys: boolean) {
    this.#nodes = nodes;
    this.#allowMissingKeys = allowMissingKeys;
  }

  run(data: unknown, from: number): (readonly unknown[])[] {
    const found: (readonly unknown[])[] = [];
    for (let i = from; i < this.#nodes.length; i++) {
      const results = this.#walk([data], this.#nodes[i]!);
      if (this.#endRange > 0 && this.#endRange <= this.#inRange) {
        this.#endRange--;
        this.#lastEnd = i;
        break;
      }
      if (this.#beginRange > 0) {
        this.#beginRange--;
        this.#inRange++;
        // An empty range is walked once all the same, to find its end.
        if (results.length === 0) this.run(null, i + 1);
        for (const value of results) found.push(...this.run(value, i + 1));
        this.#inRange--;
        if (this.#lastEnd > i) i = this.#lastEnd;
        continue;
      }
      found.push(results);
    }
    return found;
  }

  #walk(input: readonly unknown[], node: Node): readonly unknown[] {
    switch (node.type) {
      case 'list':
        return node.nodes.reduce((values, next) => this.#walk(values, next), input);
      case 'text':
        return [node.text];
      case 'literal':
        return input.map(() => node.value);
      case 'field':
        return this.#field(input, node.name);
      case 'array':
        return input.flatMap((value) => sliceOf(value, node));
      case 'filter':
        return input.flatMap((value) => this.#filter(value, node));
      case 'wildcard':
        return input.flatMap(childrenOf);
      case 'recursive':
        return recursive(input);
      case 'union':
        return node.lists.flatMap((list) => this.#walk(input, list));
      case 'identifier':
        return this.#identifier(input, node.name);
    }
  }

  #identifier(input: readonly unknown[], name: string): readonly unknown[] {
    if (name === 'range') {
      this.#beginRange++;
      return input;
    }
    if (name !== 'end') throw new JsonPathError(`unrecognized identifier ${name}`, input);
    if (this.#inRange === 0) throw new JsonPathError('not in range, nothing to end');
    this.#endRange++;
    return [];
  }

  #field(input: readonly unknown[], name: string): readonly unknown[] {
    if (input.length === 0) return [];
    const results = input
      .filter((value) => isMap(value) && Object.hasOwn(value, name))
      .map((value) => fieldOf(value, name));
    if (results.length === 0 && !this.#allowMissingKeys) throw new JsonPathError(`${name} is not found`);
    return results;
  }

  #exists(item: unknown, path: ListNode): boolean {
    try {
      return this.#walk([item], path).length > 0;
    } catch (error) {
      if (!(error instanceof JsonPathError)) throw error;
      return error.reached.length > 0;
    }
  }

  #filter(value: unknown, { left, right, operator }: Extract<Node, { type: 'filter' }>): readonly unknown[] {
    if (!Array.isArray(value)) {
      throw new JsonPathError(`${goText(value)} is not array or slice and cannot be filtered`);
    }
    return value.filter((item) => {
      if (operator === 'exists') return this.#exists(item, left);
      const lefts = this.#walk([item], left);
      if (lefts.length === 0) return false;
      const rights = this.#walk([item], right);
      if (rights.length === 0) return false;
      if (lefts.length > 1 || rights.length > 1) throw new JsonPathError('can only compare one element at a time');
      return compare(lefts[0], rights[0], operator);
    });
  }
}

function fieldOf(value: unknown, name: string): unknown {
  return isMap(value) ? value[name] : undefined;
}

function sliceOf(value: unknown, { parameters }: Extract<Node, { type: 'array' }>): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new JsonPathError(`${goType(value)} is not array or slice`);
  const [first, second, third] = parameters;
  const { length } = value;
  let from = first.known ? first.value : 0;
  if (from < 0) from += length;
  let to = second.known ? second.value : length;
  if (to < 0 || (to === 0 && second.derived)) to += length;
  if (from === to) return [];
  if (from >= length || from < 0) {
    throw new JsonPathError(`array index out of bounds: index ${from}, length ${length}`);
  }
  if (to > length || to < 0) throw new JsonPathError(`array index out of bounds: index ${to - 1}, length ${length}`);
  if (from > to) throw new JsonPathError(`starting index ${from} is greater than ending index ${to}`);
  const step = third.known ? third.value : 1;
  if (step <= 0) throw new JsonPathError('step must be > 0');
  return value.slice(from, to).filter((_, i) => i % step === 0);
}

function goType(value: unknown): string {
  if (isMap(value)) return 'map[string]interface {}';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int64' : 'float64';
  return typeof value === 'boolean' ? 'bool' : 'string';
}

function childrenOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  // A text is a list of its bytes.
  if (typeof value === 'string') return [...Buffer.from(value, 'utf8')];
  if (!isMap(value)) return [];
  return Object.keys(value)
    .sort(compareBytes)
    .map((key) => value[key]);
}

function recursive(input: readonly unknown[]): readonly unknown[] {
  return input.flatMap((value) => {
    if (typeof value === 'string') return value === '' ? [] : [value];
    const children = childrenOf(value);
    return children.length === 0 ? [] : [value, ...recursive(children)];
  });
}

type Basis = 'bool' | 'int' | 'float' | 'string';

function basisOf(value: unknown): Basis {
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  throw new JsonPathError('invalid type for comparison');
}

function compare(left: unknown, right: unknown, operator: string): boolean {
  if (!['<', '>', '==', '!=', '<=', '>='].includes(operator))
    throw new JsonPathError(`unrecognized filter operator ${operator}`);
  const basis = basisOf(left);
  if (basisOf(right) !== basis) throw new JsonPathError('incompatible types for comparison');
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (basis === 'bool') throw new JsonPathError('invalid type for comparison');
  const order = basis === 'string' ? compareBytes(String(left), String(right)) : Number(left) - Number(right);
  if (operator === '<') return order < 0;
  if (operator === '>') return order > 0;
  return operator === '<=' ? order <= 0 : order >= 0;
}
