// CEL is the largest part of the API server, and most inputs hold no expression: it is loaded once it is known that one may come.
import type * as Machine from './machine.ts';

let machine: typeof Machine | undefined;

/** API groups whose kinds hold expressions; a custom resource comes with its definition. */
const GROUPS: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'resource.k8s.io',
]);

/** Loads CEL if one of the groups may hold expressions, or if it is not known which there will be. */
export async function loadCel(groups?: Iterable<string>): Promise<void> {
  if (machine || (groups && ![...groups].some((group) => GROUPS.has(group)))) return;
  machine = await import('./machine.ts');
}

/** CEL, for code that only runs where a kind of those groups is in use. */
export function cel(): typeof Machine {
  if (!machine) throw new Error('CEL was not loaded: see src/apiserver/cel/loaded.ts');
  return machine;
}
