// What the panes look up in a plan, found once for each plan: 20,000 changes must not be searched at every key.
import type { ObjectRef } from '../../apimachinery/diagnostic.ts';
import type { Action, Plan, PlanChange, PlanEvent } from '../../planner/changes/plan.ts';
import { addressOf, type ChangeForest, type ChangeNode, changeForest } from '../tree.ts';
import type { Entry } from './filter.ts';
import { type Moments, momentsOf } from './moments.ts';

export interface PlanIndex {
  readonly forest: ChangeForest;
  readonly changes: ReadonlyMap<string, PlanChange>;
  /** Node by address of the pod. */
  readonly nodes: ReadonlyMap<string, string>;
  /** Name of the topmost owner in the plan, by address of each change: what a pod is part of. */
  readonly workloads: ReadonlyMap<string, string>;
  /** Addresses of objects with a problem, with its texts. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
  /** Events in the order of simulated time. */
  readonly timeline: readonly PlanEvent[];
  /** Pods by state, second by second. */
  readonly moments: Moments;
  /** How many changes there are besides those that change nothing. */
  readonly changed: number;
  readonly actions: readonly Action[];
  readonly kinds: readonly string[];
  readonly namespaces: readonly string[];
  /** What a filter sees of a change. */
  readonly entries: ReadonlyMap<PlanChange, Entry>;
}

const indexes = new WeakMap<Plan, PlanIndex>();

export function indexOf(plan: Plan): PlanIndex {
  const known = indexes.get(plan);
  if (known) return known;
  const made = makeIndex(plan);
  indexes.set(plan, made);
  return made;
}

function makeIndex(plan: Plan): PlanIndex {
  const nodes = new Map(plan.placements.map(({ pod, node }) => [addressOf({ kind: 'Pod', ...pod }), node] as const));
  const problems = problemsOf(plan);
  const changes = new Map<string, PlanChange>();
  const entries = new Map<PlanChange, Entry>();
  for (const change of plan.changes) {
    const address = addressOf(change.object);
    const node = nodes.get(address);
    changes.set(address, change);
    entries.set(change, {
      action: change.action,
      kind: change.object.kind.toLowerCase(),
      namespace: change.object.namespace ?? '',
      node: node ?? '',
      isProblem: problems.has(address),
      text: `${change.action} ${change.origin} ${address} ${node ?? ''}`.toLowerCase(),
    });
  }
  const forest = changeForest(plan);
  return {
    forest,
    changes,
    nodes,
    workloads: workloadsOf(forest),
    problems,
    // The sort is stable: events of one second keep the document's order.
    timeline: [...plan.events].sort((a, b) => a.at - b.at),
    moments: momentsOf(plan),
    changed: plan.changes.filter(({ action }) => action !== 'no-op').length,
    actions: distinct(plan.changes.map(({ action }) => action)),
    kinds: distinct(plan.changes.map(({ object }) => object.kind)),
    namespaces: distinct(plan.changes.flatMap(({ object }) => (object.namespace ? [object.namespace] : []))),
    entries,
  };
}

function workloadsOf({ submitted, derived }: ChangeForest): Map<string, string> {
  const workloads = new Map<string, string>();
  const walk = ({ change, children }: ChangeNode, top: string): void => {
    workloads.set(addressOf(change.object), top);
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
