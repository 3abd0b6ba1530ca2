// What the plugins get to see of the request that they are asked about.
// A class: one is made for nearly every write, and copying the strategies' context field by field took a tenth of a large plan.
import type { JsonMap } from '../../apimachinery/json.ts';
import type { AdmissionNote, AdmissionRecord } from '../admission/chain/admission-record.ts';
import type {
  AdmissionAttributes,
  AdmissionContext,
  AdmissionOperation,
  AdmissionWriter,
  Reinvocation,
} from '../admission/chain/plugin.ts';
import type { DescribedWebhook } from '../admission/webhook/described-webhook.ts';
import type { Authorizer } from '../authorization/authorizer.ts';
import { componentUser } from '../authorization/component-users.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import type { User } from '../request.ts';
import { type Allocators, apiVersionOf, type FeatureGates } from '../resource.ts';
import type { ResourceCatalog } from '../resource-catalog.ts';
import { RequestVersions } from './object-versions.ts';
import { requestOptions } from './request-options.ts';
import type { RequestScope } from './scope.ts';

export type DeferredWrite = (server: AdmissionWriter) => void;

export class AdmissionRun implements AdmissionContext {
  readonly reader: ClusterReader;
  readonly now: number;
  readonly user: User;
  readonly authorizer?: Authorizer;
  readonly features: FeatureGates;
  readonly kubernetesVersion: string;
  readonly allocate: Allocators;
  readonly dryRun: boolean;
  readonly warn: (text: string) => void;
  readonly apiVersion?: string;
  readonly catalog: ResourceCatalog;
  readonly webhooks: readonly DescribedWebhook[];
  readonly #attributes: AdmissionAttributes;
  readonly #scope: RequestScope;
  readonly #after: DeferredWrite[];
  #versions: RequestVersions | undefined;
  #rounds: Rounds | undefined;

  constructor(attributes: AdmissionAttributes, scope: RequestScope, after: DeferredWrite[]) {
    const { context } = scope;
    this.reader = context.reader;
    this.now = context.now;
    this.user = context.user;
    if (context.authorizer) this.authorizer = context.authorizer;
    this.features = context.features;
    this.kubernetesVersion = context.kubernetesVersion;
    this.allocate = context.allocate;
    this.dryRun = context.dryRun;
    this.warn = context.warn;
    if (context.apiVersion !== undefined) this.apiVersion = context.apiVersion;
    this.catalog = scope.catalog;
    this.webhooks = scope.webhooks;
    this.#attributes = attributes;
    this.#scope = scope;
    this.#after = after;
  }

  get versions(): RequestVersions {
    this.#versions ??= new RequestVersions(this.#scope);
    return this.#versions;
  }

  get reinvocation(): Reinvocation {
    this.#rounds ??= new Rounds();
    return this.#rounds;
  }

  /** Whether a second round of the phase begins. */
  isReinvoked(): boolean {
    return this.#rounds?.next() ?? false;
  }

  requester(): User {
    const { isUserGiven, write } = this.#scope;
    return (isUserGiven ? undefined : componentUser(write.cause, this.reader)) ?? this.user;
  }

  requestOptions(operation: AdmissionOperation): JsonMap {
    return requestOptions(this.#scope.options, operation);
  }

  record(record: AdmissionRecord): void {
    this.#scope.note?.(noteOf(record, this.#attributes, this.#scope));
  }

  afterStored(write: DeferredWrite): void {
    this.#after.push(write);
  }
}

/** A second round of the mutating phase, if one was asked for in the first. */
class Rounds implements Reinvocation {
  isReinvocation = false;
  #isWanted = false;
  #states: Map<string, unknown> | undefined;

  request(): void {
    this.#isWanted = true;
  }

  state<T>(plugin: string, make: () => T): T {
    this.#states ??= new Map();
    if (!this.#states.has(plugin)) this.#states.set(plugin, make());
    return this.#states.get(plugin) as T;
  }

  next(): boolean {
    if (this.isReinvocation || !this.#isWanted) return false;
    this.isReinvocation = true;
    return true;
  }
}

function noteOf(record: AdmissionRecord, attributes: AdmissionAttributes, scope: RequestScope): AdmissionNote {
  const { operation, resource, subresource, namespace, object, oldObject } = attributes;
  const { name, generateName = '' } = (object ?? oldObject)?.metadata ?? {};
  return {
    record,
    operation,
    apiVersion: scope.context.apiVersion ?? apiVersionOf(resource),
    objectKind: resource.kind,
    subresource,
    ...(namespace === undefined ? {} : { namespace }),
    // A made-up name tells nothing, and is another one at the next attempt.
    name: operation === 'CREATE' && generateName !== '' ? `${generateName}*` : attributes.name || (name ?? ''),
    cause: scope.write.cause,
  };
}
