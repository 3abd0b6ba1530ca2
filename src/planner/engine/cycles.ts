// Notices work that never ends: an owner whose objects end and are made anew over and over, or a controller that sets a value back and
// forth, in a spec or, without time going on, in a status. Real clusters go on like that for ever; a simulation says so and goes on without it. Knows no kind.
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
/** The same, of a status while no time passes. */
const RETURNS_AT_ONCE = 30;
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

interface Values {
  /** How often each object was written, as long as that is no reason to look closer. */
  readonly writes: Map<string, number>;
  readonly written: Map<string, Written>;
}

function newValues(): Values {
  return { writes: new Map(), written: new Map() };
}

export class CycleWatch {
  readonly #isOver: (object: KubeObject) => boolean;
  readonly #made = new Map<string, Made>();
  readonly #specs = newValues();
  /** Those of this moment. */
  #statuses = newValues();
  #moment: number | undefined;

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

  #observeValue(event: StoreEvent): Cycle | undefined {
    const { object, previous, cause } = event;
    if (cause.object === undefined) return undefined;
    if (specOf(object) !== specOf(previous)) return this.#observeReturn(event, this.#specs, RETURNS, specOf);
    if (event.at !== this.#moment) {
      this.#moment = event.at;
      this.#statuses = newValues();
    }
    return this.#observeReturn(event, this.#statuses, RETURNS_AT_ONCE, statusOf);
  }

  #observeReturn(
    { object, resource, cause }: StoreEvent,
    { writes: counts, written: values }: Values,
    most: number,
    partOf: (object: KubeObject) => unknown,
  ): Cycle | undefined {
    const key = keyFor(object);
    // Of two controllers that disagree each writes but one value.
    const id = `${resource} ${key}`;
    const writes = (counts.get(id) ?? 0) + 1;
    counts.set(id, writes);
    if (writes <= UNSUSPICIOUS) return undefined;
    let written = values.get(id);
    if (!written) values.set(id, (written = { returns: 0, last: undefined, seen: new Set() }));
    const value = JSON.stringify(partOf(object));
    if (value === written.last) return undefined;
    written.last = value;
    if (!written.seen.has(value)) {
      written.seen.add(value);
      return undefined;
    }
    written.returns += 1;
    if (written.returns <= most || cause.object === undefined) return undefined;
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

function statusOf(object: KubeObject): unknown {
  return (object as { readonly status?: unknown }).status;
}
