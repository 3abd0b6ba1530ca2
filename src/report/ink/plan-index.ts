// What the panes look up in a plan, found once for each plan: 20,000 changes must not be searched at every key.
import type { ObjectRef } from '../../apimachinery/diagnostic.ts';
import type { Action, Plan, PlanChange, PlanEvent } from '../../planner/changes/plan.ts';
import { addressOf, type ChangeForest, type ChangeNode, changeForest } from '../tree.ts';
import type { Entry } from './filter.ts';
import { type Moments, momentsOf } from './moments.ts';

/** Each part is found when it is first asked for: the first screen needs few of them. */
export class PlanIndex {
  readonly #plan: Plan;
  readonly #found = new Map<string, unknown>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  #once<T>(name: string, find: (plan: Plan) => T): T {
    if (!this.#found.has(name)) this.#found.set(name, find(this.#plan));
    return this.#found.get(name) as T;
  }

  get forest(): ChangeForest {
    return this.#once('forest', changeForest);
  }

  get changes(): ReadonlyMap<string, PlanChange> {
    return this.#once('changes', ({ changes }) => new Map(changes.map((change) => [addressOf(change.object), change])));
  }

  /** Node by address of the pod. */
  get nodes(): ReadonlyMap<string, string> {
    return this.#once(
      'nodes',
      ({ placements }) => new Map(placements.map(({ pod, node }) => [addressOf({ kind: 'Pod', ...pod }), node])),
    );
  }

  /** Name of the topmost owner in the plan, by address of each change: what a pod is part of. */
  get workloads(): ReadonlyMap<string, string> {
    return this.#once('workloads', () => workloadsOf(this.forest));
  }

  /** Addresses of objects with a problem, with its texts. */
  get problems(): ReadonlyMap<string, readonly string[]> {
    return this.#once('problems', problemsOf);
  }

  /** Events in the order of simulated time; those of one second keep the document's order. */
  get timeline(): readonly PlanEvent[] {
    return this.#once('timeline', ({ events }) => [...events].sort((a, b) => a.at - b.at));
  }

  /** Pods by state, second by second. */
  get moments(): Moments {
    return this.#once('moments', momentsOf);
  }

  /** How many changes there are besides those that change nothing. */
  get changed(): number {
    return this.#once('changed', ({ changes }) => changes.filter(({ action }) => action !== 'no-op').length);
  }

  /** Changes of objects that somebody changed since they were applied last. */
  get drifted(): readonly PlanChange[] {
    return this.#once('drifted', ({ changes }) => changes.filter(({ drift }) => drift !== undefined));
  }

  get actions(): readonly Action[] {
    return this.#once('actions', ({ changes }) => distinct(changes.map(({ action }) => action)));
  }

  get kinds(): readonly string[] {
    return this.#once('kinds', ({ changes }) => distinct(changes.map(({ object }) => object.kind)));
  }

  get namespaces(): readonly string[] {
    return this.#once('namespaces', ({ changes }) =>
      distinct(changes.flatMap(({ object }) => (object.namespace ? [object.namespace] : []))),
    );
  }

  /** What a filter sees of each change. */
  get entries(): ReadonlyMap<PlanChange, Entry> {
    return this.#once('entries', ({ changes }) => new Map(changes.map((change) => [change, this.#entryOf(change)])));
  }

  #entryOf({ action, origin, object }: PlanChange): Entry {
    const address = addressOf(object);
    const node = this.nodes.get(address) ?? '';
    return {
      action,
      kind: object.kind.toLowerCase(),
      namespace: object.namespace ?? '',
      node,
      isProblem: this.problems.has(address),
      text: `${action} ${origin} ${address} ${node}`.toLowerCase(),
    };
  }
}

const indexes = new WeakMap<Plan, PlanIndex>();

export function indexOf(plan: Plan): PlanIndex {
  const known = indexes.get(plan);
  if (known) return known;
  const made = new PlanIndex(plan);
  indexes.set(plan, made);
  return made;
}

function workloadsOf({ submitted, derived }: ChangeForest): Map<string, string> {
  const workloads = new Map<string, string>();
  const walk = ({ address, children }: ChangeNode, top: string): void => {
    workloads.set(address, top);
    for (const child of children) walk(child, top);
  };
  for (const node of [...submitted, ...derived]) {
    // The owner of a root does not change, and is what its pods are part of all the same.
    const { namespace, name } = node.change.owner ?? node.change.object;
    walk(node, namespace ? `${namespace}/${name}` : name);
  }
  return workloads;
}

function problemsOf({ diagnostics, pending }: Plan): Map<string, string[]> {
  const problems = new Map<string, string[]>();
  const add = (address: string, text: string): void => {
    const texts = problems.get(address);
    if (texts) texts.push(text);
    else problems.set(address, [text]);
  };
  for (const { pod, reason, message } of pending) add(addressOf({ kind: 'Pod', ...pod }), `${reason}: ${message}`);
  for (const { object, severity, field, message } of diagnostics)
    if (object && severity !== 'info') add(addressOf(object), field ? `${field}: ${message}` : message);
  return problems;
}

function distinct<T extends string>(values: readonly T[]): T[] {
  return [...new Set(values)].sort();
}

/** What a filter sees of a line that tells of an object. */
export function entryOf(plan: Plan, object: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>, text: string): Entry {
  const { changes, nodes, problems } = indexOf(plan);
  const address = addressOf(object);
  return {
    action: changes.get(address)?.action ?? '',
    kind: object.kind.toLowerCase(),
    namespace: object.namespace ?? '',
    node: nodes.get(address) ?? '',
    isProblem: problems.has(address),
    text: `${address} ${text}`.toLowerCase(),
  };
}
