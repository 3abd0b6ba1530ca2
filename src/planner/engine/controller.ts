// The shape of everything that reacts to the cluster: controllers, the scheduler, kubelets, cloud controllers.
// Role: client-go informers, work queues and reconcilers (pkg/controller/*, Kubernetes v1.36.3): level-triggered and keyed.
import type { KubeObject } from '../../apimachinery/object.ts';
import type { ClusterReader } from '../../apiserver/cluster-reader.ts';
import type { ResourceCatalog } from '../../apiserver/resource-catalog.ts';
import type { Client } from '../../apiserver/server.ts';
import type { ResourceName, StoreEvent } from '../../apiserver/store/store.ts';
import type { EventRecorder } from './event-recorder.ts';

export interface Controller {
  /** Upstream's name, as users meet it in events and logs: `deployment-controller`. */
  readonly name: string;
  /** Which writes wake the controller up, and under which keys; at the start every object counts as added. */
  readonly watches: readonly Watch[];
  /** Keys to look at once at the start, besides those of existing objects. */
  readonly startKeys?: readonly string[];
  /** Brings what `key` stands for closer to what is wanted. Reads the newest state, writes only through `context.client`. */
  sync(key: string, context: SyncContext): SyncResult | undefined;
}

/** Makes the controller for one run: what it remembers (back-offs, expectations) lives and dies with that run. */
export type ControllerFactory<Options = ControllerOptions> = (options: Options) => Controller;

export interface ControllerOptions {
  /** Kubernetes minor version in force, `1.36`. */
  readonly kubernetesVersion: string;
  /** Command-line flags of kube-controller-manager and its kin, by name without dashes. */
  readonly flags: Readonly<Record<string, string>>;
  isFeatureEnabled(name: string): boolean;
}

/** Stands for every resource, also those that are served later. */
export const ANY_RESOURCE: ResourceName = '*';

export interface Watch {
  readonly resource: ResourceName;
  /** The keys that this write makes worth a look; usually one. */
  keys(event: StoreEvent, reader: ClusterReader): readonly string[];
}

export interface SyncContext {
  /** Requests signed with this controller, the object of `key` and the write that woke it up. */
  readonly client: Client;
  readonly reader: ClusterReader;
  /** What the API server serves: which resource a kind belongs to. */
  readonly catalog: ResourceCatalog;
  readonly recorder: EventRecorder;
  /** Simulated time, milliseconds since the epoch. */
  readonly now: number;
  /** Signs the following requests as made for this object; by default the object that `key` names, if the controller has `for`. */
  on(object: KubeObject): Client;
}

/** The context with more in it; its parts are made when they are asked for, so that it cannot be spread. */
export function contextWith<T extends object>(context: SyncContext, more: T): SyncContext & T {
  const { client, reader, catalog, recorder, now, on } = context;
  return { client, reader, catalog, recorder, now, on, ...more };
}

export interface SyncResult {
  /** Look at this key again after so many simulated milliseconds; 0: at once, before any other key. */
  readonly requeueAfter?: number;
  /**
   * The look is routine (a period, a heartbeat): it alone does not keep the cluster from counting as settled.
   * A timer that will change something (a deadline, a back-off, minReadySeconds) is not routine.
   */
  readonly routine?: boolean;
  /** The sync failed and is to be tried again with upstream's growing delay (5 ms doubling to 1000 s). */
  readonly retry?: boolean;
}

/** `namespace/name`, or `name` without a namespace, as client-go's cache.MetaNamespaceKeyFunc writes it. */
export function keyFor({ metadata }: KubeObject): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : (metadata.name ?? '');
}

export function splitKey(key: string): { readonly namespace: string | undefined; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0
    ? { namespace: undefined, name: key }
    : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The watch of the objects that a controller is about: each write looks at the object itself. */
export function watchSelf(resource: ResourceName): Watch {
  return { resource, keys: (event) => [keyFor(event.object)] };
}

/** The watch of objects that name an owner of this kind as their controller: each write looks at that owner. */
export function watchOwned(resource: ResourceName, ownerKind: string): Watch {
  const ownerKey = (object: KubeObject | undefined): string | undefined => {
    const owner = object?.metadata.ownerReferences?.find((reference) => reference.controller === true);
    if (!object || owner?.kind !== ownerKind) return undefined;
    return object.metadata.namespace ? `${object.metadata.namespace}/${owner.name}` : owner.name;
  };
  return {
    resource,
    keys: ({ object, previous }) => {
      const now = ownerKey(object);
      const before = ownerKey(previous);
      if (before === undefined || before === now) return now === undefined ? [] : [now];
      return now === undefined ? [before] : [before, now];
    },
  };
}
