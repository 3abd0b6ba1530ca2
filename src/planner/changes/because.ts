// Why an object is as it is: from the write that made it back over the objects whose reconciliation asked for it to the user's file.
import type { SourceLocation } from '../../apimachinery/diagnostic.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { CauseObject } from '../../apiserver/request.ts';
import type { Store, StoreEvent } from '../../apiserver/store/store.ts';
import type { History, ObjectHistory } from './history.ts';

type Written = Pick<StoreEvent, 'cause' | 'revision' | 'resource' | 'object'>;

const NOTHING_WRITTEN: KubeObject = { apiVersion: '', kind: '', metadata: {} };

/** Longer chains than this are loops between controllers. */
const MAX_LENGTH = 12;

/** The rest of a chain from a write on: objects, then where the file says so. */
interface Tail {
  readonly names: readonly string[];
  readonly location: string | undefined;
}

const NO_TAIL: Tail = { names: [], location: undefined };

export class CauseFinder {
  readonly #store: Store;
  readonly #history: History;
  readonly #names = new Map<ObjectHistory, string>();
  /** By the write that the chain goes on with: many objects are made for one reason. */
  readonly #tails = new Map<Written, Tail>();
  readonly #chains = new Map<Written, { readonly name: string; readonly chain: readonly string[] }>();

  constructor(store: Store, history: History) {
    this.#store = store;
    this.#history = history;
  }

  /** Nearest cause first; empty when a user's request made the write and named no file. */
  because(event: StoreEvent): readonly string[] {
    return this.#chain(event);
  }

  /** The same of a request that wrote nothing. */
  becauseOf(cause: StoreEvent['cause'], revision: number): readonly string[] {
    return this.#chain({ cause, revision: revision + 1, resource: '', object: NOTHING_WRITTEN });
  }

  #chain(event: Written): readonly string[] {
    const { source, object } = event.cause;
    if (source || !object || isSame(object, event)) return chainOf(this.#tail(event));
    const name = this.#describe(object);
    const next = this.#reasonFor(object, event.revision);
    if (!next) return [name];
    const known = this.#chains.get(next);
    if (known?.name === name) return known.chain;
    const { names, location } = this.#tail(next);
    const again = names.indexOf(name);
    const chain =
      again < 0
        ? chainOf({ names: [name, ...names].slice(0, MAX_LENGTH), location })
        : [name, ...names.slice(0, again)];
    this.#chains.set(next, { name, chain });
    return chain;
  }

  #tail(event: Written): Tail {
    let tail = this.#tails.get(event);
    if (!tail) this.#tails.set(event, (tail = this.#follow(event)));
    return tail;
  }

  #follow(event: Written): Tail {
    const names: string[] = [];
    let at: Written | undefined = event;
    while (at && names.length < MAX_LENGTH) {
      const { source, object }: StoreEvent['cause'] = at.cause;
      if (source) return { names, location: formatLocation(source) };
      const before: Written = at;
      at = object ? this.#reasonFor(object, before.revision) : this.#trigger(before);
      if (object && !isSame(object, before)) {
        const name = this.#describe(object);
        if (names.includes(name)) break;
        names.push(name);
      }
    }
    return names.length === 0 ? NO_TAIL : { names, location: undefined };
  }

  /** The write that made the object want this: its newest before the given revision that a user asked for, else its first. */
  #reasonFor(object: CauseObject, revision: number): StoreEvent | undefined {
    const writes = this.#history.find(object.resource, object.namespace, object.name)?.writes ?? [];
    let end = writes.length;
    while (end > 0 && writes[end - 1]!.revision >= revision) end -= 1;
    for (let i = end - 1; i >= 0; i--) if (writes[i]!.cause.source) return writes[i];
    for (let i = 0; i < end; i++) {
      const { cause } = writes[i]!;
      if (cause.object && !sameObject(cause.object, object)) return writes[i];
    }
    return undefined;
  }

  #trigger({ cause }: Written): StoreEvent | undefined {
    return cause.trigger === undefined ? undefined : this.#store.event(cause.trigger);
  }

  #describe({ resource, namespace, name }: CauseObject): string {
    const history = this.#history.find(resource, namespace, name);
    const known = history && this.#names.get(history);
    if (known !== undefined) return known;
    const object: KubeObject | undefined = this.#store.get(resource, namespace, name) ?? history?.writes.at(-1)?.object;
    const described = `${object?.kind ?? resource} ${namespace ? `${namespace}/${name}` : name}`;
    if (history) this.#names.set(history, described);
    return described;
  }
}

/** A location has no place behind the longest chain. */
function chainOf({ names, location }: Tail): readonly string[] {
  return location === undefined || names.length >= MAX_LENGTH ? names : [...names, location];
}

function isSame({ resource, namespace, name }: CauseObject, event: Written): boolean {
  const { metadata } = event.object;
  return resource === event.resource && (namespace ?? '') === (metadata.namespace ?? '') && name === metadata.name;
}

function sameObject(a: CauseObject, b: CauseObject): boolean {
  return a.resource === b.resource && (a.namespace ?? '') === (b.namespace ?? '') && a.name === b.name;
}

function formatLocation({ file, line, column }: SourceLocation): string {
  if (line === undefined) return file;
  return column === undefined || column === 1 ? `${file}:${line}` : `${file}:${line}:${column}`;
}
