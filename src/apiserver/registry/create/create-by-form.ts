// Creates objects of one form: what the steps of a create look at is the same of all of them but the name, so that after the first
// one they are not taken again, as long as nothing was written to the resources that they looked at. Events are made that way.
//
// test/apiserver/registry/create/create-by-form.test.ts holds it to the steps of registry/create/create.ts.
import { type KubeObject, withMetadata } from '../../../apimachinery/object.ts';
import { formatTime } from '../../../apimachinery/time/time.ts';
import { asStored } from '../../../schema/decode/given-empty.ts';
import type { Answer, CreateRequest } from '../../request.ts';
import { resourceNameOf } from '../../resource.ts';
import type { ResourceName, Store } from '../../store/store.ts';
import { accept, type RequestScope } from '../scope.ts';
import { isSameSurroundings, Recording, type Surroundings, surroundingsOf } from './create-alike.ts';

interface KnownForm {
  /** Resources that the steps looked at, each with its newest write. */
  readonly reads: ReadonlyMap<ResourceName, number>;
  readonly surroundings: Surroundings;
}

/** By store, then by who asks, resource and form. */
const known = new WeakMap<Store, Map<string, KnownForm>>();

function keyOf(form: string, { write, resource }: RequestScope): string {
  return `${write.cause.who} ${resourceNameOf(resource)} ${form}`;
}

/** The form of what is created; undefined where the steps look at more than that. */
export function formOf(object: KubeObject, request: CreateRequest, scope: RequestScope): string | undefined {
  const { strategy, checkWrite, custom } = scope.resource;
  if (!strategy.formOf || checkWrite || custom) return undefined;
  if (request.name !== undefined || request.apiVersion !== undefined) return undefined;
  const { fieldManager, changed, context } = scope;
  if (fieldManager !== undefined || changed !== undefined || context.authorizer || context.dryRun) return undefined;
  if (!object.metadata.name || asStored(object) !== object) return undefined;
  return isBare(object) ? strategy.formOf(object) : undefined;
}

/** Whether the metadata says a name, then perhaps a namespace, and no more. */
function isBare({ metadata }: KubeObject): boolean {
  let i = 0;
  for (const key in metadata) if (key !== BARE[i++]) return false;
  return true;
}

const BARE = ['name', 'namespace'];

/** The answer to a create of a known form; undefined where the steps have to say. */
export function createByForm(form: string, object: KubeObject, scope: RequestScope): Answer | undefined {
  const { store, context, resource, write, warnings } = scope;
  const { metadata } = object;
  const found = known.get(store)?.get(keyOf(form, scope));
  if (!found || !isSameSurroundings(found.surroundings, scope)) return undefined;
  for (const [name, revision] of found.reads) if (store.revisionOf(name) !== revision) return undefined;
  const name = metadata.name ?? '';
  if ((resource.strategy.validateName?.(name, false).length ?? 1) > 0) return undefined;
  const resourceName = resourceNameOf(resource);
  // A refusal draws a uid too, and says more.
  if (store.get(resourceName, metadata.namespace, name)) return undefined;
  const uid = context.allocate.uid();
  const creationTimestamp = formatTime(context.now);
  const { namespace } = metadata;
  // The store fills the version in.
  const completed =
    namespace === undefined
      ? { name, uid, creationTimestamp, resourceVersion: '' }
      : { name, namespace, uid, creationTimestamp, resourceVersion: '' };
  const made = withMetadata(object, completed);
  const result = store.create(resourceName, made, write, true);
  return result.ok ? accept(201, result.object, warnings) : undefined;
}

/** Notes what the steps of one request depend on, to know its form from then on. */
export class FormRecording {
  readonly scope: RequestScope;
  readonly #recording: Recording;
  readonly #form: string;
  readonly #given: KubeObject;

  constructor(form: string, given: KubeObject, scope: RequestScope) {
    this.#form = form;
    this.#given = given;
    this.#recording = new Recording(given, scope);
    this.scope = this.#recording.scope;
  }

  /** Knows the form if the steps added nothing but what they add to every object. */
  keep(made: KubeObject): void {
    const { reads, isSpoilt } = this.#recording;
    const { store, warnings } = this.scope;
    if (isSpoilt || warnings.length > 0 || !isOnlyCompleted(this.#given, made)) return;
    let forms = known.get(store);
    if (!forms) known.set(store, (forms = new Map()));
    forms.set(keyOf(this.#form, this.scope), { reads, surroundings: surroundingsOf(this.scope) });
  }
}

const ADDED = ['uid', 'creationTimestamp', 'resourceVersion'];

/** Whether all the rest is the very same, in the same order. */
function isOnlyCompleted(given: KubeObject, made: KubeObject): boolean {
  const { metadata: before, ...rest } = given;
  const { metadata: after, ...others } = made;
  return isShallowlySame(rest, others, []) && isShallowlySame(before, after, ADDED);
}

function isShallowlySame(before: object, after: object, added: readonly string[]): boolean {
  const x = before as Readonly<Record<string, unknown>>;
  const y = after as Readonly<Record<string, unknown>>;
  const keys = [...Object.keys(x), ...added];
  return keys.join('\n') === Object.keys(y).join('\n') && Object.keys(x).every((key) => x[key] === y[key]);
}
