// Which owners have to look for orphans: those that are new, those whose selector changed, those that a new orphan matches.
// Role: the orphan part of the event handlers and of FilterPodsByOwner in pkg/controller, Kubernetes v1.36.3, without a search in every sync.
import type { KubeObject, OwnerReference } from '../../../apimachinery/object.ts';
import { controllerOf } from '../../../apimachinery/owner-references.ts';
import type { ClusterReader } from '../../../apiserver/cluster-reader.ts';
import type { ResourceName, StoreEvent } from '../../../apiserver/store/store.ts';
import type { Selector } from '../../../selectors/label-selector.ts';
import { keyFor, type Watch } from '../../engine/controller.ts';
import { controlledBy, narrowingPair, selectObjects } from './claim.ts';

interface Known {
  readonly selector: Selector;
  readonly uid: string | undefined;
  readonly slot: string;
}

interface AdoptionWatchOptions<Owner extends KubeObject, Owned extends KubeObject> {
  readonly ownerResource: ResourceName;
  readonly ownerKind: string;
  readonly ownedResource: ResourceName;
  selectorOf(owner: Owner): Selector;
  /** Whether an update of an owned object is worth a look; any is when absent. */
  isCounted?(before: Owned, after: Owned): boolean;
}

const NONE: readonly string[] = [];

export class AdoptionWatch<Owner extends KubeObject, Owned extends KubeObject> {
  readonly #options: AdoptionWatchOptions<Owner, Owned>;
  readonly #known = new Map<string, Known>();
  /** Owners by a label that their selector demands, or by namespace alone. */
  readonly #slots = new Map<string, Set<string>>();
  readonly #due = new Set<string>();

  constructor(options: AdoptionWatchOptions<Owner, Owned>) {
    this.#options = options;
  }

  /** The watch of the owners themselves; must be the first of the controller. */
  get owners(): Watch {
    return {
      resource: this.#options.ownerResource,
      keys: (event) => {
        this.#observeOwner(event);
        return [keyFor(event.object)];
      },
    };
  }

  /** The watch of what they own: wakes the controller of an object, the one before, or whoever could adopt an orphan. */
  get owned(): Watch {
    return { resource: this.#options.ownedResource, keys: (event) => this.#ownedKeys(event) };
  }

  /** What `owner` may claim: what it controls, and orphans that match when it has to look for them. */
  candidates(owner: Owner, reader: ClusterReader): readonly Owned[] {
    const { ownedResource, selectorOf } = this.#options;
    const owned = controlledBy<Owned>(reader, ownedResource, owner.metadata.uid ?? '');
    if (!this.#due.has(keyFor(owner)) || owner.metadata.deletionTimestamp !== undefined) return owned;
    const orphans = orphansOf<Owned>(reader, ownedResource, owner.metadata.namespace, selectorOf(owner));
    return orphans.length === 0 ? owned : [...owned, ...orphans].sort(byKey);
  }

  /** Nothing is left to adopt: until something changes the owner need not look again. */
  settled(key: string): void {
    this.#due.delete(key);
  }

  #observeOwner({ type, object }: StoreEvent): void {
    const key = keyFor(object);
    const known = this.#known.get(key);
    if (type === 'DELETED') {
      this.#due.delete(key);
      if (known) this.#forget(key, known);
      return;
    }
    // The watch is on the owners' resource, so the object is one.
    const selector = this.#options.selectorOf(object as Owner);
    const { uid } = object.metadata;
    if (
      known &&
      known.uid === uid &&
      (known.selector === selector || known.selector.toString() === selector.toString())
    )
      return;
    if (known) this.#forget(key, known);
    const slot = slotFor(object.metadata.namespace, selector);
    this.#known.set(key, { selector, uid, slot });
    const slots = this.#slots.get(slot) ?? new Set();
    this.#slots.set(slot, slots.add(key));
    this.#due.add(key);
  }

  #forget(key: string, { slot }: Known): void {
    this.#known.delete(key);
    this.#slots.get(slot)?.delete(key);
  }

  #ownedKeys({ type, object, previous }: StoreEvent): readonly string[] {
    const { isCounted, ownerKind } = this.#options;
    const owner = controllerOf(object);
    const old = previous && controllerOf(previous);
    // Somebody else's, as before.
    if (owner !== undefined && owner.kind !== ownerKind && old?.kind !== ownerKind) return NONE;
    // The watch is on the resource of what is owned.
    if (type === 'MODIFIED' && previous && isCounted && !isCounted(previous as Owned, object as Owned)) return NONE;
    const now = this.#ownerKey(object, owner);
    const before = previous && this.#ownerKey(previous, old);
    if (owner !== undefined && now !== undefined && (before === undefined || before === now)) return [now];
    const keys = now === undefined ? [] : [now];
    if (before !== undefined && before !== now) keys.push(before);
    if (type === 'DELETED' || object.metadata.deletionTimestamp !== undefined || owner !== undefined) return keys;
    if (previous && old === undefined && previous.metadata.labels === object.metadata.labels) return keys;
    return [...keys, ...this.#adopters(object)];
  }

  #ownerKey(object: KubeObject, owner: OwnerReference | undefined): string | undefined {
    if (owner?.kind !== this.#options.ownerKind) return undefined;
    return object.metadata.namespace ? `${object.metadata.namespace}/${owner.name}` : owner.name;
  }

  #adopters({ metadata: { namespace, labels = {} } }: KubeObject): readonly string[] {
    const slots = [
      `${namespace ?? ''}`,
      ...Object.entries(labels).map(([key, value]) => slotName(namespace, key, value)),
    ];
    const found: string[] = [];
    for (const slot of slots)
      for (const key of this.#slots.get(slot) ?? NONE)
        if (this.#known.get(key)?.selector.matches(labels)) found.push(key);
    for (const key of found.sort()) this.#due.add(key);
    return found;
  }
}

/** With more than that in a namespace, those with a label are found sooner. */
const MOST_ORPHANS = 500;

/** Objects that no controller owns and that a selector matches: in most namespaces there are few of the former. */
function orphansOf<T extends KubeObject>(
  reader: ClusterReader,
  resource: ResourceName,
  namespace: string | undefined,
  selector: Selector,
): readonly T[] {
  if (!selector.selectable) return [];
  const all = reader.listByIndex<T>(resource, 'orphan', namespace ?? '');
  if (all.length <= MOST_ORPHANS) return all.filter(({ metadata }) => selector.matches(metadata.labels));
  return selectObjects<T>(reader, resource, namespace, selector).filter((object) => controllerOf(object) === undefined);
}

function slotFor(namespace: string | undefined, selector: Selector): string {
  const pair = narrowingPair(selector);
  return pair ? slotName(namespace, pair.key, pair.value) : `${namespace ?? ''}`;
}

function slotName(namespace: string | undefined, key: string, value: string): string {
  return `${namespace ?? ''} ${key}=${value}`;
}

function byKey(a: KubeObject, b: KubeObject): number {
  const x = a.metadata.name ?? '';
  const y = b.metadata.name ?? '';
  return x < y ? -1 : x > y ? 1 : 0;
}
