// Selects objects by their labels: the selector of the API and the text form of kubectl -l.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/labels/selector.go and apis/meta/v1/helpers.go, Kubernetes v1.36.3.
import { compareBytes } from '../apimachinery/go/json.ts';
import { goQuote } from '../apimachinery/go/quote.ts';
import { LabelSelectorParser } from './label-selector-parser.ts';
import { errorsText, type Labels, newRequirement, Requirement, type RequirementOperator } from './requirement.ts';

export type { Labels } from './requirement.ts';

export interface LabelSelectorRequirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/** metav1.LabelSelector */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}

/** A selector ready to match. Compile once; matches allocates nothing. */
export interface Selector {
  /** All of them must hold. Empty for both everything and nothing. */
  readonly requirements: readonly Requirement[];
  /** False for the selector that matches no object at all. */
  readonly selectable: boolean;
  matches(labels: Labels | undefined): boolean;
  /** Whether every object matches. */
  isEmpty(): boolean;
  toString(): string;
}

type ParsedSelector = { readonly ok: true; readonly value: Selector } | { readonly ok: false; readonly error: string };

class RequirementSelector implements Selector {
  readonly requirements: readonly Requirement[];
  readonly selectable = true;

  constructor(requirements: readonly Requirement[]) {
    this.requirements = requirements;
  }

  matches(labels: Labels | undefined): boolean {
    for (const requirement of this.requirements) if (!requirement.matches(labels)) return false;
    return true;
  }

  isEmpty(): boolean {
    return this.requirements.length === 0;
  }

  toString(): string {
    return this.requirements.join(',');
  }
}

const NOTHING: Selector = {
  requirements: [],
  selectable: false,
  matches: () => false,
  isEmpty: () => false,
  toString: () => '',
};

const EVERYTHING: Selector = new RequirementSelector([]);

export function everything(): Selector {
  return EVERYTHING;
}

export function nothing(): Selector {
  return NOTHING;
}

/** Sorted by key, as upstream keeps them. */
export function selectorOf(requirements: readonly Requirement[]): Selector {
  if (requirements.length === 0) return EVERYTHING;
  return new RequirementSelector(requirements.toSorted((a, b) => compareBytes(a.key, b.key)));
}

/** Exactly these labels and perhaps more; no or empty labels select everything. Nothing is checked. */
export function selectorFromSet(labels: Labels | undefined): Selector {
  return selectorOf(Object.entries(labels ?? {}).map(([key, value]) => new Requirement(key, '=', [value])));
}

export function addRequirements(selector: Selector, requirements: readonly Requirement[]): Selector {
  return selector.selectable ? selectorOf([...selector.requirements, ...requirements]) : selector;
}

/** The text form: "app=web,tier in (a,b),!legacy,replicas>3". */
export function parseSelector(text: string): ParsedSelector {
  const parsed = new LabelSelectorParser(text).parse();
  return typeof parsed === 'string' ? { ok: false, error: parsed } : { ok: true, value: selectorOf(parsed) };
}

const OPERATORS: ReadonlyMap<string, RequirementOperator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
]);

/** An absent selector matches nothing, an empty one everything. */
export function labelSelectorAsSelector(selector: LabelSelector | undefined | null): ParsedSelector {
  if (selector === undefined || selector === null) return { ok: true, value: NOTHING };
  const requirements: Requirement[] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => compareBytes(a, b))) {
    const made = newRequirement(key, '=', [value]);
    if (!made.ok) return { ok: false, error: errorsText(made.errors) };
    requirements.push(made.value);
  }
  for (const expression of selector.matchExpressions ?? []) {
    const operator = OPERATORS.get(expression.operator);
    if (operator === undefined) {
      return { ok: false, error: `${goQuote(expression.operator)} is not a valid label selector operator` };
    }
    const made = newRequirement(expression.key ?? '', operator, noneIfEmpty(expression.values));
    if (!made.ok) return { ok: false, error: errorsText(made.errors) };
    requirements.push(made.value);
  }
  return { ok: true, value: selectorOf(requirements) };
}

/** Upstream copies the values, which makes an empty list an absent one. */
function noneIfEmpty(values: readonly string[] | undefined): readonly string[] | undefined {
  return values === undefined || values.length === 0 ? undefined : values;
}

/** For selectors that the apiserver has accepted: one that cannot be read matches nothing. */
const compiled = new WeakMap<LabelSelector, Selector>();

export function compileLabelSelector(selector: LabelSelector | undefined | null): Selector {
  if (selector === undefined || selector === null) return NOTHING;
  const known = compiled.get(selector);
  if (known !== undefined) return known;
  const parsed = labelSelectorAsSelector(selector);
  const value = parsed.ok ? parsed.value : NOTHING;
  compiled.set(selector, value);
  return value;
}

const API_OPERATORS: ReadonlyMap<RequirementOperator, string> = new Map(
  [...OPERATORS].map(([api, operator]) => [operator, api]),
);

type ParsedLabelSelector =
  | { readonly ok: true; readonly value: LabelSelector }
  | { readonly ok: false; readonly error: string };

/** The text form as an API selector, as kubectl makes it (create pdb --selector). */
export function parseToLabelSelector(text: string): ParsedLabelSelector {
  const parsed = parseSelector(text);
  if (!parsed.ok) return { ok: false, error: `couldn't parse the selector string "${text}": ${parsed.error}` };
  const matchLabels: Record<string, string> = {};
  const matchExpressions: LabelSelectorRequirement[] = [];
  for (const { key, operator, values } of parsed.value.requirements) {
    if (operator === '=' || operator === '==') {
      matchLabels[key] = values[0] ?? '';
      continue;
    }
    const api = API_OPERATORS.get(operator);
    if (api === undefined) {
      const known = operator === 'gt' || operator === 'lt';
      const reason = known ? "isn't supported in label selectors" : 'is not a valid label selector operator';
      return { ok: false, error: `${goQuote(operator)} ${reason}` };
    }
    matchExpressions.push({ key, operator: api, values: values.toSorted(compareBytes) });
  }
  return { ok: true, value: { matchLabels, matchExpressions } };
}

/** As kubectl prints selectors in its tables. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  const parsed = labelSelectorAsSelector(selector);
  if (!parsed.ok) return '<error>';
  return parsed.value.toString() || '<none>';
}

export function formatLabels(labels: Labels | undefined): string {
  const text = Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort(compareBytes)
    .join(',');
  return text === '' ? '<none>' : text;
}
