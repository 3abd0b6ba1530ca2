// What a person does to the settled cluster in one go beside applying manifests: scale, drain, delete. makePlan plans it.
import type { Diagnostic } from '../apimachinery/diagnostic.ts';
import type { ResourceName, Store } from '../apiserver/store/store.ts';
import { COMMANDED, type Submitted, submittedKey } from './changes/changes.ts';
import type { World } from './world.ts';

export interface Operation {
  /** Sends its requests to the API server, and may let time pass; answers what the server refused. */
  run(world: World): readonly Diagnostic[];
}

export interface Operated {
  /** The objects that the operation itself wrote. */
  readonly submitted: Submitted;
  readonly diagnostics: readonly Diagnostic[];
  readonly refused: number;
}

const NOTHING: Operated = { submitted: new Map(), diagnostics: [], refused: 0 };

export function operate(world: World, operation: Operation | undefined): Operated {
  if (!operation) return NOTHING;
  const before = world.store.revision;
  const diagnostics = operation.run(world);
  const refused = diagnostics.filter(({ severity }) => severity === 'error').length;
  return { submitted: writtenByUser(world.store, before), diagnostics, refused };
}

/** What was written for a user since a revision. */
export function writtenByUser(store: Store, since: number): Submitted {
  const events = store.events(since);
  if (events === 'expired') throw new Error(`events after revision ${since} were compacted before the plan was made`);
  const written = new Map<string, typeof COMMANDED>();
  for (const { resource, object, cause } of events)
    if (cause.who === 'user' && !LEFT_OUT.has(resource)) written.set(submittedKey(resource, object), COMMANDED);
  return written;
}

/** What a request changes on the side is no wish: an eviction charges a budget. */
const LEFT_OUT: ReadonlySet<ResourceName> = new Set(['poddisruptionbudgets.policy']);
