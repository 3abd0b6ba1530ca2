// What reaches the API server: a verb on a resource, who asks and why; and what it answers.
// Behaviour: [apiserver]/pkg/endpoints/handlers, Kubernetes v1.36.3.
import type { SourceLocation } from '../apimachinery/diagnostic.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import type { Status } from '../apimachinery/status.ts';
import type { JsonTree } from '../schema/decode/json-tree.ts';
import type { ResourceName } from './store/store.ts';

/** Why a request was made; the chain of causes is the plan's "because". */
export interface Cause {
  /** Component or person that asks, by upstream's name: `deployment-controller`, `default-scheduler`, `kubelet`, `user`. */
  readonly who: string;
  /** The object whose reconciliation made the request; absent when a user asks. */
  readonly object?: CauseObject;
  /** Revision of the write that woke the component up. */
  readonly trigger?: number;
  /** Where the user's wish stands. */
  readonly source?: SourceLocation;
}

export interface CauseObject {
  readonly resource: ResourceName;
  readonly namespace?: string;
  readonly name: string;
}

export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
}

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';
export type PropagationPolicy = 'Background' | 'Foreground' | 'Orphan';

interface RequestBase {
  readonly resource: ResourceName;
  /** API version of the request, `apps/v1`; the resource's preferred one when absent. */
  readonly apiVersion?: string;
  readonly namespace?: string;
  readonly cause: Cause;
  readonly user?: User;
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
}

export interface CreateRequest extends RequestBase {
  readonly verb: 'create';
  readonly fieldValidation?: FieldValidation;
  readonly name?: string;
  readonly subresource?: string;
  readonly object: KubeObject;
}
export interface UpdateRequest extends RequestBase {
  readonly verb: 'update';
  readonly fieldValidation?: FieldValidation;
  readonly name: string;
  readonly subresource?: string;
  readonly object: KubeObject;
}
export interface PatchRequest extends RequestBase {
  readonly verb: 'patch';
  readonly name: string;
  readonly subresource?: string;
  readonly patchType: 'json' | 'merge' | 'strategic' | 'apply';
  readonly patch: unknown;
  readonly force?: boolean;
  /** Absent for a component in process, whose patch is taken as it is. */
  readonly fieldValidation?: FieldValidation;
  /** What the patch was read from. */
  readonly body?: PatchBody;
}

/** The text of a patch after it was read: JSON, or YAML for an apply. */
export interface PatchBody {
  readonly tree: JsonTree;
  /** Why it could not be read. */
  readonly error?: string;
  /** Keys that stand twice when it is read as YAML: `line 7: key "k" already set in map`. */
  readonly duplicateKeys?: readonly string[];
}

export interface DeleteRequest extends RequestBase {
  readonly verb: 'delete';
  readonly name: string;
  readonly propagationPolicy?: PropagationPolicy;
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

export type WriteRequest = CreateRequest | UpdateRequest | PatchRequest | DeleteRequest;

export type Answer<T extends KubeObject = KubeObject> =
  | { readonly ok: true; readonly code: number; readonly object: T; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly code: number; readonly status: Status; readonly warnings: readonly string[] };
