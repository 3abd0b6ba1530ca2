// The shape of an admission plugin: first every plugin may change the request's object, later every plugin may refuse it.
// Behaviour: [apiserver]/pkg/admission/interfaces.go, order in pkg/kubeapiserver/options/plugins.go, Kubernetes v1.36.3.
import type { JsonMap } from '../../../apimachinery/json.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import type { Status } from '../../../apimachinery/status.ts';
import type { ClusterReader } from '../../cluster-reader.ts';
import type { TypeReference } from '../../field-management/types/type-schema.ts';
import type { User } from '../../request.ts';
import type { Resource, StrategyContext } from '../../resource.ts';
import type { ResourceCatalog } from '../../resource-catalog.ts';
import type { ResourceName } from '../../store/store.ts';
import type { DescribedWebhook } from '../webhook/described-webhook.ts';
import type { AdmissionRecord } from './admission-record.ts';

export type AdmissionOperation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

export interface AdmissionAttributes {
  readonly operation: AdmissionOperation;
  readonly resource: Resource;
  readonly subresource: string;
  readonly namespace: string | undefined;
  readonly name: string;
  /** The object as it would be stored; absent on delete. */
  readonly object: KubeObject | undefined;
  readonly oldObject: KubeObject | undefined;
}

export interface AdmissionContext extends StrategyContext {
  readonly catalog: ResourceCatalog;
  readonly versions: ObjectVersions;
  readonly reinvocation: Reinvocation;
  /** Who asks, with components under their own names. */
  requester(): User;
  /** What is known of the answers of webhooks. */
  readonly webhooks: readonly DescribedWebhook[];
  /** The options of the request as they are on the wire: CreateOptions, UpdateOptions, DeleteOptions. */
  requestOptions(operation: AdmissionOperation): JsonMap;
  /** Notes what a policy or webhook made of the request, for the plan. */
  record(record: AdmissionRecord): void;
  /** A warning header on the answer. */
  warn(text: string): void;
  /**
   * Writes that a plugin does besides its verdict: ResourceQuota charges usage. Done only when the request passes
   * and is no dry run.
   */
  afterStored(write: (server: AdmissionWriter) => void): void;
}

/** The objects of a request in any version of their resource. */
export interface ObjectVersions {
  /** The API version that the request speaks. */
  readonly requested: string;
  /** An object as it is kept, in another version. */
  convert(object: KubeObject, apiVersion: string): KubeObject;
  /** As it goes over the wire. */
  wire(object: KubeObject): JsonMap;
  /**
   * Something of the wire form, defaulted and in the version that is kept; or what is wrong with it: as a strict decoder says
   * it, or as the conversion from an object without a type does.
   */
  read(json: JsonMap, apiVersion: string, as: 'decoded' | 'strict' | 'untyped'): KubeObject | string;
  /** The type for merging; undefined for a version that is not served. */
  typeIn(apiVersion: string, kind: string): TypeReference | undefined;
}

/** The mutating phase runs a second time when a policy or webhook has changed the object. */
export interface Reinvocation {
  readonly isReinvocation: boolean;
  request(): void;
  /** What a plugin keeps from the first round for the second. */
  state<T>(plugin: string, make: () => T): T;
}

export interface AdmissionWriter {
  updateStatus(object: KubeObject): void;
}

export interface AdmissionPlugin {
  /** Upstream's name: `LimitRanger`. */
  readonly name: string;
  readonly operations: readonly AdmissionOperation[];
  /** Resources (`plural.group`) whose requests it looks at; all when left out. */
  readonly resources?: readonly ResourceName[];
  /** Subresources that it looks at, '' for the resource itself; all when left out. */
  readonly subresources?: readonly string[];
  /** Set by plugins that carry out what users wrote, of which they can tell nothing beforehand: whether nobody wrote anything. */
  isIdle?(reader: ClusterReader): boolean;
  /** It has nothing to do while the namespace of a request holds none of these. */
  readonly needs?: ResourceName;
  /** Mutating step: the object to go on with, or a refusal. */
  mutate?(attributes: AdmissionAttributes, context: AdmissionContext): KubeObject | AdmissionRefusal | undefined;
  /** Validating step: a refusal, or nothing. */
  validate?(attributes: AdmissionAttributes, context: AdmissionContext): AdmissionRefusal | undefined;
}

/** The answer that the API server gives instead; `by` is the plugin's name, for the plan. */
export interface AdmissionRefusal {
  readonly refused: Status;
  readonly by: string;
}

export function isRefusal(result: KubeObject | AdmissionRefusal | undefined): result is AdmissionRefusal {
  return result !== undefined && 'refused' in result;
}
