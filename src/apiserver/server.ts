// The API server in process: finds the resource, takes a request through its steps, answers as kube-apiserver would.
// Behaviour: [apiserver]/pkg/endpoints/handlers/{create,update,patch,delete}.go, Kubernetes v1.36.3.
//
// Steps of a create, in upstream's order: decode -> default -> convert -> mutate (admission) -> prepare -> validate -> warn ->
// canonicalize -> admit (validating admission) -> store. registry/answer.ts hands a request to the file of its verb
// or subresource.
import type { KubeObject } from '../apimachinery/object.ts';
import type { Status } from '../apimachinery/status.ts';
import type { AdmissionChange, AdmissionNote } from './admission/chain/admission-record.ts';
import type { AdmissionPlugin } from './admission/chain/plugin.ts';
import type { DescribedWebhook } from './admission/webhook/described-webhook.ts';
import { type Authorizer, attributesOf, forbiddenStatus } from './authorization/authorizer.ts';
import { type ClusterReader, clusterReader } from './cluster-reader.ts';
import { answerTo } from './registry/answer.ts';
import { notFoundText } from './registry/not-found.ts';
import { restored } from './registry/restore.ts';
import { type RequestScope, refuse } from './registry/scope.ts';
import { scaleOf } from './registry/subresource.ts';
import { toRequestedVersion, toStoredVersion } from './registry/versions.ts';
import type { Answer, Cause, CreateRequest, UpdateRequest, User, WriteRequest } from './request.ts';
import {
  type Allocators,
  apiVersionOf,
  type FeatureGates,
  type Resource,
  resourceNameOf,
  type StrategyContext,
} from './resource.ts';
import type { ResourceCatalog } from './resource-catalog.ts';
import type { Store } from './store/store.ts';
import { warningHeaders } from './warning-headers.ts';

interface ApiServerOptions {
  readonly store: Store;
  readonly catalog: ResourceCatalog;
  /** In the order in which they run. */
  readonly admission: readonly AdmissionPlugin[];
  readonly kubernetesVersion: string;
  readonly features: FeatureGates;
  /** Without a store: for one dry run. */
  readonly allocators: (store: Store | undefined) => Allocators;
  /** Simulated time in milliseconds since the epoch. */
  readonly now: () => number;
  /** Writes metadata.managedFields for every request; without it only for requests that name a field manager or apply. */
  readonly trackManagedFields?: boolean;
  /** What is known of the answers of webhooks. */
  readonly webhooks?: readonly DescribedWebhook[];
  /** Takes down what admission policies and webhooks made of each request. */
  readonly admissionNotes?: (note: AdmissionNote) => void;
  /** Sees what the mutating step of a plugin made of an object that a user sent. */
  readonly admissionChanges?: (change: AdmissionChange) => void;
  /** Sees every write request with its answer. */
  readonly audit?: (request: WriteRequest, answer: Answer) => void;
}

/** Who acts when a request names nobody: a cluster administrator, as kubectl with a kubeadm configuration. */
export const ADMIN: User = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };

/** What the controllers inside the API server sign with. */
const OWN_CONTROLLERS = 'kube-apiserver';

export class ApiServer {
  readonly options: ApiServerOptions;
  readonly reader: ClusterReader;
  readonly #allocators: Allocators;
  #actor: Actor | undefined;
  /** What the object that was restored last was restored in. */
  #restoring: RequestScope | undefined;

  constructor(options: ApiServerOptions) {
    this.options = options;
    this.reader = clusterReader(options.store);
    this.#allocators = options.allocators(options.store);
  }

  get store(): Store {
    return this.options.store;
  }

  /** From now on requests of nobody but `user` are this identity's, and need its rights. */
  actAs(user: User, authorizer: Authorizer): void {
    this.#actor = { user, authorizer };
  }

  /** Why the actor may not read; undefined when he may. */
  deniedRead(
    verb: 'get' | 'list',
    resource: Resource,
    place: { readonly namespace?: string; readonly name?: string; readonly subresource?: string },
  ): Status | undefined {
    return this.#actor && denied(this.#actor, verb, resource, place);
  }

  /** Carries out a write and answers; it never throws for what a client sent. */
  handle(request: WriteRequest): Answer {
    const answer = this.#answer(request);
    this.options.audit?.(request, answer);
    const warnings = warningHeaders(answer.warnings);
    return warnings === answer.warnings ? answer : { ...answer, warnings };
  }

  /** Puts an object of a described cluster into the store as it stands, unless its name is taken; see registry/restore.ts. */
  restore(served: Resource, object: KubeObject, cause: Cause): boolean {
    const { store } = this.options;
    const resource = served.storedAs ?? served;
    const scope = this.#restoreScope(cause, resource);
    const { context, write } = scope;
    const name = resourceNameOf(resource);
    const converted = served.storedAs ? toStoredVersion(object, apiVersionOf(served), scope) : object;
    return store.restore(name, restored(converted, resource, context), write);
  }

  find(served: Resource, namespace: string | undefined, name: string): KubeObject | undefined {
    const resource = served.storedAs ?? served;
    return this.store.get(resourceNameOf(resource), resource.namespaced ? namespace : undefined, name);
  }

  /** A stored object as a read in this version gets it; undefined for a subresource that it does not have. */
  read(
    served: Resource,
    stored: KubeObject,
    apiVersion: string | undefined,
    subresource: string | undefined,
  ): KubeObject | undefined {
    const resource = served.storedAs ?? served;
    if (subresource === 'scale') return resource.scale && scaleOf(stored, resource.scale);
    if (subresource !== undefined && !resource.subresources?.[subresource]) return undefined;
    const object = resource.custom?.readStored(stored) ?? stored;
    return toRequestedVersion(object, apiVersion, this.#scope({ cause: { who: 'user' } }, resource));
  }

  #answer(given: WriteRequest): Answer {
    const served = this.options.catalog.byName(given.resource);
    if (!served) return refuse(notFoundText('the server could not find the requested resource'), []);
    const resource = served.storedAs ?? served;
    const request = served.storedAs
      ? { ...given, resource: resourceNameOf(resource), apiVersion: given.apiVersion ?? apiVersionOf(served) }
      : given;
    const actor = this.#actorOf(request);
    const refusal = actor && denied(actor, request.verb, served, { ...request, name: nameOf(request) });
    if (refusal) return refuse(refusal, []);
    const scope = this.#scope(request, resource);
    const answer = answerTo(request, scope);
    if (resource.followUp && answer.ok) this.#followUp(request, answer.object, scope);
    return answer;
  }

  /** Components act as administrators; so does the user unless somebody stands in for him. */
  #actorOf({ cause, user }: Pick<WriteRequest, 'cause' | 'user'>): Actor | undefined {
    return user === undefined && cause.who === 'user' ? this.#actor : undefined;
  }

  #followUp(request: WriteRequest, object: KubeObject, { resource, context }: RequestScope): void {
    if (request.verb === 'delete' || request.dryRun || request.subresource) return;
    const next = resource.followUp?.(object, context);
    if (!next) return;
    const { name = '', namespace } = object.metadata;
    this.handle({
      verb: 'update',
      resource: request.resource,
      name,
      subresource: 'status',
      object: next,
      cause: { ...request.cause, who: OWN_CONTROLLERS },
      ...(namespace === undefined ? {} : { namespace }),
      ...(request.fieldManager === undefined ? {} : { fieldManager: OWN_CONTROLLERS }),
    });
  }

  /** Objects of a described cluster come by the thousand, and what surrounds them is the same. */
  #restoreScope(cause: Cause, resource: Resource): RequestScope {
    const last = this.#restoring;
    if (last?.resource === resource && last.write.cause === cause && last.write.at === this.options.now()) return last;
    return (this.#restoring = this.#scope({ cause }, resource));
  }

  #scope(
    request: Pick<WriteRequest, 'cause' | 'user' | 'dryRun' | 'apiVersion' | 'fieldManager'>,
    resource: Resource,
  ): RequestScope {
    const { store, admission, now, features, kubernetesVersion, catalog, trackManagedFields, admissionNotes } =
      this.options;
    const warnings: string[] = [];
    const actor = this.#actorOf(request);
    const at = now();
    const { cause, dryRun = false, user, apiVersion } = request;
    const common: StrategyContext = {
      reader: this.reader,
      now: at,
      user: user ?? actor?.user ?? ADMIN,
      features,
      kubernetesVersion,
      // A dry run takes nothing, so what was drawn before it does not show in its answer.
      allocate: dryRun ? this.options.allocators(undefined) : this.#allocators,
      dryRun,
      warn: (text) => void warnings.push(text),
    };
    const context = actor || apiVersion !== undefined ? { ...common, ...particularsOf(request, actor) } : common;
    // Without spreads: this is made for every request.
    return {
      resource,
      catalog,
      store,
      admission,
      warnings,
      options: request,
      webhooks: this.options.webhooks ?? NO_WEBHOOKS,
      isUserGiven: user !== undefined,
      note: admissionNotes,
      changed: cause.who === 'user' ? this.options.admissionChanges : undefined,
      fieldManager: request.fieldManager ?? (trackManagedFields ? cause.who : undefined),
      write: { cause, at },
      context,
    };
  }
}

const NO_WEBHOOKS: readonly DescribedWebhook[] = [];

/** What few requests have. */
function particularsOf(
  { apiVersion }: Pick<WriteRequest, 'apiVersion'>,
  actor: Actor | undefined,
): Pick<StrategyContext, 'authorizer' | 'apiVersion'> {
  return {
    ...(actor ? { authorizer: actor.authorizer } : {}),
    ...(apiVersion === undefined ? {} : { apiVersion }),
  };
}

interface Actor {
  readonly user: User;
  readonly authorizer: Authorizer;
}

function denied(
  { user, authorizer }: Actor,
  verb: string,
  resource: Resource,
  place: { readonly namespace?: string; readonly name?: string; readonly subresource?: string },
): Status | undefined {
  const attributes = attributesOf(verb, resource, place);
  const { isAllowed, reason } = authorizer.authorize(user, attributes);
  return isAllowed ? undefined : forbiddenStatus(user, attributes, reason);
}

/** The name in the path: a create names its object in the body alone. */
function nameOf(request: WriteRequest): string {
  return request.verb === 'create' && !request.subresource ? '' : (request.name ?? '');
}

/** The verbs of one component, each request signed with its cause. */
export interface Client {
  create<T extends KubeObject>(resource: string, object: T, subresource?: string): Answer<T>;
  update<T extends KubeObject>(resource: string, object: T, subresource?: string): Answer<T>;
  updateStatus<T extends KubeObject>(resource: string, object: T): Answer<T>;
  patch<T extends KubeObject>(
    resource: string,
    key: { readonly namespace?: string | undefined; readonly name: string },
    patch: unknown,
    options?: { readonly type?: 'json' | 'merge' | 'strategic'; readonly subresource?: string },
  ): Answer<T>;
  delete(
    resource: string,
    key: { readonly namespace?: string | undefined; readonly name: string },
    options?: DeleteOptions,
  ): Answer;
}

interface DeleteOptions {
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export function clientOf(server: ApiServer, cause: Cause): Client {
  return new SignedClient(server, cause);
}

/** The server answers with objects of the resource that was asked for. */
class SignedClient implements Client {
  readonly #server: ApiServer;
  readonly #cause: Cause;

  constructor(server: ApiServer, cause: Cause) {
    this.#server = server;
    this.#cause = cause;
  }

  create<T extends KubeObject>(resource: string, object: T, subresource?: string): Answer<T> {
    const cause = this.#cause;
    const { namespace, name = '' } = object.metadata;
    const request: CreateRequest = subresource
      ? { verb: 'create', resource, object, cause, ...namespaceOf(namespace), subresource, name }
      : namespace === undefined
        ? { verb: 'create', resource, object, cause }
        : { verb: 'create', resource, object, cause, namespace };
    return this.#server.handle(request) as Answer<T>;
  }

  update<T extends KubeObject>(resource: string, object: T, subresource?: string): Answer<T> {
    const cause = this.#cause;
    const { namespace, name = '' } = object.metadata;
    const request: UpdateRequest =
      namespace !== undefined && subresource !== undefined
        ? { verb: 'update', resource, name, object, cause, namespace, subresource }
        : {
            verb: 'update',
            resource,
            name,
            object,
            cause,
            ...namespaceOf(namespace),
            ...(subresource ? { subresource } : {}),
          };
    return this.#server.handle(request) as Answer<T>;
  }

  updateStatus<T extends KubeObject>(resource: string, object: T): Answer<T> {
    return this.update(resource, object, 'status');
  }

  patch<T extends KubeObject>(...[resource, place, patch, options = {}]: Parameters<Client['patch']>): Answer<T> {
    const { type = 'strategic', subresource } = options;
    return this.#server.handle({
      verb: 'patch',
      resource,
      name: place.name,
      patch,
      patchType: type,
      cause: this.#cause,
      ...namespaceOf(place.namespace),
      ...(subresource ? { subresource } : {}),
    }) as Answer<T>;
  }

  delete<T extends KubeObject>(...[resource, place, options = {}]: Parameters<Client['delete']>): Answer<T> {
    const { propagationPolicy, gracePeriodSeconds, uid, resourceVersion } = options;
    return this.#server.handle({
      verb: 'delete',
      resource,
      name: place.name,
      cause: this.#cause,
      ...namespaceOf(place.namespace),
      ...(propagationPolicy ? { propagationPolicy } : {}),
      ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
      ...(uid || resourceVersion
        ? { preconditions: { ...(uid ? { uid } : {}), ...(resourceVersion ? { resourceVersion } : {}) } }
        : {}),
    }) as Answer<T>;
  }
}

function namespaceOf(namespace: string | undefined): { readonly namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}
