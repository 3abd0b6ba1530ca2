// Selects nodes for a pod: node selector terms, preferred terms, and a pod's required node affinity.
// Behaviour: staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go, Kubernetes v1.36.3.
import { aggregateMessage } from '../apimachinery/aggregate-error.ts';
import { type ErrorPath, fieldErrorMessage, invalid, notSupported } from '../apimachinery/field-error.ts';
import { childOf, type FieldPath, indexOf } from '../apimachinery/field-path.ts';
import { type FieldSelector, type FieldTerm, fieldSelectorOf } from './field-selector.ts';
import { type Labels, type Selector, selectorFromSet, selectorOf } from './label-selector.ts';
import { newRequirement, type Requirement, type RequirementOperator } from './requirement.ts';

interface NodeSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly NodeSelectorRequirement[];
  readonly matchFields?: readonly NodeSelectorRequirement[];
}

interface NodeSelector {
  readonly nodeSelectorTerms?: readonly NodeSelectorTerm[];
}

interface PreferredSchedulingTerm {
  readonly weight: number;
  readonly preference: NodeSelectorTerm;
}

interface SelectableNode {
  readonly metadata: { readonly name?: string; readonly labels?: Labels };
}

const OPERATORS: ReadonlyMap<string, RequirementOperator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
  ['Gt', 'gt'],
  ['Lt', 'lt'],
]);
const FIELD_OPERATORS = ['In', 'NotIn'];
const ONE_ELEMENT = 'must have one element';

/** One term, compiled. Its errors are kept, for they are only told when no other term matches. */
class Term {
  readonly errors: readonly string[];
  readonly #labels: Selector | undefined;
  readonly #fields: FieldSelector | undefined;

  constructor(term: NodeSelectorTerm, path: FieldPath) {
    const errors: string[] = [];
    const { matchExpressions = [], matchFields = [] } = term;
    this.#labels =
      matchExpressions.length === 0 ? undefined : labelsOf(matchExpressions, path.child('matchExpressions'), errors);
    this.#fields = matchFields.length === 0 ? undefined : fieldsOf(matchFields, path.child('matchFields'), errors);
    this.errors = errors;
  }

  matches(node: SelectableNode): boolean {
    const { name = '', labels } = node.metadata;
    if (this.#labels !== undefined && !this.#labels.matches(labels)) return false;
    // A node without a name has no fields to match.
    return this.#fields === undefined || name === '' || matchesName(this.#fields, name);
  }
}

/** The only field a node can be selected by is metadata.name; any other counts as empty. */
function matchesName(selector: FieldSelector, name: string): boolean {
  for (const { field, operator, value } of selector.terms) {
    const actual = field === 'metadata.name' ? name : '';
    if ((actual === value) !== (operator === '=')) return false;
  }
  return true;
}

function labelsOf(expressions: readonly NodeSelectorRequirement[], path: FieldPath, errors: string[]): Selector {
  const requirements: Requirement[] = [];
  expressions.forEach(({ key = '', operator = '', values }, i) => {
    const at = path.index(i);
    const known = OPERATORS.get(operator);
    if (known === undefined) {
      errors.push(fieldErrorMessage(notSupported(at.child('operator'), operator, OPERATORS.keys())));
      return;
    }
    const made = newRequirement(key, known, values, at);
    if (made.ok) requirements.push(made.value);
    else errors.push(...made.errors.map(fieldErrorMessage));
  });
  return selectorOf(requirements);
}

function fieldsOf(expressions: readonly NodeSelectorRequirement[], path: FieldPath, errors: string[]): FieldSelector {
  const terms: FieldTerm[] = [];
  expressions.forEach(({ key = '', operator = '', values }, i) => {
    const at = path.index(i);
    if (!FIELD_OPERATORS.includes(operator)) {
      errors.push(fieldErrorMessage(notSupported(at.child('operator'), operator, FIELD_OPERATORS)));
    } else if (values?.length !== 1) {
      errors.push(fieldErrorMessage(invalid(at.child('values'), values, ONE_ELEMENT)));
    } else terms.push({ field: key, operator: operator === 'In' ? '=' : '!=', value: values[0] ?? '' });
  });
  return fieldSelectorOf(terms);
}

function isEmptyTerm(term: NodeSelectorTerm): boolean {
  return (term.matchExpressions ?? []).length === 0 && (term.matchFields ?? []).length === 0;
}

interface NodeMatch {
  readonly matches: boolean;
  /** What could not be read, told only when no term matched. */
  readonly error?: string;
}

const MATCHES: NodeMatch = { matches: true };
const DIFFERS: NodeMatch = { matches: false };

/** Terms are alternatives; an empty term, like no term at all, selects no node. */
export class CompiledNodeSelector {
  readonly #terms: readonly Term[];
  /** Every error of every term, as an eager reader reports them. */
  readonly error: string | undefined;
  readonly #failed: NodeMatch;

  constructor(selector: NodeSelector, path?: ErrorPath) {
    const terms = childOf(path, 'nodeSelectorTerms');
    this.#terms = (selector.nodeSelectorTerms ?? []).flatMap((term, i) =>
      isEmptyTerm(term) ? [] : [new Term(term, terms.index(i))],
    );
    this.error = aggregateMessage(this.#terms.flatMap((term) => term.errors));
    this.#failed = this.error === undefined ? DIFFERS : { matches: false, error: this.error };
  }

  match(node: SelectableNode): NodeMatch {
    for (const term of this.#terms) if (term.errors.length === 0 && term.matches(node)) return MATCHES;
    return this.#failed;
  }

  matches(node: SelectableNode): boolean {
    return this.match(node).matches;
  }
}

const compiled = new WeakMap<NodeSelector, CompiledNodeSelector>();

/** Selectors are immutable, so each is compiled once. */
export function compileNodeSelector(selector: NodeSelector): CompiledNodeSelector {
  let found = compiled.get(selector);
  if (found === undefined) {
    found = new CompiledNodeSelector(selector);
    compiled.set(selector, found);
  }
  return found;
}

export class PreferredSchedulingTerms {
  readonly #terms: readonly { readonly term: Term; readonly weight: number }[];
  readonly error: string | undefined;

  /** Terms without weight or without content are skipped unread. */
  constructor(preferred: readonly PreferredSchedulingTerm[], path?: ErrorPath) {
    const terms = preferred.flatMap(({ weight, preference }, i) =>
      weight === 0 || isEmptyTerm(preference) ? [] : [{ term: new Term(preference, indexOf(path, i)), weight }],
    );
    this.error = aggregateMessage(terms.flatMap(({ term }) => term.errors));
    this.#terms = terms.filter(({ term }) => term.errors.length === 0);
  }

  /** The weights of the terms that match, added up. */
  score(node: SelectableNode): number {
    let score = 0;
    for (const { term, weight } of this.#terms) if (term.matches(node)) score += weight;
    return score;
  }

  isEmpty(): boolean {
    return this.#terms.length === 0;
  }
}

interface PodWithAffinity {
  readonly spec?: {
    readonly nodeSelector?: Labels;
    readonly affinity?: {
      readonly nodeAffinity?: { readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector };
    };
  };
}

/** A pod's nodeSelector and required node affinity: both must hold. */
export class RequiredNodeAffinity {
  readonly #labels: Selector | undefined;
  readonly #nodes: CompiledNodeSelector | undefined;

  constructor(pod: PodWithAffinity) {
    const labels = pod.spec?.nodeSelector;
    this.#labels = labels === undefined || Object.keys(labels).length === 0 ? undefined : selectorFromSet(labels);
    const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    this.#nodes = terms === undefined ? undefined : compileNodeSelector(terms);
  }

  /** Whether every node matches. */
  isEmpty(): boolean {
    return this.#labels === undefined && this.#nodes === undefined;
  }

  match(node: SelectableNode): NodeMatch {
    if (this.#labels !== undefined && !this.#labels.matches(node.metadata.labels)) return DIFFERS;
    return this.#nodes === undefined ? MATCHES : this.#nodes.match(node);
  }

  matches(node: SelectableNode): boolean {
    return this.match(node).matches;
  }
}
