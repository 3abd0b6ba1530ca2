// The order in which nodes are looked at: round robin over zones, so that a search that stops early sees all of them.
// Behaviour: pkg/scheduler/backend/cache/node_tree.go, Kubernetes v1.36.3.
import type { Node } from '../../../schema/generated/types/core-v1.ts';
import { zoneKey } from '../../../selectors/topology.ts';

export class NodeTree {
  /** Zones and their nodes in the order in which they were first seen. */
  readonly #zones = new Map<string, Set<string>>();
  readonly #zoneOf = new Map<string, string>();

  get size(): number {
    return this.#zoneOf.size;
  }

  /** Whether these are the nodes, in whatever order. */
  isOf(names: readonly string[]): boolean {
    return names.length === this.size && names.every((name) => this.#zoneOf.has(name));
  }

  /** Adds a node, or moves it when its zone has changed. */
  add(node: Node): void {
    const name = node.metadata.name ?? '';
    const zone = zoneKey(node.metadata.labels);
    const before = this.#zoneOf.get(name);
    if (before === zone) return;
    if (before !== undefined) this.remove(name);
    const names = this.#zones.get(zone);
    if (names) names.add(name);
    else this.#zones.set(zone, new Set([name]));
    this.#zoneOf.set(name, zone);
  }

  remove(name: string): void {
    const zone = this.#zoneOf.get(name);
    if (zone === undefined) return;
    this.#zoneOf.delete(name);
    const names = this.#zones.get(zone);
    names?.delete(name);
    if (names?.size === 0) this.#zones.delete(zone);
  }

  list(): readonly string[] {
    const result: string[] = [];
    let queues = [...this.#zones.values()].map((names) => [...names]);
    for (let i = 0; queues.length > 0; i++) {
      queues = queues.filter((names) => i < names.length);
      for (const names of queues) result.push(names[i]!);
    }
    return result;
  }
}
