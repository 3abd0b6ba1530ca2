// The shape that every API resource has here: its names, its strategy, its subresources, its table columns.
// Behaviour: [apiserver]/pkg/registry/rest/{create,update,delete}.go and each pkg/registry/<group>/<resource>/strategy.go, Kubernetes v1.36.3.
import type { FieldError } from '../apimachinery/field-error.ts';
import type { GroupResource } from '../apimachinery/group-version-kind.ts';
import type { JsonMap } from '../apimachinery/json.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import type { Status } from '../apimachinery/status.ts';
import type { JsonTree } from '../schema/decode/json-tree.ts';
import type { Authorizer } from './authorization/authorizer.ts';
import type { ClusterReader } from './cluster-reader.ts';
import type { DecodedInto } from './decode.ts';
import type { TypeReference } from './field-management/types/type-schema.ts';
import type { Answer, CreateRequest, DeleteRequest, PropagationPolicy, User } from './request.ts';
import type { ResourceName } from './store/store.ts';

/** What a strategy may know of its surroundings; it must not write. */
export interface StrategyContext {
  readonly reader: ClusterReader;
  /** Simulated time, milliseconds since the epoch. */
  readonly now: number;
  readonly user: User;
  /** Absent where everybody may do everything. */
  readonly authorizer?: Authorizer;
  readonly features: FeatureGates;
  /** Kubernetes minor version in force, `1.36`. */
  readonly kubernetesVersion: string;
  readonly allocate: Allocators;
  readonly dryRun: boolean;
  /** Adds a warning to the answer, whatever that will be. */
  readonly warn: (text: string) => void;
  /** API version that the request speaks, where it says one. */
  readonly apiVersion?: string;
}

export interface FeatureGates {
  isEnabled(name: string): boolean;
}

/** What the API server hands out from pools: it picks in a fixed order where Kubernetes picks at random. */
export interface Allocators {
  uid(): string;
  /** Five characters for a generated name. */
  nameSuffix(base: string): string;
}

/**
 * The steps that a resource adds to the request pipeline, in the order in which they run.
 * Every step gets an object of the external version, decoded and normalised, and returns a new one; none changes its argument.
 */
export interface Strategy<T extends KubeObject = KubeObject> {
  /** pkg/apis/<group>/<version>/defaults.go; parts that are those of the stored object have their defaults. */
  applyDefaults?(object: T, context: StrategyContext, stored?: T): T;
  /** As applyDefaults, of a new object that nobody else holds yet: the one step that may fill in its argument. For kinds that come by the thousand. */
  fillDefaults?(object: T, context: StrategyContext): T;
  /** Clears what the client may not set (status), sets generation and the like. */
  prepareForCreate?(object: T, context: StrategyContext): T;
  /** pkg/apis/<group>/validation, on create; without the object metadata, which the pipeline validates itself. */
  validate?(object: T, context: StrategyContext): readonly FieldError[];
  warningsOnCreate?(object: T, context: StrategyContext): readonly string[];
  prepareForUpdate?(object: T, old: T, context: StrategyContext): T;
  /** Validation of an update; the pipeline adds the object metadata's. */
  validateUpdate?(object: T, old: T, context: StrategyContext): readonly FieldError[];
  warningsOnUpdate?(object: T, old: T, context: StrategyContext): readonly string[];
  /** Brings a valid object into the form that is stored (last step before the store). */
  canonicalize?(object: T, context: StrategyContext): T;
  /** Whether the steps of a create take defaults away that every read adds again; the first update writes them then. */
  isStoredWithoutDefaults?(given: T, context: StrategyContext): boolean;
  /**
   * Many objects are made from one template, and what the steps make of one depends on its generated name and its uid in nothing
   * but these themselves. Not together with isStoredWithoutDefaults.
   */
  readonly isMadeAlike?: boolean;
  /**
   * All that the steps of a create look at in an object whose metadata is a name and a namespace, beside that name, as one text;
   * undefined where they look at more. Objects of one form get a uid and a time and are stored as they are; not together with isMadeAlike.
   */
  formOf?(object: T): string | undefined;
  /** Checks of the name beyond metadata's own rules; the default is a DNS-1123 subdomain. */
  validateName?(name: string, prefix: boolean): readonly string[];
  /** Finalizers need be neither standard nor qualified: kinds whose validators use the general metadata rules alone. */
  readonly acceptsAnyFinalizer?: boolean;
  /** A create looks at the metadata only where nothing else is wrong: the kind's own validator does not. */
  readonly looksAtMetadataLast?: boolean;
  /** PUT on a missing object creates it. */
  readonly allowCreateOnUpdate?: boolean;
  /** PUT and PATCH may leave resourceVersion out. */
  readonly allowUnconditionalUpdate?: boolean;
  /** What a delete without a propagation policy does with dependents; Background when absent. */
  readonly defaultPropagation?: PropagationPolicy;
  /** Seconds of grace that a first delete gives; a resource without this step is deleted at once. */
  gracePeriodSeconds?(object: T, requested: number | undefined, context: StrategyContext): number;
  /** Why an object of this name is never deleted. */
  keepsForever?(name: string): string | undefined;
  /** A delete that goes another way than finalizers and grace: the object to store instead (namespaces turn Terminating). */
  startDeletion?(object: T, context: StrategyContext): T | undefined;
  /** Whether an update that empties metadata.finalizers of a deleted object removes it; yes when absent. */
  mayDeleteDuringUpdate?(object: T): boolean;
  /** Allocations (cluster IPs, node ports), before prepareForCreate and prepareForUpdate; an error refuses the request. */
  beginCreate?(object: T, context: StrategyContext): AllocationResult<T>;
  beginUpdate?(object: T, old: T, context: StrategyContext): AllocationResult<T>;
}

export type AllocationResult<T> =
  | { readonly ok: true; readonly object: T }
  | { readonly ok: false; readonly errors: readonly FieldError[] }
  /** A refusal that blames no field: the pool is empty. */
  | { readonly ok: false; readonly status: Status };

/** A subresource that is written like an object (status, resize, ephemeralcontainers, approval, finalize). */
export type SubresourceStrategy<T extends KubeObject = KubeObject> = Pick<
  Strategy<T>,
  'prepareForUpdate' | 'validateUpdate' | 'warningsOnUpdate' | 'canonicalize' | 'beginUpdate'
>;

/** A subresource with a body of another kind (pods/binding, pods/eviction). */
export type ActionSubresource = (request: CreateRequest, subject: KubeObject, server: SubresourceServer) => Answer;

export type DeleteOptions = Pick<DeleteRequest, 'gracePeriodSeconds' | 'propagationPolicy' | 'preconditions'>;

/** What an action subresource may do with the object it belongs to. */
export interface SubresourceServer {
  readonly context: StrategyContext;
  updateObject(object: KubeObject, old: KubeObject): Answer;
  deleteObject(object: KubeObject, options: DeleteOptions): Answer;
  /**
   * Writes an object of any kind past its strategy, as upstream's storage does; answers it as stored. Dry runs write nothing.
   * Fresh is an object that was made for this write, with metadata of its own.
   */
  storeObject(object: KubeObject, isFresh?: boolean): KubeObject;
}

/** Where the scale subresource reads and writes. */
export interface ScaleMapping {
  readonly specReplicas: readonly string[];
  readonly statusReplicas: readonly string[];
  /** Path of the selector, a LabelSelector object or a plain map. */
  readonly selector: readonly string[];
}

/** Why a user may not write this object though he may write the resource; `old` is absent on create, the name on a plain one. */
export type WriteCheck = (
  object: KubeObject,
  old: KubeObject | undefined,
  request: { readonly resource: Resource; readonly namespace: string | undefined; readonly name: string | undefined },
  context: StrategyContext,
) => Status | undefined;

export interface Resource<T extends KubeObject = KubeObject> {
  readonly group: string;
  /** The version in which objects are kept and handed to controllers. */
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** Other served versions and how they convert; each converts to and from `version`. */
  readonly otherVersions?: readonly VersionConversion<T>[];
  /** The resource of another group that keeps the objects; it has the conversion among its other versions. */
  readonly storedAs?: Resource<T>;
  readonly strategy: Strategy<T>;
  readonly subresources?: Readonly<Record<string, SubresourceStrategy<T>>>;
  readonly actions?: Readonly<Record<string, ActionSubresource>>;
  readonly scale?: ScaleMapping;
  /** Runs after the mutating plugins, before everything else of a write. */
  readonly checkWrite?: WriteCheck;
  /** What the server's own controllers make of an object that was just stored: with the status they give it, or nothing to write. */
  followUp?(object: T, context: StrategyContext): T | undefined;
  /** Set for a custom resource: what its definition says of its versions. */
  readonly custom?: CustomDefinition;
}

/** The parts of a CustomResourceDefinition that requests depend on beside the strategy; versions are API versions, `example.com/v1`. */
export interface CustomDefinition {
  /** The type for server-side apply; undefined for a version that is not served. */
  typeIn(apiVersion: string): TypeReference | undefined;
  hasStatus(apiVersion: string): boolean;
  /** What the server says about a version that is on its way out. */
  deprecationWarning(apiVersion: string): string | undefined;
  /** A body as an object of the kind, without what its schema does not know and with its defaults. */
  decode(tree: JsonTree, options: { readonly pathVersion: string; readonly strict: boolean }): DecodedInto;
  /** The outcome of an apply as an object of the kind: defaulted, but neither pruned nor checked. */
  readApplied(object: JsonMap): KubeObject;
  /** An object of the storage, in the storage version and as the schema is now. */
  readStored(object: KubeObject): KubeObject;
}

export interface VersionConversion<T extends KubeObject = KubeObject> {
  /** Absent when it is the resource's own. */
  readonly group?: string;
  readonly version: string;
  applyDefaults?(object: KubeObject, context: StrategyContext): KubeObject;
  toStored(object: KubeObject): T;
  fromStored(object: T): KubeObject;
}

/** `deployments.apps`, or `pods` in the core group. */
export function resourceNameOf(resource: Pick<Resource, 'group' | 'plural'>): ResourceName {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** The resource as messages name it. */
export function groupResourceOf({ group, plural }: Pick<Resource, 'group' | 'plural'>): GroupResource {
  return { group, resource: plural };
}

export function apiVersionOf(resource: Pick<Resource, 'group' | 'version'>): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}
