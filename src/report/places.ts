// Where the pods of a plan stand: on a node, or waiting for one.
import type { Plan } from '../planner/changes/plan.ts';
import { addressOf, type ChangeNode } from './tree.ts';

/** Place by address of the pod: `on node-1`, `pending`. */
export type Places = ReadonlyMap<string, string>;

export function placesOf({ placements, pending }: Plan): Places {
  const places = new Map<string, string>();
  for (const { pod, node } of placements) places.set(addressOf({ kind: 'Pod', ...pod }), `on ${node}`);
  for (const { pod } of pending) places.set(addressOf({ kind: 'Pod', ...pod }), 'pending');
  return places;
}

/** How many of a group stand where, by name of the place: `3 on node-1`. */
export function countedPlaces(group: readonly ChangeNode[], places: Places): string[] {
  const counts = new Map<string, number>();
  for (const { change } of group) {
    const place = places.get(addressOf(change.object));
    if (place !== undefined) counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([place, count]) => `${count} ${place}`);
}

/** The first of them, and how many more there are. */
export function someOf(items: readonly string[], most: number): string {
  const rest = items.length - most;
  return rest > 0 ? `${items.slice(0, most).join(', ')}, … ${rest} more` : items.join(', ');
}
