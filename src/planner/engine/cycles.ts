// Notices work that never ends: an owner whose objects end and are made anew over and over, or a controller that sets a value back and
// forth. Real clusters go on like that for ever; a simulation says so and goes on without it. Knows no kind.
import type { KubeObject } from '../../apimachinery/object.ts';
import { controllerOf } from '../../apimachinery/owner-references.ts';
import type { CauseObject } from '../../apiserver/request.ts';
import type { ResourceName, StoreEvent } from '../../apiserver/store/store.ts';
import { keyFor } from './controller.ts';

export interface Cycle {
  /** The controller that goes in circles, and for which object. */
  readonly who: string;
  readonly object: CauseObject;
  readonly kind: 'recreates' | 'reverses';
  /** What it makes or changes. */
  readonly target: { readonly resource: ResourceName; readonly key: string };
  /** How often it was seen. */
  readonly times: number;
}

/** Objects that were made after others of the same owner had ended, beyond which this is no repair any more. */
const REPLACEMENTS = 30;
const REPLACEMENTS_PER_LIVING = 2;
/** Returns to a value that was left before. */
const RETURNS = 12;
/** Writes to one object that nobody suspects. */
const UNSUSPICIOUS = 4;

interface Made {
  readonly living: Set<string>;
  hasEnded: boolean;
  replacements: number;
}

interface Written {
  returns: number;
  last: string | undefined;
  readonly seen: Set<string>;
}

export class CycleWatch {
  readonly #isOver: (object: KubeObject) => boolean;
  readonly #made = new Map<string, Made>();
  /** How often each object was written, as long as that is no reason to look closer. */
  readonly #writes = new Map<string, number>();
  readonly #written = new Map<string, Written>();

  /** `isOver`: an object that is still there but has done its work, well or not. */
  constructor(isOver: (object: KubeObject) => boolean) {
    this.#isOver = isOver;
  }

  /** The cycle that this write closes once too often. */
  observe(event: StoreEvent): Cycle | undefined {
    if (event.type === 'MODIFIED') return this.#observeEnd(event) ?? this.#observeValue(event);
    return event.type === 'ADDED' ? this.#observeCreation(event) : this.#observeEnd(event);
  }

  #observeCreation({ object, resource, cause }: StoreEvent): Cycle | undefined {
    const owner = controllerOf(object)?.uid;
    if (owner === undefined || cause.object === undefined) return undefined;
    let made = this.#made.get(owner);
    if (!made) this.#made.set(owner, (made = { living: new Set(), hasEnded: false, replacements: 0 }));
    made.living.add(object.metadata.uid ?? '');
    if (!made.hasEnded) return undefined;
    made.replacements += 1;
    if (made.replacements <= REPLACEMENTS + REPLACEMENTS_PER_LIVING * made.living.size) return undefined;
    const target = { resource, key: keyFor(object) };
    return { who: cause.who, object: cause.object, kind: 'recreates', target, times: made.replacements };
  }

  /** Only what was made since the start counts: replacing what was there before is repair. */
  #observeEnd({ type, object }: StoreEvent): undefined {
    if (this.#made.size === 0 || (type === 'MODIFIED' && !this.#isOver(object))) return;
    const owner = controllerOf(object)?.uid;
    const made = owner === undefined ? undefined : this.#made.get(owner);
    if (made?.living.delete(object.metadata.uid ?? '')) made.hasEnded = true;
  }

  #observeValue({ object, previous, resource, cause }: StoreEvent): Cycle | undefined {
    if (cause.object === undefined || specOf(object) === specOf(previous)) return undefined;
    const key = keyFor(object);
    // Of two controllers that disagree each writes but one value.
    const id = `${resource} ${key}`;
    const writes = (this.#writes.get(id) ?? 0) + 1;
    this.#writes.set(id, writes);
    if (writes <= UNSUSPICIOUS) return undefined;
    let written = this.#written.get(id);
    if (!written) this.#written.set(id, (written = { returns: 0, last: undefined, seen: new Set() }));
    const value = JSON.stringify(specOf(object));
    if (value === written.last) return undefined;
    written.last = value;
    if (!written.seen.has(value)) {
      written.seen.add(value);
      return undefined;
    }
    written.returns += 1;
    if (written.returns <= RETURNS) return undefined;
    return {
      who: cause.who,
      object: cause.object,
      kind: 'reverses',
      target: { resource, key },
      times: written.returns,
    };
  }
}

function specOf(object: KubeObject | undefined): unknown {
  return (object as { readonly spec?: unknown } | undefined)?.spec;
}
