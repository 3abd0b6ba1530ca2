// Labels that many pods share, told apart by a number, and selectors that remember their answer for each of them.
import type { LabelSelector } from '../../../schema/generated/types/meta-v1.ts';
import {
  addRequirements,
  type Labels,
  labelSelectorAsSelector,
  nothing,
  type Selector,
} from '../../../selectors/label-selector.ts';

export type { Labels } from '../../../selectors/label-selector.ts';

/** Equal labels are one LabelSet. */
export interface LabelSet {
  readonly id: number;
  readonly labels: Labels;
}

const NO_LABELS: Labels = {};

const setsByText = new Map<string, LabelSet>();
const setsByObject = new WeakMap<Labels, LabelSet>();

export function internLabels(labels: Labels | undefined): LabelSet {
  const object = labels ?? NO_LABELS;
  const known = setsByObject.get(object);
  if (known) return known;
  const text = labelText(object);
  let set = setsByText.get(text);
  if (!set) setsByText.set(text, (set = { id: setsByText.size, labels: object }));
  setsByObject.set(object, set);
  return set;
}

/** The labels as one text, the same for the same labels in any order. */
function labelText(labels: Labels): string {
  const keys = Object.keys(labels);
  if (keys.length > 1) keys.sort();
  let text = '';
  for (const key of keys) text += `${key}=${labels[key]}\n`;
  return text;
}

/** A selector asked about the same labels again and again. */
export class LabelSetSelector {
  readonly selector: Selector;
  /** Tells selectors apart that select differently. */
  readonly id: number;
  /** Selects everything. */
  readonly isEmpty: boolean;
  readonly #answers: boolean[] = [];

  private constructor(selector: Selector) {
    this.selector = selector;
    this.id = LabelSetSelector.#shared.size;
    this.isEmpty = selector.isEmpty();
  }

  static readonly #shared = new Map<string, LabelSetSelector>();

  /** One object for equal selectors, so that what it remembers serves every pod. */
  static of(selector: Selector): LabelSetSelector {
    const text = selector.selectable ? selector.toString() : '\n';
    let shared = LabelSetSelector.#shared.get(text);
    if (!shared) LabelSetSelector.#shared.set(text, (shared = new LabelSetSelector(selector)));
    return shared;
  }

  matches(set: LabelSet): boolean {
    return (this.#answers[set.id] ??= this.selector.matches(set.labels));
  }
}

/** A selector of the API, compiled; undefined when upstream could not read it. */
export function compileSelector(selector: LabelSelector | undefined): Selector | undefined {
  const parsed = labelSelectorAsSelector(selector);
  return parsed.ok ? parsed.value : undefined;
}

/** What both select. */
export function bothSelect(a: Selector, b: Selector): Selector {
  return a.selectable && b.selectable ? addRequirements(a, b.requirements) : nothing();
}
