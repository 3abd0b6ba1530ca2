// Why an object is as it is: from the write that made it back over the objects whose reconciliation asked for it to the user's file.
import type { SourceLocation } from '../../apimachinery/diagnostic.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { CauseObject } from '../../apiserver/request.ts';
import type { Store, StoreEvent } from '../../apiserver/store/store.ts';
import { storageKey } from '../../apiserver/store/store.ts';

type Written = Pick<StoreEvent, 'cause' | 'revision' | 'resource' | 'object'>;

const NOTHING_WRITTEN: KubeObject = { apiVersion: '', kind: '', metadata: {} };

/** Longer chains than this are loops between controllers. */
const MAX_LENGTH = 12;

export class CauseFinder {
  readonly #store: Store;
  /** The writes of each object since the start, oldest first. */
  readonly #writes = new Map<string, StoreEvent[]>();

  constructor(store: Store, events: readonly StoreEvent[]) {
    this.#store = store;
    for (const event of events) {
      const id = `${event.resource} ${storageKey(event.object.metadata.namespace, event.object.metadata.name ?? '')}`;
      const writes = this.#writes.get(id);
      if (writes) writes.push(event);
      else this.#writes.set(id, [event]);
    }
  }

  /** Nearest cause first; empty when a user's request made the write and named no file. */
  because(event: StoreEvent): string[] {
    return this.#chain(event);
  }

  /** The same of a request that wrote nothing. */
  becauseOf(cause: StoreEvent['cause'], revision: number): string[] {
    return this.#chain({ cause, revision: revision + 1, resource: '', object: NOTHING_WRITTEN });
  }

  #chain(event: Written): string[] {
    const chain: string[] = [];
    let at: Written | undefined = event;
    const seen = new Set<string>();
    while (at && chain.length < MAX_LENGTH) {
      const { source, object }: StoreEvent['cause'] = at.cause;
      if (source) {
        chain.push(formatLocation(source));
        break;
      }
      const before: Written = at;
      at = object ? this.#reasonFor(object, before.revision) : this.#trigger(before);
      if (object && !isSame(object, before)) {
        const name = this.#describe(object);
        if (seen.has(name)) break;
        seen.add(name);
        chain.push(name);
      }
    }
    return chain;
  }

  /** The write that made the object want this: its newest before the given revision that a user asked for, else its first. */
  #reasonFor(object: CauseObject, revision: number): StoreEvent | undefined {
    const writes = this.#writes.get(`${object.resource} ${storageKey(object.namespace, object.name)}`);
    const earlier = writes?.filter((event) => event.revision < revision);
    return (
      earlier?.findLast(({ cause }) => cause.source) ??
      earlier?.find(({ cause }) => cause.object && !sameObject(cause.object, object))
    );
  }

  #trigger({ cause }: Written): StoreEvent | undefined {
    return cause.trigger === undefined ? undefined : this.#store.event(cause.trigger);
  }

  #describe({ resource, namespace, name }: CauseObject): string {
    const writes = this.#writes.get(`${resource} ${storageKey(namespace, name)}`);
    const object: KubeObject | undefined = this.#store.get(resource, namespace, name) ?? writes?.at(-1)?.object;
    return `${object?.kind ?? resource} ${namespace ? `${namespace}/${name}` : name}`;
  }
}

function isSame({ resource, namespace, name }: CauseObject, event: Written): boolean {
  const { metadata } = event.object;
  return resource === event.resource && (namespace ?? '') === (metadata.namespace ?? '') && name === metadata.name;
}

function sameObject(a: CauseObject, b: CauseObject): boolean {
  return a.resource === b.resource && (a.namespace ?? '') === (b.namespace ?? '') && a.name === b.name;
}

export function formatLocation({ file, line, column }: SourceLocation): string {
  if (line === undefined) return file;
  return column === undefined || column === 1 ? `${file}:${line}` : `${file}:${line}:${column}`;
}
