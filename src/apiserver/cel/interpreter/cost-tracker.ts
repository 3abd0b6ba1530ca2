// Counts what an evaluation costs, step by step, and ends it at the limit.
// Behaviour: cel-go v0.26.0 interpreter/runtimecost.go; k8s.io/apiserver pkg/cel/library/cost.go, Kubernetes v1.36.3.
import { callCost } from '../library/call-cost.ts';
import { Abort, type CelValue } from '../values/value.ts';

export const LIMIT_EXCEEDED = 'operation cancelled: actual cost limit exceeded';

interface Entry {
  readonly value: CelValue;
  readonly id: number;
}

export class CostTracker {
  cost = 0;
  readonly #limit: number;
  /** The values of the steps so far: a call finds its arguments here. */
  #stack: Entry[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  done(value: CelValue, id: number): void {
    this.#stack.push({ value, id });
    if (this.cost > this.#limit) throw new Abort(LIMIT_EXCEEDED);
  }

  drop(...ids: readonly number[]): void {
    for (const id of ids) {
      const at = this.#find(id);
      if (at >= 0) this.#stack.length = at;
    }
  }

  dropArguments(ids: readonly number[]): readonly CelValue[] | undefined {
    const values: CelValue[] = [];
    for (let i = ids.length - 1; i >= 0; i--) {
      const at = this.#find(ids[i] as number);
      if (at < 0) return undefined;
      values.unshift((this.#stack[at] as Entry).value);
      this.#stack.length = at;
    }
    return values;
  }

  call(name: string, overload: string, ids: readonly number[], result: CelValue): void {
    const args = this.dropArguments(ids);
    if (args !== undefined) this.cost += callCost(name, overload, args, result);
  }

  #find(id: number): number {
    for (let i = this.#stack.length - 1; i >= 0; i--) if ((this.#stack[i] as Entry).id === id) return i;
    return -1;
  }
}
