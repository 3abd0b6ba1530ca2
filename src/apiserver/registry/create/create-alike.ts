// Creates objects that are alike: what the steps of a create made of one pod of a template is made of the next without taking the steps
// again, as long as nothing was written to the resources that they looked at.
//
// A recipe is drawn up while a request goes through the steps of registry/create/create.ts: it notes which resources are read and what is drawn
// from the pools. It holds for requests that differ in nothing else; test/apiserver/registry/create/create-alike.test.ts holds it to the steps.
import { truncateBase } from '../../../apimachinery/generated-name.ts';
import type { KubeObject, ObjectMeta } from '../../../apimachinery/object.ts';
import type { ClusterReader } from '../../cluster-reader.ts';
import type { CreateRequest, User } from '../../request.ts';
import type { Allocators, FeatureGates } from '../../resource.ts';
import type { ResourceName, Store, StoreEvent } from '../../store/store.ts';
import { countMentions, type TextPlaces, textPlaces, withText } from '../patch/text-places.ts';
import type { RequestScope } from '../scope.ts';

/** What such an object has beside its metadata. */
interface Templated extends KubeObject {
  readonly spec?: object;
}

/** What a name was drawn for, and where it went; the object's own name comes last, and goes nowhere else. */
interface Drawn {
  readonly base: string;
  readonly places: TextPlaces | undefined;
}

export interface Recipe {
  readonly given: Templated;
  readonly made: Templated;
  readonly warnings: readonly string[];
  readonly drawn: readonly Drawn[];
  /** Resources that the steps looked at, each with its newest write. */
  readonly reads: ReadonlyMap<ResourceName, number>;
  readonly surroundings: Surroundings;
}

/** What the steps depend on beside the request's object and the store. */
export interface Surroundings {
  readonly store: Store;
  readonly admission: object;
  readonly features: FeatureGates;
  readonly kubernetesVersion: string;
  readonly user: User;
  readonly who: string;
  readonly now: number;
}

const recipes = new WeakMap<object, Recipe>();

/** Whether a request is one of many that are alike: a component makes an object from a template, under a generated name. */
export function isOneOfMany(request: CreateRequest, scope: RequestScope): boolean {
  const { strategy, checkWrite, custom } = scope.resource;
  const { name, generateName, ownerReferences } = request.object.metadata;
  return (
    strategy.isMadeAlike === true &&
    generateName !== undefined &&
    name === undefined &&
    ownerReferences !== undefined &&
    request.name === undefined &&
    request.apiVersion === undefined &&
    scope.fieldManager === undefined &&
    scope.changed === undefined &&
    scope.context.authorizer === undefined &&
    !scope.context.dryRun &&
    !checkWrite &&
    !custom
  );
}

/** The recipe of an object that was made before, if it holds still. */
export function recipeFor(object: KubeObject, scope: RequestScope): Recipe | undefined {
  const given = object as Templated;
  const recipe = given.spec && recipes.get(given.spec);
  if (!recipe || !isSameSurroundings(recipe.surroundings, scope) || !isSameRequest(given, recipe.given))
    return undefined;
  for (const [resource, revision] of recipe.reads) if (scope.store.revisionOf(resource) !== revision) return undefined;
  return recipe;
}

/** One more object, with names and a uid of its own. */
export function makeAlike(
  { made, drawn }: Recipe,
  { allocate }: Pick<RequestScope['context'], 'allocate'>,
): KubeObject {
  let { spec } = made;
  let name = '';
  for (const { base, places } of drawn) {
    name = truncateBase(base) + allocate.nameSuffix(base);
    if (places) spec = withText(spec, places, name);
  }
  const metadata: ObjectMeta = { ...made.metadata, name, uid: allocate.uid() };
  const object: Templated = { ...made, metadata };
  const changed: Templated = { ...object, spec: spec ?? {} };
  return spec === made.spec ? object : changed;
}

/** A scope that notes what the steps of one request depend on. */
export class Recording {
  readonly scope: RequestScope;
  readonly #given: Templated;
  readonly #reads = new Map<ResourceName, number>();
  readonly #drawn: { readonly base: string; readonly suffix: string }[] = [];
  #uids: string[] = [];
  #isSpoilt = false;

  constructor(object: KubeObject, scope: RequestScope) {
    this.#given = object as Templated;
    const reader = new NotingReader(
      scope.context.reader,
      (resource) => this.#reads.set(resource, scope.store.revisionOf(resource)),
      () => this.spoil(),
    );
    this.scope = { ...scope, context: { ...scope.context, reader, allocate: this.#noting(scope) }, recording: this };
  }

  get reads(): ReadonlyMap<ResourceName, number> {
    return this.#reads;
  }

  get isSpoilt(): boolean {
    return this.#isSpoilt;
  }

  /** What comes of the request depends on more than a recipe knows, or does more than to store it. */
  spoil(): void {
    this.#isSpoilt = true;
  }

  /** Keeps what was made as a recipe, unless it is not known to be one. */
  keep(object: KubeObject): void {
    const made = object as Templated;
    const { spec } = this.#given;
    const names = this.#drawn.map(({ base, suffix }) => truncateBase(base) + suffix);
    const own = names[names.length - 1];
    const { metadata } = made;
    if (this.#isSpoilt || !spec || own !== metadata.name || this.#uids.length !== 1) return;
    if (!isOnlyCompleted(this.#given.metadata, metadata)) return;
    const drawn = this.#drawn.map(({ base }, i) => ({ base, places: textPlaces(made.spec, names[i]!) }));
    // Each name is known to be new where it stands, so that another one may stand there.
    const texts = [...names, ...this.#uids];
    const placed = drawn.reduce((sum, { places }) => sum + countPlaces(places), 0);
    const { metadata: _, ...rest } = made;
    if (countMentions(this.#given, texts) > 0 || countMentions(rest, texts) !== placed) return;
    if (countMentions(this.scope.warnings, texts) > 0) return;
    recipes.set(spec, {
      given: this.#given,
      made,
      warnings: [...this.scope.warnings],
      drawn,
      reads: this.#reads,
      surroundings: surroundingsOf(this.scope),
    });
  }

  #noting({ context: { allocate } }: RequestScope): Allocators {
    return {
      uid: () => {
        const uid = allocate.uid();
        this.#uids.push(uid);
        return uid;
      },
      nameSuffix: (base) => {
        const suffix = allocate.nameSuffix(base);
        this.#drawn.push({ base, suffix });
        return suffix;
      },
    };
  }
}

/** Notes the resources that are asked for. */
class NotingReader implements ClusterReader {
  readonly #reader: ClusterReader;
  readonly #note: (resource: ResourceName) => void;
  readonly #spoil: () => void;

  constructor(reader: ClusterReader, note: (resource: ResourceName) => void, spoil: () => void) {
    this.#reader = reader;
    this.#note = note;
    this.#spoil = spoil;
  }

  get revision(): number {
    this.#spoil();
    return this.#reader.revision;
  }

  get<T extends KubeObject>(resource: ResourceName, namespace: string | undefined, name: string): T | undefined {
    this.#note(resource);
    return this.#reader.get<T>(resource, namespace, name);
  }

  list<T extends KubeObject>(resource: ResourceName, namespace?: string): readonly T[] {
    this.#note(resource);
    return this.#reader.list<T>(resource, namespace);
  }

  listByIndex<T extends KubeObject>(resource: ResourceName, index: string, value: string): readonly T[] {
    this.#note(resource);
    return this.#reader.listByIndex<T>(resource, index, value);
  }

  listByLabel<T extends KubeObject>(
    resource: ResourceName,
    key: string,
    value: string,
    namespace?: string,
  ): readonly T[] {
    this.#note(resource);
    return this.#reader.listByLabel<T>(resource, key, value, namespace);
  }

  resources(): readonly ResourceName[] {
    this.#spoil();
    return this.#reader.resources();
  }

  event(revision: number): StoreEvent | undefined {
    this.#spoil();
    return this.#reader.event(revision);
  }
}

export function surroundingsOf({ store, admission, context, write }: RequestScope): Surroundings {
  const { features, kubernetesVersion, user, now } = context;
  return { store, admission, features, kubernetesVersion, user, who: write.cause.who, now };
}

export function isSameSurroundings(known: Surroundings, { store, admission, context, write }: RequestScope): boolean {
  return (
    known.store === store &&
    known.now === context.now &&
    known.who === write.cause.who &&
    known.user === context.user &&
    known.admission === admission &&
    known.features === context.features &&
    known.kubernetesVersion === context.kubernetesVersion
  );
}

function isSameRequest(given: Templated, known: Templated): boolean {
  return given.spec === known.spec && isSame(given, known);
}

/** Key for key the same: an empty list is not an absent one. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) !== Array.isArray(b)) return false;
  const x = a as Readonly<Record<string, unknown>>;
  const y = b as Readonly<Record<string, unknown>>;
  const keys = Object.keys(x);
  if (keys.length !== Object.keys(y).length) return false;
  for (const key of keys) if (!isSame(x[key], y[key]) || !Object.hasOwn(y, key)) return false;
  return true;
}

const COMPLETED: ReadonlySet<string> = new Set(['name', 'uid', 'creationTimestamp', 'generation', 'resourceVersion']);

/** Whether the server changed nothing in the metadata beyond what it adds to every object. */
function isOnlyCompleted(given: ObjectMeta, made: ObjectMeta): boolean {
  const before = given as Readonly<Record<string, unknown>>;
  const after = made as Readonly<Record<string, unknown>>;
  return (
    Object.keys(before).every((key) => !COMPLETED.has(key) && before[key] === after[key]) &&
    Object.keys(after).every((key) => COMPLETED.has(key) || Object.hasOwn(before, key))
  );
}

function countPlaces(places: TextPlaces | undefined): number {
  if (places === undefined) return 0;
  return places === 'here' ? 1 : places.below.reduce((sum, each) => sum + countPlaces(each), 0);
}
