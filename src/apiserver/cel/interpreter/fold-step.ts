// A comprehension: what a macro such as all, map or filter became.
// Behaviour: cel-go v0.26.0 interpreter/interpretable.go (evalFold).
import { PlainList, PlainMap } from '../values/collections.ts';
import { CelError, type CelValue, goTypeName, ListValue, MapValue } from '../values/value.ts';
import type { Activation } from './activation.ts';
import type { Step } from './steps.ts';

interface FoldPlan {
  readonly id: number;
  readonly range: Step;
  readonly iterVar: string;
  readonly iterVar2: string;
  readonly accuVar: string;
  readonly accuInit: Step;
  readonly condition: Step;
  readonly step: Step;
  readonly result: Step;
}

export class Fold implements Step {
  readonly plan: FoldPlan;
  constructor(plan: FoldPlan) {
    this.plan = plan;
  }
  get id(): number {
    return this.plan.id;
  }
  evaluate(activation: Activation): CelValue {
    const value = this.#value(activation);
    const { tracker } = activation;
    if (tracker) {
      tracker.drop(this.plan.range.id);
      tracker.done(value, this.id);
    }
    return value;
  }
  #value(activation: Activation): CelValue {
    const range = this.plan.range.evaluate(activation);
    if (range instanceof CelError) return range;
    const folder = new Folder(this.plan, activation);
    if (this.plan.iterVar2 !== '') {
      if (range instanceof MapValue) {
        for (const key of range.keys()) if (!folder.next(key, range.find(key) ?? null)) break;
      } else if (range instanceof ListValue) {
        for (let i = 0; i < range.size; i++) if (!folder.next(BigInt(i), range.at(i))) break;
      } else {
        return new CelError(`unsupported comprehension range type: ${goTypeName(range)}`);
      }
      return folder.finish();
    }
    if (!(range instanceof ListValue || range instanceof MapValue)) {
      return new CelError(`got '${goTypeName(range)}', expected iterable type`);
    }
    const values = range instanceof ListValue ? range : range.keys();
    for (const value of values) if (!folder.next(value, null)) break;
    return folder.finish();
  }
}

class Folder implements Activation {
  readonly tracker;
  readonly #plan: FoldPlan;
  readonly #outer: Activation;
  #accu: CelValue = null;
  #started = false;
  #finishing = false;
  #first: CelValue = null;
  #second: CelValue = null;

  constructor(plan: FoldPlan, outer: Activation) {
    this.#plan = plan;
    this.#outer = outer;
    this.tracker = outer.tracker;
  }

  next(first: CelValue, second: CelValue): boolean {
    this.#first = first;
    this.#second = second;
    const condition = this.#plan.condition.evaluate(this);
    if (typeof condition === 'boolean' && !condition) return false;
    this.#accu = this.#plan.step.evaluate(this);
    this.#started = true;
    return true;
  }

  finish(): CelValue {
    this.#finishing = true;
    const result = this.#plan.result.evaluate(this);
    if (result instanceof PlainList || result instanceof PlainMap) result.mutable = false;
    return result;
  }

  resolve(name: string): CelValue | undefined {
    if (name === this.#plan.accuVar) {
      if (!this.#started) {
        this.#started = true;
        this.#accu = growing(this.#plan.accuInit.evaluate(this.#outer));
      }
      return this.#accu;
    }
    if (!this.#finishing) {
      if (name === this.#plan.iterVar) return this.#first;
      if (name === this.#plan.iterVar2 && name !== '') return this.#second;
    }
    return this.#outer.resolve(name);
  }
}

/** An empty list or map as one that grows in place. */
function growing(value: CelValue): CelValue {
  if (value instanceof ListValue && value.size === 0) {
    const list = new PlainList([]);
    list.mutable = true;
    return list;
  }
  if (value instanceof MapValue && value.size === 0) {
    const map = new PlainMap([]);
    map.mutable = true;
    return map;
  }
  return value;
}
